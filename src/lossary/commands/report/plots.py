"""Plots of Plotly: how all of them look, and how they stand in a page, whether that is wide or narrow."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import plotly.graph_objects as go
from plotly.io.json import to_json_plotly
from plotly.offline import get_plotlyjs

from lossary.commands.report.style import FONT, INK, LINES

__all__ = ["SCRIPTS", "embedded", "plot_page", "styled", "wrapped"]


LEGEND_HEIGHT = 1.08  # above the titles of subplots
NARROW = 600  # pixels
LINE = 26  # pixels for an entry of a legend, in one line or two
LONGEST = 30  # letters of a line in a legend
# No button sends a plot, with the user's numbers in it, to a server.
OPTIONS = {
    "responsive": True, "displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d", "sendChartToCloud"],
    "showSendToCloud": False, "plotlyServerURL": "",
}  # fmt: skip
# Draws a figure in the layout that fits the place's width, and again whenever that changes.
DRAW = f"""
function draw(name, least, data, wide, narrow) {{
  const place = document.getElementById(name);
  const isNarrow = () => place.clientWidth < least;
  let drawn;
  const show = () => {{
    if (drawn === isNarrow()) return;
    drawn = isNarrow();
    Plotly.react(place, data, drawn ? narrow : wide, {to_json_plotly(OPTIONS)});
  }};
  show();
  addEventListener("resize", show);
}}
"""
SCRIPTS = f"<script>{get_plotlyjs()}</script><script>{DRAW}</script>"


def styled(figure: go.Figure, *, height: int, legend: bool = True, narrow: bool = False) -> go.Figure:
    """The figure in the page's looks; on a narrow page, with the legend below and no zoom under a scrolling finger."""
    entries = sum(trace.showlegend is not False for trace in figure.data) if legend else 0
    figure.update_layout(
        template="plotly_white", font={"family": FONT, "size": 12 if narrow else 13, "color": INK},
        height=height + (LINE * entries if narrow else 0), showlegend=legend,
        margin={"l": 10, "r": 12, "t": 30, "b": 10} if narrow else {"l": 10, "r": 36, "t": 50, "b": 10},
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", hovermode="closest",
        legend=BELOW if narrow else ABOVE,
        modebar={"orientation": "v", "bgcolor": "rgba(0,0,0,0)", "color": "#9aa7b4", "activecolor": INK},
    )  # fmt: skip
    if narrow:
        figure.update_layout(dragmode=False, modebar={"remove": BUTTONS})
    figure.update_xaxes(gridcolor=LINES, zerolinecolor="#c5ced8", automargin=True, tickangle=0)
    figure.update_yaxes(gridcolor=LINES, zerolinecolor="#c5ced8", automargin=True)
    return figure


ABOVE = {"orientation": "h", "yanchor": "bottom", "y": LEGEND_HEIGHT, "x": 0}
BELOW = {
    "orientation": "h", "entrywidthmode": "fraction", "entrywidth": 1,
    "yref": "container", "yanchor": "bottom", "y": 0, "xref": "container", "xanchor": "left", "x": 0,
}  # fmt: skip
BUTTONS = ["zoom", "pan", "zoomin", "zoomout", "autoscale", "resetscale", "toimage"]


def wrapped(name: str) -> str:
    """A name for a legend, in two lines where it is long."""
    if len(name) <= LONGEST:
        return name
    return name.replace("(", "<br>(", 1) if "(" in name else name.replace(", ", ",<br>", 1)


def embedded(figure: Callable[[bool], go.Figure], name: str, least: int = NARROW) -> str:
    """A figure as a part of a page that holds ``SCRIPTS``; ``figure(True)`` is drawn where there are fewer pixels.

    The two have the same traces, on axes of the same names.

    Args:
        figure: The figure of a wide page, or of a narrow one.
        name: The id of the figure's place.
        least: The width in pixels that the wide one needs.
    """
    wide, narrow = (figure(is_narrow).to_plotly_json() for is_narrow in (False, True))
    parts = ", ".join(_script_text(part) for part in (wide["data"], wide["layout"], narrow["layout"]))
    return f'<div id="{name}"></div><script>draw("{name}", {least}, {parts})</script>'


def _script_text(part: object) -> str:
    """A part of a figure as JavaScript; no name in it ends the script."""
    return str(to_json_plotly(part)).replace("<", "\\u003c")


def plot_page(figure: Callable[[bool], go.Figure], title: str) -> str:
    """One figure as a page of its own."""
    heading = f"h1 {{ overflow-wrap: anywhere; font: 600 24px {FONT}; }}"
    style = f"body {{ margin: min(32px, 4vw); background: #fff; color: {INK}; }} {heading}"
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style>{SCRIPTS}"
    )
    body = f"<h1>{escape(title)}</h1>{embedded(figure, 'figure')}"
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'
