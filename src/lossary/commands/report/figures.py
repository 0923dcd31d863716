"""Interactive plots of a study, drawn with Plotly."""

from __future__ import annotations

from itertools import cycle

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lossary.commands.compare.statistics import estimate
from lossary.commands.compare.study import Study
from lossary.commands.compare.verdict import Verdict
from lossary.commands.report.plots import styled, wrapped
from lossary.commands.report.style import COLOURS, faded

__all__ = ["difference_figure", "learning_figure"]


def difference_figure(verdict: Verdict, narrow: bool) -> go.Figure:
    """Plot how far every loss is behind the best by each metric, with the margin of chance."""
    standings, names = verdict.standings, list(reversed(verdict.names))
    gap = 0.4 / len(standings)
    columns = {"cols": len(standings), "shared_yaxes": True, "horizontal_spacing": 0.05}
    figure = make_subplots(**({"rows": len(standings), "vertical_spacing": gap} if narrow else columns))
    for i, standing in enumerate(standings, 1):
        place = {"row": i, "col": 1} if narrow else {"row": 1, "col": i}
        each = [standing.differences[name] for name in names]
        bars = {"type": "data", "array": [d.margin for d in each], "color": "#9aa7b4", "thickness": 1.5, "width": 5}
        labels = [_two_lines(name) for name in names]
        colours = [COLOURS[1] if d.distinct else COLOURS[2] for d in each]
        figure.add_scatter(
            x=[d.mean for d in each], y=labels, mode="markers", error_x=bars, **place,
            marker={"size": 10, "color": colours}, hovertemplate="%{y}<br>%{x:.4g} behind<extra></extra>",
        )  # fmt: skip
        figure.add_vline(x=0, line={"color": "#9aa7b4", "dash": "dot", "width": 1}, **place)
        figure.update_xaxes(title_text=standing.metric.name, nticks=4, **place)
        figure.update_yaxes(range=[-0.7, len(names) - 0.3], **place)
    of_one = 46 * len(names)
    height = 60 + (of_one + 60) * len(standings) if narrow else 130 + of_one
    return styled(figure, height=height, legend=False, narrow=narrow)


def _two_lines(name: str) -> str:
    loss, _, settings = name.rstrip(")").partition("(")
    return f"{loss}<br><i>{settings}</i>" if settings else loss


def _settled_range(study: Study) -> list[float]:
    """Return the range of the curves without the first epochs, whose large values would flatten the rest."""
    means = np.array([outcome.curves.mean(axis=0) for outcome in study.trained])
    errors = np.array([outcome.curves.std(axis=0) for outcome in study.trained])
    settled = slice(min(3, means.shape[1] - 1), None)
    low, high = (means - errors)[:, settled].min(), (means + errors)[:, settled].max()
    return [float(low - 0.05 * (high - low)), float(high + 0.05 * (high - low))]


def learning_figure(verdict: Verdict, narrow: bool) -> go.Figure:
    """Plot the first metric on the held-out rows after each epoch, with a band of one standard error."""
    study = verdict.study
    share = 1 / study.plan.folds
    figure = go.Figure()
    for outcome, colour in zip(study.trained, cycle(COLOURS), strict=False):
        name, epochs = outcome.candidate.name, np.arange(outcome.curves.shape[1])
        means, errors = zip(*(estimate(column, share) for column in outcome.curves.T), strict=True)
        low, high = np.subtract(means, errors), np.add(means, errors)
        figure.add_scatter(
            x=np.concatenate([epochs, epochs[::-1]]), y=np.concatenate([high, low[::-1]]), mode="lines", fill="toself",
            fillcolor=faded(colour), line={"width": 0}, hoverinfo="skip", showlegend=False, legendgroup=name,
        )  # fmt: skip
        figure.add_scatter(
            x=epochs, y=means, name=wrapped(name), mode="lines", legendgroup=name, line={"color": colour, "width": 2},
            hovertemplate="epoch %{x}: %{y:.4g}",
        )  # fmt: skip
    figure.update_xaxes(title_text="epoch")
    figure.update_yaxes(title_text=f"{verdict.standings[0].metric.name} on held-out rows", range=_settled_range(study))
    return styled(figure, height=400 if narrow else 420, narrow=narrow)
