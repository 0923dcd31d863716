"""Plots of Plotly: how all of them look, and how they stand in a page."""

from __future__ import annotations

from html import escape

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from lossary.report.style import FONT, INK, LINES

__all__ = ["embedded", "plot_page", "styled"]


LEGEND_HEIGHT = 1.08  # above the titles of subplots
NARROWEST = 640


def styled(figure: go.Figure, *, height: int, legend: bool = True) -> go.Figure:
    """The figure in the page's looks."""
    figure.update_layout(
        template="plotly_white", font={"family": FONT, "size": 13, "color": INK}, height=height, showlegend=legend,
        margin={"l": 10, "r": 36, "t": 50, "b": 10}, paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "yanchor": "bottom", "y": LEGEND_HEIGHT, "x": 0}, hovermode="closest",
        modebar={"orientation": "v", "bgcolor": "rgba(0,0,0,0)", "color": "#9aa7b4", "activecolor": INK},
    )  # fmt: skip
    figure.update_xaxes(gridcolor=LINES, zerolinecolor="#c5ced8", automargin=True, tickangle=0)
    figure.update_yaxes(gridcolor=LINES, zerolinecolor="#c5ced8", automargin=True)
    return figure


def embedded(figure: go.Figure, name: str, narrowest: int = NARROWEST) -> str:
    """The figure as a part of a page that holds Plotly itself; a window narrower than it may be scrolls it."""
    options = {"responsive": True, "displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}
    html = figure.to_html(full_html=False, include_plotlyjs=False, div_id=name, config=options)
    return f'<div style="overflow-x: auto"><div style="min-width: {narrowest}px">{html}</div></div>'


def plot_page(figure: go.Figure, title: str) -> str:
    """One figure as a page of its own."""
    heading = f"h1 {{ overflow-wrap: anywhere; font: 600 24px {FONT}; }}"
    style = f"body {{ margin: 32px; background: #fff; color: {INK}; }} {heading}"
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style><script>{get_plotlyjs()}</script>"
    )
    body = f"<h1>{escape(title)}</h1>{embedded(figure, 'figure')}"
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'
