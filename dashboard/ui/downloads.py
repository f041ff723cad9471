"""Every chart as a picture, its table as a file: made only when somebody asks."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.charts.export import to_png, to_svg
from dashboard.i18n import _

if TYPE_CHECKING:
    import altair as alt

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_downloads(chart: alt.LayerChart, table: pl.DataFrame, *, name: str, synthetic: bool) -> None:
    """A small menu with PNG, SVG, CSV and Excel. Made-up figures say so in the file itself and in its name."""
    stem = f"{name}-{_('so-lieu-minh-hoa')}" if synthetic else name
    marked = _marked(table) if synthetic else table
    with st.popover(_("Tải về"), icon=":material/download:"):
        for label, suffix, mime, make in (
            (_("Hình PNG"), "png", "image/png", lambda: to_png(_titled(chart, synthetic=synthetic))),
            (_("Hình SVG"), "svg", "image/svg+xml", lambda: to_svg(_titled(chart, synthetic=synthetic))),
            (_("Bảng CSV"), "csv", "text/csv", lambda: as_csv(marked)),
            (_("Bảng Excel"), "xlsx", EXCEL, lambda: as_excel(marked)),
        ):
            st.download_button(
                label,
                make,
                file_name=f"{stem}.{suffix}",
                mime=mime,
                key=f"download:{name}:{suffix}",
                on_click="ignore",
                width="stretch",
            )


def _notice() -> str:
    return _("Số liệu minh họa (giả định)")


def _titled(chart: alt.LayerChart, *, synthetic: bool) -> alt.LayerChart:
    return chart.properties(title=_notice()) if synthetic else chart


def _marked(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.lit(_notice()).alias(_("Ghi chú")))


def as_csv(table: pl.DataFrame) -> bytes:
    """With a byte order mark: without it Excel misreads Vietnamese letters."""
    return table.write_csv(include_bom=True, separator=";").encode()


def as_excel(table: pl.DataFrame) -> bytes:
    file = BytesIO()
    table.write_excel(file, autofit=True)
    return file.getvalue()
