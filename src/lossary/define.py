"""Losses of the user's own formulas."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn, overload

from lossary.callable import Loss
from lossary.catalogue.multiclass import LOGITS
from lossary.catalogue.record import Record, Task, describe
from lossary.catalogue.signature import Scores, annotations_of, check_is_plain
from lossary.domains import Distribution, LogProbability, Probability, Real
from lossary.errors import ArgumentTypeError, FormulaError, LossaryError
from lossary.kinds.layout import layout_of
from lossary.symbolic.graph import ITEM, Node, Value, as_node, walk
from lossary.symbolic.words import CONDITIONS
from lossary.vocabulary import log, log_softmax

__all__ = ["Family", "family", "loss", "pointwise"]


@overload
def pointwise(formula: Callable[..., Any], *, task: Task = ...) -> Loss: ...
@overload
def pointwise(*, task: Task) -> Callable[[Callable[..., Any]], Loss]: ...
def pointwise(formula: Any = inspect.Parameter.empty, *, task: Task = "regression") -> Any:
    """Make a loss of your own formula, computed element by element; it has all that other losses have.

    The formula takes its predictions and ``target``, parameters as keywords with numbers as defaults, and is written
    with operators and the words of ``lossary.vocabulary``. Derivatives and kernels are made from it. ``task`` is the
    kind of problem that it is for, as in ``@pointwise(task="binary")``; see ``loss.record.task``.

    >>> from lossary.vocabulary import sqrt, square
    >>> @pointwise
    ... def charbonnier(prediction, target, *, scale=1.0):
    ...     return sqrt(square((prediction - target) / scale) + 1.0) - 1.0
    >>> round(float(charbonnier([2.0], [0.0])), 6)
    1.236068
    """
    if formula is inspect.Parameter.empty:
        return partial(pointwise, task=task)
    record = describe("pointwise", formula, task=task)
    coupled = [node.word for node in walk(_traced(record)) if node.couples]
    _check_value(record)
    if coupled:
        raise FormulaError(f"{record.name} uses {min(coupled)}, which sees a row; a formula sees one element.")
    return Loss(record, module=formula.__module__)


def loss(
    *,
    axes: Mapping[str, str],
    mask: str = "item",
    lengths: Mapping[str, Callable[..., int]] | None = None,
    task: Task = "regression",
) -> Callable[[Callable[..., Any]], Loss]:
    """Make a loss of your own formula over named axes: of lists, pairs, regions, sequences or whole batches.

    ``axes`` names the axes of each array, in the order of its dimensions; the axis of the items is ``item``. Words that
    run along an axis name it with ``over``. What is left at the end is a loss for each item, or one for the batch. Such
    a loss has value, derivatives, ``weight`` and ``mask`` on every framework. If it goes along one axis beside the
    items, by sums, maxima and labels alone, the compiled kernels of rows compute it in one pass.

    ``mask`` names the axes of the mask: ``"item"``, or ``"item entry"`` for lists of different lengths. What is masked
    is as if it were not there: sums gain nothing from it, no maximum or pair has it, it comes last in an order, and a
    recurrence passes it by. ``lengths`` has functions for the lengths of axes that no array has.

    >>> from lossary.vocabulary import cumulative_log_sum_exp, ordered, total
    >>> @loss(axes={"scores": "item entry", "target": "item entry"})
    ... def list_mle(scores, target):  # negative log-probability of the order of the targets, greatest first
    ...     s = ordered(scores, by=-target, over="entry")
    ...     return total(cumulative_log_sum_exp(s, "sorted_entry", from_end=True) - s, over="sorted_entry")
    >>> round(float(list_mle([[0.0, 0.0, 0.0]], [[1, 3, 2]])), 6)  # log 3!
    1.791759
    """
    return partial(_of_axes, axes=axes, mask=mask, lengths=lengths or {}, task=task)


@dataclass(frozen=True)
class _Form:
    """What a loss of a family takes in place of log-probabilities, and the logarithm of that."""

    kind: str
    argument: str
    domain: Any
    log: Callable[[Value], Value]
    scores: tuple[Scores, ...] = ()

    def of(self, formula: Callable[..., Any], name: str) -> Callable[..., Any]:
        """Return the formula as one of what this form takes."""

        def form(first: Value, target: Value, **parameters: Value) -> Any:
            return formula(self.log(first), target, **parameters)

        arrays = [inspect.Parameter(one, inspect.Parameter.POSITIONAL_OR_KEYWORD) for one in (self.argument, "target")]
        others = list(inspect.signature(formula).parameters.values())[len(arrays) :]
        form.__signature__ = inspect.Signature([*arrays, *others])  # type: ignore[attr-defined]
        form.__annotations__ = annotations_of(formula) | {self.argument: self.domain, "target": Distribution}
        form.__name__ = form.__qualname__ = f"{formula.__name__}.{name}"
        form.__module__, form.__doc__ = formula.__module__, formula.__doc__
        return form


FORMS = {
    "of_probabilities": _Form("row", "probability", Probability, log),
    "of_log_probabilities": _Form("row", "log_probability", LogProbability, as_node),
    "of_logits": _Form("softmax", "logits", Real, log_softmax),
    "of_linear": _Form("linear_softmax", "logits", Real, log_softmax, (LOGITS,)),
}


class Family:
    """A formula of log-probabilities and a target as four losses; ``lossary.family`` makes it."""

    of_probabilities: Loss
    of_log_probabilities: Loss
    of_logits: Loss
    of_linear: Loss

    def __init__(self, formula: Callable[..., Any], task: Task) -> None:
        check_is_plain(formula)
        parameters = inspect.signature(formula).parameters.values()
        if [one.name for one in parameters if one.kind is not one.KEYWORD_ONLY] != ["log_probability", "target"]:
            raise FormulaError(
                f"{formula.__name__}: a family's formula takes log_probability and target, then keywords."
            )
        self.formula, self.__doc__ = formula, formula.__doc__
        for name, form in FORMS.items():
            record = describe(form.kind, form.of(formula, name), task=task, scores=form.scores)
            _traced(record)
            _check_value(record)
            setattr(self, name, Loss(record, module=formula.__module__))

    def __call__(self, *_: object, **__: object) -> NoReturn:
        name, forms = self.formula.__name__, ", ".join(FORMS)
        raise ArgumentTypeError(
            f"{name} is a family of losses: call {name}.of_logits(logits, target), or another of {forms}."
        )

    def __repr__(self) -> str:
        return f"<family {self.formula.__name__}: {', '.join(FORMS)}>"


@overload
def family(formula: Callable[..., Any], *, task: Task = ...) -> Family: ...
@overload
def family(*, task: Task) -> Callable[[Callable[..., Any]], Family]: ...
def family(formula: Any = inspect.Parameter.empty, *, task: Task = "multiclass") -> Any:
    """Make losses over classes of your own formula of log-probabilities: of what a network gives, in four forms.

    The formula takes ``log_probability`` and ``target``, and parameters as keywords. ``of_probabilities`` and
    ``of_log_probabilities`` are losses of those, ``of_logits`` is that of a softmax's input, and ``of_linear`` that of
    the features and the classifier of a last linear layer, whose logits are never stored. All take labels, one-hot rows
    or probabilities as targets, and the keywords of losses over classes. What varies along the classes at the end is
    summed.

    >>> from lossary.vocabulary import maximum, weighted
    >>> @family
    ... def bounded(log_probability, target, *, most=4.0):  # what a wrong label costs at most
    ...     return -weighted(target, maximum(log_probability, -most))
    >>> logits, labels = [[0.0, 0.0], [9.0, 0.0]], [1, 1]
    >>> round(float(bounded.of_logits(logits, labels)), 6)  # (log 2 + 4) / 2
    2.346574
    >>> round(float(bounded.of_linear([[0.0], [9.0]], [[1.0], [0.0]], labels, most=2.0)), 6)
    1.346574
    """
    if formula is inspect.Parameter.empty:
        return partial(family, task=task)
    return Family(formula, task)


def _of_axes(formula: Callable[..., Any], **declared: Any) -> Loss:
    record = describe("axes", formula, **declared)
    _check_axes(record)
    result = _traced(record)
    if left := sorted(result.axes - {ITEM}):
        raise FormulaError(
            f"{record.name} still varies along {' and '.join(left)} at the end: sum over it, as in "
            f"total(value, over={left[0]!r}), or call it 'item' if it is that of the items."
        )
    _check_value(record)
    layout_of(record)
    return Loss(record, module=formula.__module__)


def _check_value(record: Record) -> None:
    """Raise if the result depends on no array, or is no number."""
    if all(node.word != "symbol" or not node.axes for node in walk(record.graph)):
        raise FormulaError(
            f"{record.name} is the same number whatever its arguments are. (Equality is equal(a, b), not a == b.)"
        )
    if record.graph.word in CONDITIONS:
        raise FormulaError(f"{record.name} is a condition; use where(condition, a, b), which has a value.")


def _check_axes(record: Record) -> None:
    """Raise if the axes are not those of each array of the formula."""
    names = list(inspect.signature(record.formula).parameters.values())
    arrays = [one.name for one in names if one.kind is not one.KEYWORD_ONLY]
    given: Any = record.axes
    if not isinstance(given, Mapping) or list(given) != arrays:
        wanted = ", ".join(f'"{name}": "item …"' for name in arrays)
        raise FormulaError(f"{record.name}: axes must name the axes of each array, in order: {{{wanted}}}.")
    for name, axes in given.items():
        own = axes.split() if isinstance(axes, str) else [""]
        if not all(one.isidentifier() and not one.startswith("_") for one in own) or len(set(own)) < len(own):
            raise FormulaError(
                f"{record.name}: the axes of {name} are {axes!r}; they are different names, such as 'item entry'."
            )
    if not all(callable(function) for function in dict(record.lengths).values()):
        raise FormulaError(f"{record.name}: lengths are functions, as in lengths={{'state': lambda label: label + 1}}.")
    known = {axis for axes in given.values() for axis in axes.split()}
    mask: Any = record.mask
    if not isinstance(mask, str) or not known.issuperset(mask.split()):
        raise FormulaError(
            f"{record.name}: the mask's axes are {mask!r} ('item' by default); they are some of "
            f"{', '.join(sorted(known))}. Call the axis of what a mask leaves out 'item', or name it as mask='…'."
        )


def _traced(record: Record) -> Node:
    """Trace a formula; errors in it name the loss."""
    try:
        return record.graph
    except LossaryError:
        raise
    except Exception as problem:
        words = "A formula computes one value of each argument with operators and the words of lossary.vocabulary."
        first = str(problem).partition("\n")[0].rstrip(".")
        raise FormulaError(f"{record.name} cannot be traced: {first}. {words}") from problem
