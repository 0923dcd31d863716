# Written by `make stubs` from the losses' records; a test compares. Do not edit.
# fmt: off
# mypy: disable-error-code="override"

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
__all__ = [
    "Loss", "RegionTotal", "Total", "WeightedSum", "absolute_error", "absolute_percentage_error", "beta_nll",
    "binary_cross_entropy", "binary_focal", "binary_sparsemax", "bradley_terry", "categorical_cross_entropy",
    "categorical_focal", "cauchy", "charbonnier", "checking", "chi_squared", "clipped_surrogate", "clipped_value",
    "cosine_distance", "cosine_embedding", "crammer_singer", "ctc", "cumulative_link", "dice", "dpo",
    "ensemble_crps", "epsilon_insensitive", "errors", "expectile", "exponential", "family", "from_dict",
    "gamma_nll", "gaussian_crps", "gaussian_kl_divergence", "gaussian_mixture_nll", "gaussian_nll", "geman_mcclure",
    "general_robust", "generalised_dice", "generalized_cross_entropy", "generalized_kl_divergence", "get", "hinge",
    "hinge_embedding", "huber", "info_nce", "ipo", "jensen_shannon", "kl_divergence", "kto", "laplace_nll",
    "linear_cross_entropy", "linear_entropy", "linear_kl_divergence", "linear_log_probability", "list_mle",
    "list_net", "log_cosh", "log_kl_divergence", "log_normal_nll", "log_poisson", "logits_kl_divergence", "loss",
    "losses", "lovasz_softmax", "lp_distance", "margin_ranking", "modified_huber", "multiclass_perceptron",
    "multiclass_sparsemax", "multilabel_margin", "negative_binomial", "negative_log_likelihood",
    "ordinal_cross_entropy", "orpo", "perceptron", "pinball", "pointwise", "poisson", "policy_gradient",
    "quantile_huber", "ranknet", "renyi_divergence", "reverse_kl_divergence", "reverse_logits_kl_divergence",
    "siglip", "sigmoid_asymmetric", "sigmoid_brier", "sigmoid_cross_entropy", "sigmoid_focal", "sigmoid_poly1",
    "simpo", "smooth_l1", "softmax_brier", "softmax_cross_entropy", "softmax_entropy", "softmax_focal",
    "softmax_generalized_cross_entropy", "softmax_kl_divergence", "softmax_poly1",
    "softmax_symmetric_cross_entropy", "squared_epsilon_insensitive", "squared_error", "squared_hellinger",
    "squared_hinge", "squared_logarithmic_error", "squared_weston_watkins", "standard_normal_kl", "student_t_nll",
    "supervised_contrastive", "symmetric_absolute_percentage_error", "total_variation_distance", "triplet_margin",
    "tukey_biweight", "tweedie_deviance", "vicreg", "von_mises_nll", "weibull_nll", "welsch", "weston_watkins",
    "wing", "zero_inflated_poisson",
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

class _SoftmaxSymmetricCrossEntropy(Loss):
    """Cross-entropy of the target and the prediction, plus that of the prediction and the target."""
    def __call__(self, logits: _Array, target: _Array, *, alpha: _Number = 0.1, beta: _Number = 1.0,
            log_zero: _Number = -4.0, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """Cross-entropy of the target and the prediction, plus that of the prediction and the target."""
    def value_and_gradient(self, logits: _Array, target: _Array, *, alpha: _Number = 0.1, beta: _Number = 1.0,
            log_zero: _Number = -4.0, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, logits: _Array, target: _Array, *, alpha: _Number = 0.1, beta: _Number = 1.0,
            log_zero: _Number = -4.0, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, logits: _Array, target: _Array, *, alpha: _Number = 0.1, beta: _Number = 1.0,
            log_zero: _Number = -4.0, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, alpha: _Number = 0.1, beta: _Number = 1.0, log_zero: _Number = -4.0, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _SoftmaxSymmetricCrossEntropy: ...

softmax_symmetric_cross_entropy: _SoftmaxSymmetricCrossEntropy

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

class _SigmoidFocal(Loss):
    """Sigmoid cross-entropy times a power of the probability of the other outcome."""
    def __call__(self, logits: _Array, target: _Array, *, gamma: _Number = 2.0, positive_weight: _Number = 1.0,
            negative_weight: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """Sigmoid cross-entropy times a power of the probability of the other outcome."""
    def value_and_gradient(self, logits: _Array, target: _Array, *, gamma: _Number = 2.0,
            positive_weight: _Number = 1.0, negative_weight: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, logits: _Array, target: _Array, *, gamma: _Number = 2.0,
            positive_weight: _Number = 1.0, negative_weight: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, logits: _Array, target: _Array, *, gamma: _Number = 2.0, positive_weight: _Number = 1.0,
            negative_weight: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, gamma: _Number = 2.0, positive_weight: _Number = 1.0, negative_weight: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _SigmoidFocal: ...

sigmoid_focal: _SigmoidFocal

class _BinaryFocal(Loss):
    """Binary cross-entropy times a power of the probability of the other outcome."""
    def __call__(self, probability: _Array, target: _Array, *, gamma: _Number = 2.0, positive_weight: _Number = 1.0,
            negative_weight: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """Binary cross-entropy times a power of the probability of the other outcome."""
    def value_and_gradient(self, probability: _Array, target: _Array, *, gamma: _Number = 2.0,
            positive_weight: _Number = 1.0, negative_weight: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, probability: _Array, target: _Array, *, gamma: _Number = 2.0,
            positive_weight: _Number = 1.0, negative_weight: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, probability: _Array, target: _Array, *, gamma: _Number = 2.0, positive_weight: _Number = 1.0,
            negative_weight: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, gamma: _Number = 2.0, positive_weight: _Number = 1.0, negative_weight: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _BinaryFocal: ...

binary_focal: _BinaryFocal

class _SigmoidAsymmetric(Loss):
    """Focal loss with a power for each outcome, and no loss of negatives that are improbable enough (ASL)."""
    def __call__(self, logits: _Array, target: _Array, *, positive_gamma: _Number = 1.0,
            negative_gamma: _Number = 4.0, margin: _Number = 0.05, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """Focal loss with a power for each outcome, and no loss of negatives that are improbable enough (ASL)."""
    def value_and_gradient(self, logits: _Array, target: _Array, *, positive_gamma: _Number = 1.0,
            negative_gamma: _Number = 4.0, margin: _Number = 0.05, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, logits: _Array, target: _Array, *, positive_gamma: _Number = 1.0,
            negative_gamma: _Number = 4.0, margin: _Number = 0.05, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, logits: _Array, target: _Array, *, positive_gamma: _Number = 1.0, negative_gamma: _Number = 4.0,
            margin: _Number = 0.05, weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, positive_gamma: _Number = 1.0, negative_gamma: _Number = 4.0, margin: _Number = 0.05,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _SigmoidAsymmetric: ...

sigmoid_asymmetric: _SigmoidAsymmetric

class _SigmoidPoly1(Loss):
    """Sigmoid cross-entropy plus a multiple of the probability of the other outcome."""
    def __call__(self, logits: _Array, target: _Array, *, epsilon: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """Sigmoid cross-entropy plus a multiple of the probability of the other outcome."""
    def value_and_gradient(self, logits: _Array, target: _Array, *, epsilon: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, logits: _Array, target: _Array, *, epsilon: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, logits: _Array, target: _Array, *, epsilon: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, epsilon: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _SigmoidPoly1: ...

sigmoid_poly1: _SigmoidPoly1

class _SigmoidBrier(Loss):
    """The Brier score of yes or no: the squared error of a sigmoid."""
    def __call__(self, logits: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The Brier score of yes or no: the squared error of a sigmoid."""
    def value_and_gradient(self, logits: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, logits: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, logits: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _SigmoidBrier: ...

sigmoid_brier: _SigmoidBrier

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

class _ZeroInflatedPoisson(Loss):
    """The negative log-likelihood of counts with more zeros than Poisson's: some items never have events."""
    def __call__(self, rate: _Array, target: _Array, zero_logit: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The negative log-likelihood of counts with more zeros than Poisson's: some items never have events."""
    def value_and_gradient(self, rate: _Array, target: _Array, zero_logit: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, rate: _Array, target: _Array, zero_logit: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[tuple[Any, Any], tuple[Any, Any]]: ...
    def total(self, rate: _Array, target: _Array, zero_logit: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _ZeroInflatedPoisson: ...

zero_inflated_poisson: _ZeroInflatedPoisson

class _TweedieDeviance(Loss):
    """The deviance of Tweedie's distributions, of amounts that may be 0: between those of Poisson and gamma."""
    def __call__(self, mean: _Array, target: _Array, *, power: _Number = 1.5, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The deviance of Tweedie's distributions, of amounts that may be 0: between those of Poisson and gamma."""
    def value_and_gradient(self, mean: _Array, target: _Array, *, power: _Number = 1.5,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, mean: _Array, target: _Array, *, power: _Number = 1.5,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, mean: _Array, target: _Array, *, power: _Number = 1.5, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, power: _Number = 1.5, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _TweedieDeviance: ...

tweedie_deviance: _TweedieDeviance

class _GeneralizedKlDivergence(Loss):
    """The Kullback–Leibler divergence of numbers ≥ 0 that need not sum to 1: the I-divergence."""
    def __call__(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The Kullback–Leibler divergence of numbers ≥ 0 that need not sum to 1: the I-divergence."""
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
            empty: Literal["zero", "nan", "raise"] = "zero") -> _GeneralizedKlDivergence: ...

generalized_kl_divergence: _GeneralizedKlDivergence

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

class _LogKlDivergence(Loss):
    """The Kullback–Leibler divergence of a prediction in logarithms: KL(target ‖ exp(log_probability))."""
    def __call__(self, log_probability: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The Kullback–Leibler divergence of a prediction in logarithms: KL(target ‖ exp(log_probability))."""
    def value_and_gradient(self, log_probability: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, log_probability: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, log_probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _LogKlDivergence: ...

log_kl_divergence: _LogKlDivergence

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

class _ReverseKlDivergence(Loss):
    """The Kullback–Leibler divergence of a target from the prediction: KL(prediction ‖ target)."""
    def __call__(self, probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The Kullback–Leibler divergence of a target from the prediction: KL(prediction ‖ target)."""
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
            empty: Literal["zero", "nan", "raise"] = "zero") -> _ReverseKlDivergence: ...

reverse_kl_divergence: _ReverseKlDivergence

class _ReverseLogitsKlDivergence(Loss):
    """The Kullback–Leibler divergence of two softmaxes, KL(student ‖ teacher), given the logits of both."""
    def __call__(self, logits: _Array, target_logits: _Array, *, temperature: _Number = 1.0, axis: int = -1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The Kullback–Leibler divergence of two softmaxes, KL(student ‖ teacher), given the logits of both."""
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
            empty: Literal["zero", "nan", "raise"] = "zero") -> _ReverseLogitsKlDivergence: ...

reverse_logits_kl_divergence: _ReverseLogitsKlDivergence

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

class _GaussianKlDivergence(Loss):
    """The Kullback–Leibler divergence of a predicted normal distribution: KL(target ‖ prediction)."""
    def __call__(self, mean: _Array, log_variance: _Array, target_mean: _Array, target_log_variance: _Array, *,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The Kullback–Leibler divergence of a predicted normal distribution: KL(target ‖ prediction)."""
    def value_and_gradient(self, mean: _Array, log_variance: _Array, target_mean: _Array,
            target_log_variance: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, mean: _Array, log_variance: _Array, target_mean: _Array,
            target_log_variance: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[tuple[Any, Any], tuple[Any, Any]]: ...
    def total(self, mean: _Array, log_variance: _Array, target_mean: _Array, target_log_variance: _Array, *,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _GaussianKlDivergence: ...

gaussian_kl_divergence: _GaussianKlDivergence

class _StandardNormalKl(Loss):
    """The divergence KL(prediction ‖ N(0, 1)) of a predicted normal distribution from the standard one."""
    def __call__(self, mean: _Array, log_variance: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The divergence KL(prediction ‖ N(0, 1)) of a predicted normal distribution from the standard one."""
    def value_and_gradient(self, mean: _Array, log_variance: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, mean: _Array, log_variance: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[tuple[Any, Any], tuple[Any, Any]]: ...
    def total(self, mean: _Array, log_variance: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _StandardNormalKl: ...

standard_normal_kl: _StandardNormalKl

class _RenyiDivergence(Loss):
    """Rényi's divergence of order alpha, D(target ‖ prediction): the Kullback–Leibler divergence with an order."""
    def __call__(self, probability: _Array, target: _Array, *, alpha: _Number = 0.5, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """Rényi's divergence of order alpha, D(target ‖ prediction): the Kullback–Leibler divergence with an order."""
    def value_and_gradient(self, probability: _Array, target: _Array, *, alpha: _Number = 0.5, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, probability: _Array, target: _Array, *, alpha: _Number = 0.5, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, probability: _Array, target: _Array, *, alpha: _Number = 0.5, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, alpha: _Number = 0.5, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _RenyiDivergence: ...

renyi_divergence: _RenyiDivergence

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

class _CosineEmbedding(Loss):
    """One minus the cosine of a pair that belongs together, and by how much another pair's exceeds a margin."""
    def __call__(self, first: _Array, second: _Array, target: _Array, *, margin: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """One minus the cosine of a pair that belongs together, and by how much another pair's exceeds a margin."""
    def value_and_gradient(self, first: _Array, second: _Array, target: _Array, *, margin: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, first: _Array, second: _Array, target: _Array, *, margin: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None) -> NoReturn: ...
    def total(self, first: _Array, second: _Array, target: _Array, *, margin: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, margin: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _CosineEmbedding: ...

cosine_embedding: _CosineEmbedding

class _Siglip(Loss):
    """The cross-entropy of telling each vector's partner from every other vector, pair by pair."""
    def __call__(self, embedding: _Array, positive: _Array, *, scale: _Number = 10.0, bias: _Number = -10.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The cross-entropy of telling each vector's partner from every other vector, pair by pair."""
    def value_and_gradient(self, embedding: _Array, positive: _Array, *, scale: _Number = 10.0,
            bias: _Number = -10.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, embedding: _Array, positive: _Array, *, scale: _Number = 10.0,
            bias: _Number = -10.0, weight: _Array | None = None, mask: _Array | None = None) -> NoReturn: ...
    def total(self, embedding: _Array, positive: _Array, *, scale: _Number = 10.0, bias: _Number = -10.0,
            weight: _Array | None = None, mask: _Array | None = None) -> NoReturn: ...
    def configure(self, *, scale: _Number = 10.0, bias: _Number = -10.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _Siglip: ...

siglip: _Siglip

class _SupervisedContrastive(Loss):
    """The cross-entropy of finding the vectors of the same class among all others of the batch."""
    def __call__(self, embedding: _Array, target: _Array, *, temperature: _Number = 0.1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The cross-entropy of finding the vectors of the same class among all others of the batch."""
    def value_and_gradient(self, embedding: _Array, target: _Array, *, temperature: _Number = 0.1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, embedding: _Array, target: _Array, *, temperature: _Number = 0.1,
            weight: _Array | None = None, mask: _Array | None = None) -> NoReturn: ...
    def total(self, embedding: _Array, target: _Array, *, temperature: _Number = 0.1, weight: _Array | None = None,
            mask: _Array | None = None) -> NoReturn: ...
    def configure(self, *, temperature: _Number = 0.1, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _SupervisedContrastive: ...

supervised_contrastive: _SupervisedContrastive

class _Vicreg(Loss):
    """How far partners are apart, and how far both sets of vectors are from spreading evenly over their space."""
    def __call__(self, embedding: _Array, positive: _Array, *, similarity: _Number = 25.0,
            deviation: _Number = 25.0, covariance: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """How far partners are apart, and how far both sets of vectors are from spreading evenly over their space."""
    def value_and_gradient(self, embedding: _Array, positive: _Array, *, similarity: _Number = 25.0,
            deviation: _Number = 25.0, covariance: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, embedding: _Array, positive: _Array, *, similarity: _Number = 25.0,
            deviation: _Number = 25.0, covariance: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None) -> NoReturn: ...
    def total(self, embedding: _Array, positive: _Array, *, similarity: _Number = 25.0, deviation: _Number = 25.0,
            covariance: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None) -> NoReturn: ...
    def configure(self, *, similarity: _Number = 25.0, deviation: _Number = 25.0, covariance: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _Vicreg: ...

vicreg: _Vicreg

class _LpDistance(Loss):
    """Minkowski's distance of two vectors: Euclidean for p = 2, a sum of sizes for 1, the largest for ∞."""
    def __call__(self, prediction: _Array, target: _Array, *, p: _Number = 2.0, axis: int = -1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """Minkowski's distance of two vectors: Euclidean for p = 2, a sum of sizes for 1, the largest for ∞."""
    def value_and_gradient(self, prediction: _Array, target: _Array, *, p: _Number = 2.0, axis: int = -1,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, *, p: _Number = 2.0, axis: int = -1,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, prediction: _Array, target: _Array, *, p: _Number = 2.0, axis: int = -1,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, p: _Number = 2.0, axis: int = -1, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _LpDistance: ...

lp_distance: _LpDistance

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

class _GaussianMixtureNll(Loss):
    """The negative log-likelihood of a mixture of normal distributions: the loss of a mixture density network."""
    def __call__(self, logits: _Array, prediction: _Array, target: _Array, variance: _Array, *,
            constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The negative log-likelihood of a mixture of normal distributions: the loss of a mixture density network."""
    def value_and_gradient(self, logits: _Array, prediction: _Array, target: _Array, variance: _Array, *,
            constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any, Any]]: ...
    def gradient_and_hessian(self, logits: _Array, prediction: _Array, target: _Array, variance: _Array, *,
            constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None) -> NoReturn: ...
    def total(self, logits: _Array, prediction: _Array, target: _Array, variance: _Array, *,
            constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _GaussianMixtureNll: ...

gaussian_mixture_nll: _GaussianMixtureNll

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

class _EnsembleCrps(Loss):
    """The continuous ranked probability score (CRPS) of an ensemble of equally likely predictions."""
    def __call__(self, members: _Array, target: _Array, *, fair: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The continuous ranked probability score (CRPS) of an ensemble of equally likely predictions."""
    def value_and_gradient(self, members: _Array, target: _Array, *, fair: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, members: _Array, target: _Array, *, fair: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None) -> NoReturn: ...
    def total(self, members: _Array, target: _Array, *, fair: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, fair: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _EnsembleCrps: ...

ensemble_crps: _EnsembleCrps

class _WeibullNll(Loss):
    """The negative log-likelihood of times to an event, some of which are only known to be longer: Weibull's."""
    def __call__(self, scale: _Array, target: _Array, shape: _Array, observed: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The negative log-likelihood of times to an event, some of which are only known to be longer: Weibull's."""
    def value_and_gradient(self, scale: _Array, target: _Array, shape: _Array, observed: _Array, *,
            constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, scale: _Array, target: _Array, shape: _Array, observed: _Array, *,
            constant: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[tuple[Any, Any], tuple[Any, Any]]: ...
    def total(self, scale: _Array, target: _Array, shape: _Array, observed: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _WeibullNll: ...

weibull_nll: _WeibullNll

class _VonMisesNll(Loss):
    """The negative log-likelihood of angles whose direction and concentration are both predicted, by von Mises."""
    def __call__(self, prediction: _Array, target: _Array, concentration: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The negative log-likelihood of angles whose direction and concentration are both predicted, by von Mises."""
    def value_and_gradient(self, prediction: _Array, target: _Array, concentration: _Array, *,
            constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, concentration: _Array, *,
            constant: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[tuple[Any, Any], tuple[Any, Any]]: ...
    def total(self, prediction: _Array, target: _Array, concentration: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _VonMisesNll: ...

von_mises_nll: _VonMisesNll

class _BetaNll(Loss):
    """The negative log-likelihood of a beta distribution, whose concentrations are both predicted."""
    def __call__(self, alpha: _Array, target: _Array, beta: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The negative log-likelihood of a beta distribution, whose concentrations are both predicted."""
    def value_and_gradient(self, alpha: _Array, target: _Array, beta: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, alpha: _Array, target: _Array, beta: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[tuple[Any, Any], tuple[Any, Any]]: ...
    def total(self, alpha: _Array, target: _Array, beta: _Array, *, constant: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, constant: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _BetaNll: ...

beta_nll: _BetaNll

class _Hinge(Loss):
    """How much a score lacks to a margin of 1 on the right side of 0: the loss of support vector machines."""
    def __call__(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """How much a score lacks to a margin of 1 on the right side of 0: the loss of support vector machines."""
    def value_and_gradient(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _Hinge: ...

hinge: _Hinge

class _SquaredHinge(Loss):
    """The square of what a score lacks to a margin of 1 on the right side of 0."""
    def __call__(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The square of what a score lacks to a margin of 1 on the right side of 0."""
    def value_and_gradient(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _SquaredHinge: ...

squared_hinge: _SquaredHinge

class _ModifiedHuber(Loss):
    """The squared hinge, with a straight line for scores that are wrong by more than 1."""
    def __call__(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The squared hinge, with a straight line for scores that are wrong by more than 1."""
    def value_and_gradient(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _ModifiedHuber: ...

modified_huber: _ModifiedHuber

class _BinarySparsemax(Loss):
    """The sparsemax loss of two classes: its probability is a straight line that ends at 0 and 1."""
    def __call__(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The sparsemax loss of two classes: its probability is a straight line that ends at 0 and 1."""
    def value_and_gradient(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _BinarySparsemax: ...

binary_sparsemax: _BinarySparsemax

class _Perceptron(Loss):
    """How far a score is on the wrong side of 0."""
    def __call__(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """How far a score is on the wrong side of 0."""
    def value_and_gradient(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _Perceptron: ...

perceptron: _Perceptron

class _Exponential(Loss):
    """The loss of boosting (AdaBoost): the exponential of a score on the wrong side."""
    def __call__(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The loss of boosting (AdaBoost): the exponential of a score on the wrong side."""
    def value_and_gradient(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _Exponential: ...

exponential: _Exponential

class _MarginRanking(Loss):
    """How much the first of two scores lacks to be greater than the second by a margin."""
    def __call__(self, higher: _Array, lower: _Array, *, margin: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """How much the first of two scores lacks to be greater than the second by a margin."""
    def value_and_gradient(self, higher: _Array, lower: _Array, *, margin: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, higher: _Array, lower: _Array, *, margin: _Number = 0.0,
            weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[tuple[Any, Any], tuple[Any, Any]]: ...
    def total(self, higher: _Array, lower: _Array, *, margin: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, margin: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _MarginRanking: ...

margin_ranking: _MarginRanking

class _HingeEmbedding(Loss):
    """The distance of a pair that belongs together, and what another pair's distance lacks to a margin."""
    def __call__(self, distance: _Array, target: _Array, *, margin: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The distance of a pair that belongs together, and what another pair's distance lacks to a margin."""
    def value_and_gradient(self, distance: _Array, target: _Array, *, margin: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, distance: _Array, target: _Array, *, margin: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, distance: _Array, target: _Array, *, margin: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, margin: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _HingeEmbedding: ...

hinge_embedding: _HingeEmbedding

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

class _NegativeLogLikelihood(Loss):
    """Minus the log-probability of the right class, given the log-probability of each class."""
    def __call__(self, log_probability: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """Minus the log-probability of the right class, given the log-probability of each class."""
    def value_and_gradient(self, log_probability: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, log_probability: _Array, target: _Array, *, axis: int = -1,
            class_weight: _Array | None = None, label_smoothing: float = 0.0, ignore_label: int | None = None,
            weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, log_probability: _Array, target: _Array, *, axis: int = -1, class_weight: _Array | None = None,
            label_smoothing: float = 0.0, ignore_label: int | None = None, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, axis: int = -1, class_weight: _Array | None = None, label_smoothing: float = 0.0,
            ignore_label: int | None = None, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _NegativeLogLikelihood: ...

negative_log_likelihood: _NegativeLogLikelihood

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

class _CrammerSinger(Loss):
    """The hinge loss of several classes: how much the right class lacks to lead its best rival by a margin."""
    def __call__(self, scores: _Array, target: _Array, *, margin: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The hinge loss of several classes: how much the right class lacks to lead its best rival by a margin."""
    def value_and_gradient(self, scores: _Array, target: _Array, *, margin: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, scores: _Array, target: _Array, *, margin: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None) -> NoReturn: ...
    def total(self, scores: _Array, target: _Array, *, margin: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, margin: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _CrammerSinger: ...

crammer_singer: _CrammerSinger

class _WestonWatkins(Loss):
    """The hinge loss of several classes, summed over all rivals of the right class."""
    def __call__(self, scores: _Array, target: _Array, *, margin: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The hinge loss of several classes, summed over all rivals of the right class."""
    def value_and_gradient(self, scores: _Array, target: _Array, *, margin: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, scores: _Array, target: _Array, *, margin: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None) -> NoReturn: ...
    def total(self, scores: _Array, target: _Array, *, margin: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, margin: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _WestonWatkins: ...

weston_watkins: _WestonWatkins

class _SquaredWestonWatkins(Loss):
    """The squared hinge loss of several classes, summed over all rivals of the right class."""
    def __call__(self, scores: _Array, target: _Array, *, margin: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The squared hinge loss of several classes, summed over all rivals of the right class."""
    def value_and_gradient(self, scores: _Array, target: _Array, *, margin: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, scores: _Array, target: _Array, *, margin: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None) -> NoReturn: ...
    def total(self, scores: _Array, target: _Array, *, margin: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, margin: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _SquaredWestonWatkins: ...

squared_weston_watkins: _SquaredWestonWatkins

class _MulticlassPerceptron(Loss):
    """How far the right class is behind the best one."""
    def __call__(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """How far the right class is behind the best one."""
    def value_and_gradient(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> NoReturn: ...
    def total(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _MulticlassPerceptron: ...

multiclass_perceptron: _MulticlassPerceptron

class _MultilabelMargin(Loss):
    """How much each class of an item lacks to lead each other class by a margin, summed over all such pairs."""
    def __call__(self, scores: _Array, target: _Array, *, margin: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """How much each class of an item lacks to lead each other class by a margin, summed over all such pairs."""
    def value_and_gradient(self, scores: _Array, target: _Array, *, margin: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, scores: _Array, target: _Array, *, margin: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None) -> NoReturn: ...
    def total(self, scores: _Array, target: _Array, *, margin: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, margin: _Number = 1.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _MultilabelMargin: ...

multilabel_margin: _MultilabelMargin

class _MulticlassSparsemax(Loss):
    """The sparsemax loss of several classes, whose probabilities are the scores above a threshold; others are 0."""
    def __call__(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The sparsemax loss of several classes, whose probabilities are the scores above a threshold; others are 0."""
    def value_and_gradient(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> NoReturn: ...
    def total(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _MulticlassSparsemax: ...

multiclass_sparsemax: _MulticlassSparsemax

class _CumulativeLink(Loss):
    """The negative log-probability of a level that is cut out of a logistic variable: proportional odds."""
    def __call__(self, prediction: _Array, target: _Array, thresholds: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The negative log-probability of a level that is cut out of a logistic variable: proportional odds."""
    def value_and_gradient(self, prediction: _Array, target: _Array, thresholds: _Array, *,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, thresholds: _Array, *,
            weight: _Array | None = None, mask: _Array | None = None) -> NoReturn: ...
    def total(self, prediction: _Array, target: _Array, thresholds: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _CumulativeLink: ...

cumulative_link: _CumulativeLink

class _OrdinalCrossEntropy(Loss):
    """The cross-entropy of whether a level is above each boundary between levels, summed over the boundaries."""
    def __call__(self, logits: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The cross-entropy of whether a level is above each boundary between levels, summed over the boundaries."""
    def value_and_gradient(self, logits: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, logits: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> NoReturn: ...
    def total(self, logits: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _OrdinalCrossEntropy: ...

ordinal_cross_entropy: _OrdinalCrossEntropy

class _PolicyGradient(Loss):
    """The loss whose gradient is the policy gradient: REINFORCE."""
    def __call__(self, log_probability: _Array, advantage: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The loss whose gradient is the policy gradient: REINFORCE."""
    def value_and_gradient(self, log_probability: _Array, advantage: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, log_probability: _Array, advantage: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, log_probability: _Array, advantage: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _PolicyGradient: ...

policy_gradient: _PolicyGradient

class _ClippedSurrogate(Loss):
    """The clipped surrogate objective of PPO and GRPO, negated."""
    def __call__(self, log_probability: _Array, old_log_probability: _Array, advantage: _Array, *,
            low: _Number = 0.2, high: _Number = 0.2, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The clipped surrogate objective of PPO and GRPO, negated."""
    def value_and_gradient(self, log_probability: _Array, old_log_probability: _Array, advantage: _Array, *,
            low: _Number = 0.2, high: _Number = 0.2, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, log_probability: _Array, old_log_probability: _Array, advantage: _Array, *,
            low: _Number = 0.2, high: _Number = 0.2, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, log_probability: _Array, old_log_probability: _Array, advantage: _Array, *, low: _Number = 0.2,
            high: _Number = 0.2, weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, low: _Number = 0.2, high: _Number = 0.2, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _ClippedSurrogate: ...

clipped_surrogate: _ClippedSurrogate

class _ClippedValue(Loss):
    """The value loss of PPO: half the squared error, at least that of a prediction that stays near the old one."""
    def __call__(self, prediction: _Array, target: _Array, old_prediction: _Array, *, clip: _Number = 0.2,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The value loss of PPO: half the squared error, at least that of a prediction that stays near the old one."""
    def value_and_gradient(self, prediction: _Array, target: _Array, old_prediction: _Array, *, clip: _Number = 0.2,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, prediction: _Array, target: _Array, old_prediction: _Array, *,
            clip: _Number = 0.2, weight: _Array | None = None, mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, prediction: _Array, target: _Array, old_prediction: _Array, *, clip: _Number = 0.2,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, clip: _Number = 0.2, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _ClippedValue: ...

clipped_value: _ClippedValue

class _BradleyTerry(Loss):
    """The negative log-probability that the better one of two wins, given a score of each."""
    def __call__(self, chosen: _Array, rejected: _Array, *, margin: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The negative log-probability that the better one of two wins, given a score of each."""
    def value_and_gradient(self, chosen: _Array, rejected: _Array, *, margin: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, chosen: _Array, rejected: _Array, *, margin: _Number = 0.0,
            weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[tuple[Any, Any], tuple[Any, Any]]: ...
    def total(self, chosen: _Array, rejected: _Array, *, margin: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, margin: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _BradleyTerry: ...

bradley_terry: _BradleyTerry

class _Dpo(Loss):
    """Direct preference optimisation (DPO): the log-ratios to a reference model are the rewards."""
    def __call__(self, chosen: _Array, rejected: _Array, reference_chosen: _Array, reference_rejected: _Array, *,
            beta: _Number = 0.1, label_noise: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """Direct preference optimisation (DPO): the log-ratios to a reference model are the rewards."""
    def value_and_gradient(self, chosen: _Array, rejected: _Array, reference_chosen: _Array,
            reference_rejected: _Array, *, beta: _Number = 0.1, label_noise: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, chosen: _Array, rejected: _Array, reference_chosen: _Array,
            reference_rejected: _Array, *, beta: _Number = 0.1, label_noise: _Number = 0.0,
            weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[tuple[Any, Any], tuple[Any, Any]]: ...
    def total(self, chosen: _Array, rejected: _Array, reference_chosen: _Array, reference_rejected: _Array, *,
            beta: _Number = 0.1, label_noise: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, beta: _Number = 0.1, label_noise: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _Dpo: ...

dpo: _Dpo

class _Ipo(Loss):
    """Identity preference optimisation (IPO): the squared distance of a log-ratio from the best one."""
    def __call__(self, chosen: _Array, rejected: _Array, reference_chosen: _Array, reference_rejected: _Array, *,
            beta: _Number = 0.1, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """Identity preference optimisation (IPO): the squared distance of a log-ratio from the best one."""
    def value_and_gradient(self, chosen: _Array, rejected: _Array, reference_chosen: _Array,
            reference_rejected: _Array, *, beta: _Number = 0.1, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, chosen: _Array, rejected: _Array, reference_chosen: _Array,
            reference_rejected: _Array, *, beta: _Number = 0.1, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[tuple[Any, Any], tuple[Any, Any]]: ...
    def total(self, chosen: _Array, rejected: _Array, reference_chosen: _Array, reference_rejected: _Array, *,
            beta: _Number = 0.1, weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, beta: _Number = 0.1, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _Ipo: ...

ipo: _Ipo

class _Simpo(Loss):
    """Simple preference optimisation (SimPO): mean log-probabilities of tokens are the rewards."""
    def __call__(self, chosen: _Array, rejected: _Array, *, beta: _Number = 2.0, margin: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """Simple preference optimisation (SimPO): mean log-probabilities of tokens are the rewards."""
    def value_and_gradient(self, chosen: _Array, rejected: _Array, *, beta: _Number = 2.0, margin: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, chosen: _Array, rejected: _Array, *, beta: _Number = 2.0, margin: _Number = 1.0,
            weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[tuple[Any, Any], tuple[Any, Any]]: ...
    def total(self, chosen: _Array, rejected: _Array, *, beta: _Number = 2.0, margin: _Number = 1.0,
            weight: _Array | None = None, mask: _Array | None = None) -> Total: ...
    def configure(self, *, beta: _Number = 2.0, margin: _Number = 1.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _Simpo: ...

simpo: _Simpo

class _Orpo(Loss):
    """The odds ratio term of ORPO: the better answer's share in the odds of both, as a loss."""
    def __call__(self, chosen: _Array, rejected: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The odds ratio term of ORPO: the better answer's share in the odds of both, as a loss."""
    def value_and_gradient(self, chosen: _Array, rejected: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero",
            out: tuple[_Array, ...] | None = ...) -> tuple[Any, tuple[Any, Any]]: ...
    def gradient_and_hessian(self, chosen: _Array, rejected: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[tuple[Any, Any], tuple[Any, Any]]: ...
    def total(self, chosen: _Array, rejected: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _Orpo: ...

orpo: _Orpo

class _Kto(Loss):
    """Kahneman–Tversky optimisation (KTO): single answers, good or bad, and a utility that saturates either way."""
    def __call__(self, log_probability: _Array, target: _Array, reference_log_probability: _Array, *,
            beta: _Number = 0.1, divergence: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """Kahneman–Tversky optimisation (KTO): single answers, good or bad, and a utility that saturates either way."""
    def value_and_gradient(self, log_probability: _Array, target: _Array, reference_log_probability: _Array, *,
            beta: _Number = 0.1, divergence: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, log_probability: _Array, target: _Array, reference_log_probability: _Array, *,
            beta: _Number = 0.1, divergence: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None) -> tuple[Any, Any]: ...
    def total(self, log_probability: _Array, target: _Array, reference_log_probability: _Array, *,
            beta: _Number = 0.1, divergence: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, beta: _Number = 0.1, divergence: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _Kto: ...

kto: _Kto

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

class _Ranknet(Loss):
    """The cross-entropy of which of two entries of a list is the better one, summed over all pairs."""
    def __call__(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The cross-entropy of which of two entries of a list is the better one, summed over all pairs."""
    def value_and_gradient(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> NoReturn: ...
    def total(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _Ranknet: ...

ranknet: _Ranknet

class _ListMle(Loss):
    """The negative log-probability of the order of the targets, under the Plackett–Luce model of the scores."""
    def __call__(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The negative log-probability of the order of the targets, under the Plackett–Luce model of the scores."""
    def value_and_gradient(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> NoReturn: ...
    def total(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _ListMle: ...

list_mle: _ListMle

class _ListNet(Loss):
    """The cross-entropy of which entry of a list comes first, when targets and scores both are logits of that."""
    def __call__(self, scores: _Array, target: _Array, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The cross-entropy of which entry of a list comes first, when targets and scores both are logits of that."""
    def value_and_gradient(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> NoReturn: ...
    def total(self, scores: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _ListNet: ...

list_net: _ListNet

class _AbsolutePercentageError(Loss):
    """The size of the difference as a share of the target; its mean is known as MAPE."""
    def __call__(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The size of the difference as a share of the target; its mean is known as MAPE."""
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
            empty: Literal["zero", "nan", "raise"] = "zero") -> _AbsolutePercentageError: ...

absolute_percentage_error: _AbsolutePercentageError

class _SymmetricAbsolutePercentageError(Loss):
    """The size of the difference as a share of the mean size of both; its mean is known as SMAPE."""
    def __call__(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The size of the difference as a share of the mean size of both; its mean is known as SMAPE."""
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
            empty: Literal["zero", "nan", "raise"] = "zero") -> _SymmetricAbsolutePercentageError: ...

symmetric_absolute_percentage_error: _SymmetricAbsolutePercentageError

class _SquaredLogarithmicError(Loss):
    """The square of the difference of logarithms of 1 + the numbers; its mean is known as MSLE."""
    def __call__(self, prediction: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The square of the difference of logarithms of 1 + the numbers; its mean is known as MSLE."""
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
            empty: Literal["zero", "nan", "raise"] = "zero") -> _SquaredLogarithmicError: ...

squared_logarithmic_error: _SquaredLogarithmicError

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
            mask: _Array | None = None) -> RegionTotal: ...
    def configure(self, *, smooth: _Number = 0.0, product: _Number = 0.0, axis: int | tuple[int, ...] | None = None,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _Dice: ...

dice: _Dice

class _GeneralisedDice(Loss):
    """One minus the Dice coefficient of all classes at once, where a small class weighs as much as a large one."""
    def __call__(self, probability: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """One minus the Dice coefficient of all classes at once, where a small class weighs as much as a large one."""
    def value_and_gradient(self, probability: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, probability: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> NoReturn: ...
    def total(self, probability: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _GeneralisedDice: ...

generalised_dice: _GeneralisedDice

class _LovaszSoftmax(Loss):
    """The Lovász extension of one minus the intersection over union, a mean over the classes of an image."""
    def __call__(self, probability: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The Lovász extension of one minus the intersection over union, a mean over the classes of an image."""
    def value_and_gradient(self, probability: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, probability: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> NoReturn: ...
    def total(self, probability: _Array, target: _Array, *, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _LovaszSoftmax: ...

lovasz_softmax: _LovaszSoftmax

class _Ctc(Loss):
    """The negative log-probability that a path through time spells a target, whatever the times of its labels."""
    def __call__(self, logits: _Array, target: _Array, *, blank: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None, reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> Any:
        """The negative log-probability that a path through time spells a target, whatever the times of its labels."""
    def value_and_gradient(self, logits: _Array, target: _Array, *, blank: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero", out: _Array | None = ...) -> tuple[Any, Any]: ...
    def gradient_and_hessian(self, logits: _Array, target: _Array, *, blank: _Number = 0.0,
            weight: _Array | None = None, mask: _Array | None = None) -> NoReturn: ...
    def total(self, logits: _Array, target: _Array, *, blank: _Number = 0.0, weight: _Array | None = None,
            mask: _Array | None = None) -> Total: ...
    def configure(self, *, blank: _Number = 0.0, weight: _Array | None = None, mask: _Array | None = None,
            reduction: Literal["mean", "sum", "none"] = "mean",
            denominator: Literal["weight", "count"] | _Number = "weight",
            empty: Literal["zero", "nan", "raise"] = "zero") -> _Ctc: ...

ctc: _Ctc
