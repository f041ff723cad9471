"""Stages: the way of each commune to recognition as a commune fit for children, one row per commune."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import altair as alt
import polars as pl
from polars import selectors as cs

from dashboard.charts.layout import (
    DEFAULT_STYLE,
    LINE_HEIGHT,
    ON_A_PHONE,
    Style,
    bare_axis,
    dashes,
    finished,
    lookup,
    row_axis,
    tooltip,
    where_chosen,
    wrap_label,
)
from dashboard.charts.palette import OUTLINE_WIDTH, SOLID, with_look
from dashboard.charts.tiles import AREA_SELECTION, NAME_CHARS

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADING_CHARS: Final = 7
# A row, in rows of other charts, holds a dot and a date beneath it.
ROW: Final = 1.45
# Names and dots lie on one line; what a row has above it, and how far below it the date is.
ABOVE: Final = 0.36
DATE_AT: Final = 0.44
# Diameters in text heights: the dot where a commune stands now holds a symbol.
DOT: Final = 0.9
CURRENT_DOT: Final = 1.75
# Marks the current stage where its state has no symbol.
HERE: Final = "●"
# A date of ten figures asks for so many text heights, a line of a heading for nearly as many; both give way
# to the column.
TEXT_UNIT: Final = 6.4
LEAST_TEXT: Final = 10
# Outermost dates hang over their dots by less than half a stage.
MARGIN: Final = 0.45
GUTTER: Final = 1.5


@dataclass(frozen=True, slots=True)
class StagesWords:
    """`way` is how a screen reader calls one row, before the name ("Tiến trình")."""

    way: str


@dataclass(frozen=True, slots=True)
class Ways:
    """Communes downwards and stages across, with their axes."""

    rows: pl.DataFrame
    areas: tuple[str, ...]
    headings: dict[float, str]
    words: StagesWords
    style: Style

    def x(self, field: str = "stage") -> alt.X:
        last = max(self.headings, default=0.0)
        scale = alt.Scale(domain=[-MARGIN, last + MARGIN], nice=False, zero=False)
        return alt.X(f"{field}:Q", scale=scale, axis=_heading_axis(self))

    def y(self, field: str = "row") -> alt.Y:
        """Every layer carries the same axis: one layer without it would take it from all."""
        axis = commune_axis(self.areas, self.style)
        scale = alt.Scale(domain=[len(self.areas) - ABOVE, -ABOVE], nice=False, zero=False)
        return alt.Y(f"{field}:Q", scale=scale, axis=axis)

    def text_height(self) -> str:
        """Vega expression: the height of text that fits one stage's column."""
        unit = f"width / {max(self.headings, default=0.0) + 2 * MARGIN:g}"
        return f"clamp({unit} / {TEXT_UNIT:g}, {LEAST_TEXT}, {self.style.text_size:g})"


def stages_chart(
    rows: pl.DataFrame,
    *,
    words: StagesWords,
    style: Style = DEFAULT_STYLE,
) -> alt.LayerChart:
    """Draw one line of stages per commune with its dates; a click fills the point selection `area`.

    `rows`, one per commune and stage: area_id, position, stage (Int; stages from 0), area_label, stage_label
    (String; may hold a line break), is_reached, is_current (Boolean), status (String, the look of a reached
    stage; a stage not reached is hollow), date_label (String, "" without a date), tooltip_title, tooltip_lines
    (String). The selection carries `area_id`.
    """
    ways = _ways(rows, words, style)
    layers = [_cells(ways), _line(ways), _line(ways, is_done=True), _dots(ways), _symbols(ways), _dates(ways)]
    return finished(layers, style, height=style.row * ROW * len(ways.areas))


def commune_axis(labels: Sequence[str], style: Style) -> alt.Axis:
    """Names of the rows on one line, on a phone on two."""
    tall = [wrap_label(label, NAME_CHARS) for label in labels]
    axis = row_axis(labels, style, codes=tall)
    broken = [row for row, label in enumerate(tall) if "\n" in label]
    # Vega centres the first of two lines, hence half a line upwards.
    axis["labelOffset"] = alt.condition(
        f"{ON_A_PHONE} && indexof({broken}, round(datum.value)) >= 0",
        alt.value(-style.text_size * LINE_HEIGHT / 2),
        alt.value(0),
    )
    return axis


def for_arrow(frame: pl.DataFrame) -> pl.DataFrame:
    """Whole numbers as Int32: the page sends tables as Arrow, and Vega cannot reckon with 64 bits."""
    return frame.with_columns(cs.integer().cast(pl.Int32))


def _ways(rows: pl.DataFrame, words: StagesWords, style: Style) -> Ways:
    areas = rows.unique("area_id").sort("position", "area_id")
    order = areas.select("area_id", row=pl.int_range(pl.len()).cast(pl.Float64))
    stages = rows.unique("stage").sort("stage").select(pl.col("stage").cast(pl.Float64), "stage_label")
    return Ways(
        rows=_placed(rows.join(order, on="area_id"), words, style).sort("row", "stage"),
        areas=tuple(areas["area_label"]),
        headings=dict(stages.iter_rows()),
        words=words,
        style=style,
    )


def _placed(rows: pl.DataFrame, words: StagesWords, style: Style) -> pl.DataFrame:
    """Add places, the look of every dot (hollow where the stage is not reached) and what is done of the way."""
    reached = pl.col("is_reached")
    current = pl.col("stage").filter(pl.col("is_current")).max().over("area_id")
    return with_look(for_arrow(rows), style.theme).with_columns(
        date_at=pl.col("row") + DATE_AT,
        left=pl.col("stage") - 0.5,
        right=pl.col("stage") + 0.5,
        top=pl.col("row") - ABOVE,
        bottom=pl.col("row") + 1 - ABOVE,
        fill=pl.when(reached).then("fill").otherwise(pl.lit(style.ink.page)),
        outline=pl.when(reached).then("outline").otherwise(pl.lit(style.ink.muted)),
        dash=pl.when(reached).then("dash").otherwise(pl.lit(SOLID)),
        symbol=pl.when(~(reached & pl.col("is_current")))
        .then(pl.lit(""))
        .when(pl.col("symbol") == "")
        .then(pl.lit(HERE))
        .otherwise("symbol"),
        spoken=pl.concat_str(
            pl.lit(words.way), "tooltip_title", "date_label", separator=" ", ignore_nulls=True
        ),
        dot_size=pl.when("is_current").then(pl.lit(CURRENT_DOT)).otherwise(pl.lit(DOT)) ** 2
        * style.text_size**2,
        is_done=(pl.col("stage") <= current).fill_null(reached),
    )


def _heading_axis(ways: Ways) -> alt.Axis:
    axis = alt.Axis(
        **bare_axis(ways.style),
        orient="top",
        values=sorted(ways.headings),
        labelExpr=lookup({stage: _on_two_lines(label) for stage, label in ways.headings.items()}),
        labelPadding=8 + ways.style.text_size * LINE_HEIGHT,
        labelFlush=False,
    )
    axis["labelFontSize"] = alt.ExprRef(expr=ways.text_height())
    return axis


def _on_two_lines(label: str) -> str:
    """Headings hang from their first line, so a short one gets an empty line above it."""
    wrapped = wrap_label(label, HEADING_CHARS)
    return wrapped if "\n" in wrapped else f"\n{wrapped}"


def _cells(ways: Ways) -> alt.Chart:
    """Unseen until chosen: a finger hits a whole cell more surely than a dot."""
    chosen = alt.selection_point(name=AREA_SELECTION, fields=["area_id"], on="click")
    layer: alt.Chart = (
        alt.Chart(ways.rows, name="cells")
        .mark_rect(
            yOffset=GUTTER,
            y2Offset=-GUTTER,
            cursor="pointer",
            tooltip=tooltip(),
        )
        .encode(
            x=ways.x("left"),
            x2=alt.X2("right:Q"),
            y=ways.y("top"),
            y2=alt.Y2("bottom:Q"),
            fill=alt.FillValue(
                "transparent", condition=where_chosen(AREA_SELECTION, ways.style.ink.bands[2])
            ),
            description=alt.Description("spoken:N"),
        )
        .add_params(chosen)
    )
    return layer


def _line(ways: Ways, *, is_done: bool = False) -> alt.Chart:
    """The whole way as a thin line, what is done of it as a thick one."""
    colours = ways.style.ink
    rows = ways.rows.filter("is_done") if is_done else ways.rows
    layer: alt.Chart = (
        alt.Chart(rows)
        .mark_line(
            strokeWidth=4 if is_done else OUTLINE_WIDTH,
            color=colours.muted if is_done else colours.grid,
        )
        .encode(x=ways.x(), y=ways.y(), detail=alt.Detail("area_id:N"))
    )
    return layer


def _dots(ways: Ways) -> alt.Chart:
    layer: alt.Chart = (
        alt.Chart(ways.rows)
        .mark_point(
            shape="circle",
            filled=True,
            opacity=1,
            strokeWidth=OUTLINE_WIDTH,
            strokeDash=dashes(),
        )
        .encode(
            x=ways.x(),
            y=ways.y(),
            size=alt.Size("dot_size:Q", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("outline:N", scale=None),
        )
    )
    return layer


def _symbols(ways: Ways) -> alt.Chart:
    layer: alt.Chart = (
        alt.Chart(ways.rows.filter(pl.col("symbol") != ""))
        .mark_text(baseline="middle", fontWeight="bold", fontSize=ways.style.text_size)
        .encode(x=ways.x(), y=ways.y(), text=alt.Text("symbol:N"), color=alt.Color("ink:N", scale=None))
    )
    return layer


def _dates(ways: Ways) -> alt.Chart:
    layer: alt.Chart = (
        alt.Chart(ways.rows.filter(pl.col("date_label") != ""))
        .mark_text(
            baseline="middle", color=ways.style.ink.text, fontSize=alt.ExprRef(expr=ways.text_height())
        )
        .encode(x=ways.x(), y=ways.y("date_at"), text=alt.Text("date_label:N"))
    )
    return layer
