"""lossary: the loss functions of neural networks, each written once as its mathematics.

    >>> import lossary as ls
    >>> float(ls.huber([2.5, 0.0, 8.0], [3.0, 0.0, 5.0], delta=1.0))  # a mean: (0.125 + 0 + 2.5) / 3
    0.875

``ls.losses()`` is the catalogue, ``help(ls.huber)`` shows one loss, ``ls.get("MSELoss")`` finds one by the name that
another library gives it. A loss takes NumPy arrays, PyTorch tensors, JAX arrays, numbers and lists (which count as
NumPy), and its results are of the same framework. Frameworks are not mixed in one call, and inputs never change.

Calls
    loss(prediction, target, ...)      The loss, differentiable by the arrays' own framework.
    loss.value_and_gradient(...)       The value, and its gradient in each prediction; ``out=`` to write that into.
    loss.gradient_and_hessian(...)     First and second derivatives, unreduced; of rows, the Hessian's diagonal.
    loss.total(...)                    ``Total(sum, weight, count)``: totals add, and ``.mean`` is that of the whole. Of
                                       an overlap loss a ``RegionTotal``, the sums over the places of each region.
    loss.configure(...)                The loss with other defaults: callable, picklable, equal by value.
    loss.record                        Its record: kind, task, arguments, parameters, formula, references.
    pointwise(formula)                 Makes a loss of a formula of your own, computed element by element.
    family(formula)                    Makes losses over classes of a formula of log-probabilities: of probabilities,
                                       of logits, of a last linear layer.
    loss(axes=...)(formula)            Makes a loss of a formula over lists, pairs, sequences or whole batches.
    WeightedSum(name=(loss, 0.5), ...) A weighted sum of losses, called like a loss; ``parts`` gives each.

Keywords of every loss
{of every loss}

An item that is masked or has weight 0 adds exactly 0 to the value and to every gradient, whatever it holds, NaN
included. An item is an element of a pointwise loss, a row of a loss over classes, a region of an overlap loss.

Keywords of losses over classes
{of classes}

Targets may be integer labels of any integer dtype, one-hot rows or probabilities: the same number for the same meaning.

Names say what a loss takes: ``logits`` where the name has ``sigmoid`` or ``softmax``, else ``probability``. The order
is (prediction, target), always. Shapes must match: nothing is broadcast, and (N,) with (N, 1) is an error.

Errors are a ``lossary.errors.LossaryError``, and a ``ValueError`` or ``TypeError`` too: ``ShapeError``, ``LabelError``,
``DomainError`` (a probability of 1.2, a NaN target), ``ArgumentError``, ``ArgumentTypeError``, ``EmptyError``, … Each
names the argument, the value and its place, and the remedy. NaN and infinite *predictions* are no error: they
propagate by the mathematics. Where values cannot be read, under ``jax.jit`` or on a GPU, an invalid item gives NaN,
never a plausible number. ``with ls.checking():`` raises there too, and also finds probabilities passed as logits and
the step in which a NaN began.

The result has at least float32 and the widest dtype given; a gradient has the dtype of its argument.
"""

from __future__ import annotations

from typing import NoReturn

from lossary import errors
from lossary.callable import Loss
from lossary.catalogue.registry import find
from lossary.combination import WeightedSum
from lossary.contract.keywords import described
from lossary.define import family, loss, pointwise
from lossary.execution.checking import checking
from lossary.kinds.reduce import Total
from lossary.kinds.regions import RegionTotal
from lossary.library import LIBRARY, from_dict, get, losses

__version__ = "0.1.0"
__all__ = [
    "Loss",
    "RegionTotal",
    "Total",
    "WeightedSum",
    "checking",
    "errors",
    "family",
    "from_dict",
    "get",
    "loss",
    "losses",
    "pointwise",
    *LIBRARY,
]

__doc__ = (__doc__ or "").replace("{of every loss}", described(common=True)).replace("{of classes}", described(False))
globals().update(LIBRARY)


def __dir__() -> list[str]:
    return sorted({*__all__, "__doc__", "__version__"})


def __getattr__(name: str) -> NoReturn:
    if not name.startswith("_"):
        try:
            meant = f"use lossary.{find(name).name}"
        except ValueError as problem:
            meant = str(problem)
        raise AttributeError(f"lossary has no {name!r}: {meant}")
    raise AttributeError(name)
