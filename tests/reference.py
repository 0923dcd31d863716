"""What calls have to return, written plainly: NumPy's float64, loops, nothing of lossary.

An item is an element of a pointwise loss, a row of a loss over classes, a pool of an overlap loss. The formulas here
are the naive ones; they are for moderate numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

__all__ = ["KNOWN", "Options", "Reference", "elementwise", "reference"]

Array = np.ndarray[Any, Any]
KNOWN = {
    "squared_error", "absolute_error", "huber", "gaussian_nll", "binary_cross_entropy", "sigmoid_cross_entropy",
    "categorical_cross_entropy", "softmax_cross_entropy", "kl_divergence", "softmax_kl_divergence", "dice", "info_nce",
}  # fmt: skip


@dataclass
class Options:
    """The keywords of a call."""

    weight: Any = None
    mask: Any = None
    reduction: str = "mean"
    denominator: Any = "weight"
    empty: str = "zero"
    axis: Any = -1
    class_weight: Any = None
    label_smoothing: float = 0.0
    ignore_label: int | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    # Loss and slopes of one item of a loss that is not written down here.
    unknown: Callable[..., tuple[float, Any]] | None = None


@dataclass
class Reference:
    """A value, and its gradient in each prediction (of the sum, where the value is not reduced)."""

    value: Any
    gradients: list[Array]


@dataclass
class Item:
    """One item's loss, how it changes with the predictions, and what its classes weigh."""

    loss: float
    slopes: list[tuple[int, tuple[Any, ...], Any]]  # prediction, where in it, slope
    own_weight: float = 1.0


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def elementwise(name: str, x: float, y: float, *more: float, **p: float) -> tuple[float, list[float]]:
    """Loss and slopes of a pointwise loss."""
    if name == "squared_error":
        return (x - y) ** 2, [2 * (x - y)]
    if name == "absolute_error":
        return abs(x - y), [float(np.sign(x - y))]
    if name == "huber":
        d, e = p["delta"], x - y
        return (e**2 / 2, [e]) if abs(e) <= d else (d * (abs(e) - d / 2), [d * float(np.sign(e))])
    if name == "gaussian_nll":
        v, e = more[0], x - y
        return (math.log(v) + e**2 / v) / 2, [e / v, (1 / v - e**2 / v**2) / 2]
    t = y * (1 - p["label_smoothing"]) + p["label_smoothing"] / 2
    if name == "binary_cross_entropy":
        yes = p["positive_weight"] * t
        return -yes * math.log(x) - (1 - t) * math.log(1 - x), [-yes / x + (1 - t) / (1 - x)]
    if name == "sigmoid_cross_entropy":
        yes, q = p["positive_weight"] * t, sigmoid(x)
        return -yes * math.log(q) - (1 - t) * math.log(1 - q), [-yes * (1 - q) + (1 - t) * q]
    raise KeyError(name)


def xlogy(x: float, y: float) -> float:
    return 0.0 if x == 0 else x * math.log(y)


def of_row(name: str, row: Array, target: Array, weights: Array) -> tuple[float, Array]:
    """Loss and slopes of one row, its target a probability for each class."""
    softmax = name.startswith("softmax")
    p = np.exp(row - row.max()) / np.exp(row - row.max()).sum() if softmax else row
    loss = sum(-w * xlogy(t, q) for w, t, q in zip(weights, target, p, strict=True))
    if "kl_divergence" in name:
        loss += sum(w * xlogy(t, t) for w, t in zip(weights, target, strict=True))
    coefficients = weights * target
    return loss, p * coefficients.sum() - coefficients if softmax else -coefficients / p


def broadcast(value: Any, shape: tuple[int, ...]) -> Array:
    return np.broadcast_to(np.asarray(value), shape)


def elements(name: str, arrays: list[Array], o: Options) -> Iterator[tuple[tuple[int, ...], Item]]:
    parameters = {key: broadcast(value, arrays[0].shape) for key, value in o.parameters.items()}
    for place in np.ndindex(arrays[0].shape):
        if counts(o, place, arrays[0].shape):
            own = {key: float(value[place]) for key, value in parameters.items()}
            numbers = [float(a[place]) for a in arrays]
            loss, slopes = o.unknown(*numbers, **own) if o.unknown else elementwise(name, *numbers, **own)
            yield place, Item(loss, [(k, place, slope) for k, slope in enumerate(slopes)])


def rows(name: str, arrays: list[Array], o: Options) -> Iterator[tuple[tuple[int, ...], Item]]:
    prediction, target = arrays
    axis, classes = o.axis % prediction.ndim, prediction.shape[o.axis]
    outside = prediction.shape[:axis] + prediction.shape[axis + 1 :]
    weights = np.ones(classes) if o.class_weight is None else np.asarray(o.class_weight, float)
    for place in np.ndindex(outside):
        along = (*place[:axis], slice(None), *place[axis:])
        labels = target.shape == outside
        if not counts(o, place, outside) or (labels and o.ignore_label is not None and target[place] == o.ignore_label):
            continue
        soft = np.eye(classes)[int(target[place])] if labels else target[along]
        soft = (1 - o.label_smoothing) * soft + o.label_smoothing / classes
        row = prediction[along]
        loss, slope = o.unknown(row, soft, class_weight=weights) if o.unknown else of_row(name, row, soft, weights)
        own = 1.0 if o.class_weight is None else float((weights * soft).sum())
        yield place, Item(loss, [(0, along, slope)], own)


def pools(arrays: list[Array], o: Options) -> Iterator[tuple[tuple[int, ...], Item]]:
    """Dice, where weights and masks act inside the sums."""
    p, t = arrays
    over = tuple(range(p.ndim)) if o.axis is None else tuple(a % p.ndim for a in np.atleast_1d(o.axis))
    weight = np.where(
        broadcast(True if o.mask is None else o.mask, p.shape),
        broadcast(1.0 if o.weight is None else o.weight, p.shape),
        0,
    )
    for place in np.ndindex(tuple(n for i, n in enumerate(p.shape) if i not in over)):
        rest = iter(place)
        pool = tuple(slice(None) if i in over else next(rest) for i in range(p.ndim))
        w, x, y, s = weight[pool], p[pool], t[pool], float(o.parameters["smooth"])
        both, size = 2 * (w * x * y).sum() + s, (w * (x + y)).sum() + s
        if size == 0:
            yield place, Item(0.0, [])
        else:
            yield place, Item(1 - both / size, [(0, pool, w * (both / size**2 - 2 * y / size))])


def pairs(arrays: list[Array], o: Options) -> Iterator[tuple[tuple[int, ...], Item]]:
    """InfoNCE: cosine similarities of each pair with all pairs that count, its own being the label."""
    shape = (len(arrays[0]),)
    weight = broadcast(1.0 if o.weight is None else o.weight, shape)
    live = [i for i in range(len(weight)) if counts(o, (i,), shape) and weight[i] > 0]
    queries, keys = (a[live] for a in arrays)
    lengths = [np.sqrt((a**2).sum(1, keepdims=True)) for a in (queries, keys)]
    queries, keys = queries / lengths[0], keys / lengths[1]
    temperature = float(o.parameters["temperature"])
    for k, i in enumerate(live):
        label = np.eye(len(live))[k]
        loss, slope = of_row("softmax", queries[k] @ keys.T / temperature, label, np.ones(len(live)))
        to_query, to_keys = slope @ keys / temperature, np.outer(slope, queries[k]) / temperature
        tangent = to_query - queries[k] * (queries[k] @ to_query)
        tangents = to_keys - keys * (keys * to_keys).sum(1, keepdims=True)
        yield (i,), Item(loss, [(0, (i,), tangent / lengths[0][k]), (1, (live,), tangents / lengths[1])])


def counts(o: Options, place: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    return o.mask is None or bool(broadcast(o.mask, shape)[place])


def items_of(name: str, kind: str, arrays: list[Array], o: Options) -> Iterator[tuple[tuple[int, ...], Item]]:
    if kind == "overlap":
        return pools(arrays, o)
    if kind == "pairs":
        return pairs(arrays, o)
    return (elements if kind == "pointwise" else rows)(name, arrays, o)


def shape_of_items(kind: str, shape: tuple[int, ...], axis: Any) -> tuple[int, ...]:
    if kind == "pointwise":
        return shape
    over = tuple(range(len(shape))) if axis is None else tuple(a % len(shape) for a in np.atleast_1d(axis))
    return tuple(n for i, n in enumerate(shape) if i not in ((1,) if kind == "pairs" else over))


def reference(name: str, kind: str, arrays: list[Array], predictions: list[int], o: Options) -> Reference:
    """The value and gradients of a call; ``predictions`` says which of the arrays they are taken in, in their order."""
    shape = shape_of_items(kind, arrays[0].shape, o.axis)
    inside = kind == "overlap"  # weights and masks act inside an item, and each item counts once
    weight = broadcast(1.0 if inside or o.weight is None else o.weight, shape)
    found = {place: item for place, item in items_of(name, kind, arrays, o) if weight[place] > 0}
    everything = (
        list(np.ndindex(shape)) if inside else [p for p in np.ndindex(shape) if _counted(kind, arrays, o, p, shape)]
    )
    over = {"weight": sum(weight[p] * item.own_weight for p, item in found.items()), "count": len(everything)}
    divisor = over.get(o.denominator, o.denominator) if isinstance(o.denominator, str) else float(o.denominator)
    scale = 1.0 if o.reduction != "mean" else 1 / divisor if divisor else 0.0 if o.empty == "zero" else math.nan
    values, gradients = np.zeros(shape), [np.zeros(arrays[k].shape) for k in predictions]
    for place, item in found.items():
        values[place] = weight[place] * item.loss
        for k, where, slope in item.slopes:
            gradients[k][where] += weight[place] * scale * slope
    if o.reduction == "mean" and not divisor:
        value = 0.0 if o.empty == "zero" else math.nan
        return Reference(value, [np.full_like(gradient, value) for gradient in gradients])
    return Reference(values if o.reduction == "none" else values.sum() * scale, gradients)


def _counted(kind: str, arrays: list[Array], o: Options, place: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    ignored = o.ignore_label is not None and arrays[1].shape == shape and arrays[1][place] == o.ignore_label
    return counts(o, place, shape) and not ignored
