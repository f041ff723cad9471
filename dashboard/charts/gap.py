"""Missing children by commune: 98% looks like done, 37 children do not."""

from __future__ import annotations

from typing import Final

import altair as alt
import polars as pl

from dashboard.charts.layout import DEFAULT_STYLE, Style, finished, row_axis, row_scale, wrap_label
from dashboard.charts.palette import QUANTITY_RAMP

BAR: Final = 0.56
# Labels stand behind the bars; on the narrowest plot we draw they must find room there.
NARROWEST_PLOT: Final = 240
WIDTH_OF_LETTER: Final = 0.62


def gap_chart(rows: pl.DataFrame, *, style: Style = DEFAULT_STYLE) -> alt.LayerChart:
    """Draw how many children each commune lacks, the most first.

    `rows`: area_id (Int), area_label (String), gap (Int, null where not reported), label (String).
    """
    ordered = _ordered(rows)
    layers = [_bars(ordered, style), _labels(ordered, style)]
    return finished(alt.LayerChart(layer=layers), style, height=style.row * rows.height)


def _bars(ordered: pl.DataFrame, style: Style) -> alt.Chart:
    layer: alt.Chart = (
        alt.Chart(ordered)
        .mark_rect(cornerRadius=2, color=QUANTITY_RAMP[1 if style.theme == "dark" else 0])
        .encode(x=_x("zero", ordered, style), x2="shown:Q", y=_y("top", ordered, style), y2="bottom:Q")
    )
    return layer


def _labels(ordered: pl.DataFrame, style: Style) -> alt.Chart:
    layer: alt.Chart = (
        alt.Chart(ordered)
        .mark_text(align="left", baseline="middle", dx=8, color=style.ink.text, fontSize=style.text_size)
        .encode(x=_x("shown", ordered, style), y=_y("row", ordered, style), text="label:N")
    )
    return layer


def _x(field: str, ordered: pl.DataFrame, style: Style) -> alt.X:
    scale = alt.Scale(domain=[0, _reach(ordered, style)], nice=False)
    return alt.X(f"{field}:Q", scale=scale, axis=None)


def _y(field: str, ordered: pl.DataFrame, style: Style) -> alt.Y:
    labels = [wrap_label(label, style.label_chars) for label in ordered["area_label"]]
    return alt.Y(f"{field}:Q", scale=row_scale(ordered.height), axis=row_axis(labels, style))


def _ordered(rows: pl.DataFrame) -> pl.DataFrame:
    return (
        rows.sort("gap", descending=True, nulls_last=True, maintain_order=True)
        .with_columns(
            row=pl.int_range(pl.len()).cast(pl.Float64),
            zero=pl.lit(0.0),
            shown=pl.col("gap").fill_null(0).cast(pl.Float64),
        )
        .with_columns(top=pl.col("row") - BAR / 2, bottom=pl.col("row") + BAR / 2)
    )


def _reach(ordered: pl.DataFrame, style: Style) -> float:
    """End of the axis: the longest bar and, behind it, room for the longest label."""
    letters = ordered["label"].str.len_chars().max()
    label = float(letters) * style.text_size * WIDTH_OF_LETTER if isinstance(letters, int) else 0.0
    longest = ordered["shown"].max()
    bar = longest if isinstance(longest, float) and longest else 1.0
    return bar / (1 - min(0.7, (label + 12) / NARROWEST_PLOT))
