"""What is measured, as data: a loss, a case, or a bar is one entry."""

from __future__ import annotations

from dataclasses import dataclass

Shape = tuple[int, ...]


def size(shape: Shape) -> str:
    """A shape for people: (16777216,) is 2²⁴."""
    return " × ".join(power(length) if length >= 2**20 else str(length) for length in shape)


def power(length: int) -> str:
    exponent = length.bit_length() - 1
    return f"2{str(exponent).translate(RAISED)}" if length == 2**exponent else str(length)


RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


# --- the losses ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scikit:
    """A class of `sklearn._loss.loss`, and how many of it make one of ours."""

    name: str
    factor: float = 1.0
    keywords: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Loss:
    """One loss and its peers' names for it: in `torch.nn.functional` or else `naive`, `optax.losses`, scikit-learn."""

    name: str
    inputs: str
    torch: str
    optax: str | None = None
    sklearn: Scikit | None = None
    reduced: bool = True

    @property
    def label(self) -> str:
        soft = ", soft targets" if self.inputs == "distributions" else ""
        return f"{self.name}{soft}" if self.reduced else f"{self.name}, unreduced"


OF_NAMED_AXES = {
    "lists": ("ranknet", "list_mle"), "views": ("siglip", "vicreg"), "groups": ("supervised_contrastive",),
    "maps": ("generalised_dice",), "regions": ("lovasz_softmax",), "sequences": ("ctc",),
}  # fmt: skip
LOSSES = {
    loss.label: loss
    for loss in (
        Loss("squared_error", "numbers", "mse_loss", "squared_error", Scikit("HalfSquaredError", 2.0)),
        Loss("absolute_error", "numbers", "l1_loss", None, Scikit("AbsoluteError")),
        Loss("huber", "numbers", "huber_loss", "huber_loss", Scikit("HuberLoss", keywords=(("delta", 1.0),))),
        Loss(
            "sigmoid_cross_entropy",
            "logits",
            "binary_cross_entropy_with_logits",
            "sigmoid_binary_cross_entropy",
            Scikit("HalfBinomialLoss"),
        ),
        Loss("binary_cross_entropy", "probabilities", "binary_cross_entropy"),
        Loss("focal", "logits", "focal", "sigmoid_focal_loss"),
        Loss("log_cosh", "numbers", "log_cosh", "log_cosh"),
        Loss("log_poisson", "counts", "poisson_nll_loss", None, Scikit("HalfPoissonLoss")),
        Loss(
            "softmax_cross_entropy",
            "labels",
            "cross_entropy",
            "softmax_cross_entropy_with_integer_labels",
            Scikit("HalfMultinomialLoss"),
        ),
        Loss("softmax_cross_entropy", "distributions", "cross_entropy", "softmax_cross_entropy"),
        Loss("linear_cross_entropy", "features", "linear_then_cross_entropy"),
        Loss("linear_cross_entropy", "features", "linear_then_cross_entropy", reduced=False),
        *(Loss(name, inputs, name) for inputs, names in OF_NAMED_AXES.items() for name in names),
    )
}

PLAIN = ("squared_error", "absolute_error", "huber")
EXP_OR_LOG = ("sigmoid_cross_entropy", "binary_cross_entropy", "focal", "log_cosh", "log_poisson")


# --- the bars -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """What a figure should be at least or at most."""

    sign: str
    limit: float
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.sign} {self.limit:g} {self.unit}".rstrip()

    def met(self, figure: float) -> bool:
        return figure >= self.limit if self.sign == "≥" else figure <= self.limit


def at_least(limit: float) -> Bar:
    return Bar("≥", limit)


def at_most(limit: float, unit: str = "") -> Bar:
    return Bar("≤", limit, unit)


@dataclass(frozen=True)
class Pair:
    """A ratio of two contenders' times, and its bar, if it has one."""

    over: str
    under: str
    bar: Bar | None = None

    @property
    def title(self) -> str:
        return f"{self.over.removesuffix(SCALED)} ÷ {self.under}"


# --- times --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """Losses × shapes, all timed with the same contenders: those that its pairs name. `others` are without bars."""

    title: str
    losses: tuple[str, ...]
    shapes: tuple[Shape, ...]
    quick: Shape
    pairs: tuple[Pair, ...]
    gradient: bool = True
    others: tuple[Shape, ...] = ()
    rounds: int = 9
    shortest: int = 0  # rows: each call has another number of them, from this one to the shape's

    @property
    def contenders(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for pair in self.pairs for name in (pair.over, pair.under)))

    def case(self, loss: str, shape: Shape) -> str:
        """What tells this case from the group's other ones."""
        if self.shortest:
            return f"{loss} ({self.shortest} to {shape[0]}) × {shape[1]}"
        if len(self.losses) == 1:
            return size(shape)
        return f"{loss} {size(shape)}" if self.others else loss


EAGER = "PyTorch eager"
COMPILED = "torch.compile"
REFERENCE = "PyTorch's linear_cross_entropy"
CHUNKED = "PyTorch's linear_cross_entropy, chunked"
OPTAX = "JAX, optax"
SKLEARN = "scikit-learn"
NUMPY = "lossary, NumPy"
TORCH = "lossary, PyTorch"
JAX = "lossary, JAX"
JAX_FORMULAS = "lossary, JAX, LOSSARY_JAX_KERNELS=0"
TORCH_PORTABLE = "lossary, PyTorch, LOSSARY_KERNELS=0"
ONE_THREAD = "lossary, 1 thread"
TWO_THREADS = "lossary, 2 threads"
TRIAD = "the limit: triad"
PRODUCT = "the limit: one matrix product"


SCALED = ", upstream 0.37"


def scaled(contender: str) -> str:
    return contender + SCALED


def through_autograd(eager: float, compiled: float) -> tuple[Pair, ...]:
    return (Pair(EAGER, TORCH, at_least(eager)), Pair(COMPILED, TORCH, at_least(compiled)))


def through_autograd_scaled(eager: float, compiled: float) -> tuple[Pair, ...]:
    """Upstream gradients other than 1, as loss scaling and sums of losses have them."""
    return (
        Pair(scaled(EAGER), scaled(TORCH), at_least(eager)),
        Pair(scaled(COMPILED), scaled(TORCH), at_least(compiled)),
    )


def into_a_buffer(eager: float, compiled: float) -> tuple[Pair, ...]:
    return (Pair(EAGER, NUMPY, at_least(eager)), Pair(COMPILED, NUMPY, at_least(compiled)), Pair(SKLEARN, NUMPY))


LIMIT = Pair(NUMPY, TRIAD, at_most(2))
UNDER_JIT = (Pair(OPTAX, JAX, at_least(1.5)), Pair(OPTAX, JAX_FORMULAS))
BY_DEFAULT = (Pair(OPTAX, JAX, at_least(0.95)), Pair(OPTAX, JAX_FORMULAS))
VALUE_ALONE = (
    Pair(EAGER, NUMPY, at_least(4)),
    Pair(EAGER, TORCH, at_least(4)),
    Pair(COMPILED, TORCH),
    Pair(SKLEARN, NUMPY),
)
SOFTMAX_SHAPES: tuple[Shape, ...] = ((16384, 1000), (512, 32000), (128, 128256))


WITHOUT_KERNELS = (Pair(TORCH_PORTABLE, EAGER, at_most(1.5)),)
PORTABLE_SHAPES: tuple[Shape, ...] = ((4096, 1000), (128, 32000))
SMALLER = ("squared_error", "huber", "log_cosh", "sigmoid_cross_entropy")
SOFTMAX, SOFT = "softmax_cross_entropy", "softmax_cross_entropy, soft targets"


def linear(title: str, loss: str, shape: Shape, bar: float, *pairs: Pair) -> Group:
    """Features × classifier → classes, the gradients of both through autograd. A call takes seconds: few rounds."""
    pairs = (Pair(TORCH, COMPILED, at_most(bar)), *pairs)
    return Group(title, (loss,), (shape,), (24, 16, 50), pairs, rounds=5 if shape[-1] < 2**16 else 3)


def named(title: str, losses: tuple[str, ...], shape: Shape, quick: Shape) -> Group:
    """Losses of named axes, beside plain PyTorch."""
    return Group(f"{title}, value and gradient", losses, (shape,), quick, (Pair(EAGER, TORCH),), rounds=5)


LINEAR, UNREDUCED = "linear_cross_entropy", "linear_cross_entropy, unreduced"
LINEAR_SHAPES: tuple[Shape, Shape] = ((2048, 512, 32768), (1024, 512, 128256))


GROUPS = (
    # First, while no other library has threads of its own.
    Group(
        "From one thread to two, sigmoid cross-entropy",
        ("sigmoid_cross_entropy",),
        ((2**20,),),
        (2**12,),
        (Pair(ONE_THREAD, TWO_THREADS, at_least(1.8)),),
    ),
    Group(
        "From one thread to two, softmax cross-entropy",
        ("softmax_cross_entropy",),
        ((1024, 1000),),
        (64, 100),
        (Pair(ONE_THREAD, TWO_THREADS, at_least(1.8)),),
    ),
    Group(
        "Pointwise 2²⁴, plain arithmetic, value and gradient",
        PLAIN,
        ((2**24,),),
        (2**12,),
        (
            *into_a_buffer(4, 3),
            LIMIT,
            *through_autograd(2.5, 1.7),
            *through_autograd_scaled(2.5, 1.7),
            *UNDER_JIT,
        ),
    ),
    Group(
        "Pointwise 2²⁴, with exp or log, value and gradient",
        EXP_OR_LOG,
        ((2**24,),),
        (2**12,),
        (
            *into_a_buffer(8, 4),
            LIMIT,
            *through_autograd(5, 2.5),
            *through_autograd_scaled(5, 2.5),
            *UNDER_JIT,
        ),
    ),
    Group(
        "Softmax cross-entropy, value and gradient",
        ("softmax_cross_entropy",),
        SOFTMAX_SHAPES,
        (64, 100),
        (*into_a_buffer(4, 2.5), *through_autograd(2.5, 1.7), *UNDER_JIT, Pair(NUMPY, TRIAD)),
    ),
    Group("JAX by default, pointwise 2²², value and gradient", SMALLER, ((2**22,),), (2**12,), BY_DEFAULT),
    Group("JAX by default, softmax, labels", (SOFTMAX,), PORTABLE_SHAPES, (64, 100), BY_DEFAULT),
    Group("JAX by default, softmax, soft targets", (SOFT,), PORTABLE_SHAPES, (64, 100), BY_DEFAULT),
    Group("Kernels off, softmax, labels", (SOFTMAX,), PORTABLE_SHAPES, (64, 100), WITHOUT_KERNELS),
    Group("Kernels off, softmax, soft targets", (SOFT,), PORTABLE_SHAPES, (64, 100), WITHOUT_KERNELS),
    Group("Pointwise 2²⁴, value alone", PLAIN + EXP_OR_LOG, ((2**24,),), (2**12,), VALUE_ALONE, gradient=False),
    Group(
        "Softmax cross-entropy, value alone",
        ("softmax_cross_entropy",),
        SOFTMAX_SHAPES,
        (64, 100),
        VALUE_ALONE,
        gradient=False,
    ),
    linear(
        "Linear cross-entropy, 32768 classes",
        LINEAR,
        LINEAR_SHAPES[0],
        1.0,
        Pair(EAGER, TORCH),
        Pair(REFERENCE, TORCH),
        Pair(CHUNKED, TORCH),
        Pair(TORCH, PRODUCT),
    ),
    linear(
        "Linear cross-entropy, 128256 classes",
        LINEAR,
        LINEAR_SHAPES[1],
        1.1,
        Pair(EAGER, TORCH),
        Pair(CHUNKED, TORCH),
        Pair(TORCH, PRODUCT),
    ),
    linear("Linear cross-entropy, unreduced, 32768 classes", UNREDUCED, LINEAR_SHAPES[0], 1.4),
    linear("Linear cross-entropy, unreduced, 128256 classes", UNREDUCED, LINEAR_SHAPES[1], 1.4),
    named("Lists", OF_NAMED_AXES["lists"], (64, 100), (3, 5)),
    named("Batches of vectors", ("siglip", "supervised_contrastive", "vicreg"), (1024, 128), (8, 3)),
    named("Regions of classes", ("generalised_dice", "lovasz_softmax"), (4, 21, 64 * 64), (2, 3, 64)),
    named("Sequences", ("ctc",), (32, 100, 32, 16), (2, 9, 4, 3)),
    Group(
        "Small batches, forward and backward",
        ("squared_error", "sigmoid_cross_entropy", "softmax_cross_entropy"),
        ((32, 10),),
        (32, 10),
        (Pair(TORCH, EAGER, at_most(1.1)), Pair(NUMPY, EAGER), Pair(JAX, OPTAX)),
        others=((256, 256),),
    ),
    Group(
        "A new shape each call, forward and backward",
        ("softmax_cross_entropy",),
        ((400, 10),),
        (104, 10),
        (Pair(TORCH, EAGER, at_most(1.5)), Pair(NUMPY, EAGER)),
        shortest=100,
    ),
)


# --- memory -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Memory:
    """A case whose peak memory each contender is asked for in a process of its own; `bars` are in MB."""

    loss: str
    shape: Shape
    quick: Shape
    bars: tuple[tuple[str, float], ...] = ()
    gradient: bool = True
    contenders: tuple[str, ...] = (EAGER, COMPILED, OPTAX, NUMPY, TORCH, JAX)

    @property
    def case(self) -> str:
        return f"{self.loss} {size(self.shape)}{'' if self.gradient else ', value alone'}"


NO_TEMPORARY = ((NUMPY, 7), (TORCH, 7))  # a tenth of the prediction
LINEAR_PEERS = (EAGER, COMPILED, CHUNKED, TORCH)

MEMORY: tuple[Memory, ...] = (
    Memory("sigmoid_cross_entropy", (2**24,), (2**12,), NO_TEMPORARY, gradient=False),
    Memory("softmax_cross_entropy", (16384, 1000), (64, 100), NO_TEMPORARY, gradient=False),
    Memory("sigmoid_cross_entropy", (2**24,), (2**12,)),
    Memory("softmax_cross_entropy", (16384, 1000), (64, 100)),
    # Eager takes 32.8 MB beside the gradient.
    Memory(SOFTMAX, (4096, 1000), (64, 100), ((TORCH_PORTABLE, 49),), contenders=(EAGER, TORCH_PORTABLE)),
    Memory(SOFT, (4096, 1000), (64, 100), ((TORCH_PORTABLE, 49),), contenders=(EAGER, TORCH_PORTABLE)),
    Memory(LINEAR, LINEAR_SHAPES[0], (24, 16, 50), ((TORCH, 64),), contenders=LINEAR_PEERS),
    Memory(LINEAR, LINEAR_SHAPES[1], (24, 16, 50), ((TORCH, 80),), contenders=LINEAR_PEERS),
)


# --- starting -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Start:
    """Something done once in a fresh process, and its bar in seconds."""

    title: str
    measure: str
    bar: float


IMPORT = Start("`import lossary`, beyond NumPy", "import_time", 0.15)
CALLS = (
    Start("first call of a kernel, empty cache", "first_call", 2.0),
    Start("first call of a kernel, from the disk cache", "cached_call", 0.2),
)

STARTS: dict[str, tuple[Start, ...]] = {
    "huber": (IMPORT, *CALLS),
    "sigmoid_cross_entropy": CALLS,
    "softmax_cross_entropy": CALLS,
}
