"""Bullet graph (Stephen Few): a value against its target and last year's, one row per indicator."""

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
    finished,
    hatched,
    row_axis,
    row_scale,
    share_axis,
    wrap_label,
)
from dashboard.charts.palette import with_look

# Parts of a row's height. The bar is a third of the band, the target reaches beyond the bar.
BAND: Final = 0.66
BAR: Final = BAND / 3
TICK: Final = 0.5


@dataclass(frozen=True, slots=True)
class BulletWords:
    """`short_axis` names an axis that does not begin at zero ("trục từ 80%")."""

    short_axis: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """Rows in the order of the plan with their axes."""

    rows: pl.DataFrame
    words: BulletWords
    style: Style
    is_short: bool

    @property
    def start(self) -> float:
        return SHORT_AXIS_START if self.is_short else 0.0

    def x(self, field: str) -> alt.X:
        scale = alt.Scale(domain=[self.start, 1], nice=False, zero=False)
        return alt.X(
            f"{field}:Q",
            scale=scale,
            axis=share_axis(self.style, start=self.start, title=self.words.short_axis),
        )

    def y(self, field: str = "row", axis: alt.Axis | None = None) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=row_scale(self.rows.height), axis=axis)

    def strip(self, frame: pl.DataFrame, part: float) -> pl.DataFrame:
        """Rows with the edges of a strip that fills this part of their height."""
        return frame.with_columns(
            start=pl.lit(self.start),
            top=pl.col("row") - part / 2,
            bottom=pl.col("row") + part / 2,
        )


def bullet_chart(
    rows: pl.DataFrame,
    *,
    words: BulletWords,
    style: Style = DEFAULT_STYLE,
) -> alt.LayerChart:
    """Draw shares against their targets; a row without a share shows its text alone.

    `rows`: indicator_code, indicator_label (String), position (Int), share, target, near, last (Float64,
    0 to 1 or null; `near` is the least share that counts as near, `last` never stands for a target), status,
    right_label (String; a line break makes two lines), is_provisional (Boolean, may be left out).
    """
    bullets = _bullets(rows, words, style)
    marks = [_targets(bullets), _dots(bullets)] if bullets.is_short else [_bars(bullets), _targets(bullets)]
    # A layer of symbols without any would be read out as a picture without words.
    before = [_last_year(bullets)] if bullets.rows["last"].drop_nulls().len() else []
    layers = [_bands(bullets), *marks, *before, _right_labels(bullets)]
    return finished(layers, style, height=style.row * rows.height, resolve=OWN_ROWS)


def _bullets(rows: pl.DataFrame, words: BulletWords, style: Style) -> Bullets:
    ordered = with_look(rows.sort("position", "indicator_code"), style.theme).with_columns(
        row=pl.int_range(pl.len()).cast(pl.Float64),
    )
    shares = rows.select(pl.min_horizontal("share", "target", "last").min()).item()
    return Bullets(ordered, words, style, is_short=shares is not None and shares >= CLOSE_TO_FULL)


def _bands(bullets: Bullets) -> alt.Chart:
    """Greys say where a value is far from the target, near it, and beyond it."""
    labels = [wrap_label(label, bullets.style.label_chars) for label in bullets.rows["indicator_label"]]
    frame = bullets.strip(_band_edges(bullets), BAND)
    layer: alt.Chart = (
        alt.Chart(frame)
        .mark_rect()
        .encode(
            x=bullets.x("low"),
            x2=alt.X2("high:Q"),
            y=bullets.y("top", row_axis(labels, bullets.style)),
            y2=alt.Y2("bottom:Q"),
            fill=alt.Fill("grey:N", scale=None),
        )
    )
    return layer


def _band_edges(bullets: Bullets) -> pl.DataFrame:
    """One row per band: row, low, high, grey. A row without a target is one band, without a share none."""
    far, near, beyond = bullets.style.ink.bands
    start = pl.lit(bullets.start)
    target = pl.col("target").fill_null(1.0)
    edge = pl.coalesce("near", target)
    parts = [(start, edge, far), (edge, target, near), (target, pl.lit(1.0), beyond)]
    kept = bullets.rows.drop_nulls("share")
    bands = [
        kept.select("row", low=pl.max_horizontal(low, start), high=high, grey=pl.lit(grey))
        for low, high, grey in parts
    ]
    return pl.concat(bands).filter(pl.col("high") > pl.col("low"))


def _bars(bullets: Bullets) -> alt.Chart:
    layer: alt.Chart = (
        alt.Chart(bullets.strip(bullets.rows.drop_nulls("share"), BAR))
        .mark_rect(strokeWidth=1, fill=hatched())
        .encode(
            x=bullets.x("start"),
            x2=alt.X2("share:Q"),
            y=bullets.y("top"),
            y2=alt.Y2("bottom:Q"),
            stroke=alt.Stroke("outline:N", scale=None),
        )
    )
    return layer


def _dots(bullets: Bullets) -> alt.Chart:
    layer: alt.Chart = (
        alt.Chart(bullets.rows.drop_nulls("share"))
        .mark_point(shape="circle", filled=True, size=130, opacity=1, strokeWidth=1.5, fill=hatched())
        .encode(
            x=bullets.x("share"),
            y=bullets.y(),
            stroke=alt.Stroke("outline:N", scale=None),
        )
    )
    return layer


def _targets(bullets: Bullets) -> alt.Chart:
    layer: alt.Chart = (
        alt.Chart(bullets.strip(bullets.rows.drop_nulls(["share", "target"]), TICK))
        .mark_rule(strokeWidth=3, color=bullets.style.ink.target)
        .encode(x=bullets.x("target"), y=bullets.y("top"), y2=alt.Y2("bottom:Q"))
    )
    return layer


def _last_year(bullets: Bullets) -> alt.Chart:
    layer: alt.Chart = (
        alt.Chart(bullets.rows.drop_nulls("last"))
        .mark_point(
            shape="diamond",
            filled=True,
            fill=bullets.style.ink.page,
            stroke=bullets.style.ink.target,
            strokeWidth=1.5,
            size=48,
            opacity=1,
        )
        .encode(x=bullets.x("last"), y=bullets.y())
    )
    return layer


def _right_labels(bullets: Bullets) -> alt.Chart:
    """The figures are an axis at the right: the browser makes room for it, whatever the font."""
    axis = row_axis(bullets.rows["right_label"].to_list(), bullets.style, orient="right")
    layer: alt.Chart = (
        alt.Chart(bullets.rows).mark_point(opacity=0).encode(x=bullets.x("share"), y=bullets.y("row", axis))
    )
    return layer
