"""Every loss as a ``torch.nn.Module``: ``lossary.torch.Huber(delta=2.0)`` is ``lossary.huber`` with options.

Tensors among the options are buffers, moved and saved with the module; an ``nn.Parameter``, as for a learnable delta,
is trained.

>>> import torch
>>> Huber(delta=2.0)(torch.tensor([3.0]), torch.tensor([0.0]))
tensor(4.)
"""

from __future__ import annotations

from typing import ClassVar

from torch import Tensor, nn

from lossary.callable import Loss
from lossary.catalogue.keyword import Option
from lossary.catalogue.record import Record
from lossary.catalogue.registry import find
from lossary.contract.call import validate
from lossary.contract.keywords import keywords, option_of
from lossary.errors import ArgumentTypeError, UnknownLossError
from lossary.library import LIBRARY

__all__ = ["LossModule"]


class LossModule(nn.Module):
    """A loss with its options, as a module. Options given to ``forward`` override the module's own."""

    loss: ClassVar[Loss]

    def __init__(self, *unnamed: object, **options: Option) -> None:
        if unnamed:
            raise ArgumentTypeError(_unnamed(type(self).__name__, self.loss.record, unnamed[0]))
        super().__init__()
        validate(self.loss.record, options)
        self.option_names = tuple(options)
        for name, value in options.items():
            if isinstance(value, Tensor) and not isinstance(value, nn.Parameter):
                self.register_buffer(name, value)
            else:
                setattr(self, name, value)

    def forward(self, *arrays: Tensor, **options: Option) -> Tensor:
        own = {name: getattr(self, name) for name in self.option_names}
        result: Tensor = self.loss(*arrays, **{**own, **options})
        return result

    def extra_repr(self) -> str:
        return ", ".join(f"{name}={getattr(self, name)!r}" for name in self.option_names)


def _unnamed(module: str, record: Record, value: object) -> str:
    """Message for an option or an array that was passed to a module by position."""
    if isinstance(value, Tensor):
        names = ", ".join(argument.name for argument in record.arguments if not argument.optional)
        return f"{module} takes options, and the module takes the arrays: {module}()({names})."
    names = keywords(record)
    chosen = option_of(value)
    name = chosen or names[0]
    example = f"{module}({name}={value!r:.40})" if record.parameters or chosen else ", ".join(names)
    return f"{module} takes its options by name: {example}."


class _HelpOfLoss:
    """Docstring of a module: that of its loss, made when it is first read."""

    def __get__(self, module: LossModule | None, owner: type[LossModule]) -> str:
        return str(owner.loss.__doc__)


def _module(loss: Loss) -> type[LossModule]:
    parts = {"loss": loss, "__doc__": _HelpOfLoss(), "__module__": __name__}
    return type(_name(loss.record), (LossModule,), parts)


def _name(record: Record) -> str:
    return "".join(word.capitalize() for word in record.name.split("_"))


MODULES = {kind.__name__: kind for kind in map(_module, LIBRARY.values())}
globals().update(MODULES)
__all__ += list(MODULES)


def __getattr__(name: str) -> type[LossModule]:
    if name.startswith("_"):
        raise AttributeError(name)
    try:
        meant = f"use lossary.torch.{_name(find(name))}"
    except UnknownLossError as problem:
        meant = str(problem)
    raise AttributeError(f"lossary.torch has no {name!r}: {meant}")
