"""The stub files: signatures of all losses for editors and type checkers.

A loss is an object made when lossary is imported; its keywords stand in its record and the table of keywords.
"""

from __future__ import annotations

import textwrap
from collections.abc import Container, Iterator
from pathlib import Path

import lossary
from lossary.catalogue.record import Record
from lossary.contract.keywords import OF_REDUCTION, defaults_of, keywords_of

__all__ = ["FILES", "losses_stub", "modules_stub"]

PACKAGE = Path(lossary.__file__).parent
GENERATED = "# Written by `make stubs` from the losses' records; a test compares. Do not edit.\n"
GENERATED += '# fmt: off\n# mypy: disable-error-code="override"\n'

LOSSES = '''
from collections.abc import Sequence
from typing import Any, Literal, NoReturn, Protocol, TypeAlias

from lossary import errors as errors
from lossary.callable import Loss as Loss
from lossary.combination import WeightedSum as WeightedSum
from lossary.define import family as family
from lossary.define import loss as loss
from lossary.define import pointwise as pointwise
from lossary.execution.checking import checking as checking
from lossary.kinds.reduce import Total as Total
from lossary.kinds.regions import RegionTotal as RegionTotal
from lossary.library import from_dict as from_dict
from lossary.library import get as get
from lossary.library import losses as losses

class _HasShape(Protocol):
    """An array of any framework."""
    @property
    def shape(self) -> Any: ...

_Number: TypeAlias = float | _HasShape
_Array: TypeAlias = _HasShape | Sequence[Any] | float

__version__: str
__all__ = {exported}
'''

MODULES = '''
from typing import ClassVar, Literal, TypeAlias

from torch import Tensor, nn

from lossary.callable import Loss

_Number: TypeAlias = float | Tensor
_Array: TypeAlias = Tensor

class LossModule(nn.Module):
    """A loss with its options, as a module."""
    loss: ClassVar[Loss]
    option_names: tuple[str, ...]
    def extra_repr(self) -> str: ...
'''


def losses_stub() -> str:
    """Write the stub of the package."""
    exported = textwrap.fill(", ".join(f'"{name}"' for name in sorted(lossary.__all__)), 112)
    head = LOSSES.format(exported=f"[\n{textwrap.indent(exported, '    ')},\n]")
    return "\n\n".join([GENERATED + head.rstrip("\n"), *map(_loss_class, lossary.losses())]) + "\n"


def modules_stub() -> str:
    """Write the stub of the modules for PyTorch."""
    return "\n\n".join([GENERATED + MODULES.rstrip("\n"), *map(_module_class, lossary.losses())]) + "\n"


def _loss_class(record: Record) -> str:
    name = f"_{_camel(record)}"
    return f"class {name}(Loss):\n{_block(_loss_methods(record, name))}\n\n{record.name}: {name}"


def _loss_methods(record: Record, name: str) -> Iterator[str]:
    each = ["Any" for _ in record.predictions] if all(not a.optional for a in record.predictions) else ["Any", "..."]
    gradient = "Any" if len(each) == 1 else f"tuple[{', '.join(each)}]"
    of_items = _parameters(record, without=OF_REDUCTION)
    yield f'"""{record.summary}"""'
    yield _method("__call__", _parameters(record), "Any", record.summary)
    out = f"out: {'_Array' if gradient == 'Any' else 'tuple[_Array, ...]'} | None = ..."
    yield _method("value_and_gradient", [*_parameters(record), out], f"tuple[Any, {gradient}]")
    pair = "NoReturn" if "hessian" in record.cannot else f"tuple[{gradient}, {gradient}]"
    yield _method("gradient_and_hessian", of_items, pair)
    total = "RegionTotal" if record.is_of_regions else "Total"
    yield _method("total", of_items, "NoReturn" if "total" in record.cannot else total)
    yield _method("configure", _options(record), name)


def _module_class(record: Record) -> str:
    methods = [
        f'"""{record.summary}"""',
        _method("__init__", _options(record), "None"),
        _method("forward", _parameters(record), "Tensor"),
        _method("__call__", _parameters(record), "Tensor"),
    ]
    return f"class {_camel(record)}(LossModule):\n{_block(methods)}"


def _camel(record: Record) -> str:
    return "".join(word.capitalize() for word in record.name.split("_"))


def _parameters(record: Record, without: Container[str] = ()) -> list[str]:
    arrays = [f"{a.name}: _Array{' | None = None' if a.optional else ''}" for a in record.arguments]
    return arrays + _options(record, without)


def _options(record: Record, without: Container[str] = ()) -> list[str]:
    types = dict.fromkeys((p.name for p in record.parameters), "_Number")
    types |= {row.name: row.stub for row in keywords_of(record)}
    defaults = defaults_of(record).items()
    return ["*", *(f"{name}: {types[name]} = {_default(value)}" for name, value in defaults if name not in without)]


def _default(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _method(name: str, parameters: list[str], returns: str, summary: str = "") -> str:
    body, docs = ("", f'\n    """{summary}"""') if summary else (" ...", "")
    # Lines are broken between parameters only: the spaces within them are hidden from the breaking.
    call = ", ".join(each.replace(" ", "\0") for each in ["self", *parameters])
    line = f"def {name}({call})" + f" -> {returns}:{body}".replace(" ", "\0")
    return textwrap.fill(line, 112, subsequent_indent=" " * 8, break_long_words=False).replace("\0", " ") + docs


def _block(methods: Iterator[str] | list[str]) -> str:
    return textwrap.indent("\n".join(methods), "    ")


FILES = {PACKAGE / "__init__.pyi": losses_stub, PACKAGE / "torch.pyi": modules_stub}
