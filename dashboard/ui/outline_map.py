"""The map with the outlines that the office has uploaded; the tile map stands in wherever they do not fit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from dashboard.charts.play_map import off_the_map, play_outline_map_chart
from dashboard.documents.outlines import Outlines
from dashboard.i18n import ngettext
from dashboard.ui.charts import style

if TYPE_CHECKING:
    import altair as alt

    from dashboard.views.play_areas import PlayRegister

MAP_WIDTH = 440
MAP_TEXT = 13


def outline_map(register: PlayRegister, tiles: pl.DataFrame, dots: pl.DataFrame) -> alt.LayerChart | None:
    """None where no outline belongs to a commune of today."""
    rings = _rings(register)
    if rings.is_empty():
        return None
    placed = rings.join(tiles.select("area_id", "status", "tooltip_title", "tooltip_lines"), on="area_id")
    middles = rings.group_by("area_id").agg(
        x=(pl.col("x").min() + pl.col("x").max()) / 2, y=(pl.col("y").min() + pl.col("y").max()) / 2
    )
    labels = middles.join(tiles.select("area_id", "label", "value_label", "status"), on="area_id")
    return play_outline_map_chart(
        placed,
        dots,
        labels,
        style=style(text_size=MAP_TEXT, width=MAP_WIDTH),
        aspect=_aspect(rings),
    )


def left_out(register: PlayRegister) -> str:
    """How many places the outlines do not show; empty where they show all, and where tiles stand in."""
    rings = _rings(register)
    places = register.places.select(x="longitude", y="latitude")
    count = 0 if rings.is_empty() else off_the_map(places, rings)
    if not count:
        return ""
    return ngettext(
        "{n} điểm không có vị trí hoặc vị trí ở ngoài bản đồ nên không hiện ở đây; có trong danh sách.",
        "{n} điểm không có vị trí hoặc vị trí ở ngoài bản đồ nên không hiện ở đây; có trong danh sách.",
        count,
    ).format(n=count)


def _rings(register: PlayRegister) -> pl.DataFrame:
    drawn = Outlines.from_json(register.outlines).rings if register.outlines else {}
    areas = dict(register.communes.select("slug", "area").iter_rows())
    rows = [
        (areas[slug], f"{slug}-{number}", order, x, y)
        for slug, rings in drawn.items()
        if slug in areas
        for number, ring in enumerate(rings)
        for order, (x, y) in enumerate(ring)
    ]
    schema = {
        "area_id": pl.Int64,
        "ring": pl.String,
        "order": pl.Int64,
        "x": pl.Float64,
        "y": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _aspect(rings: pl.DataFrame) -> float:
    """Height by width on the ground: a degree of longitude is shorter than one of latitude."""
    left, right, bottom, top = rings.select(
        pl.col("x").min(), pl.col("x").max().alias("x2"), pl.col("y").min(), pl.col("y").max().alias("y2")
    ).row(0)
    return float((top - bottom) / ((right - left) * math.cos(math.radians((top + bottom) / 2))))
