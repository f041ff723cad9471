"""Charts kept as finished specifications: Altair builds one in a tenth of a second, a screen needs it in none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from altair.utils.schemapi import disable_debug_mode
from streamlit.dataframe_util import convert_anything_to_arrow_bytes

if TYPE_CHECKING:
    import altair as alt

# Each part of a chart would be checked against the whole schema as it is made: tests do that, screens need not.
disable_debug_mode()

Spec = dict[str, Any]


def finished_spec(chart: alt.LayerChart) -> Spec:
    """The chart as Streamlit takes it without further work: its data as Arrow, each frame once."""
    spec: Spec = chart.to_dict(validate=False)
    frames = {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in spec["datasets"].items()}
    return {
        **spec,
        "datasets": {name: convert_anything_to_arrow_bytes(frame) for name, frame in frames.items()},
    }
