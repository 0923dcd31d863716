"""Tile sizes of row kernels for columns, dtypes and numbers of arrays: those that were fastest on an H100."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

__all__ = ["Tile", "tile"]

HELD = 1 << 15  # numbers of 4 bytes that a program keeps in registers: 64 for each of 512 threads
SHORT = 1 << 10  # elements of a program for rows that are shorter
STRIDED, MOST_STRIDED = 1 << 13, 128  # elements and rows of a program, if neighbours in memory belong to other rows
EACH, EACH_SHORT = 1 << 9, 1 << 8  # elements for a warp, of one row and of several
MOST_WARPS = 16


@dataclass(frozen=True)
class Tile:
    """The block of elements that a program holds: some whole rows, or a part of one row (``wide``)."""

    rows: int
    columns: int
    warps: int
    wide: bool = False
    resident: int = 0  # programs per multiprocessor that go through all rows; 0: a program for each row


WIDE = Tile(1, 1 << 13, 16, wide=True)
WIDE_HALF = Tile(1, 1 << 14, 16, wide=True)
MEDIUM, MEDIUM_HALF = range(1 << 14, 1 << 16), Tile(1, 1 << 12, 8, wide=True)  # columns, and their tile
WIDE_DOUBLE = Tile(1, 1 << 12, 16, wide=True)


@cache
def tile(columns: int, arrays: int, size: int, half: bool, strided: bool) -> Tile:
    """Return the tile for rows of some columns.

    ``arrays`` is the number of arrays that are read along the rows, or computed and kept; ``size`` the bytes of a
    number in the computation; ``half`` whether the predictions have half precision; ``strided`` whether a row's
    elements are not adjacent.
    """
    block = 1 << (columns - 1).bit_length()
    if half and arrays == 1 and not strided and MEDIUM.start <= columns < MEDIUM.stop:
        return MEDIUM_HALF
    each = size if half else 2 * size  # inputs of half precision take half the registers
    if block * max(1, arrays) * each > 4 * HELD:
        wide = WIDE_DOUBLE if size > 4 else WIDE_HALF if half else WIDE
        return replace(wide, columns=wide.columns // (1 << (max(1, arrays) - 1).bit_length()))
    together = min(MOST_STRIDED, STRIDED // block) if strided else SHORT // block
    rows = max(1, together)
    by_warp = EACH if rows == 1 else EACH_SHORT
    return Tile(rows, block, min(MOST_WARPS, max(1, rows * block // by_warp)))
