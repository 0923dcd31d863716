"""The law of the layout: a module imports only from entries above its own, and `import lossary` stays light."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "lossary"

# From the bottom up: files and folders of src/lossary. Each may import from itself and from what stands above it here.
# A folder's parts are listed one by one, or the folder stands for those that are not.
LAYOUT = [
    "errors",
    # The mathematics.
    "symbolic.graph",
    "symbolic.words",
    "symbolic.simplify",
    "symbolic.derivatives",
    "symbolic.recurrence",
    "symbolic.scans",
    "symbolic.masks",
    "symbolic.whole_arrays",
    "symbolic.orders",
    "symbolic.limits",
    "symbolic.products",
    "symbolic.blocked",
    "symbolic.codegen",
    "symbolic.latex",
    "symbolic.text",
    "symbolic.sums",
    "vocabulary",
    "domains",
    "catalogue.unresolved",
    "catalogue.names",
    "catalogue.absent",
    "catalogue.parsing",
    "catalogue.signature",
    "catalogue.kind",
    "catalogue.record",
    "catalogue.registry",
    "catalogue",
    # The contract, and what computes.
    "frameworks",
    "kinds",
    "contract.reading",
    "contract.keywords",
    "contract.shapes",
    "contract.call",
    "contract.diagnosis",
    "execution.like",
    "execution.cpu",
    "execution.gpu",
    "execution.blocks",
    "execution.engine",
    "execution.sources",
    "execution.gpu_run",
    "execution.plan",
    "execution.plans",
    "execution.operation",
    "execution.inductor",
    "execution.operators",
    "execution.checking",
    # The public names: the commands may use them, never the other way round.
    "callable",
    "combination",
    "library",
    "define",
    "torch",
    "__init__",
    "commands.data",
    "commands.compare",
    "commands.explain",
    "commands.report",
    "commands.cli",
    "__main__",
]
ENTRIES = 20  # at most, at the top of the package: so many are seen at once

# What a user of NumPy alone must not wait for.
HEAVY = [
    "torch",
    "jax",
    "llvmlite",
    "pyarrow",
    "scipy",
    "plotly",
    "sklearn",
    "triton",
    "pandas",
    "rich",
    "typer",
]


# --- reading the imports ------------------------------------------------------------------------------------------


def module_name(path: Path, root: Path) -> str:
    """`root/cpu/row.py` is `lossary.cpu.row`; a folder's `__init__.py` is the folder."""
    parts = [root.name, *path.relative_to(root).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def package_of(path: Path, root: Path) -> str:
    name = module_name(path, root)
    return name if path.name == "__init__.py" else name.rpartition(".")[0]


def imported_by(node: ast.AST, package: str) -> Iterator[str]:
    """The dotted names that one syntax node imports, absolute; `from a import b` gives `a.b`."""
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=module, names=names, level=level):
            base = package.rsplit(".", level - 1)[0] if level else ""
            origin = ".".join(filter(None, [base, module]))
            yield from (f"{origin}.{alias.name}" for alias in names)
        case ast.Call(args=[ast.Constant(value=str(name)), *_], func=ast.Name(id="import_module" | "__import__")):
            yield name
        case ast.Call(args=[ast.Constant(value=str(name)), *_], func=ast.Attribute(attr="import_module")):
            yield name


def modules(root: Path) -> dict[str, Path]:
    return {module_name(path, root): path for path in sorted(root.rglob("*.py"))}


def imports(root: Path) -> dict[str, set[str]]:
    """For every module of the package, the modules of the package that it imports, wherever the import stands."""
    known = modules(root)
    return {name: set(imports_of(path, root, known)) for name, path in known.items()}


def imports_of(path: Path, root: Path, known: dict[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for name in imported_by(node, package_of(path, root)):
            if name.split(".")[0] == root.name:
                yield name if name in known else name.rpartition(".")[0] or name


def entry(name: str, layout: list[str]) -> str:
    """The entry of the layout that a module belongs to: the longest one that its name begins with."""
    inside = name.partition(".")[2] or "__init__"
    return max((known for known in layout if f"{inside}.".startswith(f"{known}.")), key=len, default=inside)


def upward(root: Path, layout: list[str]) -> list[str]:
    """Each import that points up or sideways, as a sentence."""
    rank = {name: place for place, name in enumerate(layout)}
    return [
        f"{name} imports {target}, which stands below it in LAYOUT"
        for name, targets in imports(root).items()
        for target in sorted(targets)
        if rank[entry(target, layout)] > rank[entry(name, layout)]
    ]


def circles(root: Path) -> list[str]:
    """Modules that import themselves through others (a folder's `__init__` may import its own files)."""
    graph = imports(root)
    return [name for name in graph if name in reachable(graph, name)]


def reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(graph[name])
    return seen


# --- the law ------------------------------------------------------------------------------------------------------


def placed() -> dict[str, str]:
    """The entry of each module, without folders' `__init__` files that hold nothing but words."""
    return {name: entry(name, LAYOUT) for name, path in modules(SOURCE).items() if not is_bare(path)}


def is_bare(path: Path) -> bool:
    return path.name == "__init__.py" and not ast.parse(path.read_text(encoding="utf-8")).body[1:]


def test_every_module_has_a_place_in_the_layout() -> None:
    assert set(placed().values()) - set(LAYOUT) == set()


def test_the_layout_names_only_what_exists() -> None:
    assert set(LAYOUT) - set(placed().values()) == set()


def test_the_top_of_the_package_is_seen_at_once() -> None:
    assert len([path for path in SOURCE.iterdir() if path.name != "__pycache__"]) <= ENTRIES


def test_imports_point_downward() -> None:
    assert upward(SOURCE, LAYOUT) == []


def test_no_module_imports_itself_through_others() -> None:
    assert circles(SOURCE) == []


UPWARD = {
    "at the top": "import lossary.high",
    "from": "from lossary.high import something",
    "from the package": "from lossary import high",
    "relative": "from . import high",
    "relative, named": "from .high import something",
    "in a function": "def f():\n    from lossary import high",
    "for types only": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from lossary.high import Something",
    "by name": "import importlib\nimportlib.import_module('lossary.high')",
    "the package itself": "import lossary",
}


@pytest.mark.parametrize("statement", UPWARD.values(), ids=UPWARD.keys())
def test_the_law_can_fail(statement: str, tmp_path: Path) -> None:
    root = package(tmp_path, {"__init__": "", "low": statement, "high": ""})
    assert len(upward(root, ["low", "high", "__init__"])) == 1


def test_the_law_can_hold(tmp_path: Path) -> None:
    root = package(
        tmp_path, {"__init__": "from lossary import high", "low": "import math", "high": "from . import low"}
    )
    assert upward(root, ["low", "high", "__init__"]) == []


def test_a_circle_is_seen(tmp_path: Path) -> None:
    root = package(tmp_path, {"__init__": "", "low": "from . import high", "high": "import lossary.low"})
    assert circles(root) == ["lossary.high", "lossary.low"]


def package(folder: Path, files: dict[str, str]) -> Path:
    root = folder / "lossary"
    root.mkdir()
    for stem, text in files.items():
        (root / f"{stem}.py").write_text(text, encoding="utf-8")
    return root


# --- a light import -----------------------------------------------------------------------------------------------


def loaded_after(statement: str) -> set[str]:
    """Which of the heavy packages a fresh interpreter has loaded after the statement."""
    code = f"{statement}\nimport sys\nprint(*set({HEAVY!r}) & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(found.stdout.split())


def test_import_loads_nothing_heavy() -> None:
    assert loaded_after("import lossary") == set()


def test_a_heavy_import_is_seen() -> None:
    assert "scipy" in loaded_after("import lossary, scipy")


def test_a_numpy_call_loads_no_other_framework() -> None:
    call = "import lossary; lossary.huber([1.0], [0.0])"
    assert loaded_after(call) & {"torch", "jax", "pyarrow", "plotly", "sklearn", "triton", "pandas"} == set()


def test_few_files_tell_losses_apart_by_their_kind() -> None:
    """Others ask a record what an item is, so that a new kind is a row of the table, and one of its engine's."""
    told = [path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py") if "record.kind" in path.read_text()]
    engines = {"kinds/scores.py", "execution/cpu/kernels.py", "execution/cpu/passes.py", "execution/gpu/kernels.py"}
    assert set(told) - engines == {"catalogue/kind.py", "commands/explain/explanation.py", "execution/operation.py"}
