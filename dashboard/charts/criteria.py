"""Criteria: where every commune gains and loses its points; criteria down, communes across."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import altair as alt
import polars as pl

from dashboard.charts.layout import DEFAULT_STYLE, Style, dashes, finished, tooltip, where_chosen
from dashboard.charts.palette import OUTLINE_WIDTH, QUANTITY_RAMP, RING, SOLID, with_look
from dashboard.charts.scorecard import (
    GUTTER,
    LEAST_TEXT,
    SYMBOL_UNIT,
    TARGET_WIDTH,
    TEXT_IN_UNIT,
    Grid,
    ScorecardWords,
)
from dashboard.charts.stages import for_arrow

if TYPE_CHECKING:
    from collections.abc import Sequence

CELL_SELECTION: Final = "cell"
# A row has a name of two lines, and room to the names above and beneath.
ROW: Final = 1.12
# One hue from no points to all of them; the ends of `QUANTITY_RAMP` with a paler beginning.
RAMP: Final = ("#E3EEF9", QUANTITY_RAMP[1], QUANTITY_RAMP[0])
BLACK: Final = "#000000"
WHITE: Final = "#FFFFFF"
# At this luminance black and white stand out equally well, with a contrast of 4.58.
EVEN_LUMINANCE: Final = 0.179
LINEAR_BELOW: Final = 0.04045


@dataclass(frozen=True, slots=True)
class CriteriaWords:
    """Heading of the column with the most points a criterion can give; may contain a line break."""

    maximum: str


@dataclass(frozen=True, slots=True)
class CriteriaGrid(Grid):
    """The scorecard's grid without town and trend, so it ends with the last commune."""

    @property
    def total(self) -> float:
        return TARGET_WIDTH + self.communes


def criteria_heatmap_chart(
    cells: pl.DataFrame,
    *,
    words: CriteriaWords,
    style: Style = DEFAULT_STYLE,
) -> alt.LayerChart:
    """Draw one cell per criterion and commune; a click fills the point selection `cell`.

    `cells`: criterion, column, area_id (Int), criterion_label, max_label, area_label (String), status (`off`:
    nothing or below the criterion's least; `not_reported`: not scored; `no_target`: coloured by its share),
    share (Float64, 0 to 1 or null), value_label (String), is_recent (Boolean), tooltip_title, tooltip_lines
    (String). The selection carries `criterion` and `area_id`.
    """
    grid = _grid(cells, words, style)
    placed = _placed(cells, grid)
    layers = [_cells(placed, grid), _texts(placed, grid), _maxima(grid)]
    return finished(layers, style, height=style.row * ROW * grid.rows.height)


def ramp_fill(share: float) -> str:
    """Colour of a share of the points, from pale for none to dark for all."""
    along = min(1.0, max(0.0, share)) * (len(RAMP) - 1)
    start = min(int(along), len(RAMP) - 2)
    ends = zip(_parts(RAMP[start]), _parts(RAMP[start + 1]), strict=True)
    mixed = [round(low + (high - low) * (along - start)) for low, high in ends]
    return "#" + "".join(f"{part:02X}" for part in mixed)


def text_on(fill: str) -> str:
    """Black or white, whichever stands out more from a colour (WCAG 2.2, relative luminance)."""
    red, green, blue = (_linear(part / 255) for part in _parts(fill))
    return BLACK if 0.2126 * red + 0.7152 * green + 0.0722 * blue > EVEN_LUMINANCE else WHITE


def _parts(colour: str) -> Sequence[int]:
    return bytes.fromhex(colour.removeprefix("#"))


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= LINEAR_BELOW else ((part + 0.055) / 1.055) ** 2.4)


def _grid(cells: pl.DataFrame, words: CriteriaWords, style: Style) -> CriteriaGrid:
    """Criteria stand where the scorecard has indicators, their numbers where it has codes."""
    rows = (
        cells.unique("criterion")
        .sort("criterion")
        .select(
            "criterion",
            indicator_code=pl.col("criterion").cast(pl.String),
            indicator_label="criterion_label",
            target_label="max_label",
            row=pl.int_range(pl.len()).cast(pl.Float64),
        )
    )
    return CriteriaGrid(
        rows=rows,
        areas=tuple(cells.unique("area_id").sort("column")["area_label"]),
        has_town=False,
        has_trend=False,
        words=ScorecardWords(target=words.maximum, trend=""),
        style=style,
    )


def _placed(cells: pl.DataFrame, grid: CriteriaGrid) -> pl.DataFrame:
    """Add the coordinates, the look and the text of every cell, in reading order."""
    recent = pl.col("is_recent")
    looked = with_look(cells.join(grid.rows.select("criterion", "row"), on="criterion"), grid.style.theme)
    return (
        for_arrow(_shaded(looked))
        .with_columns(left=pl.col("column").rank("dense").cast(pl.Float64) - 1 + TARGET_WIDTH)
        .with_columns(
            right=pl.col("left") + 1,
            middle=pl.col("left") + 0.5,
            top=pl.col("row") - 0.5,
            bottom=pl.col("row") + 0.5,
            text=pl.concat_str("value_label", "symbol", separator=" ", ignore_nulls=True).str.strip_chars(),
            short_text=pl.when(pl.col("symbol") != "").then("symbol").otherwise("value_label"),
            stroke=pl.when(recent).then(pl.lit(grid.style.ink.recent)).otherwise("outline"),
            stroke_width=pl.when(recent).then(RING).otherwise(OUTLINE_WIDTH),
            dash=pl.when(recent).then(pl.lit(SOLID)).otherwise("dash"),
            spoken=pl.concat_str("tooltip_title", "value_label", separator=" ", ignore_nulls=True),
        )
        .sort("row", "left")
    )


def _shaded(looked: pl.DataFrame) -> pl.DataFrame:
    """Give cells that are simply scored the colour of their share; other states keep their look."""
    is_shaded = (pl.col("status") == "no_target") & pl.col("share").is_not_null()
    fills = [None if share is None else ramp_fill(share) for share in looked["share"]]
    inks = [None if fill is None else text_on(fill) for fill in fills]
    ramp_fills = pl.Series(fills, dtype=pl.String)
    return looked.with_columns(
        fill=pl.when(is_shaded).then(ramp_fills).otherwise("fill"),
        ink=pl.when(is_shaded).then(pl.Series(inks, dtype=pl.String)).otherwise("ink"),
        outline=pl.when(is_shaded).then(ramp_fills).otherwise("outline"),
    )


def _cells(placed: pl.DataFrame, grid: CriteriaGrid) -> alt.Chart:
    chosen = alt.selection_point(name=CELL_SELECTION, fields=["criterion", "area_id"], on="click")
    layer: alt.Chart = (
        alt.Chart(placed, name="cells")
        .mark_rect(
            cornerRadius=4,
            xOffset=GUTTER,
            x2Offset=-GUTTER,
            yOffset=GUTTER,
            y2Offset=-GUTTER,
            cursor="pointer",
            strokeDash=dashes(),
            tooltip=tooltip(),
        )
        .encode(
            x=grid.x("left"),
            x2=alt.X2("right:Q"),
            y=grid.y("top"),
            y2=alt.Y2("bottom:Q"),
            fill=alt.Fill("fill:N", scale=None),
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


def _texts(placed: pl.DataFrame, grid: CriteriaGrid) -> alt.Chart:
    text = f"{grid.unit()} < {SYMBOL_UNIT} ? datum.short_text : datum.text"
    layer: alt.Chart = (
        alt.Chart(placed)
        .mark_text(
            baseline="middle",
            text=alt.ExprRef(expr=text),
            fontSize=alt.ExprRef(expr=_text_height(grid)),
            fontWeight=alt.ExprRef(expr="datum.status == 'off' ? 'bold' : 'normal'"),
        )
        .encode(x=grid.x("middle"), y=grid.y(), color=alt.Color("ink:N", scale=None))
    )
    return layer


def _maxima(grid: CriteriaGrid) -> alt.Chart:
    layer: alt.Chart = (
        alt.Chart(for_arrow(grid.rows.with_columns(middle=pl.lit(TARGET_WIDTH / 2))))
        .mark_text(
            baseline="middle",
            color=grid.style.ink.muted,
            fontSize=alt.ExprRef(expr=_text_height(grid)),
        )
        .encode(x=grid.x("middle"), y=grid.y(), text=alt.Text("target_label:N"))
    )
    return layer


def _text_height(grid: CriteriaGrid) -> str:
    """Vega expression: the height of text that fits a commune's column."""
    return f"clamp({grid.unit()} * {TEXT_IN_UNIT}, {LEAST_TEXT}, {grid.style.text_size:g})"
