"""Interactive plots of losses' curves, drawn with Plotly."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lossary.commands.data.typed import TypedLoss
from lossary.commands.explain.curves import curves
from lossary.commands.report.plots import styled, wrapped
from lossary.commands.report.style import COLOURS

__all__ = ["curve_figure"]

DASHES = ("solid", "dash", "dot")
PARTS = ("value", "slope")


def curve_figure(losses: Sequence[TypedLoss], *, of_output: bool, narrow: bool = False) -> go.Figure:
    """Plot value and slope of every loss side by side, or one below the other on a narrow page."""
    grid = {"rows": 2, "vertical_spacing": 0.16} if narrow else {"cols": 2, "horizontal_spacing": 0.08}
    figure = make_subplots(subplot_titles=PARTS, **grid)
    each = [curves(loss, of_output=of_output) for loss in losses]
    labels = {curve.label for _, drawn in each for curve in drawn}
    for loss, (_, drawn), colour in zip(losses, each, cycle(COLOURS), strict=False):
        for curve, dash in zip(drawn, cycle(DASHES), strict=False):
            names = (loss.name if len(losses) > 1 else "", curve.label if len(labels) > 1 else "")
            name = wrapped(", ".join(filter(None, names)))
            line = {"color": colour, "width": 2, "dash": dash}
            for i, part in enumerate(PARTS, 1):
                place = {"row": i, "col": 1} if narrow else {"row": 1, "col": i}
                figure.add_scatter(
                    x=curve.x, y=getattr(curve, part), name=name, legendgroup=name, showlegend=i == 1, line=line,
                    hovertemplate="%{x:.3g}: %{y:.4g}", **place,
                )  # fmt: skip
    shared = f"<br>({next(iter(labels))})" if len(labels) == 1 and "" not in labels else ""
    figure.update_xaxes(title_text=each[0][0] + shared)
    return styled(figure, height=600 if narrow else 460, legend=len(figure.data) > len(PARTS), narrow=narrow)
