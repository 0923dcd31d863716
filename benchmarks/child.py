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
    if cache is not None:
        environment |= {"LOSSARY_CACHE_DIR": cache, "XDG_CACHE_HOME": cache}
    command = [sys.executable, "-m", "benchmarks.child", measure, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or ["it printed nothing"])[-1]}
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def start_times(measure: str, repeats: int) -> list[dict[str, Any]]:
    """One answer a repeat; `cached_call` is a second process over the cache that a first one filled."""
    answers = []
    ask("import_time")  # writes the bytecode
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as cache:
            if measure == "cached_call":
                ask("first_call", cache=cache)
            answers.append(ask("import_time" if measure == "import_time" else "first_call", cache=cache))
    return answers


# --- inside the child ---------------------------------------------------------------------------------------------


def import_time() -> dict[str, Any]:
    import numpy  # noqa: F401 - its own time is not counted

    start = perf_counter()
    import lossary  # noqa: F401

    return {"seconds": perf_counter() - start}


def first_call() -> dict[str, Any]:
    import numpy as np

    import lossary

    prediction, target = np.ones((2, 2**16), np.float32)
    start = perf_counter()
    lossary.huber.value_and_gradient(prediction, target)
    return {"seconds": perf_counter() - start}


def memory(name: str, shape: str, gradient: str, contender: str) -> dict[str, Any]:
    """Peak resident memory of one call over what was resident before it: results and temporaries."""
    from benchmarks.contenders import CONTENDERS, make_inputs
    from benchmarks.table import LOSSES

    loss = LOSSES[name]
    inputs = make_inputs(loss, tuple(json.loads(shape)))
    run = CONTENDERS[contender].build(loss, inputs, gradient == "True")
    run()  # compiles and loads, outside the measurement
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts again from here
    before = status("VmRSS")
    run()
    return {"bytes": status("VmHWM") - before}


def status(field: str) -> int:
    """A field of /proc/self/status, in bytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(field))


MEASURES = {measure.__name__: measure for measure in (import_time, first_call, memory)}

if __name__ == "__main__":
    print(json.dumps(MEASURES[sys.argv[1]](*sys.argv[2:])))  # noqa: T201
