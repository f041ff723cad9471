"""A status as a chip: its colour, symbol and word together, never colour alone."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.charts.palette import look
from dashboard.domain.status import Status
from dashboard.i18n import _
from dashboard.ui.as_written import as_written
from dashboard.ui.words import status_word

if TYPE_CHECKING:
    from collections.abc import Iterable


def status_chip(status: str, *, is_provisional: bool = False) -> str:
    seen = look(Status(status))
    word = status_word(status)
    if is_provisional:
        word = _("{state}, tạm tính").format(state=word)
    outline = f"border:1.5px solid {seen.outline};" if seen.outline else ""
    style = f"background:{seen.fill};color:{seen.text};{outline}border-radius:6px;padding:2px 10px;font-weight:600"
    return f'<span style="{style}">{html.escape(f"{seen.symbol} {word}".strip())}</span>'


LEGEND = (
    Status.met,
    Status.near,
    Status.off,
    Status.incomplete,
    Status.not_reported,
    Status.no_figure,
    Status.nil,
    Status.not_applicable,
    Status.no_baseline,
    Status.no_target,
    Status.masked,
)
# As on the cells: stripes say that a figure is not final.
STRIPES = "repeating-linear-gradient(115deg,#C3CBD6 0 5px,#F1F3F5 5px 10px)"


def show_legend(states: Iterable[str], *, is_provisional: bool = False) -> None:
    """The states that are there to be seen, in the order of the vocabulary."""
    there = set(states)
    chips = "".join(f'<li style="margin:0">{status_chip(s)}</li>' for s in LEGEND if s.value in there)
    if is_provisional:
        look = f"background:{STRIPES};color:#111827;border-radius:6px;padding:2px 10px;font-weight:600"
        chips += f'<li style="margin:0"><span style="{look}">{html.escape(_("tạm tính"))}</span></li>'
    style = "display:flex;flex-wrap:wrap;gap:6px 10px;list-style:none;margin:0;padding:0;font-size:0.8rem"
    st.html(f'<ul style="{style}">{chips}</ul>')


def show_heading(words: str) -> None:
    """The heading of one part of a page."""
    st.markdown(f"**{as_written(words)}**")


def show_status(status: str, *, is_provisional: bool = False) -> None:
    st.html(status_chip(status, is_provisional=is_provisional))
