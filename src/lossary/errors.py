"""The errors that lossary raises: each message says what was found, where, and what to do about it."""

from __future__ import annotations


class LossaryError(Exception):
    """Base of everything that lossary raises on purpose."""


class ArgumentError(LossaryError, ValueError):
    """An argument's value cannot be right (an unknown reduction, a negative delta)."""


class ArgumentTypeError(LossaryError, TypeError):
    """An argument's type cannot be right, or keywords do not go together."""


class ShapeError(ArgumentError):
    """Shapes do not match; nothing is broadcast silently."""


class DomainError(ArgumentError):
    """A value lies outside what the loss is defined for (a probability of 1.2, a NaN target)."""


class LabelError(DomainError):
    """A class label is not one of the classes."""


class NonFiniteError(ArgumentError):
    """A value or gradient is NaN or infinite, found at its origin by ``lossary.checking()``."""


class EmptyError(ArgumentError):
    """A mean over nothing, with ``empty="raise"``."""


class UnknownLossError(ArgumentError):
    """No loss of that name, or a name that peers use for different losses."""


class NotAdditiveError(ArgumentTypeError):
    """The loss of a batch is not a sum over its parts, so it has no total."""


class FormulaError(ArgumentTypeError):
    """A formula uses something that cannot be traced."""
