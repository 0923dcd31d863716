"""Align a language model by direct preference optimisation, without storing logits.

The log-probability of an answer is a sum over its tokens, which ``linear_log_probability`` computes from the last
hidden states and the classifier, a block of tokens at a time. The plain way stores logits of all tokens, twice.

Run it: python examples/dpo.py
"""

from __future__ import annotations

import copy
import resource
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import torch
from torch import Tensor, nn

import lossary as ls

PAIRS, LENGTH, WIDTH, VOCABULARY, PADDING = 16, 32, 32, 16384, -100
LogProbability = Callable[[Tensor, Tensor, Tensor], Tensor]  # of each token, from hidden states, classifier and tokens


class Model(nn.Module):
    """A language model of one recurrent layer."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, WIDTH)
        self.hidden = nn.GRU(WIDTH, WIDTH, batch_first=True)
        self.classifier = nn.Linear(WIDTH, VOCABULARY, bias=False)

    def log_probability(self, answers: Tensor, of_tokens: LogProbability) -> Tensor:
        """Return the log-probability of each answer: of every token but the first, given those before it."""
        states, _ = self.hidden(self.embedding(answers[:, :-1].clamp(min=0)))
        return of_tokens(states, self.classifier.weight, answers[:, 1:]).sum(-1)


def by_blocks(states: Tensor, classifier: Tensor, tokens: Tensor) -> Tensor:
    found: Tensor = ls.linear_log_probability(states, classifier, tokens, ignore_label=PADDING, reduction="none")
    return found


def with_all_logits(states: Tensor, classifier: Tensor, tokens: Tensor) -> Tensor:
    log_p = torch.log_softmax(states @ classifier.T, dim=-1)
    own = log_p.gather(-1, tokens.clamp(min=0)[..., None])[..., 0]
    return torch.where(tokens == PADDING, 0.0, own)


def train(of_tokens: LogProbability, steps: int) -> tuple[float, float, float]:
    """Return the loss before and after some steps, and by how many MB the process grew meanwhile."""
    torch.manual_seed(0)
    model = Model()
    reference = copy.deepcopy(model).requires_grad_(False)
    chosen, rejected = torch.randint(VOCABULARY, (2, PAIRS, LENGTH))
    rejected[:, LENGTH // 2 :] = PADDING  # shorter answers
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    losses, before = [], peak()
    for _ in range(steps):
        policy, fixed = (
            [of_model.log_probability(answers, of_tokens) for answers in (chosen, rejected)]
            for of_model in (model, reference)
        )
        loss = ls.dpo(*policy, *fixed, beta=0.1)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses[0], losses[-1], peak() - before


def peak() -> float:
    """Return the largest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def main() -> None:
    for title, of_tokens in (("by blocks", by_blocks), ("with all logits", with_all_logits)):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
            before, after, memory = fresh.submit(train, of_tokens, 6).result()
        print(f"{title}: loss {before:.4f} before and {after:.4f} after training, {memory:.0f} MB")


if __name__ == "__main__":
    main()
