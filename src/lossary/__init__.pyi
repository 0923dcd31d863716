# Written by `make stubs` from the losses' records; a test compares. Do not edit.
# fmt: off
# mypy: disable-error-code="override"

from collections.abc import Sequence
from typing import Any, Literal, NoReturn, Protocol, TypeAlias

from lossary import errors as errors
from lossary.callable import Loss as Loss
from lossary.define import loss as loss
from lossary.define import pointwise as pointwise
from lossary.execution.checking import checking as checking
from lossary.kinds.reduce import Total as Total
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
__all__ = [
    "Loss", "Total", "absolute_error", "binary_cross_entropy", "categorical_cross_entropy", "categorical_focal",
    "cauchy", "charbonnier", "checking", "chi_squared", "cosine_distance", "dice", "epsilon_insensitive", "errors",
    "expectile", "from_dict", "gamma_nll", "gaussian_crps", "gaussian_nll", "geman_mcclure", "general_robust",
    "generalized_cross_entropy", "get", "huber", "info_nce", "jensen_shannon", "kl_divergence", "laplace_nll",
    "linear_cross_entropy", "linear_entropy", "linear_kl_divergence", "linear_log_probability", "log_cosh",
    "log_normal_nll", "log_poisson", "logits_kl_divergence", "loss", "losses", "negative_binomial", "pinball",
    "pointwise", "poisson", "quantile_huber", "sigmoid_cross_entropy", "smooth_l1", "softmax_brier",
    "softmax_cross_entropy", "softmax_entropy", "softmax_focal", "softmax_generalized_cross_entropy",
    "softmax_kl_divergence", "softmax_poly1", "squared_epsilon_insensitive", "squared_error", "squared_hellinger",
    "student_t_nll", "total_variation_distance", "triplet_margin", "tukey_biweight", "welsch", "wing",
]

class _BinaryCrossEntropy(Loss):
    """Minus the log-probability of a yes-or-no outcome, given the probability of yes."""
    def __call__(self, probability: _Array, target: _Array, *, positive_weight: _Number = 1.0,
            label_smoothing: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """Minus the log-probability of a yes-or-no outcome, given the probability of yes."""
    def value_and_gradient(self, probability: _Array, target: _Array, *, positive_weight: _Number = 1.0,
            label_smoothing: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, probability: _Array, target: _Array, *, positive_weight: _Number = 1.0,
            label_smoothing: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, probability: _Array, target: _Array, *, positive_weight: _Number = 1.0,
            label_smoothing: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, positive_weight: _Number = 1.0, label_smoothing: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _BinaryCrossEntropy: ...

binary_cross_entropy: _BinaryCrossEntropy

class _SigmoidCrossEntropy(Loss):
    """Minus the log-probability of a yes-or-no outcome, given its logit: the logistic loss."""
    def __call__(self, logits: _Array, target: _Array, *, positive_weight: _Number = 1.0,
            label_smoothing: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """Minus the log-probability of a yes-or-no outcome, given its logit: the logistic loss."""
    def value_and_gradient(self, logits: _Array, target: _Array, *, positive_weight: _Number = 1.0,
            label_smoothing: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, logits: _Array, target: _Array, *, positive_weight: _Number = 1.0,
            label_smoothing: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, logits: _Array, target: _Array, *, positive_weight: _Number = 1.0,
            label_smoothing: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, positive_weight: _Number = 1.0, label_smoothing: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _SigmoidCrossEntropy: ...

sigmoid_cross_entropy: _SigmoidCrossEntropy

class _Poisson(Loss):
    """The negative log-likelihood of counts, given their expected number."""
    def __call__(self, rate: _Array, target: _Array, *, constant: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The negative log-likelihood of counts, given their expected number."""
    def value_and_gradient(self, rate: _Array, target: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, rate: _Array, target: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, rate: _Array, target: _Array, *, constant: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _Poisson: ...

poisson: _Poisson

class _LogPoisson(Loss):
    """The negative log-likelihood of counts, given the logarithm of their expected number."""
    def __call__(self, log_rate: _Array, target: _Array, *, constant: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The negative log-likelihood of counts, given the logarithm of their expected number."""
    def value_and_gradient(self, log_rate: _Array, target: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, log_rate: _Array, target: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, log_rate: _Array, target: _Array, *, constant: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _LogPoisson: ...

log_poisson: _LogPoisson

class _NegativeBinomial(Loss):
    """The negative log-likelihood of counts that vary more than Poisson's: mean and shape are both predicted."""
    def __call__(self, mean: _Array, target: _Array, shape: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The negative log-likelihood of counts that vary more than Poisson's: mean and shape are both predicted."""
    def value_and_gradient(self, mean: _Array, target: _Array, shape: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, mean: _Array, target: _Array, shape: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[tuple[Any, Any], tuple[Any, Any]]: ...
    def total(self, mean: _Array, target: _Array, shape: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _NegativeBinomial: ...

negative_binomial: _NegativeBinomial

class _KlDivergence(Loss):
    """The Kullback–Leibler divergence of a predicted distribution: KL(target ‖ prediction)."""
    def __call__(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The Kullback–Leibler divergence of a predicted distribution: KL(target ‖ prediction)."""
    def value_and_gradient(self, probability: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, probability: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _KlDivergence: ...

kl_divergence: _KlDivergence

class _SoftmaxKlDivergence(Loss):
    """The Kullback–Leibler divergence of a softmax of logits: KL(target ‖ softmax(logits))."""
    def __call__(self, logits: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The Kullback–Leibler divergence of a softmax of logits: KL(target ‖ softmax(logits))."""
    def value_and_gradient(self, logits: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, logits: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, logits: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _SoftmaxKlDivergence: ...

softmax_kl_divergence: _SoftmaxKlDivergence

class _LogitsKlDivergence(Loss):
    """The Kullback–Leibler divergence of two softmaxes, KL(teacher ‖ student), given the logits of both."""
    def __call__(self, logits: _Array, target_logits: _Array, *, temperature: _Number = 1.0, axis: int = -1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The Kullback–Leibler divergence of two softmaxes, KL(teacher ‖ student), given the logits of both."""
    def value_and_gradient(self, logits: _Array, target_logits: _Array, *, temperature: _Number = 1.0,
            axis: int = -1, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, logits: _Array, target_logits: _Array, *, temperature: _Number = 1.0,
            axis: int = -1, weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, logits: _Array, target_logits: _Array, *, temperature: _Number = 1.0, axis: int = -1,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, temperature: _Number = 1.0, axis: int = -1, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _LogitsKlDivergence: ...

logits_kl_divergence: _LogitsKlDivergence

class _LinearKlDivergence(Loss):
    """The divergence of two last linear layers, KL(teacher ‖ student); the logits are never stored."""
    def __call__(self, features: _Array, classifier: _Array, target_features: _Array, target_classifier: _Array,
            bias: _Array | None = None, target_bias: _Array | None = None, *, temperature: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The divergence of two last linear layers, KL(teacher ‖ student); the logits are never stored."""
    def value_and_gradient(self, features: _Array, classifier: _Array, target_features: _Array,
            target_classifier: _Array, bias: _Array | None = None, target_bias: _Array | None = None, *,
            temperature: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, ...]]: ...
    def gradient_and_hessian(self, features: _Array, classifier: _Array, target_features: _Array,
            target_classifier: _Array, bias: _Array | None = None, target_bias: _Array | None = None, *,
            temperature: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None) -> NoReturn: ...
    def total(self, features: _Array, classifier: _Array, target_features: _Array, target_classifier: _Array,
            bias: _Array | None = None, target_bias: _Array | None = None, *, temperature: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, temperature: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _LinearKlDivergence: ...

linear_kl_divergence: _LinearKlDivergence

class _JensenShannon(Loss):
    """The Jensen–Shannon divergence: how far two distributions are from their mixture."""
    def __call__(self, probability: _Array, target: _Array, *, skew: _Number = 0.5, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The Jensen–Shannon divergence: how far two distributions are from their mixture."""
    def value_and_gradient(self, probability: _Array, target: _Array, *, skew: _Number = 0.5, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, probability: _Array, target: _Array, *, skew: _Number = 0.5, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, probability: _Array, target: _Array, *, skew: _Number = 0.5, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, skew: _Number = 0.5, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _JensenShannon: ...

jensen_shannon: _JensenShannon

class _TotalVariationDistance(Loss):
    """The total variation distance: the share of the probability that is in the wrong place."""
    def __call__(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The total variation distance: the share of the probability that is in the wrong place."""
    def value_and_gradient(self, probability: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, probability: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _TotalVariationDistance: ...

total_variation_distance: _TotalVariationDistance

class _SquaredHellinger(Loss):
    """The squared Hellinger distance: half the squared distance of the roots of the probabilities."""
    def __call__(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The squared Hellinger distance: half the squared distance of the roots of the probabilities."""
    def value_and_gradient(self, probability: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, probability: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _SquaredHellinger: ...

squared_hellinger: _SquaredHellinger

class _ChiSquared(Loss):
    """Pearson's χ² divergence of a target from a predicted distribution."""
    def __call__(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """Pearson's χ² divergence of a target from a predicted distribution."""
    def value_and_gradient(self, probability: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, probability: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _ChiSquared: ...

chi_squared: _ChiSquared

class _InfoNce(Loss):
    """The cross-entropy of finding each vector's partner among all partners of the batch."""
    def __call__(self, embedding: _Array, positive: _Array, *, temperature: _Number = 0.1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The cross-entropy of finding each vector's partner among all partners of the batch."""
    def value_and_gradient(self, embedding: _Array, positive: _Array, *, temperature: _Number = 0.1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, embedding: _Array, positive: _Array, *, temperature: _Number = 0.1,
            weight: _Array | None = None, mask: _Array | None = None) -> NoReturn: ...
    def total(self, embedding: _Array, positive: _Array, *, temperature: _Number = 0.1,
            weight: _Array | None = None, mask: _Array | None = None) -> NoReturn: ...
    def configure(self, *, temperature: _Number = 0.1, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _InfoNce: ...

info_nce: _InfoNce

class _CosineDistance(Loss):
    """One minus the cosine of the angle between two vectors."""
    def __call__(self, prediction: _Array, target: _Array, *, axis: int = -1, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """One minus the cosine of the angle between two vectors."""
    def value_and_gradient(self, prediction: _Array, target: _Array, *, axis: int = -1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, *, axis: int = -1,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, prediction: _Array, target: _Array, *, axis: int = -1, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, axis: int = -1, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _CosineDistance: ...

cosine_distance: _CosineDistance

class _TripletMargin(Loss):
    """How much closer a vector should be to its partner than to another vector."""
    def __call__(self, anchor: _Array, positive: _Array, negative: _Array, *, margin: _Number = 1.0, axis: int = -1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """How much closer a vector should be to its partner than to another vector."""
    def value_and_gradient(self, anchor: _Array, positive: _Array, negative: _Array, *, margin: _Number = 1.0,
            axis: int = -1, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any, Any]]: ...
    def gradient_and_hessian(self, anchor: _Array, positive: _Array, negative: _Array, *, margin: _Number = 1.0,
            axis: int = -1, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[tuple[Any, Any, Any], tuple[Any, Any, Any]]: ...
    def total(self, anchor: _Array, positive: _Array, negative: _Array, *, margin: _Number = 1.0, axis: int = -1,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, margin: _Number = 1.0, axis: int = -1, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _TripletMargin: ...

triplet_margin: _TripletMargin

class _LaplaceNll(Loss):
    """The negative log-likelihood of Laplace's distribution, whose median and scale are both predicted."""
    def __call__(self, prediction: _Array, target: _Array, scale: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The negative log-likelihood of Laplace's distribution, whose median and scale are both predicted."""
    def value_and_gradient(self, prediction: _Array, target: _Array, scale: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, scale: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[tuple[Any, Any], tuple[Any, Any]]: ...
    def total(self, prediction: _Array, target: _Array, scale: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _LaplaceNll: ...

laplace_nll: _LaplaceNll

class _StudentTNll(Loss):
    """The negative log-likelihood of Student's t distribution, whose location and scale are both predicted."""
    def __call__(self, prediction: _Array, target: _Array, scale: _Array, *, degrees: _Number = 4.0,
            constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The negative log-likelihood of Student's t distribution, whose location and scale are both predicted."""
    def value_and_gradient(self, prediction: _Array, target: _Array, scale: _Array, *, degrees: _Number = 4.0,
            constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, scale: _Array, *, degrees: _Number = 4.0,
            constant: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[tuple[Any, Any], tuple[Any, Any]]: ...
    def total(self, prediction: _Array, target: _Array, scale: _Array, *, degrees: _Number = 4.0,
            constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, degrees: _Number = 4.0, constant: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _StudentTNll: ...

student_t_nll: _StudentTNll

class _LogNormalNll(Loss):
    """The negative log-likelihood of a log-normal distribution, whose median and spread are both predicted."""
    def __call__(self, log_median: _Array, target: _Array, scale: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The negative log-likelihood of a log-normal distribution, whose median and spread are both predicted."""
    def value_and_gradient(self, log_median: _Array, target: _Array, scale: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, log_median: _Array, target: _Array, scale: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[tuple[Any, Any], tuple[Any, Any]]: ...
    def total(self, log_median: _Array, target: _Array, scale: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _LogNormalNll: ...

log_normal_nll: _LogNormalNll

class _GammaNll(Loss):
    """The negative log-likelihood of a gamma distribution with a predicted mean."""
    def __call__(self, mean: _Array, target: _Array, *, shape: _Number = 1.0, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The negative log-likelihood of a gamma distribution with a predicted mean."""
    def value_and_gradient(self, mean: _Array, target: _Array, *, shape: _Number = 1.0, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, mean: _Array, target: _Array, *, shape: _Number = 1.0, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, mean: _Array, target: _Array, *, shape: _Number = 1.0, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, shape: _Number = 1.0, constant: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _GammaNll: ...

gamma_nll: _GammaNll

class _GaussianCrps(Loss):
    """The continuous ranked probability score (CRPS) of a predicted normal distribution."""
    def __call__(self, prediction: _Array, target: _Array, deviation: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The continuous ranked probability score (CRPS) of a predicted normal distribution."""
    def value_and_gradient(self, prediction: _Array, target: _Array, deviation: _Array, *,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, deviation: _Array, *,
            weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[tuple[Any, Any], tuple[Any, Any]]: ...
    def total(self, prediction: _Array, target: _Array, deviation: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _GaussianCrps: ...

gaussian_crps: _GaussianCrps

class _CategoricalCrossEntropy(Loss):
    """Minus the log-probability of the right class, given a probability for each class."""
    def __call__(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """Minus the log-probability of the right class, given a probability for each class."""
    def value_and_gradient(self, probability: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, probability: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _CategoricalCrossEntropy: ...

categorical_cross_entropy: _CategoricalCrossEntropy

class _SoftmaxCrossEntropy(Loss):
    """Minus the log-probability of the right class, given a logit for each class."""
    def __call__(self, logits: _Array, target: _Array, *, z_loss: _Number = 0.0, logit_cap: _Number = 0.0,
            axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """Minus the log-probability of the right class, given a logit for each class."""
    def value_and_gradient(self, logits: _Array, target: _Array, *, z_loss: _Number = 0.0, logit_cap: _Number = 0.0,
            axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, logits: _Array, target: _Array, *, z_loss: _Number = 0.0,
            logit_cap: _Number = 0.0, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, logits: _Array, target: _Array, *, z_loss: _Number = 0.0, logit_cap: _Number = 0.0,
            axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, z_loss: _Number = 0.0, logit_cap: _Number = 0.0, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _SoftmaxCrossEntropy: ...

softmax_cross_entropy: _SoftmaxCrossEntropy

class _LinearCrossEntropy(Loss):
    """The softmax cross-entropy of the logits of a last linear layer, which are never stored."""
    def __call__(self, features: _Array, classifier: _Array, target: _Array, bias: _Array | None = None, *,
            z_loss: _Number = 0.0, logit_cap: _Number = 0.0, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The softmax cross-entropy of the logits of a last linear layer, which are never stored."""
    def value_and_gradient(self, features: _Array, classifier: _Array, target: _Array, bias: _Array | None = None,
            *, z_loss: _Number = 0.0, logit_cap: _Number = 0.0, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, ...]]: ...
    def gradient_and_hessian(self, features: _Array, classifier: _Array, target: _Array, bias: _Array | None = None,
            *, z_loss: _Number = 0.0, logit_cap: _Number = 0.0, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None) -> NoReturn: ...
    def total(self, features: _Array, classifier: _Array, target: _Array, bias: _Array | None = None, *,
            z_loss: _Number = 0.0, logit_cap: _Number = 0.0, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, z_loss: _Number = 0.0, logit_cap: _Number = 0.0, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _LinearCrossEntropy: ...

linear_cross_entropy: _LinearCrossEntropy

class _LinearLogProbability(Loss):
    """The log-probability of the target class, given a last linear layer whose logits are never stored."""
    def __call__(self, features: _Array, classifier: _Array, target: _Array, bias: _Array | None = None, *,
            temperature: _Number = 1.0, logit_cap: _Number = 0.0, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The log-probability of the target class, given a last linear layer whose logits are never stored."""
    def value_and_gradient(self, features: _Array, classifier: _Array, target: _Array, bias: _Array | None = None,
            *, temperature: _Number = 1.0, logit_cap: _Number = 0.0, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, ...]]: ...
    def gradient_and_hessian(self, features: _Array, classifier: _Array, target: _Array, bias: _Array | None = None,
            *, temperature: _Number = 1.0, logit_cap: _Number = 0.0, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None) -> NoReturn: ...
    def total(self, features: _Array, classifier: _Array, target: _Array, bias: _Array | None = None, *,
            temperature: _Number = 1.0, logit_cap: _Number = 0.0, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, temperature: _Number = 1.0, logit_cap: _Number = 0.0, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _LinearLogProbability: ...

linear_log_probability: _LinearLogProbability

class _SoftmaxEntropy(Loss):
    """The entropy of a softmax of logits."""
    def __call__(self, logits: _Array, *, temperature: _Number = 1.0, axis: int = -1, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The entropy of a softmax of logits."""
    def value_and_gradient(self, logits: _Array, *, temperature: _Number = 1.0, axis: int = -1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, logits: _Array, *, temperature: _Number = 1.0, axis: int = -1,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, logits: _Array, *, temperature: _Number = 1.0, axis: int = -1, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, temperature: _Number = 1.0, axis: int = -1, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _SoftmaxEntropy: ...

softmax_entropy: _SoftmaxEntropy

class _LinearEntropy(Loss):
    """The entropy of the softmax of a last linear layer, whose logits are never stored."""
    def __call__(self, features: _Array, classifier: _Array, bias: _Array | None = None, *,
            temperature: _Number = 1.0, logit_cap: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The entropy of the softmax of a last linear layer, whose logits are never stored."""
    def value_and_gradient(self, features: _Array, classifier: _Array, bias: _Array | None = None, *,
            temperature: _Number = 1.0, logit_cap: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, ...]]: ...
    def gradient_and_hessian(self, features: _Array, classifier: _Array, bias: _Array | None = None, *,
            temperature: _Number = 1.0, logit_cap: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None) -> NoReturn: ...
    def total(self, features: _Array, classifier: _Array, bias: _Array | None = None, *, temperature: _Number = 1.0,
            logit_cap: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, temperature: _Number = 1.0, logit_cap: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _LinearEntropy: ...

linear_entropy: _LinearEntropy

class _SoftmaxFocal(Loss):
    """Softmax cross-entropy times a power of the probability of all other classes."""
    def __call__(self, logits: _Array, target: _Array, *, gamma: _Number = 2.0, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """Softmax cross-entropy times a power of the probability of all other classes."""
    def value_and_gradient(self, logits: _Array, target: _Array, *, gamma: _Number = 2.0, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, logits: _Array, target: _Array, *, gamma: _Number = 2.0, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, logits: _Array, target: _Array, *, gamma: _Number = 2.0, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, gamma: _Number = 2.0, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _SoftmaxFocal: ...

softmax_focal: _SoftmaxFocal

class _CategoricalFocal(Loss):
    """Categorical cross-entropy times a power of one minus the probability of the right class."""
    def __call__(self, probability: _Array, target: _Array, *, gamma: _Number = 2.0, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """Categorical cross-entropy times a power of one minus the probability of the right class."""
    def value_and_gradient(self, probability: _Array, target: _Array, *, gamma: _Number = 2.0, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, probability: _Array, target: _Array, *, gamma: _Number = 2.0, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, probability: _Array, target: _Array, *, gamma: _Number = 2.0, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, gamma: _Number = 2.0, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _CategoricalFocal: ...

categorical_focal: _CategoricalFocal

class _SoftmaxPoly1(Loss):
    """Softmax cross-entropy plus a multiple of the probability of all other classes."""
    def __call__(self, logits: _Array, target: _Array, *, epsilon: _Number = 1.0, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """Softmax cross-entropy plus a multiple of the probability of all other classes."""
    def value_and_gradient(self, logits: _Array, target: _Array, *, epsilon: _Number = 1.0, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, logits: _Array, target: _Array, *, epsilon: _Number = 1.0, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, logits: _Array, target: _Array, *, epsilon: _Number = 1.0, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, epsilon: _Number = 1.0, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _SoftmaxPoly1: ...

softmax_poly1: _SoftmaxPoly1

class _SoftmaxGeneralizedCrossEntropy(Loss):
    """A loss between the cross-entropy and the absolute error of a softmax: no row costs more than 1 / q."""
    def __call__(self, logits: _Array, target: _Array, *, q: _Number = 0.7, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """A loss between the cross-entropy and the absolute error of a softmax: no row costs more than 1 / q."""
    def value_and_gradient(self, logits: _Array, target: _Array, *, q: _Number = 0.7, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, logits: _Array, target: _Array, *, q: _Number = 0.7, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, logits: _Array, target: _Array, *, q: _Number = 0.7, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, q: _Number = 0.7, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _SoftmaxGeneralizedCrossEntropy: ...

softmax_generalized_cross_entropy: _SoftmaxGeneralizedCrossEntropy

class _GeneralizedCrossEntropy(Loss):
    """A loss between the cross-entropy and the absolute error of probabilities: no row costs more than 1 / q."""
    def __call__(self, probability: _Array, target: _Array, *, q: _Number = 0.7, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """A loss between the cross-entropy and the absolute error of probabilities: no row costs more than 1 / q."""
    def value_and_gradient(self, probability: _Array, target: _Array, *, q: _Number = 0.7, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, probability: _Array, target: _Array, *, q: _Number = 0.7, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, probability: _Array, target: _Array, *, q: _Number = 0.7, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, q: _Number = 0.7, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _GeneralizedCrossEntropy: ...

generalized_cross_entropy: _GeneralizedCrossEntropy

class _SoftmaxBrier(Loss):
    """The Brier score: the squared distance of a softmax from the target."""
    def __call__(self, logits: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The Brier score: the squared distance of a softmax from the target."""
    def value_and_gradient(self, logits: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, logits: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, logits: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _SoftmaxBrier: ...

softmax_brier: _SoftmaxBrier

class _SquaredError(Loss):
    """The square of the difference; its mean is the mean squared error (MSE)."""
    def __call__(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The square of the difference; its mean is the mean squared error (MSE)."""
    def value_and_gradient(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _SquaredError: ...

squared_error: _SquaredError

class _AbsoluteError(Loss):
    """The size of the difference; its mean is the mean absolute error (MAE)."""
    def __call__(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The size of the difference; its mean is the mean absolute error (MAE)."""
    def value_and_gradient(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _AbsoluteError: ...

absolute_error: _AbsoluteError

class _Huber(Loss):
    """Half the squared error for small differences, and a straight line for large ones."""
    def __call__(self, prediction: _Array, target: _Array, *, delta: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """Half the squared error for small differences, and a straight line for large ones."""
    def value_and_gradient(self, prediction: _Array, target: _Array, *, delta: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, *, delta: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, prediction: _Array, target: _Array, *, delta: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, delta: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _Huber: ...

huber: _Huber

class _SmoothL1(Loss):
    """The absolute error, with a parabola in place of its corner."""
    def __call__(self, prediction: _Array, target: _Array, *, beta: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The absolute error, with a parabola in place of its corner."""
    def value_and_gradient(self, prediction: _Array, target: _Array, *, beta: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, *, beta: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, prediction: _Array, target: _Array, *, beta: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, beta: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _SmoothL1: ...

smooth_l1: _SmoothL1

class _LogCosh(Loss):
    """The logarithm of the difference's hyperbolic cosine: a Huber loss without seams."""
    def __call__(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The logarithm of the difference's hyperbolic cosine: a Huber loss without seams."""
    def value_and_gradient(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _LogCosh: ...

log_cosh: _LogCosh

class _GaussianNll(Loss):
    """The negative log-likelihood of a normal distribution whose mean and variance are both predicted."""
    def __call__(self, prediction: _Array, target: _Array, variance: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The negative log-likelihood of a normal distribution whose mean and variance are both predicted."""
    def value_and_gradient(self, prediction: _Array, target: _Array, variance: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, variance: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[tuple[Any, Any], tuple[Any, Any]]: ...
    def total(self, prediction: _Array, target: _Array, variance: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _GaussianNll: ...

gaussian_nll: _GaussianNll

class _Pinball(Loss):
    """The absolute error, weighted differently for predictions that are too low and too high: the quantile loss."""
    def __call__(self, prediction: _Array, target: _Array, *, level: _Number = 0.5, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The absolute error, weighted differently for predictions that are too low and too high: the quantile loss."""
    def value_and_gradient(self, prediction: _Array, target: _Array, *, level: _Number = 0.5,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, *, level: _Number = 0.5,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, prediction: _Array, target: _Array, *, level: _Number = 0.5, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, level: _Number = 0.5, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _Pinball: ...

pinball: _Pinball

class _QuantileHuber(Loss):
    """The quantile loss with a parabola in place of its corner, so that its slope has no jump."""
    def __call__(self, prediction: _Array, target: _Array, *, level: _Number = 0.5, delta: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The quantile loss with a parabola in place of its corner, so that its slope has no jump."""
    def value_and_gradient(self, prediction: _Array, target: _Array, *, level: _Number = 0.5, delta: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, *, level: _Number = 0.5,
            delta: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, prediction: _Array, target: _Array, *, level: _Number = 0.5, delta: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, level: _Number = 0.5, delta: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _QuantileHuber: ...

quantile_huber: _QuantileHuber

class _Expectile(Loss):
    """The squared error, weighted differently for predictions that are too low and too high."""
    def __call__(self, prediction: _Array, target: _Array, *, level: _Number = 0.5, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The squared error, weighted differently for predictions that are too low and too high."""
    def value_and_gradient(self, prediction: _Array, target: _Array, *, level: _Number = 0.5,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, *, level: _Number = 0.5,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, prediction: _Array, target: _Array, *, level: _Number = 0.5, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, level: _Number = 0.5, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _Expectile: ...

expectile: _Expectile

class _EpsilonInsensitive(Loss):
    """The absolute error beyond a tolerance: the loss of support vector regression."""
    def __call__(self, prediction: _Array, target: _Array, *, epsilon: _Number = 0.1, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The absolute error beyond a tolerance: the loss of support vector regression."""
    def value_and_gradient(self, prediction: _Array, target: _Array, *, epsilon: _Number = 0.1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, *, epsilon: _Number = 0.1,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, prediction: _Array, target: _Array, *, epsilon: _Number = 0.1, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, epsilon: _Number = 0.1, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _EpsilonInsensitive: ...

epsilon_insensitive: _EpsilonInsensitive

class _SquaredEpsilonInsensitive(Loss):
    """The square of the absolute error beyond a tolerance."""
    def __call__(self, prediction: _Array, target: _Array, *, epsilon: _Number = 0.1, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The square of the absolute error beyond a tolerance."""
    def value_and_gradient(self, prediction: _Array, target: _Array, *, epsilon: _Number = 0.1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, *, epsilon: _Number = 0.1,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, prediction: _Array, target: _Array, *, epsilon: _Number = 0.1, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, epsilon: _Number = 0.1, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _SquaredEpsilonInsensitive: ...

squared_epsilon_insensitive: _SquaredEpsilonInsensitive

class _Charbonnier(Loss):
    """The root of the squared difference plus a constant: the absolute error, rounded off at 0."""
    def __call__(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The root of the squared difference plus a constant: the absolute error, rounded off at 0."""
    def value_and_gradient(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, scale: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _Charbonnier: ...

charbonnier: _Charbonnier

class _Cauchy(Loss):
    """The logarithm of 1 plus half the squared difference, which grows ever slower: the Lorentzian."""
    def __call__(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The logarithm of 1 plus half the squared difference, which grows ever slower: the Lorentzian."""
    def value_and_gradient(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, scale: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _Cauchy: ...

cauchy: _Cauchy

class _Welsch(Loss):
    """One minus a Gaussian of the difference, so that outliers cost 1 and do not pull."""
    def __call__(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """One minus a Gaussian of the difference, so that outliers cost 1 and do not pull."""
    def value_and_gradient(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, scale: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _Welsch: ...

welsch: _Welsch

class _GemanMcclure(Loss):
    """A quotient of squared differences that tends to 2, so that outliers hardly pull."""
    def __call__(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """A quotient of squared differences that tends to 2, so that outliers hardly pull."""
    def value_and_gradient(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, prediction: _Array, target: _Array, *, scale: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, scale: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _GemanMcclure: ...

geman_mcclure: _GemanMcclure

class _TukeyBiweight(Loss):
    """A loss that is constant beyond a threshold, so that outliers do not pull at all: Tukey's bisquare."""
    def __call__(self, prediction: _Array, target: _Array, *, scale: _Number = 4.685, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """A loss that is constant beyond a threshold, so that outliers do not pull at all: Tukey's bisquare."""
    def value_and_gradient(self, prediction: _Array, target: _Array, *, scale: _Number = 4.685,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, *, scale: _Number = 4.685,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, prediction: _Array, target: _Array, *, scale: _Number = 4.685, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, scale: _Number = 4.685, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _TukeyBiweight: ...

tukey_biweight: _TukeyBiweight

class _GeneralRobust(Loss):
    """Barron's loss, whose shape parameter goes from the squared error to losses that ignore outliers."""
    def __call__(self, prediction: _Array, target: _Array, *, alpha: _Number = 1.0, scale: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """Barron's loss, whose shape parameter goes from the squared error to losses that ignore outliers."""
    def value_and_gradient(self, prediction: _Array, target: _Array, *, alpha: _Number = 1.0, scale: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, *, alpha: _Number = 1.0,
            scale: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, prediction: _Array, target: _Array, *, alpha: _Number = 1.0, scale: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, alpha: _Number = 1.0, scale: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _GeneralRobust: ...

general_robust: _GeneralRobust

class _Wing(Loss):
    """A logarithm of small differences, which pulls hardest near 0, and the absolute error of large ones."""
    def __call__(self, prediction: _Array, target: _Array, *, width: _Number = 10.0, curvature: _Number = 2.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """A logarithm of small differences, which pulls hardest near 0, and the absolute error of large ones."""
    def value_and_gradient(self, prediction: _Array, target: _Array, *, width: _Number = 10.0,
            curvature: _Number = 2.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, *, width: _Number = 10.0,
            curvature: _Number = 2.0, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, prediction: _Array, target: _Array, *, width: _Number = 10.0, curvature: _Number = 2.0,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, width: _Number = 10.0, curvature: _Number = 2.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _Wing: ...

wing: _Wing

class _Dice(Loss):
    """One minus the Dice coefficient: how little a predicted region overlaps the target's."""
    def __call__(self, probability: _Array, target: _Array, *, smooth: _Number = 0.0, product: _Number = 0.0,
            axis: int | tuple[int, ...] | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """One minus the Dice coefficient: how little a predicted region overlaps the target's."""
    def value_and_gradient(self, probability: _Array, target: _Array, *, smooth: _Number = 0.0,
            product: _Number = 0.0, axis: int | tuple[int, ...] | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, probability: _Array, target: _Array, *, smooth: _Number = 0.0,
            product: _Number = 0.0, axis: int | tuple[int, ...] | None = None, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, probability: _Array, target: _Array, *, smooth: _Number = 0.0, product: _Number = 0.0,
            axis: int | tuple[int, ...] | None = None, weight: _Array | None = None,
            mask: _Array | None = None) -> NoReturn: ...
    def configure(self, *, smooth: _Number = 0.0, product: _Number = 0.0, axis: int | tuple[int, ...] | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _Dice: ...

dice: _Dice
