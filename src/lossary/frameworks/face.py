"""Protocols of a framework's face: the functions through which shared code makes, reads and differentiates arrays.

Each module of this folder that is named for a framework fulfils ``Face``, and the one named ``…_watch`` fulfils
``Watch``. mypy and ``tests/frameworks/test_faces.py`` compare the modules with the protocols.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol, Self, TypeAlias, TypeVar

from numpy.typing import NDArray

from lossary.frameworks.hosted import Hosted
from lossary.symbolic.codegen import Build, build
from lossary.symbolic.graph import Node

__all__ = [
    "AnyFace",
    "Array",
    "Axis",
    "Checks",
    "DType",
    "Differentiable",
    "Dimensions",
    "Face",
    "Watch",
    "absent",
    "never",
]

A = TypeVar("A")  # the framework's arrays
D = TypeVar("D")  # the framework's dtypes
T = TypeVar("T")

Axis: TypeAlias = int | tuple[int, ...] | None


@dataclass(frozen=True)
class Dimensions:
    """The dimensions of arrays that axes lie along, by the axes' names."""

    pairs: tuple[tuple[str, int | tuple[int, ...]], ...]

    def __getitem__(self, name: str) -> int | tuple[int, ...]:
        return dict(self.pairs)[name]

    def shifted(self) -> Dimensions:
        """Return the dimensions, counted from the front, of arrays with one more before them."""
        return Dimensions(tuple((name, _after(one)) for name, one in self.pairs))


def _after(axis: int | tuple[int, ...]) -> int | tuple[int, ...]:
    return tuple(one + 1 for one in axis) if isinstance(axis, tuple) else axis + 1


Shape: TypeAlias = tuple[int, ...]


class DType(Protocol):
    """A dtype of any framework."""

    @property
    def itemsize(self) -> int:
        """Bytes of an element."""


class Array(Protocol):
    """An array of any framework, with the operations that all frameworks spell alike."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the axes."""

    @property
    def ndim(self) -> int:
        """Number of axes."""

    @property
    def dtype(self) -> Any:
        """Type of the elements, a ``DType``."""

    @property
    def T(self) -> Self:  # noqa: N802
        """The transposed matrix."""

    def __getitem__(self, index: Any, /) -> Self: ...
    def __neg__(self) -> Self: ...
    def __add__(self, other: Self | float, /) -> Self: ...
    def __radd__(self, other: float, /) -> Self: ...
    def __mul__(self, other: Self | float, /) -> Self: ...
    def __rmul__(self, other: float, /) -> Self: ...
    def __truediv__(self, other: Self | float, /) -> Self: ...
    def __rtruediv__(self, other: float, /) -> Self: ...
    def __float__(self) -> float: ...
    def __bool__(self) -> bool: ...
    def all(self) -> Any:
        """Return whether all elements are true, as a scalar of the framework."""

    def sum(self, axis: int, /) -> Self:
        """Return the sums along an axis."""


class Face(Protocol[A, D]):
    """A framework as shared code sees it: ``A`` are its arrays, ``D`` its dtypes.

    A function that a framework does not have is ``absent`` there; its docstring here says when it is called.
    """

    # --- the framework ---

    name: str
    """Name of the framework, and of its column in the vocabulary."""
    STRETCHED: str
    """Format of a call, for error messages, that broadcasts an array to a shape."""
    has_pointers: bool
    """True if compiled kernels of the CPU read and write the memory of arrays whose values are visible."""
    has_scan: bool
    """True if a compiled program can contain a loop."""

    @property
    def halves(self) -> tuple[D, ...]:
        """Dtypes of 16 bits that compiled kernels read without a cast."""

    # --- making arrays ---

    def asarray(self, value: object, like: A | None = None) -> A:
        """Return a value as a dense array, on the device of ``like`` if it had none; an error says why it cannot."""

    def arange(self, stop: int, like: A) -> A:
        """Return the integers below ``stop``, on the device of ``like``."""

    def zeros(self, shape: Shape, dtype: D, like: A) -> A:
        """Return zeros, on the device of ``like``."""

    def scalar(self, value: float, like: A, dtype: D) -> A | float:
        """Return a number as an operand of formulas: of the dtype, except for JAX the number itself."""

    def number(self, value: A | float, dtype: D) -> A:
        """Return a number as a user gets it: a tensor or array without axes, or a scalar of NumPy."""

    def numbers(self, dtype: D, /) -> Callable[[float], A]:
        """Return the function that ``number`` applies to a float; kept by hot paths. JAX: absent."""

    # --- types ---

    def is_floating(self, dtype: D) -> bool:
        """Return True for floating point of any size."""

    def is_number(self, dtype: D) -> bool:
        """Return True for dtypes that a loss takes: booleans, integers and real floating point."""

    def is_integer(self, dtype: D) -> bool:
        """Return True for integers, signed or not, booleans excluded."""

    def widest(self, dtypes: Sequence[D]) -> D:
        """Return the dtype to compute in: at least float32; the framework's default if no dtypes are given."""

    def dtype_of_totals(self, like: A) -> D:
        """Return the dtype in which totals add up: float64 unless the device of ``like`` has none."""

    def eps(self, dtype: D) -> float:
        """Return the distance from 1 to the next number."""

    def itemsize(self, dtype: D) -> int:
        """Return the bytes of an element."""

    def cast(self, array: A, dtype: D) -> A:
        """Return the array in another dtype, differentiably; a number out of range becomes infinite, silently."""

    def as_labels(self, array: A) -> A:
        """Return labels in a signed dtype; those beyond its widest become its largest number, which is no class."""

    # --- shapes ---

    def reshape(self, array: A, shape: Shape) -> A:
        """Return the elements in another shape."""

    def broadcast(self, array: A, shape: Shape) -> A:
        """Return the array broadcast to a shape, without a copy where the framework can."""

    def concat(self, arrays: list[A], axis: int = 0) -> A:
        """Return arrays joined along an axis."""

    # --- values and devices ---

    def sees(self, *arrays: object) -> bool:
        """Return True if the values of all arrays can be read now, without waiting for a device or a trace."""

    def on_gpu(self, *arrays: object) -> bool:
        """Return True if GPU kernels can compute with all arrays now. False but for PyTorch."""

    def to_numpy(self, array: A) -> NDArray[Any]:
        """Return visible values as a NumPy array, bfloat16 as float32."""

    # --- memory ---

    def room(self, shape: Shape, dtype: D, like: A) -> A | None:
        """Return memory to write into repeatedly, on the device of ``like``; None where arrays cannot be written."""

    def put(self, array: A, rows: slice, values: A) -> A:
        """Return the array with other rows, written into its memory where arrays can be."""

    def write(self, array: A, buffer: A) -> A:
        """Copy an array into a buffer and return the buffer; called if ``is_writable``. JAX: absent."""

    def is_writable(self, array: object, like: A) -> bool:
        """Return True for an array of this framework that can be written, on the device of ``like``.

        No two of its elements share memory.
        """

    def overlap(self, a: A, b: A) -> bool:
        """Return True if two arrays may share memory."""

    def memory_order(self, array: A) -> tuple[int, ...] | None:
        """Return the axes from the outermost to the innermost in memory; None if C-contiguous, or with gaps."""

    def is_in_order(self, array: A, order: tuple[int, ...] | None = None) -> bool:
        """Return True if the array, with its axes in ``order``, is C-contiguous. JAX: absent."""

    def in_order(self, array: A, /) -> A:
        """Return the array C-contiguous, copied only if it is not. JAX: absent."""

    def permute(self, array: A, order: Sequence[int], /) -> A:
        """Return the array with its axes in another order."""

    def maker(self, shape: Shape, dtype: D, order: tuple[int, ...] | None = None) -> Callable[[], A]:
        """Return a function that makes new, uninitialised arrays in the CPU's memory, with axes in ``order`` there.

        JAX: absent.
        """

    def pointer(self, array: A, /) -> int:
        """Return the address of the first element. JAX: absent."""

    # --- recognising calls ---

    def key(self, arrays: Sequence[A]) -> Hashable:
        """Return what a plan depends on beside shapes: dtypes, devices, order in memory, what is differentiated.

        None if calls with such arrays are checked each time.
        """

    def recognizer(self, arrays: Sequence[A]) -> Callable[[Sequence[A]], bool] | None:
        """Return a quick test for arrays of the same key and shapes, or None. JAX, which has no keys: absent."""

    # --- arithmetic ---

    def where(self, condition: A, a: A | float, b: A | float, /) -> A:
        """Return ``a`` where the condition is true, else ``b``."""

    def sum_all(self, array: A) -> A:
        """Return the sum of all elements."""

    def times(self, array: A, factor: A | float) -> A:
        """Return a result of ``compute`` times a factor, which may be written over it."""

    def matmul(self, a: A, b: A, out: A | None = None) -> A:
        """Return the matrix product in the dtype of its operands, written into ``out`` if given."""

    def add_product(self, total: A, a: A, b: A) -> A:
        """Return total + a @ b, written over ``total`` where arrays can be."""

    def multiplies_halves(self, array: A) -> bool:
        """Return True where matrix products of 16-bit operands are fast and accumulate in float32: on a GPU."""

    # --- formulas and derivatives ---

    def compute(
        self, outputs: tuple[Node, ...], symbols: tuple[Node, ...], axes: Dimensions, arrays: Sequence[A | float],
        build: Build = build,
    ) -> Sequence[A]:  # fmt: skip
        """Return the values of formulas; ``arrays`` stand for ``symbols``, and lie along ``axes``.

        ``build`` makes the function of arrays; JAX traces the formulas itself.
        """

    def smooth(
        self, output: Node, symbols: tuple[Node, ...], axes: Dimensions, build: Build = build
    ) -> Callable[..., A]:
        """Return a formula as a function of arrays with exact derivatives of every order. NumPy: absent.

        PyTorch's eager backward computes what ``build`` makes.
        """

    def by_blocks(self, function: Callable[..., A], arrays: list[A], rows: int) -> A:
        """Return a function of rows applied block by block, recomputed in the backward. NumPy: absent."""

    def scan(
        self, step: Callable[[T | None, list[A]], tuple[T, list[A]]], arrays: list[A], rows: int
    ) -> tuple[T, list[A]]:
        """Return what ``step`` carries over all blocks of rows, None before the first, and the rows it makes, joined.

        Called if ``has_scan``.
        """

    def differentiated(self, values: Mapping[str, object]) -> set[str]:
        """Return the names of the values that autograd records. Empty but for PyTorch; JAX traces instead."""

    def untracked(self, compute: Callable[[], T]) -> T:
        """Return ``compute()``, without recording it for derivatives and without warnings of overflow."""

    def fused(self, done: tuple[A, Sequence[A], float, Differentiable[A], Sequence[A]], /, *predictions: A) -> A:
        """Return the value of ``done`` (value, gradients, upstream, plan, arrays), with these gradients.

        Called if ``differentiated`` names predictions only, as the next two are; only PyTorch has them.
        """

    def expected(self, plan: Differentiable[A], arrays: Sequence[A], *predictions: A) -> A:
        """Return the result; its gradients are made with it, for the upstream gradient that is expected."""

    def deferred(self, plan: Differentiable[A], arrays: Sequence[A], *predictions: A) -> A:
        """Return the result; its gradients are made in the backward."""

    # --- compiled programs ---

    def hosts_kernels(self, version: tuple[int, int]) -> bool:
        """Return True if the framework's compiled programs call kernels of a version of XLA's interface: JAX."""

    def total(self, hosted: Hosted[A], arrays: Sequence[A]) -> A:
        """Return a reduced loss of a compiled program; called if ``hosts_kernels`` or ``has_scan``. Only JAX has it."""


class Differentiable(Protocol[A]):
    """A plan of calls of one kind, as a framework's derivatives use it; ``given`` are the arrays of a call."""

    @property
    def places(self) -> Sequence[int]:
        """Places of the differentiated predictions among the arrays."""

    @property
    def wrt(self) -> tuple[str, ...]:
        """Names of the differentiated predictions."""

    @property
    def dtype(self) -> Any:
        """Dtype of the loss."""

    @property
    def expects(self) -> bool:
        """True if gradients may be made for an upstream gradient other than 1."""

    def value(self, given: Sequence[A]) -> A:
        """Return the result alone."""

    def measure(
        self, given: Sequence[A], wrt: tuple[str, ...], out: Sequence[A] = (), upstream: A | float = 1.0
    ) -> tuple[A, list[A]]:
        """Return the result and its gradients times ``upstream``."""

    def pull(self, given: Sequence[A], wrt: tuple[str, ...], change: A) -> list[A]:
        """Return the gradients times an upstream gradient on a device."""

    def renew(self, given: Sequence[A], gradients: Sequence[A], upstream: A | float, change: A) -> A | None:
        """Replace gradients times ``upstream`` by those times ``change``, unless equal; return a copy or None."""

    def trace(self, given: Sequence[A]) -> A:
        """Return the result in differentiable operations."""

    def expect(self, upstream: float) -> None:
        """Note the upstream gradient of a backward, for the next call."""

    def beside(self, change: A, gradient: A) -> A:
        """Return the upstream gradients of items in a shape that broadcasts with a gradient."""


class Checks(Protocol):
    """Checks of the arrays of one call, as NumPy arrays; each raises an error for what is wrong."""

    def __call__(self, inputs: dict[str, NDArray[Any]], results: list[NDArray[Any]]) -> None:
        """Check the inputs and the results."""

    def is_wanted(self, forward: bool) -> bool:
        """Return True if a check that was compiled into a program applies now."""

    def returned(self, change: NDArray[Any]) -> None:
        """Check the upstream gradient."""

    def leaves(self, name: str, inputs: dict[str, NDArray[Any]], change: NDArray[Any]) -> None:
        """Check the gradient in a prediction."""


class Watch(Protocol[A]):
    """Functions that pass a framework's arrays to the ``Checks`` of a call, from within programs and transforms."""

    def compiles(self) -> bool:
        """Return True if the call is compiled now and run later."""

    def with_checked_gradient(self, checks: Checks, name: str, prediction: object, inputs: dict[str, A]) -> object:
        """Return the prediction as it was given, whose gradient will be checked. Unchanged but for PyTorch."""

    def checked(self, checks: Checks, inputs: dict[str, A], result: T) -> T:
        """Return the result, checked now or when it is computed."""


AnyFace: TypeAlias = Face[Array, DType]  # of whichever framework a call is for


def absent(*_: object, **__: object) -> NoReturn:
    """Stand for a function of the face that a framework does not have, and that is not called for it."""
    raise NotImplementedError


def never(*_: object) -> bool:
    """Return False: a function of the face for a framework of which it is never true."""
    return False
