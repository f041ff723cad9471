"""Scorecard: indicators down, communes across, the town set apart, targets left and trends right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import altair as alt
import polars as pl

from dashboard.charts.layout import (
    DEFAULT_STYLE,
    LINE_HEIGHT,
    Style,
    bare_axis,
    dashes,
    finished,
    hatched,
    initials,
    is_at,
    lookup,
    row_axis,
    row_scale,
    tooltip,
    where_chosen,
    wrap_label,
)
from dashboard.charts.palette import OUTLINE_WIDTH, RING, SOLID, with_look

CELL_SELECTION: Final = "cell"
HEADING_CHARS: Final = 6

# Widths in units of one commune's column; Vega turns units into pixels when it knows the page.
TARGET_WIDTH: Final = 0.85
TOWN_GAP: Final = 0.16
TOWN_WIDTH: Final = 1.1
TREND_GAP: Final = 0.2
TREND_WIDTH: Final = 1.3
GUTTER: Final = 1.5
# A word stands on one line from this many text heights a column upwards; below so many pixels only
# symbols and initials are left. In between the text gives way to the column.
WORD_UNIT: Final = 5.6
# As wide as this many text heights is a letter: English words are longer than those that the line above is made for.
LETTER: Final = 0.58
SYMBOL_UNIT: Final = 36
TEXT_IN_UNIT: Final = 0.2
LEAST_TEXT: Final = 10
SHORT_VALUE: Final = 3
# A trend is drawn over at least ten points, so that a tenth of a point does not look like a fall.
LEAST_TREND_SPAN: Final = 0.1
TREND_ROOM: Final = 0.27


@dataclass(frozen=True, slots=True)
class ScorecardWords:
    """Headings of the two outer columns; they may contain a line break."""

    target: str
    trend: str


@dataclass(frozen=True, slots=True)
class Grid:
    """The order of rows and columns, and where the columns lie in units of a commune's column."""

    rows: pl.DataFrame
    areas: tuple[str, ...]
    has_town: bool
    has_trend: bool
    words: ScorecardWords
    style: Style

    @property
    def communes(self) -> int:
        return len(self.areas) - self.has_town

    @property
    def town_start(self) -> float:
        return TARGET_WIDTH + self.communes + TOWN_GAP

    @property
    def trend_start(self) -> float:
        return self.town_start + (TOWN_WIDTH if self.has_town else 0) + TREND_GAP

    @property
    def total(self) -> float:
        return self.trend_start + (TREND_WIDTH if self.has_trend else 0)

    def x(self, field: str) -> alt.X:
        """Every layer carries the same axis: one layer without it would take it from all."""
        scale = alt.Scale(domain=[0, self.total], nice=False, zero=False)
        return alt.X(f"{field}:Q", scale=scale, axis=_column_axis(self))

    def y(self, field: str = "row") -> alt.Y:
        labels = [wrap_label(label, self.style.label_chars) for label in self.rows["indicator_label"]]
        return alt.Y(
            f"{field}:Q",
            scale=row_scale(self.rows.height),
            axis=row_axis(labels, self.style, codes=self.rows["indicator_code"].to_list()),
        )

    def unit(self) -> str:
        """Vega expression: pixels in one commune's column."""
        return f"(width / {self.total:g})"


def scorecard_chart(
    cells: pl.DataFrame,
    *,
    words: ScorecardWords,
    trend: pl.DataFrame | None = None,
    style: Style = DEFAULT_STYLE,
) -> alt.LayerChart:
    """Draw one cell per indicator and area; a click fills the point selection `cell`.

    `cells`: indicator_code, indicator_label, target_label (String), position (Int), area_id (Int),
    area_label (String), column (Int, the town last), is_town (Boolean), status, value_label, status_word,
    tooltip_title, tooltip_lines (String, one line per line break), is_recent (Boolean); is_provisional (Boolean,
    may be left out) hatches a cell.
    `trend`: indicator_code (String), position (Int), step (Int), share (Float64, null for a gap).
    The selection carries `indicator_code` and `area_id`.
    """
    grid = _grid(cells, words, style, has_trend=trend is not None)
    placed = _placed(cells, grid)
    layers = [_cells(placed, grid), _texts(placed, grid), _targets(grid)]
    if trend is not None:
        layers += _trends(trend, grid)
    return finished(layers, style, height=style.row * grid.rows.height)


def _grid(cells: pl.DataFrame, words: ScorecardWords, style: Style, *, has_trend: bool) -> Grid:
    rows = (
        cells.unique("indicator_code")
        .sort("position", "indicator_code")
        .select("indicator_code", "indicator_label", "target_label")
        .with_columns(row=pl.int_range(pl.len()).cast(pl.Float64))
    )
    areas = cells.unique("area_id").sort("column")
    return Grid(
        rows=rows,
        areas=tuple(areas["area_label"]),
        has_town=bool(areas["is_town"].any()),
        has_trend=has_trend,
        words=words,
        style=style,
    )


def _placed(cells: pl.DataFrame, grid: Grid) -> pl.DataFrame:
    """Add the coordinates, the look and the texts of every cell (wide, narrow and symbol only), in reading order."""
    return (
        with_look(
            cells.join(grid.rows.select("indicator_code", "row"), on="indicator_code"), grid.style.theme
        )
        .with_columns(
            pl.col("area_id").cast(pl.Int32), rank=pl.col("column").rank("dense").cast(pl.Float64) - 1
        )
        .with_columns(
            left=pl.when("is_town").then(grid.town_start).otherwise(pl.col("rank") + TARGET_WIDTH),
            span=pl.when("is_town").then(TOWN_WIDTH).otherwise(1.0),
            top=pl.col("row") - 0.5,
            bottom=pl.col("row") + 0.5,
            **_cell_texts(),
        )
        .with_columns(
            right=pl.col("left") + pl.col("span"),
            middle=pl.col("left") + pl.col("span") / 2,
            stroke=pl.when("is_recent").then(pl.lit(grid.style.ink.recent)).otherwise("outline"),
            stroke_width=pl.when("is_recent").then(RING).otherwise(OUTLINE_WIDTH),
            spoken=pl.concat_str(
                "tooltip_title", "value_label", "status_word", separator=" ", ignore_nulls=True
            ),
            dash=pl.when("is_recent").then(pl.lit(SOLID)).otherwise("dash"),
        )
        .sort("row", "rank")
    )


def _cell_texts() -> dict[str, pl.Expr]:
    """A cell says its value and symbol; without a value its symbol; without both its word."""
    value = pl.col("value_label").fill_null("")
    figure = pl.when(value.str.len_chars() <= SHORT_VALUE).then(value).otherwise(pl.lit(""))
    short = pl.when(pl.col("symbol") != "").then("symbol").otherwise(figure)
    text = pl.concat_str(value, "symbol", separator=" ").str.strip_chars()
    says_itself = text != ""
    return {
        "text": pl.when(says_itself).then(text).otherwise("status_word"),
        "narrow_text": pl.when(says_itself)
        .then(text)
        .otherwise(pl.col("status_word").str.replace(" ", "\n")),
        "short_text": short,
    }


def _cells(placed: pl.DataFrame, grid: Grid) -> alt.Chart:
    chosen = alt.selection_point(name=CELL_SELECTION, fields=["indicator_code", "area_id"], on="click")
    layer: alt.Chart = (
        alt.Chart(placed, name="cells")
        .mark_rect(
            cornerRadius=4,
            xOffset=GUTTER,
            x2Offset=-GUTTER,
            yOffset=GUTTER,
            y2Offset=-GUTTER,
            cursor="pointer",
            fill=hatched(),
            strokeDash=dashes(),
            tooltip=tooltip(),
        )
        .encode(
            x=grid.x("left"),
            x2=alt.X2("right:Q"),
            y=grid.y("top"),
            y2=alt.Y2("bottom:Q"),
            stroke=alt.Stroke(
                "stroke:N", scale=None, condition=where_chosen(CELL_SELECTION, grid.style.ink.text)
            ),
            strokeWidth=alt.StrokeWidth(
                "stroke_width:Q", scale=None, condition=where_chosen(CELL_SELECTION, RING)
            ),
            description=alt.Description("spoken:N"),
        )
        .add_params(chosen)
    )
    return layer


def _column_axis(grid: Grid) -> alt.Axis:
    """Headings on top, area names on two lines; the town's in bold."""
    names = {TARGET_WIDTH + n + 0.5: label for n, label in enumerate(grid.areas[: grid.communes])}
    outer = {TARGET_WIDTH / 2: grid.words.target}
    town = grid.town_start + TOWN_WIDTH / 2
    if grid.has_town:
        names[town] = grid.areas[-1]
    if grid.has_trend:
        outer[grid.trend_start + TREND_WIDTH / 2] = grid.words.trend
    wide = lookup({x: _on_two_lines(label) for x, label in (names | outer).items()})
    narrow = lookup({x: f"\n{initials(label)}" for x, label in names.items()})
    return alt.Axis(
        **bare_axis(grid.style),
        orient="top",
        values=sorted(names | outer),
        labelExpr=f"{grid.unit()} < {SYMBOL_UNIT} ? {narrow} : {wide}",
        labelFontWeight=alt.condition(is_at(town), alt.value("bold"), alt.value("normal")),
        labelPadding=8 + grid.style.text_size * LINE_HEIGHT,
        labelFlush=False,
    )


def _on_two_lines(label: str) -> str:
    """Headings hang from their first line, so a short one gets an empty line above it."""
    wrapped = wrap_label(label, HEADING_CHARS)
    return wrapped if "\n" in wrapped else f"\n{wrapped}"


def _texts(placed: pl.DataFrame, grid: Grid) -> alt.Chart:
    unit = grid.unit()
    # Vega centres the first of several lines, hence the half line upwards.
    height = grid.style.text_size
    whole = f"max({WORD_UNIT * height:g}, length(datum.text) * {LETTER * height:g})"
    text = f"({unit} < {SYMBOL_UNIT} ? datum.short_text : {unit} < {whole} ? datum.narrow_text : datum.text)"
    size = _text_height(grid)
    layer: alt.Chart = (
        alt.Chart(placed)
        .mark_text(
            baseline="middle",
            lineBreak="\n",
            text=alt.ExprRef(expr=text),
            fontSize=alt.ExprRef(expr=size),
            dy=alt.ExprRef(expr=f"indexof({text}, '\\n') < 0 ? 0 : -{size} * 0.6"),
            fontWeight=alt.ExprRef(expr="datum.is_town ? 'bold' : 'normal'"),
        )
        .encode(x=grid.x("middle"), y=grid.y(), color=alt.Color("ink:N", scale=None))
    )
    return layer


def _text_height(grid: Grid) -> str:
    """Vega expression: the height of text that fits a commune's column."""
    return f"clamp({grid.unit()} * {TEXT_IN_UNIT}, {LEAST_TEXT}, {grid.style.text_size:g})"


def _targets(grid: Grid) -> alt.Chart:
    layer: alt.Chart = (
        alt.Chart(grid.rows.with_columns(middle=pl.lit(TARGET_WIDTH / 2)))
        .mark_text(
            baseline="middle",
            color=grid.style.ink.muted,
            fontSize=alt.ExprRef(expr=_text_height(grid)),
            text=alt.ExprRef(expr=f"{grid.unit()} < {SYMBOL_UNIT} ? '' : datum.target_label"),
        )
        .encode(x=grid.x("middle"), y=grid.y())
    )
    return layer


def _trends(trend: pl.DataFrame, grid: Grid) -> list[alt.Chart]:
    points = _trend_points(trend, grid)
    base = alt.Chart(points).encode(
        x=grid.x("at"),
        y=grid.y("height"),
        detail=alt.Detail("indicator_code:N"),
    )
    ends = base.transform_filter("datum.is_last")
    return [
        base.mark_line(strokeWidth=1.5, color=grid.style.ink.muted),
        ends.mark_point(shape="circle", filled=True, size=34, opacity=1, color=grid.style.ink.text),
    ]


def _trend_points(trend: pl.DataFrame, grid: Grid) -> pl.DataFrame:
    """Put every share into its row's own strip; rows keep their own scale because they are read for shape."""
    share = pl.col("share")
    low, high = share.min().over("indicator_code"), share.max().over("indicator_code")
    span = pl.max_horizontal(high - low, pl.lit(LEAST_TREND_SPAN))
    steps = pl.max_horizontal(pl.col("step").max() - pl.col("step").min(), pl.lit(1))
    reach = TREND_WIDTH - 0.2
    return (
        trend.join(grid.rows.select("indicator_code", "row"), on="indicator_code")
        .drop_nulls("share")
        .sort("row", "step")
        .with_columns(
            at=grid.trend_start + 0.1 + (pl.col("step") - pl.col("step").min()) / steps * reach,
            height=pl.col("row") - (share - (low + high) / 2) / span * 2 * TREND_ROOM,
            is_last=pl.col("step") == pl.col("step").max().over("indicator_code"),
        )
    )
