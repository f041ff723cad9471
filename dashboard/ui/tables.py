"""A plain table for reading: real table markup, prints whole, and needs no Pandas as Streamlit's own would."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STYLE = """<style>
.plain-table{overflow-x:auto}
.plain-table table{border-collapse:collapse;width:100%;font-size:.875rem}
.plain-table caption{text-align:left;font-weight:600;padding:0 0 .4rem}
.plain-table th,.plain-table td{text-align:left;vertical-align:top;padding:.35rem .6rem .35rem 0;
border-bottom:1px solid color-mix(in srgb,currentColor 22%,transparent)}
.plain-table th{font-weight:600;white-space:nowrap}
.plain-table .number{text-align:right}
.plain-table td.number{white-space:nowrap}
</style>"""


class Markup(str):
    """Text that is HTML already, made by our own code: chips and links."""

    __slots__ = ()


def show_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str = "", numbers: Sequence[int] = ()
) -> None:
    """`rows` hold one text for each heading; everything but Markup is escaped. `numbers` are columns set right."""
    head = "".join(
        f'<th scope="col"{_right(column, numbers)}>{html.escape(heading)}</th>'
        for column, heading in enumerate(headings)
    )
    body = "".join(f"<tr>{_cells(row, numbers)}</tr>" for row in rows)
    title = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    st.html(
        f'{STYLE}<div class="plain-table" tabindex="0" role="region" aria-label="{html.escape(caption or headings[0])}">'
        f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cells(row: Sequence[str], numbers: Sequence[int]) -> str:
    return "".join(f"<td{_right(column, numbers)}>{_text(cell)}</td>" for column, cell in enumerate(row))


def _right(column: int, numbers: Sequence[int]) -> str:
    return ' class="number"' if column in numbers else ""


def _text(cell: str) -> str:
    return cell if isinstance(cell, Markup) else html.escape(cell).replace("\n", "<br>")
