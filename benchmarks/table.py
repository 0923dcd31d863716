"""What is measured, as data: a loss, a case, or a bar is one entry."""

from __future__ import annotations

from dataclasses import dataclass

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Loss:
    """One loss and its peers' names for it (in `torch.nn.functional` and in `optax.losses`)."""

    name: str
    inputs: str
    torch: str
    optax: str | None
    transcendental: bool = False


LOSSES = {
    loss.name: loss
    for loss in (
        Loss("squared_error", "numbers", "mse_loss", "squared_error"),
        Loss("absolute_error", "numbers", "l1_loss", None),
        Loss("huber", "numbers", "huber_loss", "huber_loss"),
        Loss(
            "sigmoid_cross_entropy",
            "logits",
            "binary_cross_entropy_with_logits",
            "sigmoid_binary_cross_entropy",
            transcendental=True,
        ),
        Loss("binary_cross_entropy", "probabilities", "binary_cross_entropy", None, transcendental=True),
        Loss(
            "softmax_cross_entropy",
            "labels",
            "cross_entropy",
            "softmax_cross_entropy_with_integer_labels",
            transcendental=True,
        ),
    )
}


@dataclass(frozen=True)
class Pair:
    """A ratio of two contenders' times, and its bar: for plain arithmetic, and for losses with exp or log."""

    over: str
    under: str
    at_least: tuple[float, float] | None = None
    at_most: tuple[float, float] | None = None

    def bar(self, loss: Loss) -> str:
        for sign, bars in (("≥", self.at_least), ("≤", self.at_most)):
            if bars is not None:
                return f"{sign} {bars[loss.transcendental]:g}"
        return ""

    def reached(self, loss: Loss, ratio: float) -> bool:
        low = self.at_least[loss.transcendental] if self.at_least else 0.0
        high = self.at_most[loss.transcendental] if self.at_most else float("inf")
        return low <= ratio <= high


@dataclass(frozen=True)
class Group:
    """Losses × shapes, all timed with the same contenders: those that its pairs name. The bars are for `barred`."""

    title: str
    losses: tuple[str, ...]
    barred: tuple[Shape, ...]
    quick: Shape
    pairs: tuple[Pair, ...]
    gradient: bool = True
    others: tuple[Shape, ...] = ()

    @property
    def shapes(self) -> tuple[Shape, ...]:
        return (*self.barred, *self.others)

    @property
    def contenders(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for pair in self.pairs for name in (pair.over, pair.under)))


EAGER = "PyTorch eager"
COMPILED = "torch.compile"
OPTAX = "JAX, optax"
NUMPY = "lossary, NumPy"
TORCH = "lossary, PyTorch"
JAX = "lossary, JAX"
TRIAD = "triad"
SCALED = "upstream 0.37"

POINTWISE = ("squared_error", "absolute_error", "huber", "sigmoid_cross_entropy", "binary_cross_entropy")

GROUPS = (
    Group(
        "Pointwise, value and gradient",
        POINTWISE,
        ((2**24,),),
        (2**12,),
        (
            Pair(EAGER, NUMPY, at_least=(4, 8)),
            Pair(COMPILED, NUMPY, at_least=(3, 4)),
            Pair(EAGER, TORCH, at_least=(2.5, 5)),
            Pair(COMPILED, TORCH, at_least=(1.7, 2.5)),
            Pair(f"{EAGER}, {SCALED}", f"{TORCH}, {SCALED}", at_least=(2.5, 5)),
            Pair(f"{COMPILED}, {SCALED}", f"{TORCH}, {SCALED}", at_least=(1.7, 2.5)),
            Pair(OPTAX, JAX, at_least=(1.5, 1.5)),
            Pair(NUMPY, TRIAD, at_most=(2, 2)),
        ),
        others=((2**16,),),
    ),
    Group(
        "Softmax, value and gradient",
        ("softmax_cross_entropy",),
        ((16384, 1000), (512, 32000)),
        (64, 100),
        (
            Pair(EAGER, NUMPY, at_least=(4, 4)),
            Pair(COMPILED, NUMPY, at_least=(2.5, 2.5)),
            Pair(EAGER, TORCH, at_least=(2.5, 2.5)),
            Pair(COMPILED, TORCH, at_least=(1.7, 1.7)),
            Pair(OPTAX, JAX, at_least=(1.5, 1.5)),
        ),
    ),
    Group(
        "Pointwise, value alone",
        POINTWISE,
        ((2**24,),),
        (2**12,),
        (Pair(EAGER, NUMPY, at_least=(4, 4)), Pair(EAGER, TORCH, at_least=(4, 4)), Pair(COMPILED, TORCH)),
        gradient=False,
        others=((2**16,),),
    ),
    Group(
        "Softmax, value alone",
        ("softmax_cross_entropy",),
        ((16384, 1000), (512, 32000)),
        (64, 100),
        (Pair(EAGER, NUMPY, at_least=(4, 4)), Pair(EAGER, TORCH, at_least=(4, 4)), Pair(COMPILED, TORCH)),
        gradient=False,
    ),
    Group(
        "Small batches, forward and backward",
        ("squared_error", "sigmoid_cross_entropy", "softmax_cross_entropy"),
        ((32, 10),),
        (32, 10),
        (Pair(TORCH, EAGER, at_most=(1.1, 1.1)),),
    ),
)


@dataclass(frozen=True)
class Memory:
    """A case whose peak memory each contender is asked for in a process of its own."""

    loss: str
    shape: Shape
    quick: Shape
    gradient: bool
    contenders: tuple[str, ...] = (EAGER, COMPILED, OPTAX, NUMPY, TORCH, JAX)


MEMORY = (
    Memory("sigmoid_cross_entropy", (2**24,), (2**12,), gradient=True),
    Memory("sigmoid_cross_entropy", (2**24,), (2**12,), gradient=False),
    Memory("softmax_cross_entropy", (16384, 1000), (64, 100), gradient=True),
)


@dataclass(frozen=True)
class Start:
    """Something done once in a fresh process, in seconds, and its bar."""

    title: str
    measure: str
    bar: float


STARTS = (
    Start("`import lossary`, beyond NumPy", "import_time", 0.15),
    Start("first call of a kernel, empty cache", "first_call", 2.0),
    Start("first call of a kernel, from the disk cache", "cached_call", 0.2),
)
