"""Losses as callable objects: value, derivatives and totals, on every framework."""

from __future__ import annotations

import importlib
import inspect
import sys
import textwrap
from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeAlias

from lossary.catalogue.docstring import complete
from lossary.catalogue.keyword import Option
from lossary.catalogue.record import Record
from lossary.contract.call import validate
from lossary.contract.keywords import OF_REDUCTION, defaults_of, keywords_of
from lossary.errors import ArgumentTypeError, NotAdditiveError
from lossary.execution import checking as checks
from lossary.execution.plans import Plans
from lossary.frameworks import CALLABLES, same
from lossary.kinds.reduce import Total
from lossary.kinds.regions import losses_of, region_total

__all__ = ["Loss", "Options"]

Options: TypeAlias = dict[str, Any]


class _Lazy:
    """Attribute that ``make`` computes when it is first read; on the class it is ``of_class``."""

    def __init__(self, make: Callable[[Loss], Any], of_class: str | None = None) -> None:
        self.make, self.of_class = make, of_class

    def __set_name__(self, owner: type[Loss], name: str) -> None:
        self.name = name

    def __get__(self, loss: Loss | None, owner: type[Loss]) -> Any:
        if loss is not None:
            return loss.__dict__.setdefault(self.name, self.make(loss))
        if self.of_class is None:
            raise AttributeError(f"{owner.__name__} has no {self.name}; its instances have.")
        return self.of_class


class Loss:
    """A loss function, called as ``loss(prediction, target, ...)``; ``help`` shows its own signature and formula."""

    record: Record
    options: Options
    __doc__: Any = _Lazy(lambda loss: _help(loss.record, loss.__signature__), of_class=__doc__)
    __signature__: Any = _Lazy(lambda loss: _signature(loss.record, loss.options))
    _plans: Plans = _Lazy(lambda loss: Plans(loss.record))  # type: ignore[assignment]

    def __init__(self, record: Record, options: Options | None = None, module: str = "lossary") -> None:
        self.record, self.options = record, options or {}
        self.__name__ = self.__qualname__ = record.name
        self.__module__ = module
        self._key = f"{module}.{record.name}.{id(self)}"
        CALLABLES[self._key] = self

    def __call__(self, /, *arrays: Any, **options: Option) -> Any:
        if _is_compiling() or checks.anywhere:
            return self._run("_result", arrays, options)
        return self._plans.result(arrays, self.options | options if self.options else options)

    def value_and_gradient(self, /, *arrays: Any, out: Any = None, **options: Option) -> tuple[Any, Any]:
        """Return the loss and its gradient in each prediction (a tuple of gradients if there are several predictions).

        ``out`` is an array, or a tuple of them, to write the gradient into. With ``reduction="none"`` the gradient is
        that of each item's own loss.
        """
        pair: tuple[Any, Any] = self._run("_value_and_gradient", arrays, {**options, "out": out})
        return pair

    def gradient_and_hessian(self, /, *arrays: Any, **options: Option) -> tuple[Any, Any]:
        """Return the first and second derivative of each item's weighted loss, unreduced, as boosting libraries want.

        For a loss over classes the second is the diagonal of each row's Hessian. A booster divides by the sum of a
        leaf's Hessians: if they may be 0 (``absolute_error`` everywhere, ``huber`` beyond delta) or negative, raise
        them first, as in ``numpy.maximum(hessian, 1.0)`` for a target of standard deviation 1. Given zeros alone,
        XGBoost and LightGBM predict a constant without a warning. See examples/boosting.py.
        """
        pair: tuple[Any, Any] = self._run("_gradient_and_hessian", arrays, options)
        return pair

    def total(self, /, *arrays: Any, **options: Option) -> Any:
        """Return the sums from which a mean is made: totals of batches add up to the total of the whole.

        The result is a ``Total``; it is a ``RegionTotal`` of an overlap loss, and of a loss for everything at once:
        then parts of the arrays are parts of the same regions.
        """
        found = self._run("_total", arrays, options)
        return region_total(self, found, self.options | options) if self.record.is_of_regions else Total(*found)

    def _run(self, method: str, arrays: tuple[Any, ...], options: Options) -> Any:
        if checks.anywhere:
            method, arrays = "_watched", (method, *arrays)
        if _is_compiling():
            return self._recorded(method, arrays, options)
        return getattr(self, method)(*arrays, **options)

    def _watched(self, method: str, /, *arrays: Any, **options: Option) -> Any:
        return checks.watched(self.record, getattr(self, method), arrays, self.options, options)

    def _recorded(self, method: str, arrays: tuple[Any, ...], options: Options) -> Any:
        """Run a method as one call in the graph that PyTorch compiles."""
        from lossary.frameworks.torch_compile import recorded

        return recorded(self._key, method, *arrays, **options)

    def _in_graph(self, method: str, arrays: tuple[Any, ...], options: Options) -> Any:
        """Run a method while PyTorch records: by an operator that runs kernels, or else by the formulas."""
        from lossary.execution import operators

        done = operators.record(self.record, self.__module__, method, arrays, self.options | options)
        return getattr(self, method)(*arrays, **options) if done is None else done

    def _result(self, /, *arrays: Any, **options: Option) -> Any:
        return self._plans.result(arrays, self.options | options)

    def _value_and_gradient(self, /, *arrays: Any, out: Any, **options: Option) -> tuple[Any, Any]:
        return self._plans.value_and_gradient(arrays, self.options | options, out)

    def _gradient_and_hessian(self, /, *arrays: Any, **options: Option) -> tuple[Any, Any]:
        if reason := self.record.cannot.get("hessian"):
            raise ArgumentTypeError(f"{self.record.name} has no Hessian: {reason}.")
        return self._plans.gradient_and_hessian(arrays, self._unreduced("gradient_and_hessian", options, "none"))

    def _total(self, /, *arrays: Any, **options: Option) -> tuple[Any, ...]:
        if reason := self.record.cannot.get("total"):
            raise NotAdditiveError(f"{self.record.name} has no total: {reason}.")
        return self._plans.total(arrays, self._unreduced("total", options, "sum"))

    def _losses(self, /, *sums: Any, **parameters: Option) -> Any:
        """Return the losses of regions: ``sums`` are the numbers of places, then those of a total."""
        return self._recorded("_of_sums", sums, parameters) if _is_compiling() else self._of_sums(*sums, **parameters)

    def _of_sums(self, /, count: Any, *sums: Any, **parameters: Option) -> Any:
        return losses_of(self.record, count, sums, parameters)

    def _unreduced(self, method: str, options: Options, reduction: str) -> Options:
        """Return the options of a method that does not reduce; those of a configured loss's reduction are ignored."""
        for name in OF_REDUCTION:
            if name in options:
                raise ArgumentTypeError(f"{self.record.name}.{method} does not reduce: it takes no {name}.")
        return {**self.options, **options, **OF_REDUCTION, "reduction": reduction}

    def configure(self, /, **options: Option) -> Loss:
        """Return the loss with other defaults: callable, picklable, equal to every loss configured alike."""
        validate(self.record, self.options | options)
        return Loss(self.record, self.options | options, self.__module__)

    def to_dict(self) -> Options:
        """Return name and options; ``lossary.from_dict`` makes the loss from them."""
        return {"loss": self.record.name, **self.options}

    def __repr__(self) -> str:
        options = "".join(f", {name}={value!r}" for name, value in self.options.items())
        return f"<loss {self.record.name}{options}>"

    def __eq__(self, other: object) -> bool:
        if (
            not isinstance(other, Loss)
            or self.record is not other.record
            or self.options.keys() != other.options.keys()
        ):
            return False
        return all(same(value, other.options[name]) for name, value in self.options.items())

    def __hash__(self) -> int:
        return hash((self.record.name, frozenset(self.options)))

    def __reduce__(self) -> Any:
        if not self.options:
            return self.record.name  # found by name in its module
        return _configured, (self.__module__, self.record.name, self.options)


def _is_compiling() -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and torch.compiler.is_compiling()


def _configured(module: str, name: str, options: Options) -> Loss:
    loss: Loss = attrgetter(name)(importlib.import_module(module))
    return loss.configure(**options)


def _signature(record: Record, options: Options) -> inspect.Signature:
    """Make the signature that ``help`` and editors show."""
    parameter = inspect.Parameter
    arrays = [
        parameter(a.name, parameter.POSITIONAL_OR_KEYWORD, default=None if a.optional else parameter.empty)
        for a in record.arguments
    ]
    named = [parameter(k, parameter.KEYWORD_ONLY, default=v) for k, v in (defaults_of(record) | options).items()]
    return inspect.Signature([*arrays, *named])


def _help(record: Record, signature: inspect.Signature) -> str:
    """Make the text of ``help``: the signature, the formula's docstring, other keywords, names and references."""
    call = textwrap.fill(f"{record.name}{signature}", 100, subsequent_indent=" " * (len(record.name) + 1))
    common = ", ".join(row.name for row in keywords_of(record))
    facts = {
        "Other keywords": f"{common}: see help(lossary).",
        "The same elsewhere": ", ".join(record.aliases),
        "References": "; ".join(record.references),
    }
    listed = [textwrap.fill(f"{name}: {text}", 100, break_long_words=False) for name, text in facts.items() if text]
    return "\n\n".join([call, complete(record), *listed])
