"""Lists that are searched without tones and marks: once on each page, for all lists of it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from dashboard.i18n import _

_lists: Final = st.components.v2.component(
    "list_search",
    html="<span hidden></span>",
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def mount_list_search() -> None:
    """Let “thac mo” find “Thác Mơ” in every list, and say in the page's language when nothing fits."""
    _lists(key="list-search", data={"none": _("Không có mục nào khớp.")})
