"""The live badge: says whether the screen follows the data, and reruns its fragment when they move."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.domain.numbers import format_moment
from dashboard.i18n import _, current_language
from dashboard.views import installation

if TYPE_CHECKING:
    from dashboard.views.overview import Overview

HIGHLIGHT = timedelta(seconds=30)
HERE = Path(__file__).parent
HTML = """
<div class="live">
  <span class="badge" role="status" data-state="connecting">
    <span class="dot" aria-hidden="true"></span><span class="word"></span><span class="moment"></span>
  </span>
  <button type="button"></button>
</div>
"""

_badge = st.components.v2.component(
    "live_badge",
    html=HTML,
    css=HERE.joinpath("live.css").read_text(encoding="utf-8"),
    js=HERE.joinpath("live.js").read_text(encoding="utf-8"),
)


def show_live_badge(overview: Overview) -> None:
    """Keep the fragment around this call as new as the server's data, for the figures of `overview`."""
    recent = installation.now() - HIGHLIGHT
    newest = overview.cells["entered_at"].drop_nulls().max()
    is_highlighting = isinstance(newest, datetime) and newest > recent
    live_badge(version=overview.version, as_of=overview.as_of, is_highlighting=is_highlighting)


def live_badge(*, version: int, as_of: datetime | None, is_highlighting: bool) -> None:
    """Rerun the fragment around this call whenever the server's data are newer than `version`.

    `is_highlighting` asks for one more rerun after 30 s, which takes the outlines of changed cells away.
    """
    words = {
        "connecting": _("đang kết nối"),
        "live": _("trực tiếp"),
        "frozen": _("đã dừng cập nhật"),
        "lost": _("mất kết nối, đang tự kết nối lại"),
        "signed_out": _("phiên làm việc đã hết, đề nghị đăng nhập lại"),
        "freeze": _("Dừng cập nhật"),
        "resume": _("Cập nhật tiếp"),
        "as_of": _as_of(as_of),
    }
    # Flat on purpose: for a value that is no plain word or number Streamlit loads Pandas, 80 MB, to see what it is.
    data = {"version": version, "highlighting": is_highlighting, **words}
    _badge(
        key="live",
        data=data,
        on_version_change=_nothing,
        on_settled_change=_nothing,
    )


def _as_of(moment: datetime | None) -> str:
    """Nothing where there is no figure yet that could be new or old."""
    if moment is None:
        return ""
    return _("· số liệu đến {moment}").format(moment=format_moment(moment, current_language()))


def _nothing() -> None:
    """A trigger reruns the fragment by itself; Streamlit wants a callback to know its name."""
