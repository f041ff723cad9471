"""Tile map: seven equal squares in rough geographic place; no outline to mistake for a border."""

from __future__ import annotations

from typing import Final, Literal

import altair as alt
import polars as pl

from dashboard.charts.layout import (
    DEFAULT_STYLE,
    LINE_HEIGHT,
    Style,
    dashes,
    finished,
    hatched,
    tooltip,
    where_chosen,
    wrap_label,
)
from dashboard.charts.palette import OUTLINE_WIDTH, RING, with_look

AREA_SELECTION: Final = "area"
# A tile is as wide as the longest name of two words asks for.
TILE_IN_TEXT: Final = 7.2
NAME_CHARS: Final = 8
GUTTER: Final = 2.5
NAME_AT: Final = 0.34
VALUE_AT: Final = 0.74
VALUE_SIZE: Final = 1.15


def tile_map_chart(rows: pl.DataFrame, *, style: Style = DEFAULT_STYLE) -> alt.LayerChart:
    """Draw one square per area with its name and value; a click fills the point selection `area`.

    `rows`: area_id, row, column (Int), label, status, value_label, tooltip_title, tooltip_lines (String),
    is_provisional (Boolean, may be left out).
    The chart has a fixed width (squares stay square); the selection carries `area_id`.
    """
    tiles = placed_tiles(rows, style)
    tile = style.text_size * TILE_IN_TEXT
    layers = [
        tile_squares(tiles, style),
        tile_texts(tiles, "label", style),
        tile_texts(tiles, "shown", style),
    ]
    width, height = (tile * tile_extent(tiles, axis) for axis in ("x", "y"))
    return finished(layers, style, height=height, width=width, autosize="pad")


def placed_tiles(rows: pl.DataFrame, style: Style) -> pl.DataFrame:
    """Add corners x, x2, y, y2 in tiles from the upper left, two-line names and the shown value."""
    value = pl.concat_str("value_label", "symbol", separator=" ").str.strip_chars()
    return (
        with_look(rows, style.theme)
        .with_columns(
            pl.col("area_id").cast(pl.Int32),
            x=(pl.col("column") - pl.col("column").min()).cast(pl.Float64),
            y=(pl.col("row") - pl.col("row").min()).cast(pl.Float64),
            label=pl.Series([wrap_label(label, NAME_CHARS) for label in rows["label"]], dtype=pl.String),
            shown=pl.when(value != "").then(value).otherwise("status_word"),
        )
        .with_columns(x2=pl.col("x") + 1, y2=pl.col("y") + 1, middle=pl.col("x") + 0.5)
        .with_columns(name_at=pl.col("y") + NAME_AT, value_at=pl.col("y") + VALUE_AT)
    )


def tile_extent(tiles: pl.DataFrame, axis: Literal["x", "y"]) -> float:
    """How many tiles the map is wide or high."""
    return float(tiles.select(pl.col(f"{axis}2").max()).item())


def _position(tiles: pl.DataFrame, x: str, y: str) -> dict[str, alt.X | alt.Y]:
    across = alt.Scale(domain=[0, tile_extent(tiles, "x")], nice=False)
    down = alt.Scale(domain=[tile_extent(tiles, "y"), 0], nice=False)
    return {"x": alt.X(f"{x}:Q", scale=across, axis=None), "y": alt.Y(f"{y}:Q", scale=down, axis=None)}


def tile_squares(tiles: pl.DataFrame, style: Style) -> alt.Chart:
    chosen = alt.selection_point(name=AREA_SELECTION, fields=["area_id"], on="click")
    layer: alt.Chart = (
        alt.Chart(tiles, name="tiles")
        .mark_rect(
            cornerRadius=6,
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
            **_position(tiles, "x", "y"),
            x2=alt.X2("x2:Q"),
            y2=alt.Y2("y2:Q"),
            stroke=alt.Stroke(
                "outline:N", scale=None, condition=where_chosen(AREA_SELECTION, style.ink.text)
            ),
            strokeWidth=alt.StrokeWidthValue(OUTLINE_WIDTH, condition=where_chosen(AREA_SELECTION, RING)),
            description=alt.Description("tooltip_title:N"),
        )
        .add_params(chosen)
    )
    return layer


def tile_texts(tiles: pl.DataFrame, field: str, style: Style) -> alt.Chart:
    """The name in the upper part of its tile, the value in bold in the lower part."""
    is_name = field == "label"
    lines = f"(length(split(datum.{field}, '\\n')) - 1)"
    size = style.text_size * (1 if is_name else VALUE_SIZE)
    layer: alt.Chart = (
        alt.Chart(tiles)
        .mark_text(
            baseline="middle",
            lineBreak="\n",
            fontSize=size,
            fontWeight="normal" if is_name else "bold",
            dy=alt.ExprRef(expr=f"-{lines} * {size * LINE_HEIGHT / 2:g}"),
        )
        .encode(
            **_position(tiles, "middle", "name_at" if is_name else "value_at"),
            text=f"{field}:N",
            color=alt.Color("ink:N", scale=None),
        )
    )
    return layer
