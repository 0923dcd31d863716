"""Errors that lossary raises. A message says what was found, where, and what to do about it."""

from __future__ import annotations


class LossaryError(Exception):
    """Base class of all errors of lossary."""


class ArgumentError(LossaryError, ValueError):
    """An argument's value is invalid (an unknown reduction, a negative delta)."""


class ArgumentTypeError(LossaryError, TypeError):
    """An argument's type is invalid, or keywords exclude each other."""


class ShapeError(ArgumentError):
    """Shapes do not match; nothing is broadcast silently."""


class DomainError(ArgumentError):
    """A value lies outside what the loss is defined for (a probability of 1.2, a NaN target)."""


class LabelError(DomainError):
    """A class label is not one of the classes."""


class NonFiniteError(ArgumentError):
    """A value or gradient is NaN or infinite; ``lossary.checking()`` found where it first occurred."""


class EmptyError(ArgumentError):
    """The denominator of a mean is 0, with ``empty="raise"``."""


class UnknownLossError(ArgumentError):
    """No loss has this name, or libraries use it for different losses."""


class NotAdditiveError(ArgumentTypeError):
    """``total`` of a loss that is neither a sum over the parts of a batch nor a formula of such sums."""


class FormulaError(ArgumentTypeError):
    """A formula cannot be traced, or is not a formula of a loss."""
