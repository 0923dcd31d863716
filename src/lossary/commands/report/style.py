"""Colours and fonts, shared by plots, images and the report."""

from __future__ import annotations

__all__ = ["COLOURS", "FONT", "INK", "LINES", "faded"]

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
INK, LINES = "#1c2733", "#e3e8ee"
# Colours that colour-blind readers can tell apart (Okabe & Ito, with a darker yellow).
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b58900", "#56b4e9", "#5b4b8a", "#7f7f7f")


def faded(colour: str, share: float = 0.13) -> str:
    """Return the colour with ``share`` as its opacity."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"
