"""Style of the Plotly figures, and their HTML on wide and narrow pages."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import plotly.graph_objects as go
from plotly.io.json import to_json_plotly
from plotly.offline import get_plotlyjs

from lossary.commands.report.style import FONT, INK, LINES

__all__ = ["SCRIPTS", "embedded", "plot_page", "styled", "wrapped"]


LEGEND_HEIGHT = 1.1  # above the titles of subplots
NARROW = 600  # pixels
LINE, BETWEEN = 16, 12  # pixels for each line of a legend's entry, and between entries
LONGEST = 30  # letters of a line in a legend
# Plotly's button that uploads a plot to a server is removed: plots hold the user's data.
OPTIONS = {
    "responsive": True, "displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d", "sendChartToCloud"],
    "showSendToCloud": False, "plotlyServerURL": "",
}  # fmt: skip
# Draws a figure in the layout for the current width, and again when the other layout fits.
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
    """Style a figure; on a narrow page the legend is below, and zooming is off so that a finger can scroll."""
    below = _legend_height(figure) if legend and narrow else 0
    figure.update_layout(
        template="plotly_white", font={"family": FONT, "size": 12 if narrow else 13, "color": INK},
        height=height + below, showlegend=legend,
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


def _legend_height(figure: go.Figure) -> int:
    """Return the pixels that a legend of one entry a line needs."""
    names = [trace.name for trace in figure.data if trace.showlegend is not False]
    return sum(LINE * (1 + name.count("<br>")) + BETWEEN for name in names)


ABOVE = {"orientation": "h", "yanchor": "bottom", "y": LEGEND_HEIGHT, "x": 0}
BELOW = {
    "orientation": "h", "entrywidthmode": "fraction", "entrywidth": 1,
    "yref": "container", "yanchor": "bottom", "y": 0, "xref": "container", "xanchor": "left", "x": 0,
}  # fmt: skip
BUTTONS = ["zoom", "pan", "zoomin", "zoomout", "autoscale", "resetscale", "toimage"]


def wrapped(name: str) -> str:
    """Break a long name for a legend into two lines."""
    if len(name) <= LONGEST:
        return name
    return name.replace("(", "<br>(", 1) if "(" in name else name.replace(", ", ",<br>", 1)


def embedded(figure: Callable[[bool], go.Figure], name: str, least: int = NARROW) -> str:
    """Return the HTML of a figure, for a page that holds ``SCRIPTS``.

    Args:
        figure: Makes the figure for a narrow page (True) or a wide one; both have the same traces and axes.
        name: Id of the element that holds the figure.
        least: Width in pixels from which the wide figure is drawn.
    """
    wide, narrow = (figure(is_narrow).to_plotly_json() for is_narrow in (False, True))
    parts = ", ".join(_script_text(part) for part in (wide["data"], wide["layout"], narrow["layout"]))
    return f'<div id="{name}"></div><script>draw("{name}", {least}, {parts})</script>'


def _script_text(part: object) -> str:
    """Write a part of a figure as JavaScript; names cannot end the script, as '<' is escaped."""
    return str(to_json_plotly(part)).replace("<", "\\u003c")


def plot_page(figure: Callable[[bool], go.Figure], title: str) -> str:
    """Return a page with one figure as HTML."""
    heading = f"h1 {{ overflow-wrap: anywhere; font: 600 24px {FONT}; }}"
    style = f"body {{ margin: min(32px, 4vw); background: #fff; color: {INK}; }} {heading}"
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style>{SCRIPTS}"
    )
    body = f"<h1>{escape(title)}</h1>{embedded(figure, 'figure')}"
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'
