"""`make mutants`: change each formula in every small way, and see whether a test notices.

A changed formula becomes a loss of its own in memory; no file is touched. It is held to its hand values, to the
textbook over the whole range of float64 and to some calls of every kind. What survives is explained in EQUIVALENT, or
a test is too weak.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from _pytest.outcomes import Skipped
from rich.progress import track

import lossary
from catalogue.test_properties import test_a_divergence_is_never_negative
from fuzz.engines import bodies
from fuzz.factors import FACTORS, reduced
from fuzz.hold import try_out
from hand import HAND
from lossary import library
from lossary.catalogue import registry
from oracle import measured

__all__ = ["EQUIVALENT", "mutants", "noticed"]

SWAPPED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
COMPARED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
OPPOSITE = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}
WORDS = {
    "log": "log1p", "log1p": "log", "absolute": "square", "square": "absolute", "sqrt": "square", "exp": "expm1",
    "softplus": "sigmoid", "log_softmax": "softmax", "maximum": "minimum", "minimum": "maximum",
}  # fmt: skip
PARTS = {"where": (1, 2), "weighted": (1,), "computed_as": (0, 1), "clip": (0,), "total": (0,)}  # taken for the whole

PAGE = Path(__file__).parent.parent / "docs" / "mutants.md"
HEAD = """# Changed formulas

<!-- Written by `make mutants`. Do not edit. -->

Every formula of src/lossary/catalogue, changed in every small way (a constant, an operator, a comparison, a dropped
term, swapped branches, another word), is held to its hand values, to some calls of the contract and to the oracle, in
the order given; an error as soon as it is traced or called counts as noticed.
"""

# Survivors, and why no test can see them.
BY_ONE = "differs at a subnormal variance alone: tests/oracle/test_values.py::test_a_subnormal_variance sees it"
SQUARES = "where(absolute(ratio) < math.inf, error * ratio, by_root)"
EXACT = "0.5 * (log(variance) + squared)"
EQUIVALENT: dict[str, str] = {
    "dice: 1.0 + 1": "the textbook's form is only differentiated, and a constant has no slope",
    "huber: size <= delta, with Lt": "at delta itself both branches have one value and one slope",
    f"gaussian_nll: {SQUARES}, only argument 1": BY_ONE,
    "gaussian_nll: absolute(ratio) < math.inf, with LtE": BY_ONE,
    "gaussian_nll: absolute(ratio), with square": "only the other form, which is as exact, is taken sooner",
    "gaussian_nll: sqrt(variance), with square": BY_ONE,
    f"gaussian_nll: computed_as(textbook, {EXACT}), only argument 0": BY_ONE,
    f"gaussian_nll: computed_as(textbook, {EXACT}), only argument 1": "the slopes of both forms are as exact",
}


def mutants(formula: ast.FunctionDef) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every small change of a formula, and the formula so changed."""
    body = formula.body[1:] if ast.get_docstring(formula) else formula.body
    places = [node for part in (*body, *filter(None, formula.args.kw_defaults)) for node in computed(part)]
    for i, place in enumerate(places):
        for k, (what, _) in enumerate(changes(place)):
            changed = copy.deepcopy(formula)
            start = changed.body[1:] if ast.get_docstring(changed) else changed.body
            same = [n for part in (*start, *filter(None, changed.args.kw_defaults)) for n in computed(part)][i]
            list(changes(same))[k][1]()
            yield f"{formula.name}: {what}", changed


def computed(part: ast.AST) -> Iterator[ast.AST]:
    """Yield a statement's nodes, but for a formula that is only written: symbolic/test_graph.py compares the two."""
    yield part
    written = part.args[:1] if isinstance(part, ast.Call) and ast.unparse(part.func) == "written_as" else []
    for child in ast.iter_child_nodes(part):
        if child not in written:
            yield from computed(child)


def changes(node: ast.AST) -> Iterator[tuple[str, Any]]:
    """The changes of one node: what each is, and a function that makes it."""
    was = ast.unparse(node) if isinstance(node, ast.expr) else ""
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        yield f"{was} + 1", lambda: setattr(node, "value", node.value + 1.0)
    if isinstance(node, ast.BinOp) and type(node.op) in SWAPPED:
        other = SWAPPED[type(node.op)]()
        yield f"{was}, with {type(other).__name__}", lambda: setattr(node, "op", other)
        yield f"{was}, without its right", lambda: become(node, node.left)
        yield f"{was}, without its left", lambda: become(node, node.right)
    if isinstance(node, ast.Compare):
        for comparison in (COMPARED[type(node.ops[0])], OPPOSITE[type(node.ops[0])]):
            yield f"{was}, with {comparison.__name__}", lambda op=comparison: setattr(node, "ops", [op()])
    if isinstance(node, ast.UnaryOp):
        yield f"{was}, without its sign", lambda: become(node, node.operand)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        word = node.func.id
        if word in WORDS:
            yield f"{was}, with {WORDS[word]}", lambda: setattr(node.func, "id", WORDS[word])
        if word == "where":
            yield f"{was}, its branches swapped", lambda: node.args.__setitem__(slice(1, 3), node.args[:0:-1])
        for i in PARTS.get(word, ()):
            yield f"{was}, only argument {i}", lambda i=i: become(node, node.args[i])


def become(node: ast.AST, other: ast.AST) -> None:
    node.__class__, node.__dict__ = other.__class__, copy.copy(other.__dict__)


def noticed(name: str, module: ModuleType, changed: ast.FunctionDef) -> str:
    """By what a changed formula is noticed; "" if by nothing."""
    from lossary import vocabulary

    source = ast.Module([ast.ImportFrom("__future__", [ast.alias("annotations")], 0), changed], [])
    before = registry._records[name], library.LIBRARY[name]
    try:
        exec(compile(ast.fix_missing_locations(source), "<mutant>", "exec"), {**vars(vocabulary), **vars(module)})
        library.LIBRARY[name] = lossary.Loss(registry._records[name])
        with np.errstate(all="ignore"), bodies(compiled=False):
            return _first_that_sees(name)
    except Exception as problem:
        return type(problem).__name__
    finally:
        registry._records[name], library.LIBRARY[name] = before


def _first_that_sees(name: str) -> str:
    record, loss = registry._records[name], library.LIBRARY[name]
    for row in (row for row in HAND if row.loss == name):
        given = [np.asarray([x] if record.kind in ("row", "softmax") else x) for x in row.arguments]
        if not np.allclose(loss(*given, **row.parameters), row.value, rtol=1e-12, atol=1e-15):
            return "hand values"
    for moved in ({}, {"parameters": "number"}, {"target": "soft"}, {"target": "soft", "label_smoothing": "yes"}):
        case = {factor: choices[0] for factor, choices in FACTORS.items()}
        case |= {"loss": name, "entry": "value_and_gradient", "layout": "plain", "weight": "full"} | moved
        if try_out(reduced(case), 4, np.random.default_rng(0)).wrong:
            return "the contract"
    with contextlib.suppress(Skipped):
        test_a_divergence_is_never_negative(record)
    look = {"pointwise": measured.of_elements, "overlap": measured.of_pools}.get(record.kind, measured.of_rows)
    if not record.scores:
        errors = look(record, np.float64, size=500 if record.kind == "pointwise" else 30)
        bounds = {"value": 4, "slope": 4, "curvature": 8}
        if any(worst.ulps > bounds[order] for order, worst in errors.worst.items()):
            return "the oracle"
    return ""


def formulas() -> Iterator[tuple[ModuleType, ast.FunctionDef]]:
    for record in lossary.losses():
        module = sys.modules[record.formula.__module__]
        tree = ast.parse(Path(inspect.getfile(record.formula)).read_text(encoding="utf-8"))
        functions = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef)}
        helpers = {name: function for name, function in functions.items() if name.startswith("_")}
        yield module, Inlined(helpers).visit(functions[record.name])


class Inlined(ast.NodeTransformer):
    """Puts what small functions return in the place of their calls, so that it is changed, too."""

    def __init__(self, helpers: dict[str, ast.FunctionDef]) -> None:
        self.helpers, self.given = helpers, dict[str, ast.expr]()

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        helper = self.helpers.get(getattr(node.func, "id", ""))
        if helper is None:
            return node
        (result,) = (part.value for part in helper.body if isinstance(part, ast.Return) and part.value)
        inside = Inlined(self.helpers)
        inside.given = dict(zip((argument.arg for argument in helper.args.args), node.args, strict=True))
        found: ast.AST = inside.visit(copy.deepcopy(result))
        return found

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return copy.deepcopy(self.given.get(node.id, node))


def page(count: int, seen: dict[str, int], survivors: list[str]) -> str:
    """What came of it, as Markdown."""
    by = ", ".join(f"{number} by {what}" for what, number in sorted(seen.items(), key=lambda item: -item[1]) if what)
    told = [f"- `{what}`: {EQUIVALENT.get(what, 'not explained yet')}" for what in survivors]
    return "\n".join([f"{HEAD}\n{count} changed formulas; noticed: {by}. Survivors: {len(survivors)}.\n", *told]) + "\n"


def main() -> int:
    chosen = [(module, formula) for module, formula in formulas() if sys.argv[1:] in ([], [formula.name])]
    work = [(module, *mutant) for module, formula in chosen for mutant in mutants(formula)]
    for module, formula in chosen:  # what is right is not noticed
        assert noticed(formula.name, module, formula) == "", formula.name
    seen: dict[str, int] = {}
    survivors = []
    for module, what, changed in track(work, "mutants"):
        by = noticed(changed.name, module, changed)
        seen[by] = seen.get(by, 0) + 1
        survivors += [] if by else [what]
    text = page(len(work), seen, survivors)
    if not sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 1 if set(survivors) - EQUIVALENT.keys() else 0


if __name__ == "__main__":
    sys.exit(main())
