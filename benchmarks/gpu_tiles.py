"""Long rows by tiles of several sizes, the one of ``tiles.py`` first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch

import lossary
from benchmarks.gpu_measure import Device
from lossary.execution import engine
from lossary.execution.gpu import kernels, row_pass, tiles
from lossary.execution.gpu.tiles import Tile
from lossary.execution.plans import Plans

__all__ = ["times"]

SHAPES = [((8192, 50257), torch.float32), ((8192, 128256), torch.bfloat16), ((16384, 32000), torch.bfloat16)]
WARPS, AHEAD = (4, 8, 16, 32), (1, 4, 8)


def times(device: Device) -> Iterator[tuple[str, dict[str, float]]]:
    """Of each shape, milliseconds of the value and its gradient by the tile."""
    for shape, dtype in SHAPES:
        rows, columns = (3, 40) if device.dry else shape
        logits = torch.randn(rows, columns, device=device.name).to(dtype)
        label = torch.randint(columns, (rows,), device=device.name)
        runs = {_name(tile): _run(tile, logits, label) for tile in _candidates(columns, dtype, device.dry)}
        found = device.interleaved(runs)
        yield f"{shape} {str(dtype).removeprefix('torch.')}", {name: one.median for name, one in found.items()}


def _candidates(columns: int, dtype: Any, dry: bool) -> list[Tile]:
    own = tiles.tile(columns, 1, 4, dtype.itemsize < 4, strided=False)
    lanes = 32 * 16 // dtype.itemsize  # columns of a warp that reads 16 bytes a thread
    wide = [Tile(1, lanes * warps, warps, wide=True, ahead=ahead) for warps in WARPS for ahead in AHEAD]
    return [own, *[tile for tile in wide if tile != own][: 1 if dry else None]]


def _name(tile: Tile) -> str:
    kind = f"{tile.ahead} blocks ahead" if tile.wide else "whole"
    return f"{tile.columns} columns, {tile.warps} warps, {kind}"


def _run(tile: Tile, *arrays: torch.Tensor) -> Callable[[], Any]:
    """Prepare a plan of its own, which keeps the kernel of a tile."""
    plan, given = Plans(lossary.softmax_cross_entropy.record).alone(arrays, {})
    run = partial(plan.measure, given, engine.names_of(plan.call), ())
    module = vars(row_pass)
    own, module["tile"] = module["tile"], lambda *_, **__: tile
    try:
        kernels._ready.clear()
        run()
    finally:
        module["tile"] = own
        kernels._ready.clear()
    return run
