"""What PyTorch has under no name of its own, written as its users write it."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional


def linear_then_cross_entropy(features: Tensor, classifier: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    return functional.cross_entropy(features @ classifier.T, target, reduction=reduction)


def focal(logits: Tensor, target: Tensor) -> Tensor:
    cross_entropy = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    probability = torch.sigmoid(logits)
    miss = probability + target - 2 * probability * target
    return (cross_entropy * miss**2).mean()


def log_cosh(prediction: Tensor, target: Tensor) -> Tensor:
    error = prediction - target
    return (error + functional.softplus(-2.0 * error) - math.log(2.0)).mean()


# --- losses of named axes -------------------------------------------------------------------------------------------


def ranknet(scores: Tensor, target: Tensor) -> Tensor:
    worse = target[:, None, :] < target[:, :, None]
    apart = functional.softplus(scores[:, None, :] - scores[:, :, None])
    return (apart * worse).sum((1, 2)).mean()


def list_mle(scores: Tensor, target: Tensor) -> Tensor:
    s = scores.gather(1, target.argsort(dim=1, descending=True, stable=True))
    return (s.flip(1).logcumsumexp(1).flip(1) - s).sum(1).mean()


def siglip(embedding: Tensor, positive: Tensor) -> Tensor:
    logits = 10.0 * functional.normalize(embedding) @ functional.normalize(positive).T - 10.0
    sign = 2 * torch.eye(len(embedding)) - 1
    return -functional.logsigmoid(sign * logits).sum(1).mean()


def supervised_contrastive(embedding: Tensor, target: Tensor) -> Tensor:
    e, itself = functional.normalize(embedding), torch.eye(len(embedding), dtype=torch.bool)
    logs = (e @ e.T / 0.1).masked_fill(itself, -math.inf).log_softmax(1)
    partners = (target[:, None] == target) & ~itself
    return -(logs.masked_fill(~partners, 0.0).sum(1) / partners.sum(1)).mean()


def vicreg(embedding: Tensor, positive: Tensor) -> Tensor:
    def spread(x: Tensor) -> Tensor:
        z = x - x.mean(0)
        covariance = z.T @ z / (len(x) - 1)
        apart = covariance.square().sum() - covariance.diagonal().square().sum()
        return 12.5 * torch.relu(1.0 - torch.sqrt(x.var(0) + 1e-4)).mean() + apart / x.shape[1]

    return 25.0 * functional.mse_loss(embedding, positive) + spread(embedding) + spread(positive)


def generalised_dice(probability: Tensor, target: Tensor) -> Tensor:
    weight = target.sum(-1) ** -2.0
    both, sizes = (probability * target).sum(-1), (probability + target).sum(-1)
    return (1.0 - 2.0 * (weight * both).sum(1) / (weight * sizes).sum(1)).mean()


def lovasz_softmax(probability: Tensor, target: Tensor) -> Tensor:
    """The authors' code, of each image; all classes are there."""
    own = (target[:, None] == torch.arange(probability.shape[1])[:, None]).to(probability.dtype)
    errors, at = (own - probability).abs().sort(-1, descending=True)
    truth = own.gather(-1, at)
    volume = truth.sum(-1, keepdim=True)
    jaccard = 1.0 - (volume - truth.cumsum(-1)) / (volume + (1.0 - truth).cumsum(-1))
    jaccard[..., 1:] -= jaccard[..., :-1].clone()
    return (errors * jaccard).sum(-1).mean()


def ctc(logits: Tensor, target: Tensor) -> Tensor:
    times, labels = (torch.full((len(x),), x.shape[1]) for x in (logits, target))
    logs = logits.log_softmax(-1).transpose(0, 1)
    return functional.ctc_loss(logs, target, times, labels, reduction="none").mean()
