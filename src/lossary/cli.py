"""The command line: arguments only. What a command runs is imported when it runs, so that help is quick."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import lossary
from lossary.errors import ArgumentError

__all__ = ["app"]

app = typer.Typer(
    help="A glossary of loss functions: find the one that fits your data, list them, explain them.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lossary {lossary.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Options of every command."""


@app.command()
def compare(
    table: Annotated[Path | None, typer.Argument(help="A CSV or Parquet file.", show_default=False)] = None,
    target: Annotated[str, typer.Option("--target", "-t", help="The column to predict.", show_default=False)] = "",
    dataset: Annotated[
        str, typer.Option(help="Instead of a file: diabetes, breast_cancer, digits or wine.", show_default=False)
    ] = "",
    report: Annotated[Path | None, typer.Option(help="Write a page with plots here.", metavar="FILE.html")] = None,
    losses: Annotated[
        str, typer.Option(help="Compare these: 'huber(delta=2), squared_error'.", show_default="all that fit")
    ] = "",
    task: Annotated[str, typer.Option(help="regression, binary or multiclass.", show_default="inferred")] = "",
    folds: Annotated[int, typer.Option(min=2, max=100, help="Parts that the rows are split into.")] = 5,
    repeats: Annotated[int, typer.Option(min=1, max=100, help="How often to split them anew.")] = 2,
    epochs: Annotated[int, typer.Option(min=1, help="The most passes over the training rows.")] = 100,
    rows: Annotated[int, typer.Option(min=1, help="The most rows to use, drawn at random.")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same numbers.")] = 0,
) -> None:
    """Find the loss that fits your table: train the same network with each, judge it on held-out rows."""
    if bool(table) == bool(dataset):
        raise ArgumentError("name one table: a CSV or Parquet file, or --dataset")
    if table and not target:
        raise ArgumentError("name the column to predict: --target COLUMN")
    from lossary.compare.study import Plan
    from lossary.report.comparison import Request, run

    request = Request(table, dataset, target, task, losses, report, rows)
    run(request, Plan(folds, repeats, seed, epochs), lossary.__version__)


@app.command("list")
def list_losses() -> None:
    """List every loss with its formula and parameters."""
    from lossary.report.console import output
    from lossary.report.losses import catalogue

    output().print(catalogue(lossary.losses()))


@app.command()
def explain(
    loss: Annotated[str, typer.Argument(help="Its name, here or elsewhere: huber, 'huber(delta=2)', MSELoss.")],
    plot: Annotated[
        Path | None, typer.Option(help="Draw value and slope: .png, .svg, .pdf or .html.", metavar="FILE")
    ] = None,
) -> None:
    """Explain a loss: formula, domain, properties, source."""
    from lossary.report.explaining import run

    run(loss, plot)
