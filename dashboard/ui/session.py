"""Who sits before this screen, and in which language. Asked anew on each run, of the fragment too."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, ParamSpec

import streamlit as st

from dashboard.actions.sessions import touch
from dashboard.i18n import LANGUAGES, Language, _, known_language, set_language
from dashboard.views.sessions import SignedIn, signed_in
from dashboard.web.cookies import session_cookie
from db.base import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English"}


def session_token() -> str | None:
    return session_cookie(st.context.cookies)


def visitor() -> SignedIn:
    """The person of this run; stops the run with a sentence where the session has ended."""
    now = utc_now()
    person = signed_in(session_token(), now)
    if person is None:
        set_language(known_language(st.session_state.get("lang")))
        st.error(
            _(
                "Phiên làm việc đã kết thúc. Những số liệu đã báo “đã lưu” vẫn còn nguyên. Đề nghị đăng nhập lại."
            ),
            icon=":material/lock:",
        )
        st.link_button(_("Đăng nhập"), "/login", type="primary")
        st.stop()
    # Whoever types for hours sends no HTTP request in all that time: a run of the script is use as well.
    touch(token_hash=person.token_hash, last_seen_at=person.last_seen_at, now=now)
    set_language(known_language(st.session_state.get("lang", person.language)))
    return person


def language_control(person: SignedIn) -> Language:
    """The two languages side by side, kept in the address so that a link opens as it was seen."""
    chosen = st.segmented_control(
        "Ngôn ngữ · Language",
        LANGUAGES,
        default=person.language,
        format_func=LANGUAGE_NAMES.__getitem__,
        required=True,
        key="lang",
        bind="query-params",
        label_visibility="collapsed",
    )
    language = known_language(chosen)
    set_language(language)
    return language


def live_fragment(body: Callable[P, None]) -> Callable[P, None]:
    """A fragment that knows its visitor: it reruns alone, in a thread that app.py has not prepared."""

    @st.fragment
    @functools.wraps(body)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        visitor()
        body(*args, **kwargs)

    return run
