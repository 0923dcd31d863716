"""Commands and their arguments. A command imports its implementation when it runs, so that help is quick."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import lossary
from lossary.errors import ArgumentError

__all__ = ["app"]

app = typer.Typer(
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lossary {lossary.__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def options(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """A glossary of loss functions: find the one that fits your data, list them, explain them."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def compare(
    table: Annotated[
        Path | None, typer.Argument(metavar="TABLE", help="A CSV or Parquet file.", show_default=False)
    ] = None,
    target: Annotated[
        str, typer.Option("--target", "-t", metavar="COLUMN", help="The column to predict.", show_default=False)
    ] = "",
    dataset: Annotated[
        str, typer.Option(metavar="NAME", help="Use a sample table: diabetes, breast_cancer, digits or wine.")
    ] = "",
    report: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write a report with plots here.")] = None,
    losses: Annotated[
        str,
        typer.Option(
            metavar="LIST",
            help="For example 'huber(delta=2), squared_error'; or all that fit: all.",
            show_default="a few that differ",
        ),
    ] = "",
    task: Annotated[
        str, typer.Option(metavar="TASK", help="regression, binary or multiclass.", show_default="inferred")
    ] = "",
    folds: Annotated[int, typer.Option(min=2, metavar="N", help="Folds of the cross-validation.")] = 5,
    repeats: Annotated[int, typer.Option(min=1, metavar="N", help="Cross-validations, each with new folds.")] = 2,
    epochs: Annotated[int, typer.Option(min=1, metavar="N", help="At most so many passes over the rows.")] = 100,
    rows: Annotated[int, typer.Option(min=1, metavar="N", help="At most so many rows, drawn at random.")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Seed of all random numbers.")] = 0,
) -> None:
    """Find the loss that fits your table: train the same network with each loss, judge it on held-out rows."""
    if bool(table) == bool(dataset):
        raise ArgumentError("name one table: a CSV or Parquet file, or --dataset")
    if table and not target:
        raise ArgumentError("name the column to predict: --target COLUMN")
    from lossary.commands.compare.study import Plan
    from lossary.commands.report.comparison import Request, run

    request = Request(table, dataset, target, task, losses, report, rows)
    run(request, Plan(folds, repeats, seed, epochs), lossary.__version__)


@app.command("list")
def list_losses(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORD", help="Only the losses described with all of these words.", show_default=False),
    ] = None,
) -> None:
    """List the losses with their formulas, parameters and short descriptions."""
    from lossary.commands.report.console import output
    from lossary.commands.report.losses import catalogue, described_with

    output().print(catalogue(described_with(words or [], lossary.losses())))


@app.command()
def explain(
    loss: Annotated[
        str, typer.Argument(metavar="LOSS", help="A name, also of another library: huber, 'huber(delta=2)', MSELoss.")
    ],
    plot: Annotated[
        Path | None, typer.Option(help="Write a plot of the curves: .png, .svg, .pdf or .html.", metavar="FILE")
    ] = None,
) -> None:
    """Explain a loss: formula, domain, properties, source."""
    from lossary.commands.report.explaining import run

    run(loss, plot)
