"""Interactive plots of losses' curves, of Plotly."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lossary.data.typed import TypedLoss
from lossary.explain.curves import curves
from lossary.report.plots import styled
from lossary.report.style import COLOURS

__all__ = ["curve_figure"]

DASHES = ("solid", "dash", "dot")


def curve_figure(losses: Sequence[TypedLoss], *, of_output: bool) -> go.Figure:
    """Value and slope of every loss, side by side."""
    figure = make_subplots(cols=2, subplot_titles=("value", "slope"), horizontal_spacing=0.08)
    for loss, colour in zip(losses, cycle(COLOURS), strict=False):
        title, drawn = curves(loss, of_output=of_output)
        for curve, dash in zip(drawn, cycle(DASHES), strict=False):
            name = ", ".join(filter(None, (loss.name if len(losses) > 1 else "", curve.label)))
            line = {"color": colour, "width": 2, "dash": dash}
            for column, heights in enumerate((curve.value, curve.slope), 1):
                figure.add_scatter(
                    x=curve.x, y=heights, name=name, legendgroup=name, showlegend=column == 1, line=line,
                    hovertemplate="%{x:.3g}: %{y:.4g}", row=1, col=column,
                )  # fmt: skip
        figure.update_xaxes(title_text=title)
    return styled(figure, height=460)
