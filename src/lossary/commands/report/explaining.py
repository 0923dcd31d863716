"""The ``explain`` command: print an explanation of a loss and plot its curves."""

from __future__ import annotations

from pathlib import Path

from lossary.commands.data.typed import TypedLoss, typed_losses
from lossary.commands.explain.explanation import explain
from lossary.commands.report.console import output
from lossary.commands.report.losses import explanation
from lossary.commands.report.write import check_writable, replace_with, write_text
from lossary.errors import ArgumentError

__all__ = ["run"]

IMAGES, PAGES = (".png", ".svg", ".pdf"), (".html", ".htm")


def run(name: str, plot: Path | None) -> None:
    """Print an explanation of the loss; write a plot if a file is given."""
    if plot:
        _check_format(plot)
        check_writable(plot)
    named = typed_losses(name)
    if len(named) > 1:
        raise ArgumentError("explain takes one loss at a time")
    console = output()
    console.print(explanation(explain(named[0])))
    if plot:
        _draw(named[0], plot)
        console.print(f"Plot: {plot}", markup=False)


def _check_format(plot: Path) -> None:
    if plot.suffix.lower() not in IMAGES + PAGES:
        raise ArgumentError(f"{plot} has no known format; end its name in {', '.join(IMAGES)} or {PAGES[0]}")


def _draw(loss: TypedLoss, plot: Path) -> None:
    """Write an image with Matplotlib or a page with Plotly."""
    if plot.suffix.lower() in IMAGES:
        from lossary.commands.report.image import save_image

        replace_with(plot, lambda temporary: save_image(loss, temporary))
    else:
        from lossary.commands.report.curves import curve_figure
        from lossary.commands.report.plots import plot_page

        write_text(plot, plot_page(lambda narrow: curve_figure([loss], of_output=False, narrow=narrow), loss.name))
