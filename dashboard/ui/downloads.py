"""Every chart as a picture, its table as a file: made only when somebody asks."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.charts.export import to_png, to_svg
from dashboard.documents.texts import harmless
from dashboard.i18n import _, current_language, in_language

if TYPE_CHECKING:
    from collections.abc import Callable

    import altair as alt

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_downloads(
    chart: Callable[[], alt.LayerChart], table: Callable[[], pl.DataFrame], *, name: str, synthetic: bool
) -> None:
    """A small menu with PNG, SVG, CSV and Excel. Made-up figures say so in the file itself and in its name."""
    stem = "-".join((name, _("so-lieu-minh-hoa"))) if synthetic else name
    files: tuple[tuple[str, str, str, Callable[[], bytes | str]], ...] = (
        (_("Hình PNG"), "png", "image/png", lambda: to_png(_titled(chart(), synthetic=synthetic))),
        (_("Hình SVG"), "svg", "image/svg+xml", lambda: to_svg(_titled(chart(), synthetic=synthetic))),
        (_("Bảng CSV"), "csv", "text/csv", lambda: as_csv(_marked(table(), synthetic=synthetic))),
        (_("Bảng Excel"), "xlsx", EXCEL, lambda: as_excel(_marked(table(), synthetic=synthetic))),
    )
    with st.popover(_("Tải về"), icon=":material/download:"):
        for label, suffix, mime, make in files:
            st.download_button(
                label,
                _in_this_language(make),
                file_name=f"{stem}.{suffix}",
                mime=mime,
                key=f"download:{name}:{suffix}",
                on_click="ignore",
                width="stretch",
            )


def _in_this_language(make: Callable[[], bytes | str]) -> Callable[[], bytes | str]:
    """The file is made later, in another thread, which does not know who asked for it."""
    language = current_language()

    def made() -> bytes | str:
        with in_language(language):
            return make()

    return made


def _notice() -> str:
    return _("Số liệu minh họa (giả định)")


def _titled(chart: alt.LayerChart, *, synthetic: bool) -> alt.LayerChart:
    return chart.properties(title=_notice()) if synthetic else chart


def _marked(table: pl.DataFrame, *, synthetic: bool) -> pl.DataFrame:
    if not synthetic:
        return table
    return table.with_columns(pl.lit(_notice()).alias(_("Ghi chú")))


def as_csv(table: pl.DataFrame) -> bytes:
    """With a byte order mark: without it Excel misreads Vietnamese letters. No cell is a formula to a sheet program."""
    columns = [
        pl.Series(harmless(name), [harmless(each) if isinstance(each, str) else each for each in table[name]])
        if table.schema[name] == pl.String
        else table[name].alias(harmless(name))
        for name in table.columns
    ]
    return pl.DataFrame(columns).write_csv(include_bom=True, separator=";").encode()


def as_excel(table: pl.DataFrame) -> bytes:
    """Texts stay texts: neither formulas nor links are made of them."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # noqa: PLC0415 - only when somebody asks

    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        table.write_excel(book, autofit=True)
    return file.getvalue()
