"""What is measured in a process of its own: an import, a first call, peak memory. Prints one JSON object."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).parent.parent


def ask(measure: str, *arguments: str, cache: str | None = None) -> dict[str, Any]:
    """Run one measure in a fresh interpreter; with a cache folder of its own if one is given."""
    environment = os.environ | {"JAX_TRACEBACK_FILTERING": "off"}  # else an error's last line is a notice
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed has its bytecode
    environment["MALLOC_MMAP_THRESHOLD_"] = "65536"  # what is freed goes back, and is not there before a second call
    if cache is not None:
        environment |= {"LOSSARY_CACHE_DIR": cache, "XDG_CACHE_HOME": cache}
    command = [sys.executable, "-m", "benchmarks.child", measure, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or ["it printed nothing"])[-1]}
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def start_times(measure: str, loss: str, repeats: int) -> list[dict[str, Any]]:
    """One answer a repeat, each with an empty cache; `cached_call` has one that a first process filled."""
    filled = measure == "cached_call"
    with tempfile.TemporaryDirectory() as folder:
        caches = [f"{folder}/{0 if filled else number}" for number in range(repeats)]
        ask("first_call" if filled else "import_time", loss, cache=caches[0])  # it writes the bytecode, too
        return [ask("first_call" if filled else measure, loss, cache=cache) for cache in caches]


# --- inside the child ---------------------------------------------------------------------------------------------


def import_time(_loss: str) -> dict[str, Any]:
    import numpy  # noqa: F401 - its own time is not counted

    start = perf_counter()
    import lossary  # noqa: F401

    return {"seconds": perf_counter() - start}


def first_call(name: str) -> dict[str, Any]:
    import lossary
    from benchmarks.contenders import make_inputs
    from benchmarks.table import LOSSES

    inputs = make_inputs(LOSSES[name], (2**8, 2**8))
    start = perf_counter()
    getattr(lossary, name).value_and_gradient(*inputs.variables, inputs.target)
    return {"seconds": perf_counter() - start}


def memory(name: str, shape: str, gradient: str, contender: str) -> dict[str, Any]:
    """Peak resident memory of a second call over what was resident before it, less the gradients that it made."""
    from benchmarks.contenders import CONTENDERS, make_inputs
    from benchmarks.table import LOSSES
    from lossary.frameworks.memory import release

    loss = LOSSES[name]
    inputs = make_inputs(loss, tuple(json.loads(shape)))
    run = CONTENDERS[contender].build(loss, inputs, gradient == "True")
    _, first = run()  # compiles and loads, outside the measurement
    gc.collect()
    release()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts again from here
    before = status("VmRSS")
    _, second = run()
    return {"bytes": max(0, status("VmHWM") - before - made(first, second))}


def made(first: tuple[Any, ...], second: tuple[Any, ...]) -> int:
    """The bytes of the second call's gradients, if it did not write them to where the first one's are."""
    import numpy as np

    pairs = zip(map(np.asarray, first), map(np.asarray, second), strict=True)
    return sum(new.nbytes for old, new in pairs if not np.shares_memory(old, new))


def status(field: str) -> int:
    """A field of /proc/self/status, in bytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(field))


MEASURES = {measure.__name__: measure for measure in (import_time, first_call, memory)}

if __name__ == "__main__":
    print(json.dumps(MEASURES[sys.argv[1]](*sys.argv[2:])))  # noqa: T201
