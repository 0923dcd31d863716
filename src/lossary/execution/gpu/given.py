"""The arguments of a kernel over rows, and the statements that read them."""

from __future__ import annotations

from dataclasses import dataclass

from lossary.execution.gpu.layout import Place
from lossary.execution.gpu.text import COMPARED, DIVISOR, READ_DIVISOR, SCALE, parameters
from lossary.symbolic.graph import NUMBER_KINDS, Level, Node

__all__ = ["Given"]


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
        """The names of the numbers as they are passed, the divisor last."""
        return [*(f"x_{name}_is" for name in self.numbers), f"{DIVISOR}_is"]

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
        return [*(f"x_{name} = {value.format(name, types[name])}" for name in self.numbers), READ_DIVISOR]

    def loads(self, *levels: Level) -> list[str]:
        """Print statements that read the arrays of some levels."""
        return [self.load(node) for node, _ in self.arrays if node.level in levels]

    def load(self, node: Node, column: str = "j", other: str = "0", hint: str = "") -> str:
        """Print the statement that reads an array, with ``other`` outside the rows and a caching ``hint``."""
        name, place = f"x_{node.label}", dict(self.arrays)[node]
        terms = place.index(name, column)
        terms += ["nothing"] * (bool(node.level & Level.ROW or not node.level) and not (place.outer or place.within))
        terms += ["0 * j"] * (bool(node.level & Level.COLUMN) and not place.column)
        mask = {Level.ELEMENT: "inside", Level.COLUMN: "in_row"}.get(node.level, "here")
        return f"{name} = {self._read(node, ' + '.join(terms), f'mask={mask}, other={other}{hint}')}"

    def pick(self, node: Node, column: str) -> str:
        """Print the value of an array at a column of each row."""
        place = dict(self.arrays)[node]
        terms = ["nothing", *place.index(f"x_{node.label}", column, column)]
        return self._read(node, " + ".join(terms), "mask=here, other=0")

    def _read(self, node: Node, index: str, how: str) -> str:
        casts = {"int": "", "bool": " != 0"}
        cast = casts.get(NUMBER_KINDS.get(str(node.label), "float"), f".to(tl.{self.dtype})")
        return f"tl.load(x_{node.label}_at + {index}, {how}){cast}"
