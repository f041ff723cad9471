"""What the charts share: wrapped labels, axes that never clip them, number formats by language.

All of them name their channels by class, alt.X2("right:Q"): a bare string is looked up in Altair's whole schema,
which takes longer than everything else about a chart.
"""

from __future__ import annotations

import json
import textwrap
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Literal

import altair as alt

from dashboard.charts.palette import SOLID, WAITING_DASH, Ink, Theme, ink

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LINE_HEIGHT: Final = 1.2
LABEL_LINES: Final = 2
STRIPES: Final = 14
TOOLTIP_LINES: Final = 12
# Vega predicate on the room that the page gives, which does not depend on the labels as the plot's width does. The
# width is named all the same: without it Vega would not look again when a window is made larger or a phone turned.
ON_A_PHONE: Final = "(width >= 0 && containerSize()[0] < 480)"
# Where everything lies above the first share, bars from zero all look full: the axis then begins at the other.
CLOSE_TO_FULL: Final = 0.9
SHORT_AXIS_START: Final = 0.8
# Layers with axes of their own: names on the left, figures on the right.
OWN_ROWS: Final = alt.Resolve(axis=alt.AxisResolveMap(y="independent"))


@dataclass(frozen=True, slots=True)
class Style:
    """How a chart meets its page; meeting mode asks for `text_size` 18 or more.

    `row_height` None follows the text; `label_chars` is where labels at the left are broken in two;
    `width` is in pixels, or the page's own.
    """

    theme: Theme = "light"
    language: str = "vi"
    text_size: float = 13
    row_height: float | None = None
    label_chars: int = 26
    width: int | Literal["container"] = "container"

    @property
    def ink(self) -> Ink:
        return ink(self.theme)

    @property
    def row(self) -> float:
        return self.row_height or max(34.0, self.text_size * 2.6)


DEFAULT_STYLE: Final = Style()


def wrap_label(label: str, width: int) -> str:
    """Break a label at spaces into at most two even lines; a break already there stays.

    A line grows past the wished width rather than losing words.
    """
    if "\n" in label or len(label) <= width:
        return label
    half = -(-len(label) // LABEL_LINES)
    for wished in range(half, len(label)):
        lines = textwrap.wrap(label, wished, break_long_words=False, break_on_hyphens=False)
        if len(lines) <= LABEL_LINES:
            return "\n".join(lines)
    return label


def initials(label: str) -> str:
    """Return the first letters of a name, for screens too narrow for the name."""
    return "".join(word[0] for word in label.split())


def lookup(labels: Mapping[float, str]) -> str:
    """Vega expression: an axis value to its label as a list of lines (Vega has no lookup of its own).

    Keys are thousandths, because a formatted decimal would follow the chart's own language.
    """
    table = {_thousandths(value): label.split("\n") for value, label in labels.items()}
    return f"({json.dumps(table, ensure_ascii=False)})[round(datum.value * 1000)]"


def _thousandths(value: float) -> str:
    return str(round(value * 1000))


def is_at(value: float) -> str:
    """Vega predicate: the axis label at this value, whatever its last binary digit."""
    return f"round(datum.value * 1000) == {_thousandths(value)}"


def bare_axis(style: Style) -> dict[str, Any]:
    """Settings of an axis that only carries labels: all of them, unclipped, without lines."""
    return {
        "title": None,
        "domain": False,
        "ticks": False,
        "grid": False,
        "labelLimit": 0,
        "labelOverlap": False,
        "labelFontSize": style.text_size,
        "labelLineHeight": style.text_size * LINE_HEIGHT,
        "labelColor": style.ink.text,
    }


def row_axis(
    labels: Sequence[str],
    style: Style,
    *,
    orient: Literal["left", "right"] = "left",
    codes: Sequence[str] | None = None,
) -> alt.Axis:
    """Axis that names the rows 0, 1, 2, …; the browser measures its width, so no font clips it.

    On a phone `codes` stand for the names, which would leave no room for anything else.
    """
    tall = [row for row, label in enumerate(labels) if "\n" in label]
    names = lookup(dict(enumerate(labels)))
    shown = f"{ON_A_PHONE} ? {lookup(dict(enumerate(codes)))} : {names}" if codes else names
    offset = f"indexof({tall}, round(datum.value)) >= 0" + (f" && !({ON_A_PHONE})" if codes else "")
    return alt.Axis(
        **bare_axis(style),
        orient=orient,
        # Vega centres the first of two lines, hence half a line upwards.
        labelOffset=alt.condition(
            offset,
            alt.value(-style.text_size * LINE_HEIGHT / 2),
            alt.value(0),
        ),
        values=list(range(len(labels))),
        labelExpr=shown,
        labelAlign="right" if orient == "left" else "left",
        labelBaseline="middle",
        labelPadding=10,
    )


def row_scale(rows: int) -> alt.Scale:
    """Rows from the top downwards, each one unit high, centred on 0, 1, 2, …."""
    return alt.Scale(domain=[rows - 0.5, -0.5], nice=False, zero=False)


def share_axis(
    style: Style,
    *,
    start: float,
    title: str | None,
    orient: Literal["bottom", "left"] = "bottom",
) -> alt.Axis:
    """Axis of shares with whole percents from `start`; an axis that leaves zero out says so in its title."""
    steps = 4 if start else 5
    return alt.Axis(
        title=title if start else None,
        titleColor=style.ink.muted,
        titleFontSize=style.text_size,
        titleFontWeight="normal",
        orient=orient,
        format=".0%",
        values=[start + (1 - start) * n / steps for n in range(steps + 1)],
        ticks=False,
        domain=False,
        grid=True,
        gridColor=style.ink.grid,
        labelColor=style.ink.muted,
        labelFontSize=style.text_size - 1,
        labelPadding=6,
    )


def dashes() -> alt.ExprRef:
    """Broken edge for what somebody still owes; Vega-Lite has no dash channel for rectangles."""
    return alt.ExprRef(expr=f"datum.dash == '{SOLID}' ? [1, 0] : [{WAITING_DASH}]")


def hatched() -> alt.ExprRef:
    """Fill of a mark: its state's colour, with stripes where the figure is provisional.

    Vega has no patterns; a gradient with hard edges draws the same on screens and in files.
    """
    edges = [(n / STRIPES, "fill" if n % 2 else "tint") for n in range(STRIPES + 1)]
    stops = ", ".join(
        f"{{offset: {at:.4f}, color: datum.{colour}}}"
        for (begin, colour), (end, _next) in pairwise(edges)
        for at in (begin, end)
    )
    gradient = f"{{gradient: 'linear', x1: 0, y1: 0, x2: 1, y2: 0.4, stops: [{stops}]}}"
    return alt.ExprRef(expr=f"datum.is_provisional ? {gradient} : datum.fill")


def tooltip() -> alt.ExprRef:
    """Tooltip from `tooltip_title` and the lines of `tooltip_lines`; lines that are not there are left out.

    Vega wants a key for each line: blanks of different lengths, because the lines are sentences already.
    """
    lines = "split(datum.tooltip_lines, '\\n')"
    parts = ", ".join(f"'{' ' * (n + 1)}': {lines}[{n}]" for n in range(TOOLTIP_LINES))
    return alt.ExprRef(expr=f"{{'title': datum.tooltip_title, {parts}}}")


def locale_config(language: str) -> dict[str, Any]:
    """Vega settings for the numbers a chart writes by itself (axes): 1.234,5 in vi, 1,234.5 in en."""
    decimal, thousands = (",", ".") if language == "vi" else (".", ",")
    return {
        "locale": {
            "number": {"decimal": decimal, "thousands": thousands, "grouping": [3], "currency": ["", " ₫"]}
        }
    }


def where_chosen(selection: str, value: str | float) -> dict[str, Any]:
    """Condition of a channel: `value` for what the selection holds, nothing is chosen at first.

    alt.when says the same a hundred times as slowly, and every open screen waits for it.
    """
    return {"param": selection, "empty": False, "value": value}


def finished(
    layers: Sequence[alt.Chart], style: Style, *, height: float, **properties: Any
) -> alt.LayerChart:
    """One picture of all layers, stretched to the page; the height is for the rows alone, axes on top of it.

    Streamlit's own `fit` would squeeze the rows to make room for the labels.
    """
    fitting = {"width": style.width, "autosize": alt.AutoSizeParams(type="fit-x", contains="padding")}
    return alt.LayerChart(
        layer=list(layers),
        height=height,
        padding={"left": 2, "right": 6, "top": 4, "bottom": 4},
        config=alt.Config(view=alt.ViewConfig(stroke=None), **locale_config(style.language)),
        **fitting | properties,
    )
