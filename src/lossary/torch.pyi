# Written by `make stubs` from the losses' records; a test compares. Do not edit.
# fmt: off
# mypy: disable-error-code="override"

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

class BinaryCrossEntropy(LossModule):
    """Minus the log-probability of a yes-or-no outcome, given the probability of yes."""
    def __init__(self, *, positive_weight: _Number = 1.0, label_smoothing: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, probability: _Array, target: _Array, *, positive_weight: _Number = 1.0,
            label_smoothing: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, probability: _Array, target: _Array, *, positive_weight: _Number = 1.0,
            label_smoothing: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class SigmoidCrossEntropy(LossModule):
    """Minus the log-probability of a yes-or-no outcome, given its logit: the logistic loss."""
    def __init__(self, *, positive_weight: _Number = 1.0, label_smoothing: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, logits: _Array, target: _Array, *, positive_weight: _Number = 1.0,
            label_smoothing: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, logits: _Array, target: _Array, *, positive_weight: _Number = 1.0,
            label_smoothing: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class SoftmaxFocal(LossModule):
    """Softmax cross-entropy times a power of the probability of all other classes."""
    def __init__(self, *, gamma: _Number = 2.0, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, logits: _Array, target: _Array, *, gamma: _Number = 2.0, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, logits: _Array, target: _Array, *, gamma: _Number = 2.0, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class CategoricalFocal(LossModule):
    """Categorical cross-entropy times a power of one minus the probability of the right class."""
    def __init__(self, *, gamma: _Number = 2.0, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, probability: _Array, target: _Array, *, gamma: _Number = 2.0, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, probability: _Array, target: _Array, *, gamma: _Number = 2.0, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class SoftmaxPoly1(LossModule):
    """Softmax cross-entropy plus a multiple of the probability of all other classes."""
    def __init__(self, *, epsilon: _Number = 1.0, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, logits: _Array, target: _Array, *, epsilon: _Number = 1.0, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, logits: _Array, target: _Array, *, epsilon: _Number = 1.0, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class SoftmaxGeneralizedCrossEntropy(LossModule):
    """A loss between the cross-entropy and the absolute error of a softmax: no row costs more than 1 / q."""
    def __init__(self, *, q: _Number = 0.7, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, logits: _Array, target: _Array, *, q: _Number = 0.7, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, logits: _Array, target: _Array, *, q: _Number = 0.7, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class GeneralizedCrossEntropy(LossModule):
    """A loss between the cross-entropy and the absolute error of probabilities: no row costs more than 1 / q."""
    def __init__(self, *, q: _Number = 0.7, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, probability: _Array, target: _Array, *, q: _Number = 0.7, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, probability: _Array, target: _Array, *, q: _Number = 0.7, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class SoftmaxSymmetricCrossEntropy(LossModule):
    """Cross-entropy of the target and the prediction, plus that of the prediction and the target."""
    def __init__(self, *, alpha: _Number = 0.1, beta: _Number = 1.0, log_zero: _Number = -4.0, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, logits: _Array, target: _Array, *, alpha: _Number = 0.1, beta: _Number = 1.0,
            log_zero: _Number = -4.0, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, logits: _Array, target: _Array, *, alpha: _Number = 0.1, beta: _Number = 1.0,
            log_zero: _Number = -4.0, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class SoftmaxBrier(LossModule):
    """The Brier score: the squared distance of a softmax from the target."""
    def __init__(self, *, axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, logits: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, logits: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class SigmoidFocal(LossModule):
    """Sigmoid cross-entropy times a power of the probability of the other outcome."""
    def __init__(self, *, gamma: _Number = 2.0, positive_weight: _Number = 1.0, negative_weight: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, logits: _Array, target: _Array, *, gamma: _Number = 2.0, positive_weight: _Number = 1.0,
            negative_weight: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, logits: _Array, target: _Array, *, gamma: _Number = 2.0, positive_weight: _Number = 1.0,
            negative_weight: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class BinaryFocal(LossModule):
    """Binary cross-entropy times a power of the probability of the other outcome."""
    def __init__(self, *, gamma: _Number = 2.0, positive_weight: _Number = 1.0, negative_weight: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, probability: _Array, target: _Array, *, gamma: _Number = 2.0, positive_weight: _Number = 1.0,
            negative_weight: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, probability: _Array, target: _Array, *, gamma: _Number = 2.0, positive_weight: _Number = 1.0,
            negative_weight: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class SigmoidAsymmetric(LossModule):
    """Focal loss with a power for each outcome, and no loss of negatives that are improbable enough (ASL)."""
    def __init__(self, *, positive_gamma: _Number = 1.0, negative_gamma: _Number = 4.0, margin: _Number = 0.05,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, logits: _Array, target: _Array, *, positive_gamma: _Number = 1.0,
            negative_gamma: _Number = 4.0, margin: _Number = 0.05, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, logits: _Array, target: _Array, *, positive_gamma: _Number = 1.0,
            negative_gamma: _Number = 4.0, margin: _Number = 0.05, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class SigmoidPoly1(LossModule):
    """Sigmoid cross-entropy plus a multiple of the probability of the other outcome."""
    def __init__(self, *, epsilon: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, logits: _Array, target: _Array, *, epsilon: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, logits: _Array, target: _Array, *, epsilon: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class SigmoidBrier(LossModule):
    """The Brier score of yes or no: the squared error of a sigmoid."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, logits: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, logits: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class Poisson(LossModule):
    """The negative log-likelihood of counts, given their expected number."""
    def __init__(self, *, constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, rate: _Array, target: _Array, *, constant: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, rate: _Array, target: _Array, *, constant: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class LogPoisson(LossModule):
    """The negative log-likelihood of counts, given the logarithm of their expected number."""
    def __init__(self, *, constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, log_rate: _Array, target: _Array, *, constant: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, log_rate: _Array, target: _Array, *, constant: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class NegativeBinomial(LossModule):
    """The negative log-likelihood of counts that vary more than Poisson's: mean and shape are both predicted."""
    def __init__(self, *, constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, mean: _Array, target: _Array, shape: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, mean: _Array, target: _Array, shape: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class ZeroInflatedPoisson(LossModule):
    """The negative log-likelihood of counts with more zeros than Poisson's: some items never have events."""
    def __init__(self, *, constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, rate: _Array, target: _Array, zero_logit: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, rate: _Array, target: _Array, zero_logit: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class TweedieDeviance(LossModule):
    """The deviance of Tweedie's distributions, of amounts that may be 0: between those of Poisson and gamma."""
    def __init__(self, *, power: _Number = 1.5, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, mean: _Array, target: _Array, *, power: _Number = 1.5, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, mean: _Array, target: _Array, *, power: _Number = 1.5, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class GeneralizedKlDivergence(LossModule):
    """The Kullback–Leibler divergence of numbers ≥ 0 that need not sum to 1: the I-divergence."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class KlDivergence(LossModule):
    """The Kullback–Leibler divergence of a predicted distribution: KL(target ‖ prediction)."""
    def __init__(self, *, axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class LogKlDivergence(LossModule):
    """The Kullback–Leibler divergence of a prediction in logarithms: KL(target ‖ exp(log_probability))."""
    def __init__(self, *, axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, log_probability: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, log_probability: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class SoftmaxKlDivergence(LossModule):
    """The Kullback–Leibler divergence of a softmax of logits: KL(target ‖ softmax(logits))."""
    def __init__(self, *, axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, logits: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, logits: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class LogitsKlDivergence(LossModule):
    """The Kullback–Leibler divergence of two softmaxes, KL(teacher ‖ student), given the logits of both."""
    def __init__(self, *, temperature: _Number = 1.0, axis: int = -1, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, logits: _Array, target_logits: _Array, *, temperature: _Number = 1.0, axis: int = -1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, logits: _Array, target_logits: _Array, *, temperature: _Number = 1.0, axis: int = -1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class ReverseKlDivergence(LossModule):
    """The Kullback–Leibler divergence of a target from the prediction: KL(prediction ‖ target)."""
    def __init__(self, *, axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class ReverseLogitsKlDivergence(LossModule):
    """The Kullback–Leibler divergence of two softmaxes, KL(student ‖ teacher), given the logits of both."""
    def __init__(self, *, temperature: _Number = 1.0, axis: int = -1, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, logits: _Array, target_logits: _Array, *, temperature: _Number = 1.0, axis: int = -1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, logits: _Array, target_logits: _Array, *, temperature: _Number = 1.0, axis: int = -1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class LinearKlDivergence(LossModule):
    """The divergence of two last linear layers, KL(teacher ‖ student); the logits are never stored."""
    def __init__(self, *, temperature: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, features: _Array, classifier: _Array, target_features: _Array, target_classifier: _Array,
            bias: _Array | None = None, target_bias: _Array | None = None, *, temperature: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, features: _Array, classifier: _Array, target_features: _Array, target_classifier: _Array,
            bias: _Array | None = None, target_bias: _Array | None = None, *, temperature: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class GaussianKlDivergence(LossModule):
    """The Kullback–Leibler divergence of a predicted normal distribution: KL(target ‖ prediction)."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, mean: _Array, log_variance: _Array, target_mean: _Array, target_log_variance: _Array, *,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, mean: _Array, log_variance: _Array, target_mean: _Array, target_log_variance: _Array, *,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class StandardNormalKl(LossModule):
    """The divergence KL(prediction ‖ N(0, 1)) of a predicted normal distribution from the standard one."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, mean: _Array, log_variance: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, mean: _Array, log_variance: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class RenyiDivergence(LossModule):
    """Rényi's divergence of order alpha, D(target ‖ prediction): the Kullback–Leibler divergence with an order."""
    def __init__(self, *, alpha: _Number = 0.5, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, probability: _Array, target: _Array, *, alpha: _Number = 0.5, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, probability: _Array, target: _Array, *, alpha: _Number = 0.5, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class JensenShannon(LossModule):
    """The Jensen–Shannon divergence: how far two distributions are from their mixture."""
    def __init__(self, *, skew: _Number = 0.5, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, probability: _Array, target: _Array, *, skew: _Number = 0.5, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, probability: _Array, target: _Array, *, skew: _Number = 0.5, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class TotalVariationDistance(LossModule):
    """The total variation distance: the share of the probability that is in the wrong place."""
    def __init__(self, *, axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class SquaredHellinger(LossModule):
    """The squared Hellinger distance: half the squared distance of the roots of the probabilities."""
    def __init__(self, *, axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class ChiSquared(LossModule):
    """Pearson's χ² divergence of a target from a predicted distribution."""
    def __init__(self, *, axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class InfoNce(LossModule):
    """The cross-entropy of finding each vector's partner among all partners of the batch."""
    def __init__(self, *, temperature: _Number = 0.1, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, embedding: _Array, positive: _Array, *, temperature: _Number = 0.1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, embedding: _Array, positive: _Array, *, temperature: _Number = 0.1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class CosineDistance(LossModule):
    """One minus the cosine of the angle between two vectors."""
    def __init__(self, *, axis: int = -1, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, axis: int = -1, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, axis: int = -1, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class TripletMargin(LossModule):
    """How much closer a vector should be to its partner than to another vector."""
    def __init__(self, *, margin: _Number = 1.0, axis: int = -1, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, anchor: _Array, positive: _Array, negative: _Array, *, margin: _Number = 1.0, axis: int = -1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, anchor: _Array, positive: _Array, negative: _Array, *, margin: _Number = 1.0, axis: int = -1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class CosineEmbedding(LossModule):
    """One minus the cosine of a pair that belongs together, and by how much another pair's exceeds a margin."""
    def __init__(self, *, margin: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, first: _Array, second: _Array, target: _Array, *, margin: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, first: _Array, second: _Array, target: _Array, *, margin: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class Siglip(LossModule):
    """The cross-entropy of telling each vector's partner from every other vector, pair by pair."""
    def __init__(self, *, scale: _Number = 10.0, bias: _Number = -10.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, embedding: _Array, positive: _Array, *, scale: _Number = 10.0, bias: _Number = -10.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, embedding: _Array, positive: _Array, *, scale: _Number = 10.0, bias: _Number = -10.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class SupervisedContrastive(LossModule):
    """The cross-entropy of finding the vectors of the same class among all others of the batch."""
    def __init__(self, *, temperature: _Number = 0.1, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, embedding: _Array, target: _Array, *, temperature: _Number = 0.1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, embedding: _Array, target: _Array, *, temperature: _Number = 0.1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class Vicreg(LossModule):
    """How far partners are apart, and how far both sets of vectors are from spreading evenly over their space."""
    def __init__(self, *, similarity: _Number = 25.0, deviation: _Number = 25.0, covariance: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, embedding: _Array, positive: _Array, *, similarity: _Number = 25.0, deviation: _Number = 25.0,
            covariance: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, embedding: _Array, positive: _Array, *, similarity: _Number = 25.0,
            deviation: _Number = 25.0, covariance: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class LpDistance(LossModule):
    """Minkowski's distance of two vectors: Euclidean for p = 2, a sum of sizes for 1, the largest for ∞."""
    def __init__(self, *, p: _Number = 2.0, axis: int = -1, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, p: _Number = 2.0, axis: int = -1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, p: _Number = 2.0, axis: int = -1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class LaplaceNll(LossModule):
    """The negative log-likelihood of Laplace's distribution, whose median and scale are both predicted."""
    def __init__(self, *, constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, scale: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, scale: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class StudentTNll(LossModule):
    """The negative log-likelihood of Student's t distribution, whose location and scale are both predicted."""
    def __init__(self, *, degrees: _Number = 4.0, constant: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, scale: _Array, *, degrees: _Number = 4.0,
            constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, scale: _Array, *, degrees: _Number = 4.0,
            constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class LogNormalNll(LossModule):
    """The negative log-likelihood of a log-normal distribution, whose median and spread are both predicted."""
    def __init__(self, *, constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, log_median: _Array, target: _Array, scale: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, log_median: _Array, target: _Array, scale: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class GammaNll(LossModule):
    """The negative log-likelihood of a gamma distribution with a predicted mean."""
    def __init__(self, *, shape: _Number = 1.0, constant: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, mean: _Array, target: _Array, *, shape: _Number = 1.0, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, mean: _Array, target: _Array, *, shape: _Number = 1.0, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class GaussianMixtureNll(LossModule):
    """The negative log-likelihood of a mixture of normal distributions: the loss of a mixture density network."""
    def __init__(self, *, constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, logits: _Array, prediction: _Array, target: _Array, variance: _Array, *,
            constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, logits: _Array, prediction: _Array, target: _Array, variance: _Array, *,
            constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class GaussianCrps(LossModule):
    """The continuous ranked probability score (CRPS) of a predicted normal distribution."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, deviation: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, deviation: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class EnsembleCrps(LossModule):
    """The continuous ranked probability score (CRPS) of an ensemble of equally likely predictions."""
    def __init__(self, *, fair: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, members: _Array, target: _Array, *, fair: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, members: _Array, target: _Array, *, fair: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class WeibullNll(LossModule):
    """The negative log-likelihood of times to an event, some of which are only known to be longer: Weibull's."""
    def __init__(self, *, constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, scale: _Array, target: _Array, shape: _Array, observed: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, scale: _Array, target: _Array, shape: _Array, observed: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class VonMisesNll(LossModule):
    """The negative log-likelihood of angles whose direction and concentration are both predicted, by von Mises."""
    def __init__(self, *, constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, concentration: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, concentration: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class BetaNll(LossModule):
    """The negative log-likelihood of a beta distribution, whose concentrations are both predicted."""
    def __init__(self, *, constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, alpha: _Array, target: _Array, beta: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, alpha: _Array, target: _Array, beta: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class Hinge(LossModule):
    """How much a score lacks to a margin of 1 on the right side of 0: the loss of support vector machines."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class SquaredHinge(LossModule):
    """The square of what a score lacks to a margin of 1 on the right side of 0."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class ModifiedHuber(LossModule):
    """The squared hinge, with a straight line for scores that are wrong by more than 1."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class BinarySparsemax(LossModule):
    """The sparsemax loss of two classes: its probability is a straight line that ends at 0 and 1."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class Perceptron(LossModule):
    """How far a score is on the wrong side of 0."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class Exponential(LossModule):
    """The loss of boosting (AdaBoost): the exponential of a score on the wrong side."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class MarginRanking(LossModule):
    """How much the first of two scores lacks to be greater than the second by a margin."""
    def __init__(self, *, margin: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, higher: _Array, lower: _Array, *, margin: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, higher: _Array, lower: _Array, *, margin: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class HingeEmbedding(LossModule):
    """The distance of a pair that belongs together, and what another pair's distance lacks to a margin."""
    def __init__(self, *, margin: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, distance: _Array, target: _Array, *, margin: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, distance: _Array, target: _Array, *, margin: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class CategoricalCrossEntropy(LossModule):
    """Minus the log-probability of the right class, given a probability for each class."""
    def __init__(self, *, axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class NegativeLogLikelihood(LossModule):
    """Minus the log-probability of the right class, given the log-probability of each class."""
    def __init__(self, *, axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, log_probability: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, log_probability: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class SoftmaxCrossEntropy(LossModule):
    """Minus the log-probability of the right class, given a logit for each class."""
    def __init__(self, *, z_loss: _Number = 0.0, logit_cap: _Number = 0.0, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, logits: _Array, target: _Array, *, z_loss: _Number = 0.0, logit_cap: _Number = 0.0,
            axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, logits: _Array, target: _Array, *, z_loss: _Number = 0.0, logit_cap: _Number = 0.0,
            axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class LinearCrossEntropy(LossModule):
    """The softmax cross-entropy of the logits of a last linear layer, which are never stored."""
    def __init__(self, *, z_loss: _Number = 0.0, logit_cap: _Number = 0.0, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, features: _Array, classifier: _Array, target: _Array, bias: _Array | None = None, *,
            z_loss: _Number = 0.0, logit_cap: _Number = 0.0, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, features: _Array, classifier: _Array, target: _Array, bias: _Array | None = None, *,
            z_loss: _Number = 0.0, logit_cap: _Number = 0.0, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class LinearLogProbability(LossModule):
    """The log-probability of the target class, given a last linear layer whose logits are never stored."""
    def __init__(self, *, temperature: _Number = 1.0, logit_cap: _Number = 0.0, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, features: _Array, classifier: _Array, target: _Array, bias: _Array | None = None, *,
            temperature: _Number = 1.0, logit_cap: _Number = 0.0, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, features: _Array, classifier: _Array, target: _Array, bias: _Array | None = None, *,
            temperature: _Number = 1.0, logit_cap: _Number = 0.0, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class SoftmaxEntropy(LossModule):
    """The entropy of a softmax of logits."""
    def __init__(self, *, temperature: _Number = 1.0, axis: int = -1, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, logits: _Array, *, temperature: _Number = 1.0, axis: int = -1, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, logits: _Array, *, temperature: _Number = 1.0, axis: int = -1, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class LinearEntropy(LossModule):
    """The entropy of the softmax of a last linear layer, whose logits are never stored."""
    def __init__(self, *, temperature: _Number = 1.0, logit_cap: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, features: _Array, classifier: _Array, bias: _Array | None = None, *,
            temperature: _Number = 1.0, logit_cap: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, features: _Array, classifier: _Array, bias: _Array | None = None, *,
            temperature: _Number = 1.0, logit_cap: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class CrammerSinger(LossModule):
    """The hinge loss of several classes: how much the right class lacks to lead its best rival by a margin."""
    def __init__(self, *, margin: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, scores: _Array, target: _Array, *, margin: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, scores: _Array, target: _Array, *, margin: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class WestonWatkins(LossModule):
    """The hinge loss of several classes, summed over all rivals of the right class."""
    def __init__(self, *, margin: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, scores: _Array, target: _Array, *, margin: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, scores: _Array, target: _Array, *, margin: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class SquaredWestonWatkins(LossModule):
    """The squared hinge loss of several classes, summed over all rivals of the right class."""
    def __init__(self, *, margin: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, scores: _Array, target: _Array, *, margin: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, scores: _Array, target: _Array, *, margin: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class MulticlassPerceptron(LossModule):
    """How far the right class is behind the best one."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class MultilabelMargin(LossModule):
    """How much each class of an item lacks to lead each other class by a margin, summed over all such pairs."""
    def __init__(self, *, margin: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, scores: _Array, target: _Array, *, margin: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, scores: _Array, target: _Array, *, margin: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class MulticlassSparsemax(LossModule):
    """The sparsemax loss of several classes, whose probabilities are the scores above a threshold; others are 0."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class CumulativeLink(LossModule):
    """The negative log-probability of a level that is cut out of a logistic variable: proportional odds."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, thresholds: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, thresholds: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class OrdinalCrossEntropy(LossModule):
    """The cross-entropy of whether a level is above each boundary between levels, summed over the boundaries."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, logits: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, logits: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class PolicyGradient(LossModule):
    """The loss whose gradient is the policy gradient: REINFORCE."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, log_probability: _Array, advantage: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, log_probability: _Array, advantage: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class ClippedSurrogate(LossModule):
    """The clipped surrogate objective of PPO and GRPO, negated."""
    def __init__(self, *, low: _Number = 0.2, high: _Number = 0.2, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, log_probability: _Array, old_log_probability: _Array, advantage: _Array, *,
            low: _Number = 0.2, high: _Number = 0.2, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, log_probability: _Array, old_log_probability: _Array, advantage: _Array, *,
            low: _Number = 0.2, high: _Number = 0.2, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class ClippedValue(LossModule):
    """The value loss of PPO: half the squared error, at least that of a prediction that stays near the old one."""
    def __init__(self, *, clip: _Number = 0.2, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, old_prediction: _Array, *, clip: _Number = 0.2,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, old_prediction: _Array, *, clip: _Number = 0.2,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class BradleyTerry(LossModule):
    """The negative log-probability that the better one of two wins, given a score of each."""
    def __init__(self, *, margin: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, chosen: _Array, rejected: _Array, *, margin: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, chosen: _Array, rejected: _Array, *, margin: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class Dpo(LossModule):
    """Direct preference optimisation (DPO): the log-ratios to a reference model are the rewards."""
    def __init__(self, *, beta: _Number = 0.1, label_noise: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, chosen: _Array, rejected: _Array, reference_chosen: _Array, reference_rejected: _Array, *,
            beta: _Number = 0.1, label_noise: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, chosen: _Array, rejected: _Array, reference_chosen: _Array, reference_rejected: _Array, *,
            beta: _Number = 0.1, label_noise: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class Ipo(LossModule):
    """Identity preference optimisation (IPO): the squared distance of a log-ratio from the best one."""
    def __init__(self, *, beta: _Number = 0.1, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, chosen: _Array, rejected: _Array, reference_chosen: _Array, reference_rejected: _Array, *,
            beta: _Number = 0.1, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, chosen: _Array, rejected: _Array, reference_chosen: _Array, reference_rejected: _Array, *,
            beta: _Number = 0.1, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class Simpo(LossModule):
    """Simple preference optimisation (SimPO): mean log-probabilities of tokens are the rewards."""
    def __init__(self, *, beta: _Number = 2.0, margin: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, chosen: _Array, rejected: _Array, *, beta: _Number = 2.0, margin: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, chosen: _Array, rejected: _Array, *, beta: _Number = 2.0, margin: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class Orpo(LossModule):
    """The odds ratio term of ORPO: the better answer's share in the odds of both, as a loss."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, chosen: _Array, rejected: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, chosen: _Array, rejected: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class Kto(LossModule):
    """Kahneman–Tversky optimisation (KTO): single answers, good or bad, and a utility that saturates either way."""
    def __init__(self, *, beta: _Number = 0.1, divergence: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, log_probability: _Array, target: _Array, reference_log_probability: _Array, *,
            beta: _Number = 0.1, divergence: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, log_probability: _Array, target: _Array, reference_log_probability: _Array, *,
            beta: _Number = 0.1, divergence: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class SquaredError(LossModule):
    """The square of the difference; its mean is the mean squared error (MSE)."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class AbsoluteError(LossModule):
    """The size of the difference; its mean is the mean absolute error (MAE)."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class Huber(LossModule):
    """Half the squared error for small differences, and a straight line for large ones."""
    def __init__(self, *, delta: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, delta: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, delta: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class SmoothL1(LossModule):
    """The absolute error, with a parabola in place of its corner."""
    def __init__(self, *, beta: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, beta: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, beta: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class LogCosh(LossModule):
    """The logarithm of the difference's hyperbolic cosine: a Huber loss without seams."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class GaussianNll(LossModule):
    """The negative log-likelihood of a normal distribution whose mean and variance are both predicted."""
    def __init__(self, *, constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, variance: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, variance: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class Pinball(LossModule):
    """The absolute error, weighted differently for predictions that are too low and too high: the quantile loss."""
    def __init__(self, *, level: _Number = 0.5, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, level: _Number = 0.5, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, level: _Number = 0.5, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class QuantileHuber(LossModule):
    """The quantile loss with a parabola in place of its corner, so that its slope has no jump."""
    def __init__(self, *, level: _Number = 0.5, delta: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, level: _Number = 0.5, delta: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, level: _Number = 0.5, delta: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class Expectile(LossModule):
    """The squared error, weighted differently for predictions that are too low and too high."""
    def __init__(self, *, level: _Number = 0.5, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, level: _Number = 0.5, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, level: _Number = 0.5, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class EpsilonInsensitive(LossModule):
    """The absolute error beyond a tolerance: the loss of support vector regression."""
    def __init__(self, *, epsilon: _Number = 0.1, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, epsilon: _Number = 0.1, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, epsilon: _Number = 0.1, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class SquaredEpsilonInsensitive(LossModule):
    """The square of the absolute error beyond a tolerance."""
    def __init__(self, *, epsilon: _Number = 0.1, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, epsilon: _Number = 0.1, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, epsilon: _Number = 0.1, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class Ranknet(LossModule):
    """The cross-entropy of which of two entries of a list is the better one, summed over all pairs."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class ListMle(LossModule):
    """The negative log-probability of the order of the targets, under the Plackett–Luce model of the scores."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class ListNet(LossModule):
    """The cross-entropy of which entry of a list comes first, when targets and scores both are logits of that."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class AbsolutePercentageError(LossModule):
    """The size of the difference as a share of the target; its mean is known as MAPE."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class SymmetricAbsolutePercentageError(LossModule):
    """The size of the difference as a share of the mean size of both; its mean is known as SMAPE."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class SquaredLogarithmicError(LossModule):
    """The square of the difference of logarithms of 1 + the numbers; its mean is known as MSLE."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class Charbonnier(LossModule):
    """The root of the squared difference plus a constant: the absolute error, rounded off at 0."""
    def __init__(self, *, scale: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class Cauchy(LossModule):
    """The logarithm of 1 plus half the squared difference, which grows ever slower: the Lorentzian."""
    def __init__(self, *, scale: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class Welsch(LossModule):
    """One minus a Gaussian of the difference, so that outliers cost 1 and do not pull."""
    def __init__(self, *, scale: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class GemanMcclure(LossModule):
    """A quotient of squared differences that tends to 2, so that outliers hardly pull."""
    def __init__(self, *, scale: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class TukeyBiweight(LossModule):
    """A loss that is constant beyond a threshold, so that outliers do not pull at all: Tukey's bisquare."""
    def __init__(self, *, scale: _Number = 4.685, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, scale: _Number = 4.685, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, scale: _Number = 4.685, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class GeneralRobust(LossModule):
    """Barron's loss, whose shape parameter goes from the squared error to losses that ignore outliers."""
    def __init__(self, *, alpha: _Number = 1.0, scale: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, alpha: _Number = 1.0, scale: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, alpha: _Number = 1.0, scale: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class Wing(LossModule):
    """A logarithm of small differences, which pulls hardest near 0, and the absolute error of large ones."""
    def __init__(self, *, width: _Number = 10.0, curvature: _Number = 2.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, prediction: _Array, target: _Array, *, width: _Number = 10.0, curvature: _Number = 2.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, prediction: _Array, target: _Array, *, width: _Number = 10.0, curvature: _Number = 2.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class Dice(LossModule):
    """One minus the Dice coefficient: how little a predicted region overlaps the target's."""
    def __init__(self, *, smooth: _Number = 0.0, product: _Number = 0.0, axis: int | tuple[int, ...] | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, probability: _Array, target: _Array, *, smooth: _Number = 0.0, product: _Number = 0.0,
            axis: int | tuple[int, ...] | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, probability: _Array, target: _Array, *, smooth: _Number = 0.0, product: _Number = 0.0,
            axis: int | tuple[int, ...] | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class GeneralisedDice(LossModule):
    """One minus the Dice coefficient of all classes at once, where a small class weighs as much as a large one."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, probability: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, probability: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class LovaszSoftmax(LossModule):
    """The Lovász extension of one minus the intersection over union, a mean over the classes of an image."""
    def __init__(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, probability: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, probability: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...

class Ctc(LossModule):
    """The negative log-probability that a path through time spells a target, whatever the times of its labels."""
    def __init__(self, *, blank: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> None: ...
    def forward(self, logits: _Array, target: _Array, *, blank: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
    def __call__(self, logits: _Array, target: _Array, *, blank: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Tensor: ...
