"""Names that other libraries use for losses and lossary does not, with an answer for each.

A name for exactly the same loss elsewhere is one of its ``aliases``. ``UNRESOLVED`` has names that libraries give to
different losses, or to one that differs a little from a loss here: the answer lists what may be meant and how to write
it. ``NOT_YET`` has well-known losses that lossary does not have.
"""

from __future__ import annotations

from lossary.catalogue.unresolved import (
    DEVIANCES,
    DISTANCES,
    DISTRIBUTIONS,
    OF_AXES,
    OF_SCORES,
    RELATIVE,
    TRAINING,
    Unresolved,
)

__all__ = ["NOT_YET", "UNRESOLVED", "Unresolved"]


UNRESOLVED = (
    Unresolved(
        ("l2", "l2_loss", "HalfSquaredError"),
        "it means the squared error in some libraries, half of it in optax and scikit-learn",
        {"squared_error(prediction, target)": "the whole", "0.5 * squared_error(prediction, target)": "half of it"},
    ),
    Unresolved(
        ("sklearn._loss.loss.HuberLoss",),
        "its delta is 0.5 by default, and scikit-learn's boosting estimates it from a quantile of the data",
        {"huber(prediction, target, delta=0.5)": "with its default delta"},
    ),
    Unresolved(
        ("charbonnier_loss", "pseudo_huber", "pseudo_huber_loss", "l1_l2"),
        "it is 0 where nothing is wrong, as Charbonnier's own loss is not",
        {
            "charbonnier(prediction, target, scale=delta)": "as published",
            "charbonnier(prediction, target, scale=delta) - delta": "less that of no error",
            "delta**2 * general_robust(prediction, target, scale=delta)": "the pseudo-Huber loss",
        },
    ),
    Unresolved(
        ("wing_loss",),
        "its defaults differ: the paper's are 10 and 2, those of segmentation_models 5 and 0.5",
        {
            "wing(prediction, target)": "with the paper's",
            "wing(prediction, target, width=5, curvature=0.5)": "as in segmentation_models",
        },
    ),
    Unresolved(
        ("root_mean_squared_error", "rmse", "RMSE"),
        "it is the root of a mean, so that values of batches do not add up",
        {"squared_error(prediction, target) ** 0.5": "the root of the mean squared error"},
    ),
    Unresolved(
        ("quantile_regression", "quantile_regression_loss"),
        "it compares all pairs of predicted and target quantiles in rlax, with a corner by default",
        {
            "pinball(prediction, target, level=level)": "with a corner",
            "quantile_huber(prediction, target, level=level)": "with a parabola",
        },
    ),
    Unresolved(
        ("brier", "brier_score", "brier_score_loss"),
        "it is the squared error of probabilities; for several classes, some libraries halve it",
        {
            "squared_error(probability, target)": "of the probability of yes, with targets of 0 and 1",
            "sigmoid_brier(logits, target)": "of its logit",
            "softmax_brier(logits, target)": "of the logits of several classes, the whole",
        },
    ),
    Unresolved(
        (
            "CategoricalFocalCrossentropy", "categorical_focal_crossentropy",
            "keras.losses.CategoricalFocalCrossentropy", "keras.losses.categorical_focal_crossentropy",
        ),
        "Keras multiplies it by alpha = 0.25 by default",
        {
            "0.25 * categorical_focal(probability, target)": "probabilities, with Keras's default",
            "categorical_focal(probability, target)": "probabilities, with alpha = 1",
            "softmax_focal(logits, target)": "logits, with alpha = 1",
        },
    ),
    Unresolved(
        ("focal", "focal_loss", "FocalLoss"),
        "it takes logits of classes in kornia, a logit of yes or no for each class in MONAI and segmentation_models",
        {
            "sigmoid_focal(logits, target)": "a logit of yes or no",
            "softmax_focal(logits, target)": "logits of classes",
            "categorical_focal(probability, target)": "probabilities of classes",
        },
    ),
    Unresolved(
        ("kornia.losses.focal_loss", "kornia.losses.FocalLoss"),
        "it takes logits of classes along axis 1, weighs class 0 by 1 − alpha and the others by alpha, and its mean "
        "divides by the number of classes, too",
        {
            "softmax_focal(logits, target, axis=1)": "with alpha = None",
            "softmax_focal(logits, target, axis=1, class_weight=[1 - alpha, alpha, ...], denominator='count')":
                "with alpha",
        },
    ),
    Unresolved(
        ("softmax_focal_loss_with_logits", "CrossEntropyFocalLoss"),
        "newer versions of pytorch-toolbelt have a binary cross-entropy for each class there, times a power of a "
        "softmax; older ones and segmentation_models have the cross-entropy of a softmax",
        {"softmax_focal(logits, target, axis=1)": "the cross-entropy of a softmax"},
    ),
    Unresolved(
        (
            "poly_loss_cross_entropy", "optax.losses.poly_loss_cross_entropy", "poly_loss", "PolyLoss", "poly1_loss",
            "Poly1Loss", "poly1_softmax_loss", "poly1_cross_entropy_loss", "Poly1CrossEntropyLoss",
        ),
        "its epsilon is 2 by default in optax, 1 in rax",
        {
            "softmax_poly1(logits, target, epsilon=2.0)": "as in optax",
            "softmax_poly1(logits, target)": "as in rax",
        },
    ),
    Unresolved(
        (
            "CategoricalGeneralizedCrossEntropy", "categorical_generalized_cross_entropy",
            "keras.losses.CategoricalGeneralizedCrossEntropy", "keras.losses.categorical_generalized_cross_entropy",
            "gce",
        ),
        "its q is 0.5 by default in Keras, 0.7 in the paper",
        {
            "generalized_cross_entropy(probability, target, q=0.5)": "probabilities, as in Keras",
            "generalized_cross_entropy(probability, target)": "probabilities, as in the paper",
            "softmax_generalized_cross_entropy(logits, target)": "logits",
        },
    ),
    Unresolved(
        ("js_div", "js_divergence", "jsd", "LigerJSD", "generalized_jsd_loss", "js_div_loss_2d"),
        "it takes probabilities in kornia, log-probabilities in Liger-Kernel, logits in TRL, and a weight of 0 or 1 "
        "turns it into a Kullback–Leibler divergence in the last two",
        {
            "jensen_shannon(probability, target)": "probabilities; symmetric",
            "jensen_shannon(probability, target, skew=beta)": "with a weight between 0 and 1",
            "kl_divergence(probability, target)": "in place of a weight of 0",
            "kl_divergence(target, probability)": "in place of a weight of 1",
        },
    ),
    Unresolved(
        ("alpha_divergence", "tsallis_divergence", "bhattacharyya_distance"),
        "it is a function of Rényi's divergence of an order, and several divergences are named after an alpha",
        {
            "renyi_divergence(probability, target, alpha=2.0)": "Rényi's, of order 2",
            "0.5 * renyi_divergence(probability, target, alpha=0.5)": "Bhattacharyya's distance",
        },
    ),
    Unresolved(
        ("total_variation", "total_variation_loss", "TotalVariation"),
        "it is the roughness of an image in kornia, which is not here yet, or a distance of two distributions",
        {"total_variation_distance(probability, target)": "of two distributions"},
    ),
    Unresolved(
        ("soft_margin_loss", "SoftMarginLoss"),
        "it is the logistic loss with labels −1 and 1",
        {"sigmoid_cross_entropy(logits, (labels + 1) / 2)": "labels of −1 and 1 made 0 and 1"},
    ),
    Unresolved(
        (
            "sigmoid_focal_loss", "optax.losses.sigmoid_focal_loss", "sigmoid_focal_loss_star",
            "binary_focal_loss_with_logits", "BinaryFocalLossWithLogits",
        ),
        "it has α = 0.25 by default in torchvision, none in optax, and raises another probability to the power of "
        "gamma for targets between 0 and 1",
        {
            "sigmoid_focal(logits, target)": "without α",
            "sigmoid_focal(logits, target, positive_weight=0.25, negative_weight=0.75)": "with α = 0.25",
        },
    ),
    Unresolved(
        (
            "BinaryFocalCrossentropy", "binary_focal_crossentropy", "keras.losses.BinaryFocalCrossentropy",
            "keras.losses.binary_focal_crossentropy",
        ),
        "Keras raises another probability to the power of gamma for targets between 0 and 1",
        {
            "binary_focal(probability, target)": "probabilities",
            "sigmoid_focal(logits, target)": "logits, as with from_logits=True",
            "binary_focal(probability, target, positive_weight=0.25, negative_weight=0.75)":
                "with apply_class_balancing=True",
        },
    ),
    Unresolved(
        ("asymmetric", "asymmetric_loss", "AsymmetricLoss", "AsymmetricLossMultiLabel", "ASL"),
        "timm sums it over all items, and has another loss of that name for one label",
        {"sigmoid_asymmetric(logits, target, reduction='sum')": "of several labels"},
    ),
    Unresolved(
        ("AsymmetricLossSingleLabel", "asymmetric_loss_single_label"),
        "of labels that are not smoothed it is the focal loss; timm smooths them by 0.1, so that each other of the K "
        "classes adds 0.1 / K · p^4 (−log p)",
        {"softmax_focal(logits, target, gamma=1.0)": "of labels that are not smoothed"},
    ),
    Unresolved(
        ("AdaptiveLogSoftmaxWithLoss", "adaptive_log_softmax_with_loss", "adaptive_softmax"),
        "it is a layer with weights of its own, which spares most logits of rare classes by a model of clusters; here "
        "no logits are stored, and the softmax is that of all classes",
        {"linear_cross_entropy(features, classifier, target, bias)": "of a layer with a row for each class"},
    ),
    Unresolved(
        ("sparsemax", "sparsemax_loss"),
        "it is a loss of two classes in optax, of more elsewhere",
        {
            "binary_sparsemax(scores, target)": "of two classes",
            "multiclass_sparsemax(scores, target)": "of several classes, with labels",
        },
    ),
    Unresolved(
        ("hinge_loss", "optax.losses.hinge_loss", "sklearn.metrics.hinge_loss", "HingeLoss"),
        "it takes labels of −1 and 1 in optax and scikit-learn, which also has scores of several classes",
        {
            "hinge(scores, (labels + 1) / 2)": "labels of −1 and 1 made 0 and 1",
            "hinge(scores, target)": "targets of 0 and 1",
            "crammer_singer(scores, target)": "scores of several classes, with labels",
        },
    ),
    Unresolved(
        ("keras.losses.Hinge", "keras.losses.hinge"),
        "Keras takes labels of −1 and 1, or of 0 and 1, as each batch tells",
        {
            "hinge(scores, target)": "targets of 0 and 1",
            "hinge(scores, (labels + 1) / 2)": "labels of −1 and 1 made 0 and 1",
        },
    ),
    Unresolved(
        ("SquaredHinge", "keras.losses.SquaredHinge", "keras.losses.squared_hinge", "squared_hinge_loss"),
        "Keras takes labels of −1 and 1, or of 0 and 1, as each batch tells",
        {
            "squared_hinge(scores, target)": "targets of 0 and 1",
            "squared_hinge(scores, (labels + 1) / 2)": "labels of −1 and 1 made 0 and 1",
        },
    ),
    Unresolved(
        ("perceptron_loss", "optax.losses.perceptron_loss"),
        "it takes labels of −1 and 1 in optax",
        {"perceptron(scores, (labels + 1) / 2)": "labels of −1 and 1 made 0 and 1"},
    ),
    Unresolved(
        (
            "hinge_embedding_loss", "HingeEmbeddingLoss", "torch.nn.HingeEmbeddingLoss",
            "torch.nn.functional.hinge_embedding_loss",
        ),
        "it takes labels of −1 and 1 in PyTorch",
        {"hinge_embedding(distance, (labels + 1) / 2)": "labels of −1 and 1 made 0 and 1"},
    ),
    Unresolved(
        (
            "margin_ranking_loss", "MarginRankingLoss", "torch.nn.MarginRankingLoss",
            "torch.nn.functional.margin_ranking_loss",
        ),
        "it takes the order as labels of −1 and 1 in PyTorch",
        {
            "margin_ranking(first, second)": "where the label is 1",
            "margin_ranking(second, first)": "where the label is −1",
        },
    ),
    Unresolved(
        ("multilabel_soft_margin_loss", "MultiLabelSoftMarginLoss"),
        "it takes the mean over the classes first, so that unreduced it is one number for each row",
        {"sigmoid_cross_entropy(logits, target)": "the same mean; unreduced, one number for each class of each row"},
    ),
    Unresolved(
        ("torch.nn.LinearCrossEntropyLoss", "LinearCrossEntropyLoss"),
        "it is a module that holds the layer's weight",
        {"linear_cross_entropy(features, classifier, target, bias)": "with the layer's weight as an argument"},
    ),
    Unresolved(
        ("cross_entropy", "crossentropy", "ce"),
        "it takes logits in PyTorch, probabilities elsewhere",
        {
            "softmax_cross_entropy(logits, target)": "logits of classes",
            "categorical_cross_entropy(probability, target)": "probabilities of classes",
            "sigmoid_cross_entropy(logits, target)": "a logit of yes or no",
            "binary_cross_entropy(probability, target)": "a probability of yes",
        },
    ),
    Unresolved(
        ("log_loss", "logloss", "logistic_loss", "logistic"),
        "it takes probabilities in scikit-learn's metrics, the decision function in its SGDClassifier",
        {
            "binary_cross_entropy(probability, target)": "a probability of yes",
            "sigmoid_cross_entropy(logits, target)": "a logit of yes or no",
            "categorical_cross_entropy(probability, target)": "probabilities of classes",
        },
    ),
    Unresolved(
        ("nll", "nll_loss", "NLLLoss"),
        "it is the negative log-likelihood of any distribution; in PyTorch, of classes, given log-probabilities",
        {
            "negative_log_likelihood(log_probability, target)": "classes, given log-probabilities",
            "softmax_cross_entropy(logits, target)": "classes, given logits",
            "gaussian_nll(prediction, target, variance)": "a normal distribution",
        },
    ),
    Unresolved(
        (
            "kl", "kl_div", "kl_div_loss", "KLDivLoss", "LigerKLDIVLoss", "optax.losses.kl_divergence",
            "kl_divergence_with_log_targets",
        ),
        "it takes log-probabilities in PyTorch, optax and Liger-Kernel, probabilities in Keras, and PyTorch's mean "
        "divides by the number of elements, not of rows",
        {
            "kl_divergence(probability, target)": "probabilities",
            "log_kl_divergence(log_probability, target)": "log-probabilities, and a target of probabilities",
            "logits_kl_divergence(log_probability, target_log_probability)":
                "log-probabilities of both, which the softmax leaves as they are",
            "softmax_kl_divergence(logits, target)": "logits",
        },
    ),
    Unresolved(
        ("LogitsDistillation", "logits_distillation", "keras.distillation.LogitsDistillation"),
        "Keras multiplies the divergence by the temperature squared, and takes logits for probabilities by default",
        {
            "logits_kl_divergence(logits, target_logits, temperature=T)": "the divergence itself",
            "T**2 * logits_kl_divergence(logits, target_logits, temperature=T)": "times the temperature squared",
        },
    ),
    Unresolved(
        ("forward_kl", "ForwardKLLoss", "reverse_kl", "ReverseKLLoss"),
        "it takes logits in torchtune, whose forward divergence is a cross-entropy",
        {
            "logits_kl_divergence(logits, target_logits)": "KL(target ‖ prediction) of logits",
            "kl_divergence(probability, target)": "KL(target ‖ prediction) of probabilities",
            "reverse_logits_kl_divergence(logits, target_logits)": "KL(prediction ‖ target) of logits",
            "reverse_kl_divergence(probability, target)": "KL(prediction ‖ target) of probabilities",
        },
    ),
    Unresolved(
        ("Dice", "keras.losses.Dice", "keras.losses.dice", "dice_loss", "binary_dice_loss", "DiceLoss"),
        "it takes logits in optax, kornia and segmentation_models, probabilities in Keras and MONAI; smoothing and the "
        "cost of soft targets differ",
        {
            "dice(probability, target)": "smallest where they are equal",
            "dice(probability, target, product=1.0)": "with products, as in Keras",
        },
    ),
    Unresolved(
        ("ntxent", "nt_xent", "NTXentLoss"),
        "it compares two views of a batch with each other and each with itself",
        {"info_nce(embedding, positive, temperature=...)": "each view compared with the other view only"},
    ),
    Unresolved(
        (
            "zero_one_loss", "hamming_loss", "label_ranking_loss", "coverage_error", "max_error",
            "median_absolute_error",
        ),
        "it is a metric of scikit-learn and cannot train a network: its gradient is 0 for most items",
        {},
    ),
    *OF_AXES,
    *DISTRIBUTIONS,
    *DISTANCES,
    *OF_SCORES,
    *DEVIANCES,
    *RELATIVE,
    *TRAINING,
)  # fmt: skip

# Well-known losses that lossary does not have yet, with their names (without "loss" at the end).
NOT_YET: dict[str, str] = {
    "percentage error": "wmape weighted_mean_absolute_percentage_error",
    "squared logarithmic error": "root_mean_squared_log_error rmsle",
    "cosine distance": "negative_cosine_similarity",
    "asymmetric": "asymmetric_focal asymmetric_unified_focal unified_focal",
    "sparsemax": "entmax",
    "Fenchel–Young": "fenchel_young make_fenchel_young",
    "Jensen–Shannon divergence of augmented views": "jsd_cross_entropy",
    "margin": "margin",
    "of levels": "corn",
    "Dice over classes": "multiclass_generalized_dice generalized_wasserstein_dice softcldice dice_ce"
        " dice_focal generalized_dice_focal",
    "Tversky": "tversky focal_tversky asymmetric_focal_tversky",
    "Jaccard": "jaccard soft_jaccard iou soft_iou",
    "Lovász": "lovasz_hinge",
    "Matthews correlation": "mcc matthews matthews_correlation",
    "Hausdorff distance": "hausdorff hausdorff_dt log_hausdorff_dt hausdorff_er hausdorff_er3d",
    "contrastive": "contrastive n_pairs npair decoupled_contrastive dcl dclw",
    "triplet": "triplet triplet_margin_with_distance",
    "of pairs of embeddings": "circle lifted_structure generalized_lifted_structure multi_similarity angular"
        " tuplet_margin intra_pair_variance fast_ap histogram ranked_list nca proxy_nca proxy_anchor soft_triple",
    "of angular margins": "arc_face sub_center_arc_face cos_face sphere_face large_margin_softmax normalized_softmax",
    "of two views": "vicregl barlow_twins dino ibot_patch ko_leo swav msn pmsn tico wmse mmcr simsiam byol",
    "ranking": "ranking_softmax unique_softmax lambdarank pairwise_hinge pairwise_soft_zero_one pairwise_mse bpr"
        " approx_ndcg",
    "RNN transducer": "rnnt rnn_transducer",
    "distillation": "feature_distillation symmetric_kl",
    "preference": "rdpo slic rso exo nca_pair bco sppo apo apo_zero apo_down disco_pop aot cpo alpha_po tpo",
    "policy gradient": "cispo sapo luspo vespo gmpo dpg mpo vmpo",
    "of boxes": "giou diou ciou generalized_box_iou distance_box_iou complete_box_iou box_giou",
    "of images": "ssim ssim3d ms_ssim psnr perceptual lpips mutual_information",
}  # fmt: skip
