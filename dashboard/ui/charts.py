"""Charts kept as finished specifications: Altair builds one in a tenth of a second, a screen needs it in none."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st
from altair.utils.schemapi import disable_debug_mode

from dashboard.charts.layout import Style
from dashboard.i18n import current_language

if TYPE_CHECKING:
    from collections.abc import Iterator

    import altair as alt

    from dashboard.charts.palette import Theme

# Each part of a chart would be checked against the whole schema as it is made: tests do that, screens need not.
disable_debug_mode()

Spec = dict[str, Any]


@dataclass(frozen=True)
class Drawn:
    """A chart ready for the screen, and the same in words for those who do not see it."""

    spec: Spec
    words: str


def theme() -> Theme:
    return "dark" if st.context.theme.type == "dark" else "light"


def style(**changes: Any) -> Style:
    return Style(theme=theme(), language=current_language(), **changes)


def finished_spec(chart: alt.LayerChart) -> Spec:
    """The chart as Streamlit takes it without further work: its data as Arrow, each layer's under its number.

    Altair names data after their content. With names that stay, a change of figures changes no word of the
    specification, and the browser puts the new figures into the drawing that is there.
    """
    spec: Spec = chart.to_dict(validate=False)
    content = spec.pop("datasets")
    names: dict[str, str] = {}
    for layer in _with_data(spec):
        name = names.setdefault(layer["data"]["name"], f"data-{len(names)}")
        layer["data"] = {"name": name}
    frames = {new: pl.DataFrame(content[old], infer_schema_length=None) for old, new in names.items()}
    return {
        **spec,
        "datasets": {name: _arrow(frame) for name, frame in frames.items()},
    }


def _arrow(frame: pl.DataFrame) -> bytes:
    """In the oldest writing of strings, which every reader of Arrow knows.

    Streamlit's own conversion would do, but it loads Pandas and PyArrow: 80 MB for every server.
    """
    file = BytesIO()
    frame.write_ipc_stream(file, compat_level=pl.CompatLevel.oldest())
    return file.getvalue()


def _with_data(part: Spec) -> Iterator[Spec]:
    """Every part of a specification that names its data, in the order in which it is drawn."""
    if "name" in part.get("data", {}):
        yield part
    for layer in part.get("layer", ()):
        yield from _with_data(layer)
