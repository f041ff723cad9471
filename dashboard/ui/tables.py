"""A plain table for reading: real table markup, prints whole, and needs no Pandas as Streamlit's own would."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

STYLE = """<style>
.plain-table{overflow-x:auto}
.plain-table table{border-collapse:collapse;width:100%;font-size:.875rem}
.plain-table caption{text-align:left;font-weight:600;padding:0 0 .4rem}
.plain-table th,.plain-table td{text-align:left;vertical-align:top;padding:.35rem .6rem .35rem 0;
border-bottom:1px solid color-mix(in srgb,currentColor 22%,transparent)}
.plain-table th{font-weight:600}
.plain-table th:not(.number){white-space:nowrap}
.plain-table .number{text-align:right}
@media (min-width:641px){.plain-table .number + :not(.number){padding-left:.8rem}}
.plain-table td.number,.plain-table .whole{white-space:nowrap}
@media (max-width:640px){
.plain-table th:not(.number){white-space:normal}
.plain-table .cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.plain-table .cards tr,.plain-table .cards td{display:block;text-align:left}
.plain-table .cards tr{border-bottom:1px solid color-mix(in srgb,currentColor 22%,transparent);padding:.5rem 0}
.plain-table .cards td{border:0;padding:.1rem 0;white-space:normal}
.plain-table .cards td:not(:first-child)::before{content:attr(data-heading) ": ";opacity:.75}
.plain-table .cards td:first-child{font-weight:600}
}
</style>"""
# With more columns than these a telephone shows one word beside the other: there each row becomes a card.
TEXTS_ON_A_PHONE = 3
# Columns of text are broken into lines, those of numbers are not: the two together need more room.
TEXTS_BESIDE_NUMBERS = 2


class Markup(str):
    """Text that is HTML already, made by our own code: chips and links."""

    __slots__ = ()


def show_table(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    caption: str = "",
    numbers: Sequence[int] = (),
    whole: Sequence[int] = (),
) -> None:
    """`rows` hold one text for each heading; everything but Markup is escaped.

    `numbers` are columns set right, `whole` are columns whose texts are never broken into two lines.
    """
    kinds = {**dict.fromkeys(whole, "whole"), **dict.fromkeys(numbers, "number")}
    head = "".join(
        f'<th scope="col"{_class(column, kinds)}>{html.escape(heading)}</th>'
        for column, heading in enumerate(headings)
    )
    is_cards = len(headings) - len(numbers) > (TEXTS_BESIDE_NUMBERS if numbers else TEXTS_ON_A_PHONE)
    labels = headings if is_cards else ()
    body = "".join(f"<tr>{_cells(row, labels, kinds)}</tr>" for row in rows)
    title = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    shape = ' class="cards"' if is_cards else ""
    st.html(
        f'{STYLE}<div class="plain-table" tabindex="0" role="region" aria-label="{html.escape(caption or headings[0])}">'
        f"<table{shape}>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cells(row: Sequence[str], labels: Sequence[str], kinds: Mapping[int, str]) -> str:
    """`labels` stand before the cells where the row is a card, empty where headings are always in sight."""
    named = [f' data-heading="{html.escape(label)}"' for label in labels] or [""] * len(row)
    return "".join(
        f"<td{_class(column, kinds)}{name}>{_text(cell)}</td>"
        for column, (name, cell) in enumerate(zip(named, row, strict=True))
    )


def _class(column: int, kinds: Mapping[int, str]) -> str:
    return f' class="{kinds[column]}"' if column in kinds else ""


def _text(cell: str) -> str:
    return cell if isinstance(cell, Markup) else html.escape(cell).replace("\n", "<br>")
