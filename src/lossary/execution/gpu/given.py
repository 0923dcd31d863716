"""The arguments of a kernel over rows, and the statements that read them."""

from __future__ import annotations

from dataclasses import dataclass

from lossary.execution.gpu.layout import Place
from lossary.execution.gpu.text import COMPARED, READ_SHARE, SHARE, parameters
from lossary.kinds.program import SCALE
from lossary.symbolic.graph import CLASS, COLUMN, ELEMENT, ITEM, NUMBER_KINDS, Axes, Node

__all__ = ["Given"]

BLOCK = "begin + part * BLOCK + lanes"  # the sum of a pointer with the first two is the same for all lanes


@dataclass(frozen=True)
class Given:
    """The inputs and outputs of a kernel, in the order that it takes them."""

    arrays: tuple[tuple[Node, Place], ...]
    numbers: tuple[str, ...]  # passed as the bits of a float64: Triton would round a number to float32
    losses: int
    slopes: tuple[Place, ...]  # one for each gradient
    split: bool  # whether rows are counted in two directions
    dtype: str
    exact: bool  # see softmax.py
    compared: bool  # see text.py

    @property
    def bits(self) -> list[str]:
        """The names of the numbers as they are passed, the share last."""
        return [*(f"x_{name}_is" for name in self.numbers), f"{SHARE}_is"]

    @property
    def scales(self) -> bool:
        """True if the factor of the gradients is read from the device's memory."""
        return any(node.label == SCALE for node, _ in self.arrays)

    @property
    def names(self) -> list[str]:
        arrays = (node.label for node, _ in self.arrays)
        pointers = parameters(arrays, self.losses, len(self.slopes))
        return [*pointers, *self.bits, *(COMPARED if self.compared else ())]

    @property
    def unspecialized(self) -> list[str]:
        """The names of arguments of which Triton must assume nothing: a single value may lie at any address."""
        return [*self.bits, *([f"x_{SCALE}_at"] if self.scales else []), *(COMPARED if self.compared else ())]

    @property
    def strides(self) -> list[str]:
        """The names of the strides, which come last."""
        read = [stride for node, place in self.arrays for stride in place.strides(f"x_{node.label}")]
        return read + [stride for k, place in enumerate(self.slopes) for stride in place.strides(f"gradient_{k}")]

    def scalars(self) -> list[str]:
        """Print statements that read the numbers, as blocks: Triton's interpreter errs on scalar conditions."""
        value = "tl.broadcast_to(x_{0}_is.to(tl.int64).to(tl.float64, bitcast=True), (1, 1)).to(tl.{1})"
        types = {name: "int64" if NUMBER_KINDS.get(name) == "int" else self.dtype for name in self.numbers}
        return [*(f"x_{name} = {value.format(name, types[name])}" for name in self.numbers), READ_SHARE]

    def divided(self) -> list[str]:
        """Print statements that tell Triton by what strides between rows can be divided."""
        places = [*((f"x_{node.label}", place) for node, place in self.arrays), *self._written]
        names = [name for array, place in places if place.column == "unit" for name in place.strides(array)]
        return [f"{name} = {name} // DIVISOR * DIVISOR" for name in ("columns", *names)]

    @property
    def _written(self) -> list[tuple[str, Place]]:
        return [(f"gradient_{k}", place) for k, place in enumerate(self.slopes)]

    def starts(self) -> list[str]:
        """Print the number of elements before the first aligned one of a row, and where reading arrays from it begins.

        All arrays along rows have the same stride if rows begin anywhere.
        """
        arrays = [(f"x_{node.label}", place) for node, place in self.arrays if node.axes == ELEMENT]
        units = [(name, place) for name, place in (*arrays, *self._written) if place.column == "unit"]
        begins = {name: f"first * {name}_outer" for name, place in units if place.outer}
        first = next(iter(begins.values()), "first")
        lines = [
            "first = tl.zeros((), tl.int64) + number",
            f"head = ((VECTOR - {first} % VECTOR) % VECTOR).to(tl.int32)",
        ]
        for name, place in units:
            if self.split:
                lines.append(f"{name}_from = {' + '.join(place.index(name, 'nothing'))}")
            else:
                lines.append(f"{name}_from = tl.multiple_of({begins.get(name, '0 * first')} + head, VECTOR)")
                lines.append(f"tl.device_assert({name}_from % VECTOR == 0)")  # in the interpreter, and for debugging
        return lines

    def loads(self, *of: Axes) -> list[str]:
        """Print statements that read the arrays with some axes."""
        return [self.load(node) for node, _ in self.arrays if node.axes in of]

    def load(self, node: Node, column: str = "j", other: str = "0", hint: str = "", mask: str = "") -> str:
        """Print the statement that reads an array, with ``other`` outside the rows and a caching ``hint``."""
        mask = mask or {ELEMENT: "inside", COLUMN: "in_row"}.get(node.axes, "here")
        index = " + ".join(self._terms(node, column))
        return f"x_{node.label} = {self.cast(node, self._read(node, index, f', mask={mask}, other={other}{hint}'))}"

    def read(self, node: Node, hint: str) -> str:
        """Print the value of an array at a whole block of columns, before the conversion to the kernel's dtype."""
        unit = node.axes == ELEMENT and dict(self.arrays)[node].column == "unit"
        index = f"x_{node.label}_from + {BLOCK}" if unit else " + ".join(self._terms(node, "j"))
        return self._read(node, index, hint)

    def slope(self, k: int, column: str) -> str:
        """Print the address of a gradient's elements at columns."""
        place = self.slopes[k]
        terms = ["nothing", *place.index(f"gradient_{k}", column, f"{column}.to(tl.int64)")] + ["0 * j"] * (
            not place.column
        )
        return f"gradient_{k}_at + {' + '.join(terms)}"

    def begun(self, k: int) -> str:
        """Print the address of a gradient's elements at a whole block of columns."""
        unit = self.slopes[k].column == "unit"
        return f"gradient_{k}_at + gradient_{k}_from + {BLOCK}" if unit else self.slope(k, "j")

    def pick(self, node: Node, column: str) -> str:
        """Print the value of an array at a column of each row."""
        place = dict(self.arrays)[node]
        terms = ["nothing", *place.index(f"x_{node.label}", column, column)]
        return self.cast(node, self._read(node, " + ".join(terms), ", mask=here, other=0"))

    def cast(self, node: Node, value: str) -> str:
        """Print a value of an array in the kernel's dtype."""
        casts = {"int": "", "bool": " != 0"}
        return value + casts.get(NUMBER_KINDS.get(str(node.label), "float"), f".to(tl.{self.dtype})")

    def _terms(self, node: Node, column: str) -> list[str]:
        name, place = f"x_{node.label}", dict(self.arrays)[node]
        terms = place.index(name, column)
        terms += ["nothing"] * ((ITEM in node.axes or not node.axes) and not (place.outer or place.within))
        return terms + ["0 * j"] * ((CLASS in node.axes) and not place.column)

    def _read(self, node: Node, index: str, how: str) -> str:
        return f"tl.load(x_{node.label}_at + {index}{how})"
