"""Tile sizes of row kernels for columns, dtypes and numbers of arrays: those that were fastest on an H100."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

__all__ = ["Tile", "tile"]

HELD = 1 << 15  # numbers of 4 bytes that a program keeps in registers: 64 for each of 512 threads
SHORT = 1 << 10  # elements of a program for rows that are shorter
STRIDED, MOST_STRIDED = 1 << 13, 128  # elements and rows of a program, if neighbours in memory belong to other rows
EACH, EACH_SHORT = 1 << 9, 1 << 8  # elements for a warp, of one row and of several
MOST_WARPS = 16
LONG_HALF = 1 << 13  # columns from which rows of half precision are read block by block
AHEAD = 4  # blocks
VERY_LONG = 1 << 16  # columns from which so few rows are computed at a time that the second-level cache holds them


@dataclass(frozen=True)
class Tile:
    """The block of elements that a program holds: some whole rows, or a part of one row (``wide``)."""

    rows: int
    columns: int
    warps: int
    wide: bool = False
    ahead: int = 1  # blocks that are read before they are computed


@cache
def tile(columns: int, arrays: int, size: int, half: bool, strided: bool, gradient: bool = True) -> Tile:
    """Return the tile for rows of some columns.

    ``arrays`` is the number of arrays that are read along the rows, or computed and kept; ``size`` the bytes of a
    number in the computation; ``half`` whether the predictions have half precision; ``strided`` whether a row's
    elements are not adjacent; ``gradient`` whether a gradient is written.
    """
    block = 1 << (columns - 1).bit_length()
    each = size if half else 2 * size  # inputs of half precision take half the registers
    if block * max(1, arrays) * each > 4 * HELD or (half and arrays == 1 and not strided and columns >= LONG_HALF):
        return _long(columns, max(1, arrays), 2 if half else size, gradient)
    together = min(MOST_STRIDED, STRIDED // block) if strided else SHORT // block
    rows = max(1, together)
    by_warp = EACH if rows == 1 else EACH_SHORT
    return Tile(rows, block, min(MOST_WARPS, max(1, rows * block // by_warp)))


def _long(columns: int, arrays: int, size: int, gradient: bool) -> Tile:
    """Return the tile for rows that are read block by block; a thread reads 16 bytes of an array at once."""
    few = 8 if size == 2 and (columns < VERY_LONG or not gradient) else 16
    warps = 32 if gradient and (size == 4 or few == 16) else few
    return Tile(1, 16 // size * 32 * warps, warps, wide=True, ahead=max(1, AHEAD // (1 << (arrays - 1).bit_length())))
