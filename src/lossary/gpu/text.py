"""What the texts of all kernels for Triton share: their arguments, and how a number is spelt.

What a text names itself begins with an underscore, so that a formula's arguments may have any other name.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SCALE", "Arguments", "literal"]

SCALE = "_scale"  # of the gradients: a number, one value on the device, or one for each element
FLAGS = ("mask",)


@dataclass(frozen=True)
class Arguments:
    """The inputs and outputs of a kernel, in the order that it takes them."""

    arrays: tuple[str, ...]  # of one value an element
    singles: tuple[str, ...]  # one value in the device's memory
    numbers: tuple[str, ...]  # the bits of a float64, as a whole number: Triton would round a number to float32
    losses: int
    gradients: int

    @property
    def names(self) -> list[str]:
        return [
            *(f"{name}_at" for name in (*self.arrays, *self.singles)),
            *(f"_loss_{k}_at" for k in range(self.losses)),
            *(f"_gradient_{k}_at" for k in range(self.gradients)),
            *self.bits,
        ]

    @property
    def bits(self) -> list[str]:
        """The names of the numbers as they are passed."""
        return [f"{name}_is" for name in self.numbers]

    def loads(self, dtype: str) -> list[str]:
        """Statements that read the inputs, whatever their dtype, and give them the kernel's own."""
        read = {name: f"tl.load({name}_at + _place, mask=_inside, other=0)" for name in self.arrays}
        read |= {name: f"tl.load({name}_at)" for name in self.singles}
        read |= {name: f"{name}_is.to(tl.int64).to(tl.float64, bitcast=True)" for name in self.numbers}
        return [
            f"{name} = {value} != 0" if name in FLAGS else f"{name} = {value}.to(tl.{dtype})"
            for name, value in read.items()
        ]


def literal(dtype: str, value: float, _: bool) -> str:
    """A number of the kernel's own type: beside float64, a bare 0.1 may be a float32."""
    spelt = repr(value) if abs(value) < float("inf") else f'float("{value}")'
    return f"tl.full((), {spelt}, tl.{dtype})"
