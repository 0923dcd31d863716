"""Losses of sequences: of all paths, written one by one."""

from __future__ import annotations

import itertools
from functools import cache

import torch
from torch import Tensor

from fuzz.limits import HUGE, INFINITE
from fuzz.textbook.common import OUT, log_softmax, log_sum_exp

__all__ = ["PATHS", "ctc"]

PATHS = 4096  # at most


def ctc(live: Tensor, z: Tensor, target: Tensor, *, blank: Tensor) -> Tensor:
    first = (~live).long().argsort(dim=-1, stable=True)  # the times that count
    logs = log_softmax(z).gather(-2, first[..., None].expand_as(z))
    count, loss = live.sum(-1), torch.zeros(live.shape[:-1], dtype=torch.float64)
    for times in range(z.shape[-2] + 1):
        loss = torch.where(count == times, _of_paths(logs[..., :times, :], target, blank), loss)
    return loss


def _of_paths(logs: Tensor, target: Tensor, blank: Tensor) -> Tensor:
    times, classes = logs.shape[-2:]
    paths = torch.tensor(list(itertools.product(range(classes), repeat=times)), dtype=torch.int64)
    each = logs[..., torch.arange(times), paths].sum(-1)
    spell = torch.stack([_spelled(classes, times, b, target.shape[-1]) for b in range(classes)])[blank.long()]
    fits = (spell == target[..., None, :]).all(-1)
    found = -log_sum_exp(torch.where(fits, each, OUT)).squeeze(-1)
    return torch.where(fits.any(-1) & (found < INFINITE), found, HUGE)  # with slope 0, whatever makes it impossible


@cache
def _spelled(classes: int, times: int, blank: int, length: int) -> Tensor:
    """The labels of each path, with −1 up to a length; those that are longer fit no target."""
    words = []
    for path in itertools.product(range(classes), repeat=times):
        word = [label for label, _ in itertools.groupby(path) if label != blank]
        words.append(word + [-1] * (length - len(word)) if len(word) <= length else [-2] * length)
    return torch.tensor(words, dtype=torch.float64)
