"""Trend: a few reports joined by a thin line, the target as a step, the ends labelled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import altair as alt
import polars as pl

from dashboard.charts.layout import (
    CLOSE_TO_FULL,
    DEFAULT_STYLE,
    OWN_ROWS,
    SHORT_AXIS_START,
    Style,
    bare_axis,
    finished,
    lookup,
    share_axis,
)
from dashboard.charts.palette import QUANTITY_RAMP

HEIGHT_IN_TEXT: Final = 16
SIDE_ROOM: Final = 0.5
# Room above 100 % for a label over a full dot.
HEADROOM: Final = 0.12
LABEL_AWAY: Final = 14


@dataclass(frozen=True, slots=True)
class TrendWords:
    """`target` names the step; `short_axis` an axis that does not begin at zero ("trục từ 80%")."""

    target: str
    short_axis: str


@dataclass(frozen=True, slots=True)
class Course:
    """The reports in order of time, and the axes they are drawn on."""

    rows: pl.DataFrame
    words: TrendWords
    style: Style
    start: float

    def x(self) -> alt.X:
        labels = {float(at): label for at, label in enumerate(self.rows["period_label"])}
        scale = alt.Scale(domain=[-SIDE_ROOM, self.rows.height - SIDE_ROOM], nice=False, zero=False)
        axis = alt.Axis(
            **bare_axis(self.style), values=list(labels), labelExpr=lookup(labels), labelPadding=8
        )
        return alt.X("at:Q", scale=scale, axis=axis)

    def y(self, field: str, axis: alt.Axis | None = None) -> alt.Y:
        top = 1 + HEADROOM * (1 - self.start)
        return alt.Y(
            f"{field}:Q", scale=alt.Scale(domain=[self.start, top], nice=False, zero=False), axis=axis
        )


def trend_chart(rows: pl.DataFrame, *, words: TrendWords, style: Style = DEFAULT_STYLE) -> alt.LayerChart:
    """Draw the shares of one indicator over the reports; a missing report leaves a gap.

    `rows`: step (Int, in order of time), period_label (String), share, target (Float64, 0 to 1 or null),
    value_label (String); may be left out: behind (Float64 or null, the share of the whole, drawn paler behind),
    is_provisional (Boolean: a hollow dot).
    """
    ordered = _ordered(rows)
    course = Course(ordered, words, style, start=_start(ordered))
    layers = [_line(course), _target(course), _dots(course), _ends(course)]
    if ordered["behind"].drop_nulls().len():
        layers.insert(0, _behind(course))
    return finished(layers, style, height=HEIGHT_IN_TEXT * style.text_size, resolve=OWN_ROWS)


def _ordered(rows: pl.DataFrame) -> pl.DataFrame:
    known = pl.col("step").filter(pl.col("share").is_not_null())
    extra = {"behind": pl.lit(None, dtype=pl.Float64), "is_provisional": pl.lit(value=False)}
    missing = {name: value for name, value in extra.items() if name not in rows.columns}
    return (
        rows.with_columns(**missing)
        .sort("step")
        .with_columns(
            at=pl.int_range(pl.len()).cast(pl.Float64),
            is_end=(pl.col("step") == known.min()) | (pl.col("step") == known.max()),
        )
    )


def _start(ordered: pl.DataFrame) -> float:
    least = ordered.select(pl.min_horizontal("share", "target", "behind").min()).item()
    return SHORT_AXIS_START if least is not None and least >= CLOSE_TO_FULL else 0.0


def _line(course: Course) -> alt.Chart:
    axis = share_axis(course.style, start=course.start, title=course.words.short_axis, orient="left")
    layer: alt.Chart = (
        alt.Chart(course.rows)
        .mark_line(strokeWidth=1.5, color=course.style.ink.muted)
        .encode(x=course.x(), y=course.y("share", axis))
    )
    return layer


def _behind(course: Course) -> alt.Chart:
    """The whole town in grey, to read a commune's course against."""
    layer: alt.Chart = (
        alt.Chart(course.rows)
        .mark_line(strokeWidth=3, color=course.style.ink.grid)
        .encode(x=course.x(), y=course.y("behind"))
    )
    return layer


def _target(course: Course) -> alt.Chart:
    """The target as a step, named by an axis at the right so that the name always finds room."""
    known = course.rows.drop_nulls("target")
    names = {float(target): course.words.target for target in known["target"].tail(1)}
    axis = alt.Axis(**bare_axis(course.style), orient="right", values=list(names), labelExpr=lookup(names))
    layer: alt.Chart = (
        alt.Chart(known)
        .mark_line(interpolate="step", strokeWidth=2, strokeDash=[6, 3], color=course.style.ink.target)
        .encode(x=course.x(), y=course.y("target", axis))
    )
    return layer


def _dots(course: Course) -> alt.Chart:
    layer: alt.Chart = (
        alt.Chart(course.rows.drop_nulls("share"))
        .mark_point(
            shape="circle",
            filled=True,
            size=70,
            opacity=1,
            strokeWidth=2,
            stroke=_hue(course.style),
            fill=alt.ExprRef(
                expr=f"datum.is_provisional ? '{course.style.ink.page}' : '{_hue(course.style)}'"
            ),
        )
        .encode(x=course.x(), y=course.y("share"))
    )
    return layer


def _ends(course: Course) -> alt.Chart:
    """Values of the ends above their dots, or below where the target's line runs just over the dot."""
    room = HEADROOM * (1 - course.start)
    under_line = (
        f"isValid(datum.target) && datum.target > datum.share && datum.target - datum.share < {room:g}"
    )
    layer: alt.Chart = (
        alt.Chart(course.rows.filter("is_end"))
        .mark_text(
            dy=alt.ExprRef(expr=f"{under_line} ? {LABEL_AWAY + 2} : -{LABEL_AWAY}"),
            fontSize=course.style.text_size,
            fontWeight="bold",
            color=course.style.ink.text,
        )
        .encode(x=course.x(), y=course.y("share"), text=alt.Text("value_label:N"))
    )
    return layer


def _hue(style: Style) -> str:
    return QUANTITY_RAMP[1 if style.theme == "dark" else 0]
