"""Planning of loops along rows: what costs much is computed once, and little is kept for that."""

from __future__ import annotations

from lossary.execution.cpu.stages import _wanted_again
from lossary.symbolic.graph import ELEMENT, Node, symbol
from lossary.symbolic.words import absolute, exp, log, square, total

X, Y = symbol("x", ELEMENT), symbol("y", ELEMENT)


def wanted(loop: list[Node], *later: Node, known: tuple[Node, ...] = ()) -> list[Node]:
    return _wanted_again(loop, [[node] for node in later], {node: symbol("kept") for node in known})


def test_a_value_is_kept_whole() -> None:
    gap = log(X) - log(Y)
    assert wanted([gap], exp(gap)) == [gap]


def test_what_is_made_easily_of_a_kept_value_is_not_kept() -> None:
    power = exp(X)
    assert wanted([power, 2.0 * power], 2.0 * power, power / 3.0) == [power]


def test_a_part_of_a_shared_value_that_is_needed_apart_is_kept() -> None:
    logarithm = log(X)
    assert wanted([-0.5 * logarithm], exp(-0.5 * logarithm), absolute(logarithm)) == [logarithm]


def test_a_part_that_is_needed_inside_alone_is_not_kept() -> None:
    power = exp(square(log(X)))
    assert wanted([power], 2.0 * power) == [power]


def test_what_is_known_is_not_kept_again() -> None:
    power = exp(X)
    assert wanted([power, square(power)], power, square(power), known=(power,)) == []


def test_conditions_and_values_of_the_row_are_not_kept() -> None:
    power = exp(X)
    assert wanted([power], (power < 1.0) & (Y < 1.0)) == [power]
    assert wanted([power], X * total(power)) == []
