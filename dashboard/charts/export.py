"""Charts as files and as one sentence; drawn on the server, without a network."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

import polars as pl

if TYPE_CHECKING:
    import altair as alt


EXPORT_WIDTH: Final = 1000
# A file carries no web font; the first of these that the server has knows all Vietnamese letters and ✓ ✕ ◇.
EXPORT_FONTS: Final = "Noto Sans, DejaVu Sans, Arial, sans-serif"
# Twelve at once made everybody else wait for three seconds.
_ONE_AT_A_TIME: Final = threading.Lock()


def to_png(chart: alt.LayerChart, *, scale: float = 2, width: int = EXPORT_WIDTH) -> bytes:
    """Return the chart as a PNG image `width` times `scale` pixels wide."""
    import vl_convert as vlc  # noqa: PLC0415 - 90 MB of renderer, for the few who ask for a file

    with _ONE_AT_A_TIME:
        return vlc.vegalite_to_png(_spec(chart, width), scale=scale)


def to_svg(chart: alt.LayerChart, *, width: int = EXPORT_WIDTH) -> str:
    """Return the chart as an SVG document `width` pixels wide."""
    import vl_convert as vlc  # noqa: PLC0415 - as above

    with _ONE_AT_A_TIME:
        return vlc.vegalite_to_svg(_spec(chart, width))


def _spec(chart: alt.LayerChart, width: int) -> dict[str, Any]:
    """A file has no page to stretch to, so a stretching chart is given a width."""
    spec: dict[str, Any] = chart.to_dict()
    if spec.get("width") == "container":
        spec["width"] = width
    spec["config"] = {**spec.get("config", {}), "font": EXPORT_FONTS}
    return spec


def scorecard_alternative(cells: pl.DataFrame, *, title: str) -> str:
    """Say how many cells are in which state, the most frequent first: `title: 60 Đạt, 12 Chưa đạt.`"""
    states = cells.group_by("status_word").len().sort(["len", "status_word"], descending=[True, False])
    return _sentence(title, [f"{n} {word}" for word, n in states.iter_rows()], between=", ")


def bullet_alternative(rows: pl.DataFrame, *, title: str) -> str:
    """Say every indicator's figures, in the order of the plan."""
    return _pairs(rows.sort("position"), "indicator_label", "right_label", title=title)


def trend_alternative(rows: pl.DataFrame, *, title: str) -> str:
    """Say the first and the last value that are known."""
    known = rows.drop_nulls("share").sort("step")
    ends = pl.concat([known.head(1), known.tail(1)]).unique("step", maintain_order=True)
    return _pairs(ends, "period_label", "value_label", title=title)


def tile_map_alternative(rows: pl.DataFrame, *, title: str) -> str:
    """Say every area's value, or its state where it has none."""
    shown = pl.when(pl.col("value_label") != "").then("value_label").otherwise("status_word")
    return _pairs(rows.with_columns(shown=shown), "label", "shown", title=title)


def stages_alternative(rows: pl.DataFrame, *, title: str) -> str:
    """Say the stage where every commune stands now, with its date where there is one."""
    current = rows.filter("is_current").sort("position", "area_id")
    shown = pl.concat_str("stage_label", "date_label", separator=" ", ignore_nulls=True)
    return _pairs(current.with_columns(shown=shown.str.strip_chars()), "area_label", "shown", title=title)


def points_alternative(rows: pl.DataFrame, *, title: str) -> str:
    """Say every commune's points, in the order of the rows."""
    return _pairs(rows.sort("position", "area_id"), "area_label", "right_label", title=title)


def criteria_alternative(cells: pl.DataFrame, *, title: str) -> str:
    """Say only the criteria that are off and where, for nobody listens to all cells; the title says so."""
    value = pl.concat_str("area_label", "value_label", separator=" ", ignore_nulls=True)
    off = (
        cells.filter(pl.col("status") == "off")
        .sort("criterion", "column")
        .group_by("criterion", "criterion_label", maintain_order=True)
        .agg(areas=value.str.join(", "))
    )
    return _pairs(off, "criterion_label", "areas", title=title)


def play_map_alternative(areas: pl.DataFrame, *, title: str) -> str:
    """Say every area's value, or its state where it has none and `status_word` is there."""
    if "status_word" in areas.columns:
        return tile_map_alternative(areas, title=title)
    values = areas.select(pl.concat_str("label", "value_label", separator=" ").str.strip_chars()).to_series()
    return _sentence(title, values.to_list())


def _pairs(frame: pl.DataFrame, name: str, value: str, *, title: str) -> str:
    return _sentence(title, [f"{left} {right}" for left, right in frame.select(name, value).iter_rows()])


def _sentence(title: str, parts: list[str], *, between: str = "; ") -> str:
    if not parts:
        return f"{title}."
    return " ".join(f"{title}: {between.join(parts)}.".split())
