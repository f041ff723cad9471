"""What concerns the whole screen: its one stream, the lost connection, the end of the session.

The browser's part is presence.js. It tells other parts of the page by events on `window`: dashboard:change
(detail {version}), dashboard:beat (detail {left, idle_left}, in seconds), dashboard:lost, dashboard:found,
dashboard:rest (nobody sees the tab) and dashboard:signed-out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from dashboard.i18n import _, current_language
from dashboard.settings import settings

HERE: Final = Path(__file__).parent
WARN_SECONDS: Final = 300

_presence = st.components.v2.component(
    "presence",
    html="<span hidden></span>",
    js=HERE.joinpath("presence.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def mount_presence() -> None:
    """Once on each page, before anything else of it."""
    _mount("presence")


def show_ended() -> None:
    """Leave for the sign-in page, which leads back here; what was typed and not stored is kept by the browser."""
    _mount("presence:ended", ended=True)


def show_failed(mark: str) -> None:
    """Try the page again by itself after a while."""
    _mount(f"presence:failed:{mark}", failed=True)


def idle_warning_seconds(idle_minutes: int) -> int:
    """How long before an idle session ends its screen says so: five minutes, but never all the time."""
    return min(WARN_SECONDS, idle_minutes * 60 // 2)


def _mount(key: str, **facts: bool) -> None:
    run = st.session_state["presence:run"] = st.session_state.get("presence:run", 0) + 1
    words = {
        "lost": _("Mất kết nối với máy chủ, đang tự kết nối lại. Chữ chưa lưu được giữ trên máy này."),
        "idle": _("Phiên làm việc sẽ hết sau {n} phút nếu không dùng tới."),
        "ending": _("Phiên làm việc sẽ hết sau {n} phút. Chữ chưa lưu được giữ trên máy này."),
        "stay": _("Tiếp tục làm việc"),
        "renew": _("Đăng nhập lại"),
    }
    _presence(
        key=key,
        data={
            "run": run,
            "language": current_language(),
            "warn_end": WARN_SECONDS,
            "warn_idle": idle_warning_seconds(settings().idle_minutes),
            **words,
            **facts,
        },
        on_resume_change=_nothing,
    )


def _nothing() -> None:
    """A trigger reruns the page by itself; Streamlit wants a callback to know its name."""
