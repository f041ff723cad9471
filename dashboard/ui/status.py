"""A status as a chip: its colour, symbol and word together, never colour alone."""

from __future__ import annotations

import html

import streamlit as st

from dashboard.charts.palette import look
from dashboard.domain.status import Status
from dashboard.ui.as_written import as_written
from dashboard.ui.words import status_word


def status_chip(status: str) -> str:
    seen = look(Status(status))
    outline = f"border:1.5px solid {seen.outline};" if seen.outline else ""
    style = f"background:{seen.fill};color:{seen.text};{outline}border-radius:6px;padding:2px 10px;font-weight:600"
    return f'<span style="{style}">{html.escape(f"{seen.symbol} {status_word(status)}".strip())}</span>'


LEGEND = (
    Status.met,
    Status.near,
    Status.off,
    Status.incomplete,
    Status.not_reported,
    Status.nil,
    Status.not_applicable,
)


def show_legend() -> None:
    chips = "".join(f'<li style="margin:0">{status_chip(status)}</li>' for status in LEGEND)
    style = "display:flex;flex-wrap:wrap;gap:6px 10px;list-style:none;margin:0;padding:0;font-size:0.8rem"
    st.html(f'<ul style="{style}">{chips}</ul>')


def show_heading(words: str) -> None:
    """The heading of one part of a page."""
    st.markdown(f"**{as_written(words)}**")


def show_status(status: str) -> None:
    st.html(status_chip(status))
