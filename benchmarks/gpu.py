"""Lossary on a GPU beside its peers: `make gpu`, or `python -m benchmarks.gpu [--part NAME ...] [--dry]`.

It uses the Python that runs it, installs nothing, and leaves out peers that are absent. What a part finds replaces what
it found before in RESULTS-gpu.md. ``--dry`` runs everything on tiny arrays in Triton's interpreter, without a GPU.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import gpu_page
from benchmarks.gpu_page import PARTS

if TYPE_CHECKING:
    from benchmarks.gpu_cases import Case
    from benchmarks.gpu_measure import Device

HERE = Path(__file__).parent
MINUTES = 8.0  # after which no case is begun
SECONDS = 1.0  # of turns of the contenders of a case


def main(given: Sequence[str] | None = None) -> int:
    """Run the parts that are named, all of them if none is."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description=__doc__)
    parser.add_argument("--part", action="append", choices=PARTS, help="a part of it; may be given several times")
    parser.add_argument("--dry", action="store_true", help="tiny arrays, in Triton's interpreter")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="after which no case is begun")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of turns of the contenders of a case")
    parser.add_argument("--output", type=Path, help="the folder of results-gpu.json and RESULTS-gpu.md")
    chosen = parser.parse_args(given)
    if chosen.dry:
        os.environ["TRITON_INTERPRET"] = "1"
    import torch

    from benchmarks.gpu_measure import Device

    if not chosen.dry and not torch.cuda.is_available():
        print("no GPU is there: --dry runs the benchmark without one", file=sys.stderr)  # noqa: T201
        return 2
    with _in_place_of_a_gpu() if chosen.dry else contextlib.nullcontext():
        folder = chosen.output or (Path(tempfile.mkdtemp()) if chosen.dry else HERE)
        return _run(chosen.part or PARTS, Device(chosen.dry, chosen.seconds), 60 * chosen.minutes, folder)


@contextlib.contextmanager
def _in_place_of_a_gpu() -> Any:
    """The CPU stands for a GPU."""
    from lossary.execution.gpu import kernels
    from lossary.frameworks import torch_eager as face

    now, module = face._now, vars(kernels)
    available = module["available"]
    face._now = lambda place, arrays: place == "is_cuda" and now("is_cpu", arrays)
    module["available"] = lambda device: True
    try:
        yield
    finally:
        face._now, module["available"] = now, available


def _run(parts: Sequence[str], device: Device, seconds: float, output: Path) -> int:
    from benchmarks.gpu_cases import cases

    stop = time.monotonic() + seconds
    machine = {"device": device.title, "bandwidth": device.bandwidth(), "rate": device.matrix_rate()}
    found: list[dict[str, Any]] = []
    for part in parts:
        if part == "matrix":
            found += _matrix(device)
        elif part == "host":
            found += _host(device)
        elif part == "tiles":
            found += _tiles(device)
        elif part == "jax":
            found += _jax(device, machine)
    for case in (case for case in cases(device.name, device.dry) if case.part in parts):
        if time.monotonic() > stop:
            found.append({"part": case.part, "name": case.name, "error": "no time was left"})
        else:
            found.append(_measured(case, device, machine))
        _tell(found[-1])
    gpu_page.write(output, machine, parts, found)
    return int(any("error" in one for one in found))


def _tell(found: dict[str, Any]) -> None:
    print(json.dumps(found, ensure_ascii=False), flush=True)  # noqa: T201


def _measured(case: Case, device: Device, machine: dict[str, Any]) -> dict[str, Any]:
    """What is known about a case, an error among it."""
    found: dict[str, Any] = {"part": case.part, "name": case.name, "bar": case.bar}
    try:
        runs = case.runs()
        found["peak"] = {name: _tried(lambda run=run: device.peak(run)) for name, run in runs.items()}
        failed = {name: text for name, text in found["peak"].items() if isinstance(text, str)}
        runs = {name: run for name, run in runs.items() if name not in failed}
        times = device.interleaved(runs)
        found["ms"] = {name: [one.median, one.low, one.high, one.count] for name, one in times.items()}
        found["limit"] = case.bytes / machine["bandwidth"] + case.operations / machine["rate"]
        found["error of"] = _errors(case, runs)
        found["skipped"] = [*case.skipped, *(f"{name} ({text})" for name, text in failed.items())]
    except Exception:
        found["error"] = traceback.format_exc(limit=4)
    return found


def _tried(run: Any) -> Any:
    try:
        return run()
    except Exception as problem:
        return f"{type(problem).__name__}: {problem!s:.200}"


def _errors(case: Case, runs: dict[str, Any]) -> dict[str, list[float]]:
    """How far each contender is from float64: its value, relative; its gradient, relative to the largest."""
    if case.reference is None:
        return {}
    right, slopes = case.reference()
    found = {}
    for name, run in runs.items():
        value, gradients = run()
        pairs = zip(gradients, slopes, strict=True)
        gaps = [float((a[: len(b)].double() - b).abs().max() / b.abs().max()) for a, b in pairs]
        found[name] = [abs(float(value.detach()) - right) / abs(right), *gaps]
    return found


def _host(device: Device) -> list[dict[str, Any]]:
    """The host's time for a small loss, forward and backward."""
    import torch
    import torch.nn.functional as F  # noqa: N812

    import lossary

    logits = torch.randn(32, 10, device=device.name, requires_grad=True)
    label = torch.randint(10, (32,), device=device.name)
    losses = {"lossary": lossary.softmax_cross_entropy, "eager": F.cross_entropy}
    times = {
        name: device.host(lambda loss=loss: torch.autograd.grad(loss(logits, label), logits), 2 if device.dry else 300)  # type: ignore[misc]
        for name, loss in losses.items()
    }
    found = {"part": "host", "name": "(32, 10) float32, forward and backward", "us": times, "bar": "≤ 1.1 × eager"}
    _tell(found)
    return [found]


def _tiles(device: Device) -> list[dict[str, Any]]:
    """Long rows by tiles of several sizes: which of them tiles.py should have."""
    from benchmarks.gpu_tiles import times

    found: list[dict[str, Any]] = []
    for name, ms in times(device):
        found.append({"part": "tiles", "name": name, "tiles": ms, "bar": "the least is tiles.py's"})
        _tell(found[-1])
    return found


def _jax(device: Device, machine: dict[str, Any]) -> list[dict[str, Any]]:
    """JAX beside optax."""
    try:
        from benchmarks.gpu_jax import rows

        found = []
        for row in rows(device, machine):
            _tell(row)
            found.append(row)
    except Exception:
        found.append({"part": "jax", "name": "JAX", "error": traceback.format_exc(limit=4)})
        _tell(found[-1])
    return found


def _matrix(device: Device) -> list[dict[str, Any]]:
    """The contract on the device."""
    from benchmarks.gpu_matrix import wrong

    found: dict[str, Any] = {"part": "matrix", "name": "the contract", "wrong": wrong(device.name, device.dry)}
    if found["wrong"]["failed"]:
        found["error"] = f"{len(found['wrong']['failed'])} cases"
    _tell(found)
    return [found]


if __name__ == "__main__":
    sys.exit(main())
