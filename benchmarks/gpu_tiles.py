"""Long rows by tiles of several sizes, the one of ``tiles.py`` first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import torch

import lossary
from benchmarks.gpu_measure import Device
from lossary.execution.gpu import row_pass, tiles
from lossary.execution.gpu.tiles import Tile

__all__ = ["times"]

SHAPES = [((8192, 50257), torch.float32), ((8192, 128256), torch.bfloat16), ((16384, 32000), torch.bfloat16)]
COLUMNS, WARPS, RESIDENT = (4096, 8192, 16384), (8, 16, 32), (0, 1, 2)


def times(device: Device) -> Iterator[tuple[str, dict[str, float]]]:
    """Of each shape, milliseconds of the value and its gradient by the tile."""
    for shape, dtype in SHAPES:
        rows, columns = (3, 40) if device.dry else shape
        logits = torch.randn(rows, columns, device=device.name).to(dtype)
        label = torch.randint(columns, (rows,), device=device.name)
        call = partial(lossary.softmax_cross_entropy.value_and_gradient, logits, label)
        runs = {_name(tile): partial(_with, tile, call) for tile in _candidates(columns, dtype, device.dry)}
        found = device.interleaved(runs)
        yield f"{shape} {str(dtype).removeprefix('torch.')}", {name: one.median for name, one in found.items()}


def _candidates(columns: int, dtype: Any, dry: bool) -> list[Tile]:
    own = tiles.tile(columns, 1, 4, dtype.itemsize < 4, strided=False)
    wide = [
        Tile(1, size, warps, wide=True, resident=resident)
        for size in COLUMNS
        for warps in WARPS
        for resident in RESIDENT
        if 4 <= size // (32 * warps) <= 32
    ]
    others = [*([replace(own, warps=warps) for warps in (4, 8, 32)] if not own.wide else []), *wide]
    return [own, *others[: 1 if dry else None]]


def _name(tile: Tile) -> str:
    kind = f"blocks, {tile.resident or 'no'} resident" if tile.wide else "whole"
    return f"{tile.columns} columns, {tile.warps} warps, {kind}"


def _with(tile: Tile, call: Callable[[], Any]) -> Any:
    """A call whose kernel has a tile."""
    module = vars(row_pass)
    own, module["tile"] = module["tile"], lambda *_, **__: tile
    try:
        return call()
    finally:
        module["tile"] = own
