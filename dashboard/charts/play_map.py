"""Maps of play areas: every place a mark whose shape says its condition, on tiles or on outlines."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Final

import altair as alt
import polars as pl

from dashboard.charts.layout import DEFAULT_STYLE, LINE_HEIGHT, Style, dashes, finished, tooltip, where_chosen
from dashboard.charts.palette import CATEGORY_HUES, LOOKS, OUTLINE_WIDTH, PALE_OUTLINE, RING, with_look
from dashboard.charts.stages import for_arrow
from dashboard.charts.tiles import (
    AREA_SELECTION,
    VALUE_SIZE,
    placed_tiles,
    tile_extent,
    tile_squares,
    tile_texts,
)

# Larger than the plain tile: name, value and marks share it.
TILE_IN_TEXT: Final = 8
NAME_AT: Final = 0.21
VALUE_AT: Final = 0.48
# Letters times text height that a tile is wide in bold.
VALUE_ROOM: Final = 10.5
# The part of a tile that belongs to the marks, in tiles from its upper left corner.
MARKS_TOP: Final = 0.6
MARKS_WIDTH: Final = 0.86
MARKS_HEIGHT: Final = 0.33
# Two rows of six; with more places the marks become smaller.
FULL_PITCH: Final = MARKS_WIDTH / 6
# What a mark with its halo takes of its pitch.
MARK_IN_PITCH: Final = 0.72
MARK_IN_TEXT: Final = 0.7
NAME_IN_TEXT: Final = 0.95
HALO: Final = "#FFFFFF"
HALO_WIDTH: Final = 3
EDGE_WIDTH: Final = 1

CROSS: Final = (
    "M-1,-0.55L-0.55,-1L0,-0.45L0.55,-1L1,-0.55L0.45,0L1,0.55L0.55,1L0,0.45L-0.55,1L-1,0.55L-0.45,0Z"
)
SHAPES: Final = {"usable": "circle", "to_repair": "triangle-up", "stopped": CROSS}
FILLS: Final = {
    # Not the fill of what is reached: on such a tile the mark would look like an empty ring.
    "usable": CATEGORY_HUES[1],
    "to_repair": LOOKS["near"].fill,
    "stopped": LOOKS["off"].fill,
}

MAP_IN_TEXT: Final = 27
# Neighbours may cover half of the line around the chosen area.
CHOSEN_WIDTH: Final = 1.5 * RING
# Room at the edges for strokes and names, as a part of the map.
MARGIN: Final = 0.03


@dataclass(frozen=True, slots=True)
class Ground:
    """What the map shows from left to right and from the bottom upwards."""

    across: tuple[float, float]
    up: tuple[float, float]

    def x(self) -> alt.X:
        return alt.X("x:Q", scale=alt.Scale(domain=list(self.across), nice=False, zero=False), axis=None)

    def y(self) -> alt.Y:
        return alt.Y("y:Q", scale=alt.Scale(domain=list(self.up), nice=False, zero=False), axis=None)

    def holds(self) -> pl.Expr:
        return pl.col("x").is_between(*self.across) & pl.col("y").is_between(*self.up)


def play_tile_map_chart(
    tiles: pl.DataFrame,
    dots: pl.DataFrame,
    *,
    style: Style = DEFAULT_STYLE,
) -> alt.LayerChart:
    """Draw one square per area with its name, value and places; a click fills the point selection `area`.

    `tiles`: area_id, row, column (Int), label, status, value_label, status_word (shown without a value),
    tooltip_title, tooltip_lines (String).
    `dots`: area_id, place_id (Int), state (`usable`, `to_repair` or `stopped`), tooltip_title, tooltip_lines
    (String). The chart has a fixed width (squares stay square); the selection carries `area_id`.
    """
    tile = style.text_size * TILE_IN_TEXT
    placed = placed_tiles(for_arrow(tiles), style).with_columns(
        name_at=pl.col("y") + NAME_AT,
        value_at=pl.col("y") + VALUE_AT,
    )
    # The squares measure themselves by their own table, so without one there is only the empty ground.
    across, down = (tile_extent(placed, "x"), tile_extent(placed, "y")) if placed.height else (1.0, 1.0)
    ground = Ground((0, across), (down, 0))
    marks = _marks(_marked(place_dots(dots, placed), pl.col("pitch") * MARK_IN_PITCH * tile), ground)
    squares = _named_squares(placed, style) if placed.height else []
    return finished([*squares, *marks], style, height=tile * down, width=tile * across, autosize="pad")


def play_outline_map_chart(
    rings: pl.DataFrame,
    dots: pl.DataFrame,
    labels: pl.DataFrame,
    *,
    style: Style = DEFAULT_STYLE,
    aspect: float,
) -> alt.LayerChart:
    """Draw the outlines of the areas with their names and places; a click fills the point selection `area`.

    `rings`, one row per corner: area_id, order (Int), ring (String, one per closed line), x, y (Float64:
    longitude, latitude), status, tooltip_title, tooltip_lines (String).
    `dots`: area_id, place_id (Int), x, y, state (`usable`, `to_repair` or `stopped`), tooltip_title,
    tooltip_lines; those without a position or outside the ground of the rings are left out, see off_the_map.
    `labels`: area_id (Int), x, y, label, value_label, status (String).
    `aspect` is the height of all rings on the ground divided by their width. The chart has a fixed width, so
    that it keeps that shape; the selection carries `area_id`.
    """
    width = style.width if isinstance(style.width, int) else style.text_size * MAP_IN_TEXT
    ground = _ground(rings)
    # A single dot far away would stretch the whole picture to where it lies.
    shown = dots.filter(ground.holds()).sort("area_id", "place_id")
    diameter = pl.lit(style.text_size * MARK_IN_TEXT)
    names = _names(labels, style)
    edged = _edged(rings, style)
    layers = [
        _grounds(edged, ground),
        _outlines(edged, ground, style),
        *_marks(_marked(shown, diameter), ground),
        _name_texts(names, ground, style, is_halo=True),
        _name_texts(names, ground, style),
    ]
    return finished(layers, style, height=width * aspect, width=width, autosize="pad")


def off_the_map(places: pl.DataFrame, rings: pl.DataFrame) -> int:
    """How many places the outline map leaves out: without a position, or with one outside its ground.

    `places`: x, y (Float64). `rings`: x, y (Float64), one row per corner.
    """
    return places.height - places.filter(_ground(rings).holds()).height


def _ground(rings: pl.DataFrame) -> Ground:
    return Ground(_span(rings["x"]), _span(rings["y"]))


def _span(values: pl.Series) -> tuple[float, float]:
    """Least and greatest with the same part of both axes as a margin, so that the shape stays true."""
    known = values.drop_nulls().to_list()
    low, high = min(known, default=0.0), max(known, default=1.0)
    return low - (high - low) * MARGIN, high + (high - low) * MARGIN


def _named_squares(tiles: pl.DataFrame, style: Style) -> list[alt.Chart]:
    return [tile_squares(tiles, style), tile_texts(tiles, "label", style), _values(tiles, style)]


def _values(tiles: pl.DataFrame, style: Style) -> alt.Chart:
    """Value or state in one bold line; a long word is set smaller rather than beyond its tile."""
    fitting = f"{VALUE_ROOM} / length(datum.shown)"
    layer = tile_texts(tiles, "shown", style)
    layer.mark.fontSize = alt.ExprRef(expr=f"{style.text_size:g} * min({VALUE_SIZE}, {fitting})")
    return layer


def place_dots(dots: pl.DataFrame, tiles: pl.DataFrame) -> pl.DataFrame:
    """Lay out every tile's places in rows; adds x, y and pitch (Float64, in tiles).

    `tiles`: area_id (Int), x, y (Float64, the upper left corner).
    """
    corners = tiles.select(pl.col("area_id").cast(pl.Int32), corner_x="x", corner_y="y")
    counted = (
        for_arrow(dots)
        .join(corners, on="area_id")
        .sort("area_id", "place_id")
        .with_columns(
            count=pl.len().over("area_id"),
            nth=pl.int_range(pl.len()).over("area_id"),
        )
    )
    layouts = [_rows_for(count) for count in counted["count"]]
    per_row = pl.Series([columns for columns, _ in layouts], dtype=pl.Int64)
    pitch = pl.Series([pitch for _, pitch in layouts], dtype=pl.Float64)
    nth = pl.col("nth").cast(pl.Int64)
    return counted.with_columns(
        x=pl.col("corner_x") + 0.5 + (nth % per_row + 0.5 - per_row / 2) * pitch,
        y=pl.col("corner_y") + MARKS_TOP + (nth // per_row + 0.5) * pitch,
        pitch=pitch,
    ).drop("corner_x", "corner_y", "count", "nth")


def _rows_for(count: int) -> tuple[int, float]:
    """Return marks in a row and their distance: as large as fits the lower part of a tile."""
    best = max(range(1, count + 1), key=lambda rows: _pitch(count, rows))
    return ceil(count / best), _pitch(count, best)


def _pitch(count: int, rows: int) -> float:
    return min(FULL_PITCH, MARKS_HEIGHT / rows, MARKS_WIDTH / ceil(count / rows))


def _marked(dots: pl.DataFrame, diameter: pl.Expr) -> pl.DataFrame:
    """Add shape and fill by condition and the size as Vega measures it; unknown conditions raise."""
    state = pl.col("state").replace_strict
    return for_arrow(dots).with_columns(
        shape=state(SHAPES, return_dtype=pl.String),
        fill=state(FILLS, return_dtype=pl.String),
        mark_size=diameter.cast(pl.Float64) ** 2,
    )


def _marks(marks: pl.DataFrame, ground: Ground) -> list[alt.Chart]:
    """Marks over white halos: whatever the fill beneath, the eye sees dark on white."""
    base = alt.Chart(marks).encode(
        x=ground.x(),
        y=ground.y(),
        shape=alt.Shape("shape:N", scale=None),
        size=alt.Size("mark_size:Q", scale=None),
    )
    # Nothing to read out: the mark over it says what stands there.
    halo = base.mark_point(
        aria=False, filled=True, fill=HALO, stroke=HALO, strokeWidth=HALO_WIDTH, strokeJoin="round", opacity=1
    )
    mark = base.mark_point(
        filled=True,
        stroke=PALE_OUTLINE,
        strokeWidth=EDGE_WIDTH,
        strokeJoin="round",
        opacity=1,
        cursor="pointer",
        tooltip=tooltip(),
    ).encode(fill=alt.Fill("fill:N", scale=None), description=alt.Description("tooltip_title:N"))
    return [halo, mark]


def _grounds(rings: pl.DataFrame, ground: Ground) -> alt.Chart:
    """Fill of the areas, where the pointer asks and the finger chooses.

    The page sends tables, which a geographic shape cannot be, and a filled line answers the pointer at its
    corners only. An area answers everywhere; its base, a closed ring's own height, encloses nothing.
    """
    chosen = alt.selection_point(name=AREA_SELECTION, fields=["area_id"], on="click")
    layer: alt.Chart = (
        alt.Chart(rings, name="areas")
        .mark_area(interpolate="linear", opacity=1, line=False, cursor="pointer", tooltip=tooltip())
        .encode(
            x=ground.x(),
            y=ground.y(),
            y2=alt.Y2("base:Q"),
            detail=alt.Detail("ring:N"),
            # Equal for all corners, which so stay as in the table; their number would split the area at each.
            order=alt.Order("ring:N"),
            fill=alt.Fill("fill:N", scale=None),
            description=alt.Description("tooltip_title:N"),
        )
        .add_params(chosen)
    )
    return layer


def _outlines(rings: pl.DataFrame, ground: Ground, style: Style) -> alt.Chart:
    """Edges of the areas; those of the chosen one are thick."""
    layer: alt.Chart = (
        alt.Chart(rings)
        .mark_line(interpolate="linear-closed", strokeJoin="round", strokeDash=dashes())
        .encode(
            x=ground.x(),
            y=ground.y(),
            detail=alt.Detail("ring:N"),
            order=alt.Order("order:Q"),
            stroke=alt.Stroke("edge:N", scale=None, condition=where_chosen(AREA_SELECTION, style.ink.text)),
            strokeWidth=alt.StrokeWidthValue(
                OUTLINE_WIDTH, condition=where_chosen(AREA_SELECTION, CHOSEN_WIDTH)
            ),
        )
    )
    return layer


def _edged(rings: pl.DataFrame, style: Style) -> pl.DataFrame:
    """Close the rings, add their base and edges: their own where the state has one, else the page between."""
    bare = pl.col("outline") == "transparent"
    corners = for_arrow(rings).sort("ring", "order")
    first = corners.group_by("ring", maintain_order=True).first().select(corners.columns)
    ends = first.drop("order").join(corners.group_by("ring").agg(pl.col("order").max() + 1), on="ring")
    return (
        with_look(pl.concat([corners, ends.select(corners.columns)]), style.theme)
        .with_columns(edge=pl.when(bare).then(pl.lit(style.ink.page)).otherwise("outline"))
        # Rings with an edge of their own are drawn last.
        .sort(~bare, "ring", "order")
        .with_columns(base=pl.col("y").first().over("ring"))
    )


def _names(labels: pl.DataFrame, style: Style) -> pl.DataFrame:
    """Add name and value with its symbol as the lines of one text."""
    value = pl.concat_str("value_label", "symbol", separator=" ", ignore_nulls=True).str.strip_chars()
    return (
        with_look(for_arrow(labels), style.theme)
        .with_columns(shown=value)
        .with_columns(text=pl.concat_str("label", "shown", separator="\n").str.strip_chars())
    )


def _name_texts(names: pl.DataFrame, ground: Ground, style: Style, *, is_halo: bool = False) -> alt.Chart:
    """Names with a halo in their own area's fill, so that they can be read where they reach beyond it."""
    size = style.text_size * NAME_IN_TEXT
    lines = "(length(split(datum.text, '\\n')) - 1)"
    colour = alt.Color("fill:N", scale=None) if is_halo else alt.Color("ink:N", scale=None)
    base = alt.Chart(names).mark_text(
        baseline="middle",
        lineBreak="\n",
        fontSize=size,
        fontWeight="bold",
        strokeJoin="round",
        dy=alt.ExprRef(expr=f"-{lines} * {size * LINE_HEIGHT / 2:g}"),
    )
    layer: alt.Chart = base.encode(x=ground.x(), y=ground.y(), text=alt.Text("text:N"), color=colour)
    if is_halo:
        layer = layer.encode(stroke=alt.Stroke("fill:N", scale=None), strokeWidth=alt.value(HALO_WIDTH))
    return layer
