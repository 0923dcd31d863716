"""Images of a loss's curves, drawn with Matplotlib."""

from __future__ import annotations

from pathlib import Path

from matplotlib.figure import Figure

from lossary.commands.data.typed import TypedLoss
from lossary.commands.explain.curves import curves
from lossary.commands.report.style import COLOURS, LINES

__all__ = ["save_image"]

DASHES = ("-", "--", ":")


def save_image(loss: TypedLoss, path: Path) -> None:
    """Plot value and slope side by side."""
    title, drawn = curves(loss)
    title += f"\n({drawn[0].label})" if len(drawn) == 1 and drawn[0].label else ""
    figure = Figure(figsize=(10, 4.2), dpi=150, layout="constrained")
    figure.suptitle(loss.name, fontweight="bold")
    for axes, part in zip(figure.subplots(1, 2), ("value", "slope"), strict=True):
        for curve, dash in zip(drawn, DASHES, strict=False):
            axes.plot(curve.x, getattr(curve, part), dash, color=COLOURS[0], linewidth=2, label=curve.label)
        axes.set(title=part, xlabel=title)
        axes.grid(color=LINES)
        axes.spines[["top", "right"]].set_visible(False)
        if len(drawn) > 1:
            axes.legend(frameon=False)
    figure.savefig(path)
