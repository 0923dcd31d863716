"""`make mutants`: change each formula in every small way, and see whether a test notices.

A function of the catalogue gets other code in memory; no file is touched. The losses that use it are held to their hand
values, to textbook definitions by calls of every kind, and to exact arithmetic over the whole range of their numbers.
What survives is explained in equivalent.py, or a test is too weak.
"""

from __future__ import annotations

import ast
import copy
import inspect
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np
from _pytest.outcomes import Skipped
from rich.progress import track

import lossary
from arrays import NUMPY
from catalogue import test_robust
from catalogue.test_hand import test_value_and_slope
from catalogue.test_properties import test_a_divergence_is_never_negative
from catalogue.test_slopes import SLOPES, test_slope
from equivalent import reason
from frameworks.test_second_derivatives import (
    test_hessian_at_the_ends,
    test_hessian_of_focal_in_gamma_beside_a_certain_class,
    test_hessian_of_focal_where_an_inner_power_overflows,
)
from fuzz.engines import bodies
from fuzz.factors import FACTORS, reduced
from fuzz.hold import try_out
from hand import HAND
from lossary import library, vocabulary
from lossary.catalogue import registry
from lossary.catalogue.record import Record
from oracle import measured
from oracle.test_orders import ORDERS, ROWS, test_derivatives_at_an_order
from oracle.test_values import (
    hold,
    test_a_large_count_near_its_rate,
    test_a_share_near_its_mean,
    test_a_subnormal_variance,
    test_a_target_near_its_mean_that_hardly_varies,
    test_the_curvature_beside_a_tiny_variance,
    test_the_definition_is_the_formula,
)
from symbolic import several_axes
from symbolic import test_several_axes as of_axes
from symbolic.test_graph import test_what_is_computed_is_the_formula

__all__ = ["Mutant", "mutants", "noticed"]

SWAPPED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
COMPARED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
OPPOSITE = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}
WORDS = {
    "log": "log1p", "log1p": "log", "absolute": "square", "square": "absolute", "sqrt": "square", "exp": "expm1",
    "softplus": "sigmoid", "log_softmax": "softmax", "maximum": "minimum", "minimum": "maximum",
}  # fmt: skip
# Arguments that are taken for the whole.
PARTS = {"where": (1, 2), "weighted": (1,), "computed_as": (0, 1), "clip": (0,), "nonnegative": (0,), "total": (0,)}

# Calls beside the first choice of every factor: some of NumPy, then all derivatives of both orders by PyTorch.
ALL = {"engine": "torch", "dtype": "float64", "wanted": "everything", "parameters": "of items", "reduction": "sum"}
TWICE = ALL | {"entry": "reverse over reverse"}
SOFT = {"target": "soft", "parameters": "number"}
EDGES = {"numbers": "edges"}
CALLS = [{}, {"parameters": "number"}, {"target": "soft"}, SOFT | {"label_smoothing": "yes"}, ALL, ALL | SOFT]
CALLS += [ALL | {"shape": "one"}, ALL | {"mask": "full"}, TWICE, TWICE | {"target": "soft"}, TWICE | SOFT]
AT_EDGES = [EDGES, EDGES | {"dtype": "float64"}, ALL | EDGES, ALL | EDGES | SOFT]
AT_EDGES += [TWICE | EDGES | {"wanted": "predictions"}, TWICE | EDGES | SOFT | {"wanted": "predictions"}]

PAGE = Path(__file__).parent.parent / "docs" / "mutants.md"
HEAD = """# Changed formulas

<!-- Written by `make mutants`. Do not edit. -->

Every formula of src/lossary/catalogue, and every function that it calls there, is changed in every small way: a
constant, an operator, a comparison, a dropped term, swapped branches, another word. The losses that use it are held to
several checks, in the order of tests/mutants.py, until one of them notices the change.
"""


@dataclass(frozen=True)
class Mutant:
    """A function or class of a module, as changed source, and the losses that use it."""

    module: str
    name: str
    losses: tuple[str, ...]
    what: str
    source: str


# --- changes ----------------------------------------------------------------------------------------------------------


def mutants(module: str, name: str, losses: tuple[str, ...]) -> Iterator[Mutant]:
    """Every small change of a function or class."""
    tree, seen = definition(module, name), Counter[str]()
    for i, place in enumerate(ast.walk(tree)):
        for k, (what, _) in enumerate(changes(place)):
            changed = copy.deepcopy(tree)
            list(changes(list(ast.walk(changed))[i]))[k][1]()
            seen[what] += 1
            again = f" (no. {seen[what]})" if seen[what] > 1 else ""
            yield Mutant(module, name, losses, f"{name}: {what}{again}", ast.unparse(changed))


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
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARED:
        for comparison in (COMPARED[type(node.ops[0])], OPPOSITE[type(node.ops[0])]):
            yield f"{was}, with {comparison.__name__}", lambda op=comparison: setattr(node, "ops", [op()])
    if isinstance(node, ast.UnaryOp):
        yield f"{was}, without its sign", lambda: become(node, node.operand)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        yield from _changes_of_call(node, node.func.id)


def _changes_of_call(node: ast.Call, word: str) -> Iterator[tuple[str, Any]]:
    was = ast.unparse(node)
    if word in WORDS:
        other_word = ast.Attribute(ast.Name("vocabulary"), WORDS[word])
        yield f"{was}, with {WORDS[word]}", lambda: setattr(node, "func", other_word)
    if word == "where" and len(node.args) == 3:
        yield f"{was}, its branches swapped", lambda: node.args.__setitem__(slice(1, 3), node.args[:0:-1])
    for i in PARTS.get(word, ()):
        if i < len(node.args):
            yield f"{was}, only argument {i}", lambda i=i: become(node, node.args[i])


def become(node: ast.AST, other: ast.AST) -> None:
    node.__class__, node.__dict__ = other.__class__, copy.copy(other.__dict__)


# --- functions of the catalogue ---------------------------------------------------------------------------------------


@cache
def definitions(module: str) -> dict[str, ast.FunctionDef | ast.ClassDef]:
    """The functions and classes of a module, without decorators, annotations and docstrings."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            node.decorator_list = []
            node.body = node.body[1:] if ast.get_docstring(node) and node.body[1:] else node.body
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def definition(module: str, name: str) -> ast.FunctionDef | ast.ClassDef:
    return definitions(module)[name]


def reached(record: Record) -> list[tuple[str, str]]:
    """The functions and classes of the catalogue that a formula uses, by module and name; itself first."""
    found = [(record.formula.__module__, record.name)]
    for module, name in found:  # which grows
        names = (node.id for node in ast.walk(definition(module, name)) if isinstance(node, ast.Name))
        things = [vars(sys.modules[module]).get(name) for name in names]
        functions = [thing for thing in things if isinstance(thing, FunctionType | type)]
        ours = [(f.__module__, f.__name__) for f in functions if f.__module__.startswith("lossary.catalogue.")]
        found += [one for one in dict.fromkeys(ours) if one not in found]
    return found


def users() -> dict[tuple[str, str], tuple[str, ...]]:
    """The losses that use each function of the catalogue."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for record in lossary.losses():
        for one in reached(record):
            found[one] = (*found.get(one, ()), record.name)
    return found


def functions_of(thing: Any) -> list[FunctionType]:
    """The functions of a class, of a loss, or one function itself."""
    thing = getattr(thing, "formula", thing)
    return [f for f in vars(thing).values() if isinstance(f, FunctionType)] if isinstance(thing, type) else [thing]


@contextmanager
def changed(mutant: Mutant) -> Iterator[list[Record]]:
    """Within, a function has other code; the losses that use it are made anew."""
    space = vars(sys.modules[mutant.module])
    space["vocabulary"] = vocabulary
    made: dict[str, Any] = {}
    exec(compile(mutant.source, "<mutant>", "exec"), {**space}, made)
    olds, news = functions_of(space[mutant.name]), functions_of(made[mutant.name])
    attributes = "__code__", "__defaults__", "__kwdefaults__"
    before = [[getattr(old, attribute) for attribute in attributes] for old in olds]
    kept = {name: (registry._records[name], library.LIBRARY[name]) for name in mutant.losses}
    try:
        for old, new in zip(olds, news, strict=True):
            for attribute in attributes:
                setattr(old, attribute, getattr(new, attribute))
        yield [_known(name, replace(record)) for name, (record, _) in kept.items()]
    finally:
        for old, values in zip(olds, before, strict=True):
            for attribute, value in zip(attributes, values, strict=True):
                setattr(old, attribute, value)
        for name, (record, loss) in kept.items():
            _known(name, record, loss)


def _known(name: str, record: Record, loss: Any = None) -> Record:
    """Make a record, and a loss of it, what the library finds by a name."""
    registry._records[name] = record
    library.LIBRARY[name] = vars(lossary)[name] = loss or lossary.Loss(record)
    return record


# Tests of one loss, at places where nothing else looks.
OWN: dict[str, list[Callable[[], None]]] = {
    "general_robust": [
        *(partial(test_robust.test_the_slope_in_the_shape, alpha) for alpha in test_robust.ALPHAS),
        test_robust.test_the_slope_in_the_shape_at_its_ends,
        partial(test_robust.test_shapes_near_the_holes_are_as_in_them, NUMPY),
    ],
    "beta_nll": [test_a_share_near_its_mean],
    "gamma_nll": [test_a_target_near_its_mean_that_hardly_varies],
    "gaussian_nll": [
        test_a_subnormal_variance,
        lambda: test_the_curvature_beside_a_tiny_variance(lossary.gaussian_nll),
    ],
    "laplace_nll": [lambda: test_the_curvature_beside_a_tiny_variance(lossary.laplace_nll)],
    "negative_binomial": [test_a_large_count_near_its_rate],
    "poisson": [test_a_large_count_near_its_rate],
    "renyi_divergence": [
        *(partial(test_derivatives_at_an_order, rows, alpha) for rows in ROWS.values() for alpha in ORDERS),
        lambda: test_hessian_at_the_ends(lossary.get("renyi_divergence").record),
    ],
    "reverse_logits_kl_divergence": [
        lambda: test_hessian_at_the_ends(lossary.get("reverse_logits_kl_divergence").record)
    ],
    "softmax_focal": [
        partial(test_hessian_of_focal_where_an_inner_power_overflows, 100.0),
        partial(test_hessian_of_focal_in_gamma_beside_a_certain_class, 800.0),
    ],
}


# --- checks, the quickest first ---------------------------------------------------------------------------------------


def _by_hand(record: Record) -> None:
    for row in HAND:
        if row.loss == record.name:
            test_value_and_slope(row, NUMPY)


def _by_slopes(record: Record) -> None:
    for slope in SLOPES:
        if slope.loss == record.name:
            test_slope(slope)


def _as_written(record: Record) -> None:
    """A formula is what is written, and what the textbook says."""
    if record.name in several_axes.CASES:
        of_axes.test_what_is_written_is_what_is_computed(record.name)
        of_axes.test_value_and_gradient_of_numpy(record.name)
        of_axes.test_derivatives_of_torch(record.name)
    if not record.axes:
        test_what_is_computed_is_the_formula(record)
        test_the_definition_is_the_formula(record)


def _by_calls(record: Record, calls: Any = CALLS, draws: int = 4) -> None:
    for call in calls:
        case = {factor: choices[0] for factor, choices in FACTORS.items()}
        case |= {"loss": record.name, "entry": "value_and_gradient", "layout": "plain", "weight": "full"} | call
        wrong = try_out(reduced(case), draws, np.random.default_rng(0)).wrong
        assert not wrong, wrong


def _at_edges(record: Record) -> None:
    _by_calls(record, AT_EDGES, 16)


def _exactly(record: Record) -> None:
    if record.kind in ("pointwise", "row", "softmax", "overlap"):
        look: Any = {"pointwise": measured.of_elements, "overlap": measured.of_pools}.get(record.kind, measured.of_rows)
        for dtype, elements in ((np.float64, 100), (np.float32, 200)):
            hold(look(record, dtype, {"pointwise": elements, "overlap": 40}.get(record.kind, 60)))


def _by_its_own(record: Record) -> None:
    for test in OWN.get(record.name, ()):
        test()
    test_a_divergence_is_never_negative(record)


CHECKS = {
    "hand values": _by_hand,
    "slopes by hand": _by_slopes,
    "the written form": _as_written,
    "calls": _by_calls,
    "tests of one loss": _by_its_own,
    "exact arithmetic": _exactly,
    "calls with extreme numbers": _at_edges,
}


def noticed(mutant: Mutant) -> str:
    """The first check that fails for a loss; "" if none does."""
    with changed(mutant) as records, np.errstate(all="ignore"), bodies(compiled=False):
        for check, fails in CHECKS.items():
            for record in records:
                try:
                    with suppress(Skipped):
                        fails(record)
                except NameError:  # a fault of the tool
                    raise
                except Exception:  # of an assertion, or of a formula that cannot be computed
                    return check
    return ""


# --- the page ---------------------------------------------------------------------------------------------------------


def page(seen: Counter[str], survivors: list[str]) -> str:
    """What came of it, as Markdown: survivors by the reason."""
    by = ", ".join(f"{number} by {check}" for check, number in seen.most_common() if check)
    lines = [f"{HEAD}\n{seen.total()} changed functions; noticed: {by}. Survivors: {len(survivors)}."]
    for why in dict.fromkeys(map(reason, survivors)):
        lines += [f"\n## {(why or 'not explained yet').capitalize()}\n"]
        lines += [f"- `{what}`" for what in survivors if reason(what) == why]
    return "\n".join(lines) + "\n"


def run(work: list[Mutant], title: str) -> Iterator[tuple[Mutant, str]]:
    """Hold mutants to the checks, on all cores, one thread each."""
    os.environ |= {"LOSSARY_THREADS": "1", "OMP_NUM_THREADS": "1"}
    with get_context("spawn").Pool(maxtasksperchild=400) as pool:
        yield from zip(work, track(pool.imap(noticed, work), title, len(work)), strict=True)


def main() -> int:
    """Hold all mutants to the checks and write the page, or only those of the functions and losses that are named."""
    names = set(sys.argv[1:])
    chosen = {one: losses for one, losses in users().items() if not names or names & {one[1], *losses}}
    right = [Mutant(*one, losses[:1], one[1], ast.unparse(definition(*one))) for one, losses in chosen.items()]
    for mutant, by in run(right, "as they are"):
        assert not by, (mutant.what, by)
    work = [mutant for one, losses in chosen.items() for mutant in mutants(*one, losses)]
    seen, survivors = Counter[str](), []
    for mutant, by in run(work, "mutants"):
        seen[by] += 1
        if not by:
            survivors.append(mutant.what)
    text = page(seen, survivors)
    if not names:
        PAGE.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0 if all(map(reason, survivors)) else 1


if __name__ == "__main__":
    sys.exit(main())
