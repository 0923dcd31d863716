"""Names that ``names.py`` has an answer for: of scores, distributions, distances, sequences, lists, policies."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["DEVIANCES", "DISTANCES", "DISTRIBUTIONS", "OF_AXES", "OF_SCORES", "RELATIVE", "TRAINING", "Unresolved"]


class Unresolved(NamedTuple):
    """Names, the reason why none is an alias, and the choices: an expression, and what it computes."""

    names: tuple[str, ...]
    why: str
    choices: dict[str, str]


OF_AXES = (
    Unresolved(
        (
            "ctc_loss", "CTC", "CTCLoss", "torch.nn.CTCLoss", "torch.nn.functional.ctc_loss", "keras.losses.CTC",
            "keras.losses.ctc", "optax.ctc_loss", "optax.losses.ctc_loss", "ctc_loss_with_forward_probs",
            "optax.ctc_loss_with_forward_probs", "optax.losses.ctc_loss_with_forward_probs",
        ),
        "PyTorch takes log-probabilities with the time first, and lengths; optax and Keras take paddings and zeros",
        {"ctc(logits, target, mask=times)": "of logits, with a mask of times and targets that end in -1"},
    ),
    Unresolved(
        (
            "cosine_embedding_loss", "CosineEmbeddingLoss", "torch.nn.CosineEmbeddingLoss",
            "torch.nn.functional.cosine_embedding_loss",
        ),
        "it takes labels of −1 and 1 in PyTorch",
        {"cosine_embedding(first, second, (labels + 1) / 2)": "labels of −1 and 1 made 0 and 1"},
    ),
    Unresolved(
        ("lovasz", "LovaszLoss", "lovasz_softmax_loss", "LovaszSoftmaxLoss"),
        "some take logits, and one loss is of an image or of a batch",
        {"lovasz_softmax(probability, target)": "of each image, after the softmax"},
    ),
    Unresolved(
        ("generalized_dice", "GeneralizedDiceLoss", "GDL"),
        "the weights of volumes differ, and some take logits",
        {"generalised_dice(probability, target)": "of each image, with weights 1 / volume²"},
    ),
    Unresolved(
        ("listnet", "ListNet", "pairwise_logistic", "pairwise_logistic_loss", "listmle", "listmle_loss"),
        "libraries divide by the number of pairs, or of lists",
        {
            "list_net(scores, target)": "of the first places",
            "list_mle(scores, target)": "of the whole order",
            "ranknet(scores, target)": "of all pairs, a sum for each list",
        },
    ),
)  # fmt: skip
DISTRIBUTIONS = (
    Unresolved(
        ("beta_nll_loss",),
        "it is the likelihood of a beta distribution, or that of a normal one, weighted by a power of its variance",
        {
            "beta_nll(alpha, target, beta)": "a beta distribution",
            "gaussian_nll(prediction, target, variance, weight=variance**0.5, denominator='count')":
                "a normal distribution, weighted by the root of its variance, which is to have no gradient there",
        },
    ),
    Unresolved(
        ("crps", "CRPS", "continuous_ranked_probability_score"),
        "it is a score of any distribution: of an ensemble, or of one with a formula",
        {
            "ensemble_crps(members, target)": "an ensemble",
            "gaussian_crps(prediction, target, deviation)": "a normal distribution",
        },
    ),
    Unresolved(
        ("afcrps", "almost_fair_crps", "fair_crps", "crps_loss", "ContinuousRankedProbabilityScore", "energy_score"),
        "it is the score of an ensemble, fair, almost fair or not; of vectors, which is not here yet, it is the energy "
        "score",
        {
            "ensemble_crps(members, target)": "the members as a distribution",
            "ensemble_crps(members, target, fair=1.0)": "the distribution that they are drawn from",
            "ensemble_crps(members, target, fair=0.95)": "almost fair",
        },
    ),
    Unresolved(
        ("mdn", "mdn_loss", "MDNLoss", "mixture_nll", "gmm_nll", "MixtureSameFamily"),
        "it is the likelihood of a mixture; the scale of its components is a variance, a standard deviation or a "
        "logarithm",
        {
            "gaussian_mixture_nll(logits, prediction, target, variance)": "normal distributions, with variances",
            "gaussian_mixture_nll(logits, prediction, target, deviation**2)": "with standard deviations",
        },
    ),
)  # fmt: skip
DISTANCES = (
    Unresolved(
        (
            "pairwise_distance", "PairwiseDistance", "torch.nn.PairwiseDistance",
            "torch.nn.functional.pairwise_distance", "minkowski_distance", "euclidean_distance", "lp_loss", "LpLoss",
        ),
        "PyTorch adds 1e-6 to each difference, torchmetrics has one distance of all elements, and some take no root",
        {
            "lp_distance(prediction, target)": "of each row, with p = 2",
        },
    ),
    Unresolved(
        ("cosine_similarity", "CosineSimilarity"),
        "it is the cosine in optax, minus the cosine in Keras, and an operation in PyTorch",
        {
            "cosine_distance(prediction, target)": "1 minus the cosine",
            "info_nce(embedding, positive)": "a loss of the cosines of all pairs",
        },
    ),
)  # fmt: skip
OF_SCORES = (
    Unresolved(
        (
            "CategoricalHinge", "categorical_hinge", "keras.losses.CategoricalHinge", "keras.losses.categorical_hinge",
        ),
        "Keras lets a score of 0 compete with those of the wrong classes, and takes one-hot rows",
        {"crammer_singer(scores, labels)": "of the scores alone, with labels"},
    ),
    Unresolved(
        (
            "multi_margin", "multi_margin_loss", "MultiMarginLoss", "torch.nn.MultiMarginLoss",
            "torch.nn.functional.multi_margin_loss",
        ),
        "PyTorch divides it by the number of classes",
        {
            "weston_watkins(scores, target, margin=margin) / scores.shape[1]": "with p=1",
            "squared_weston_watkins(scores, target, margin=margin) / scores.shape[1]": "with p=2",
        },
    ),
    Unresolved(
        (
            "multilabel_margin_loss", "multi_label_margin", "multi_label_margin_loss", "MultiLabelMarginLoss",
            "torch.nn.MultiLabelMarginLoss", "torch.nn.functional.multilabel_margin_loss",
        ),
        "PyTorch divides it by the number of classes, and takes the list of an item's classes, then −1",
        {"multilabel_margin(scores, target) / scores.shape[1]": "with 1 for each class that an item has, else 0"},
    ),
    Unresolved(
        ("ordinal", "ordinal_loss", "ordinal_regression", "ordinal_regression_loss", "OrdinalRegressionLoss"),
        "a network gives one number for each item, or a logit for each boundary between two levels",
        {
            "cumulative_link(prediction, target, thresholds)": "one number for each item, and learned thresholds",
            "ordinal_cross_entropy(logits, target)": "logits that a level is above each boundary",
        },
    ),
    Unresolved(
        ("coral", "CORAL", "coral_loss", "CoralLoss"),
        "it is a sum or a mean over the boundaries between levels, for targets of zeros and ones; or, for another "
        "purpose, a distance of two covariance matrices",
        {"ordinal_cross_entropy(logits, target)": "the sum over the boundaries, with whole levels as targets"},
    ),
)  # fmt: skip
RELATIVE = (
    Unresolved(
        (
            "mape", "MAPE", "MeanAbsolutePercentageError", "keras.losses.MeanAbsolutePercentageError",
            "mean_absolute_percentage_error", "keras.losses.mean_absolute_percentage_error",
        ),
        "Keras multiplies it by 100",
        {
            "100 * absolute_percentage_error(prediction, target)": "in percent, as in Keras",
            "absolute_percentage_error(prediction, target)": "as a share, as in scikit-learn",
        },
    ),
    Unresolved(
        ("smape", "SMAPE", "symmetric_mean_absolute_percentage_error", "SymmetricMeanAbsolutePercentageError"),
        "it is from 0 to 1, 2, 100 or 200",
        {
            "symmetric_absolute_percentage_error(prediction, target)": "from 0 to 2, as in torchmetrics",
            "50 * symmetric_absolute_percentage_error(prediction, target)": "from 0 to 100",
        },
    ),
)  # fmt: skip
DEVIANCES = (
    Unresolved(
        (
            "mean_tweedie_deviance", "tweedie_deviance_score", "tweedie", "TweedieLoss", "half_tweedie",
            "HalfTweedieLoss", "HalfTweedieLossIdentity", "sklearn._loss.loss.HalfTweedieLoss",
            "sklearn._loss.loss.HalfTweedieLossIdentity",
        ),
        "its power is 0 by default in metrics, the squared error; what is trained is half of it, and HalfTweedieLoss "
        "takes the mean's logarithm",
        {
            "tweedie_deviance(mean, target, power=1.5)": "the deviance, with a power from 1 to 2",
            "0.5 * tweedie_deviance(mean, target, power=1.5)": "half of it",
        },
    ),
    Unresolved(
        ("mean_poisson_deviance",),
        "it is a deviance, of which the loss for training is half, up to a term of the targets",
        {
            "tweedie_deviance(mean, target, power=1.0)": "the deviance",
            "poisson(rate, target)": "half of it, up to a term of the targets",
        },
    ),
    Unresolved(
        ("mean_gamma_deviance", "HalfGammaLoss", "sklearn._loss.loss.HalfGammaLoss"),
        "the metric is a deviance; HalfGammaLoss takes the mean's logarithm",
        {
            "tweedie_deviance(mean, target, power=2.0)": "the deviance",
            "gamma_nll(mean, target)": "half of it, up to a term of the targets",
        },
    ),
)  # fmt: skip
TRAINING = (
    Unresolved(
        (
            "label_smoothing_cross_entropy", "LabelSmoothing", "LabelSmoothingCrossEntropy", "smooth_labels",
            "optax.losses.smooth_labels", "timm.loss.LabelSmoothingCrossEntropy",
        ),
        "smoothing is a keyword of every loss that takes labels",
        {"softmax_cross_entropy(logits, target, label_smoothing=0.1)": "as timm's and PyTorch's, (1 − s) t + s / K"},
    ),
    Unresolved(
        ("symmetric_cross_entropy", "SymmetricCrossEntropy", "sce_loss", "SCELoss"),
        "its three numbers differ: the paper has alpha and beta for each data set, and A = −4, the authors' code −9.21",
        {
            "softmax_symmetric_cross_entropy(logits, target)": "as in the paper for CIFAR-10",
            "softmax_symmetric_cross_entropy(logits, target, alpha=6.0, beta=0.1)": "as in the paper for CIFAR-100",
            "softmax_symmetric_cross_entropy(logits, target, log_zero=-9.21)": "with log 1e-4, as in the authors' code",
        },
    ),
    Unresolved(
        ("cdpo", "conservative_dpo"),
        "it is the loss of direct preference optimisation with noisy preferences",
        {"dpo(chosen, rejected, reference_chosen, reference_rejected, label_noise=0.1)": "with a noise of 0.1"},
    ),
    Unresolved(
        ("odds_ratio_loss", "ORPOLoss", "LigerFusedLinearORPOLoss"),
        "it is the odds ratio term in TRL, and with the likelihood of the chosen answers the whole loss elsewhere",
        {"orpo(chosen, rejected)": "the odds ratio term, to which the likelihood is added: factor · this"},
    ),
    Unresolved(
        ("ppo", "PPOLoss", "clipped_surrogate_pg_loss", "ppo_clip"),
        "it is the sum of a policy's and a value's loss in some libraries, with coefficients of their own",
        {
            "clipped_surrogate(log_probability, old_log_probability, advantage)": "of the policy",
            "clipped_value(prediction, target, old_prediction)": "of the value",
        },
    ),
    Unresolved(
        ("grpo", "GRPOLoss", "LigerFusedLinearGRPOLoss", "bnpo", "dr_grpo", "dapo", "gspo"),
        "what the mean divides by differs, and some have a penalty of the divergence from a reference model",
        {
            "clipped_surrogate(log_probability, old_log_probability, advantage)": "its mean is over tokens",
            "clipped_surrogate(log_probability, old_log_probability, advantage, high=0.28)": "with the limit of DAPO",
            "clipped_surrogate(log_probability, old_log_probability, advantage, denominator=1024)":
                "with a constant divisor, as in Dr. GRPO",
        },
    ),
    Unresolved(
        ("reinforce", "rloo", "policy_gradient_loss"),
        "it takes logits of all actions in rlax, rewards and a baseline elsewhere",
        {"policy_gradient(log_probability, advantage)": "of the actions that were taken"},
    ),
    Unresolved(
        ("ns_gan", "nsgan", "non_saturating", "non_saturating_loss", "gan_loss", "GANLoss"),
        "it is the cross-entropy of the discriminator's logits; the generator's has the target 1 for made-up items",
        {"sigmoid_cross_entropy(logits, target)": "targets of 1 for real items, 0 for made-up ones"},
    ),
    Unresolved(
        ("lsgan", "least_squares_gan", "least_squares_discriminator_loss", "PatchAdversarialLoss"),
        "it is the squared error of the discriminator's scores, half of it in some libraries; the generator's has the "
        "target 1 for made-up items",
        {
            "squared_error(prediction, target)": "targets of 1 for real items, 0 for made-up ones",
            "0.5 * squared_error(prediction, target)": "as in the paper",
        },
    ),
    Unresolved(
        ("hinge_gan", "gan_hinge", "hinge_discriminator_loss", "adversarial_hinge_loss"),
        "the discriminator's is the hinge loss of its scores; the generator's is minus the mean score of made-up items",
        {"hinge(scores, target)": "targets of 1 for real items, 0 for made-up ones"},
    ),
    Unresolved(
        ("wgan", "wasserstein", "wasserstein_loss", "WassersteinLoss", "wasserstein_discriminator_loss"),
        "it is a mean of scores, which needs no loss function: the critic's is that of made-up items less that of real "
        "ones, the generator's is minus that of made-up items",
        {},
    ),
    Unresolved(
        ("optax.losses.generalized_kl_divergence", "convex_kl_divergence", "optax.losses.convex_kl_divergence"),
        "it takes log-predictions in optax, and sums over an axis",
        {
            "generalized_kl_divergence(prediction, target)": "of predictions, element by element",
            "log_poisson(log_rate, target)": "of log-predictions, less a term of the targets: the same gradient",
        },
    ),
    Unresolved(
        ("vae_kl", "kl_loss", "kld_loss", "gaussian_kl", "kl_normal", "normal_kl"),
        "it is the divergence from a standard normal distribution, or of any two normal distributions in either order",
        {
            "standard_normal_kl(mean, log_variance)": "KL(prediction ‖ N(0, 1)), as in variational autoencoders",
            "gaussian_kl_divergence(mean, log_variance, target_mean, target_log_variance)": "KL(target ‖ prediction)",
            "gaussian_kl_divergence(target_mean, target_log_variance, mean, log_variance)": "KL(prediction ‖ target)",
        },
    ),
)  # fmt: skip
