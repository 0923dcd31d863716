"""Sequence losses: of labels whose places in time are not known."""

from __future__ import annotations

import math

from lossary.catalogue.record import Rule
from lossary.catalogue.registry import named_axes
from lossary.domains import Label, PaddedLabel, Real
from lossary.symbolic.graph import Node, Value
from lossary.vocabulary import (
    equal,
    floor,
    greatest,
    index,
    last,
    log_add,
    log_softmax,
    log_sum_exp,
    maximum,
    minimum,
    pick,
    places,
    recurrence,
    shifted,
    total,
    where,
    written_as,
)


@named_axes(
    task="sequence",
    axes={"logits": "item time class", "target": "item label"},
    mask="item time",
    lengths={"state": lambda label: 2 * label + 1},
    rules=(
        Rule("target", lambda target, blank: ~equal(target, blank), "the blank; a target holds labels only"),
        Rule("target", lambda target: _has_no_gap(target), "after a −1, which ends a target"),
    ),
    references=(
        "Graves et al. (2006), Connectionist temporal classification: labelling unsegmented sequence data, ICML",
    ),
)
def ctc(logits: Real, target: PaddedLabel, *, blank: Label = 0.0) -> Value:
    """The negative log-probability that a path through time spells a target, whatever the times of its labels.

        −log Σ_paths Π_time softmax(logits_time)_{path_time}

    The paths are those that become the target if equal neighbours are merged and blanks left out. Each sequence has one
    loss, in nats. A target that has more labels, and blanks between equal ones, than there is time costs ∞, with slope
    0: leave such sequences out, as by ``weight=numpy.isfinite(losses)`` of the unreduced losses.

    Use it when a sequence of labels is known and its alignment is not: speech, handwriting, the reading of genomes.

    Args:
        logits: Scores of the classes at each time; any numbers. The softmax is part of the loss.
        target: The labels of each sequence, without blanks, then −1 up to the longest one's length.
        blank: The class that stands for no label.

    Sequences of different lengths are padded, and ``mask`` says which times exist. On a GPU, ``torch.compile`` unrolls
    the times, which takes it minutes: call the loss outside of what is compiled there. JAX compiles a loop.

    Example:
        >>> import lossary as ls
        >>> float(ls.ctc([[[0.0, 0.0]] * 2], [[1]]))  # three of four paths spell it: 01, 10 and 11
        0.287682

    Identities: of one time and one label it is ``softmax_cross_entropy``.

    Elsewhere: PyTorch 2.13 takes log-probabilities with the time first, and lengths; ``reduction="mean"`` there divides
    each loss by its target's length, here as everywhere the mean is over sequences. optax 0.2.8 takes paddings, with 1
    where nothing is, and gives about 1e5 for what cannot be spelled. Keras 3.15.1 leaves blanks and padding to be 0.
    """
    state = index("state")
    label = floor(0.5 * state)  # states are blank, first label, blank, second label, ..., blank
    is_label = equal(state, 2.0 * label + 1.0)
    own = where(is_label, pick(target, minimum(label, places("label") - 1.0), over="label"), blank)
    emission = pick(log_softmax(logits, over="class"), maximum(own, 0.0), over="class")
    may_skip = is_label & ~equal(own, shifted(own, "state", 2, -1.0))

    def step(before: Node) -> Node:
        skip = where(may_skip, shifted(before, "state", 2, -math.inf), -math.inf)
        return emission + log_add(log_add(before, shifted(before, "state", 1, -math.inf)), skip)

    paths = recurrence(step, where(equal(state, 0.0), 0.0, -math.inf), over="time")
    end = 2.0 * total(where(0.0 <= target, 1.0, 0.0), over="label")
    is_end = (state <= end) & (end - 1.0 <= state)
    ends = where(is_end, last(paths, over="time"), -math.inf)
    spelled = -log_sum_exp(ends, over="state")
    is_impossible = equal(greatest(ends, over="state"), -math.inf)
    found = where(is_impossible, math.inf, -log_sum_exp(where(is_impossible, 0.0, ends), over="state"))
    return written_as(spelled, found)


def _has_no_gap(target: Node) -> Node:
    """The condition that no label stands after padding."""
    return (target < 0.0) | (0.0 <= shifted(target, "label", 1, 0.0))
