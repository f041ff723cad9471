"""Buttons that lead to lines of the entry page: it is many screens long, and has three sections."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import streamlit as st

from dashboard.i18n import _
from dashboard.ui.address import turn_to

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

MONEY: Final = ("budget", "fund")
GOING: Final = "lines:going"

_way: Final = st.components.v2.component(
    "line_links",
    html="<span hidden></span>",
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def line_key(line: Mapping[str, Any]) -> str:
    """The key of the container that holds the fields of a line (a row of EntrySheet.lines)."""
    return f"line:{line['split']}:{line['area']}"


def show_line_links(lines: Sequence[Mapping[str, Any]]) -> None:
    """One button for each indicator of `lines`, by its code: to its first line among them."""
    first = {line["code"]: line for line in reversed(lines)}
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.caption(_("Đến dòng chưa nhập:"), width="content")
        for code in dict.fromkeys(line["code"] for line in lines):
            st.button(code, key=f"btn:to-{code}", on_click=_go, args=(first[code],))
    if GOING in st.session_state:
        key, once = st.session_state[GOING]
        _way(key="line-links", data={"key": key, "once": once})


def _go(line: Mapping[str, Any]) -> None:
    turn_to("section", "money" if line["grouping"] in MONEY else line["grouping"])
    st.session_state[GOING] = (line_key(line), uuid4().hex)
