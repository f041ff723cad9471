"""Who sits before this screen, and in which language. Asked anew on each run, of the fragment too."""

from __future__ import annotations

import functools
import time
from typing import TYPE_CHECKING, Final, ParamSpec

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard.actions.accounts import set_language as set_account_language
from dashboard.cookie_names import cookie_in
from dashboard.i18n import DEFAULT, LANGUAGES, _, known_language, set_language
from dashboard.ui.address import address_key, addressed, keep_choice, prepare_choice
from dashboard.ui.emphasis import emphasis
from dashboard.ui.presence import show_ended
from dashboard.ui.turns import turns
from dashboard.views.sessions import SignedIn, signed_in
from db.base import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.domain.permissions import Actor

P = ParamSpec("P")


class SessionOver(Exception):
    """Nobody is signed in on this screen any more."""


PATIENCE_SECONDS: Final = (0.2, 0.5, 1.0, 2.0)
LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English"}


def session_token() -> str | None:
    return cookie_in(st.context.cookies, "session", st.context.headers.get("Host", ""))


def actor_now() -> Actor:
    """Who acts; raises SessionOver. For callbacks: stopping one would take the fields away with what was typed."""
    person = _signed_in_now()
    if person is None:
        raise SessionOver
    return person.actor


def _signed_in_now() -> SignedIn | None:
    """Waits a little for a database that is being started anew: meanwhile the screen keeps what it shows."""
    for pause in PATIENCE_SECONDS:
        try:
            return signed_in(session_token(), utc_now())
        except SQLAlchemyError:
            time.sleep(pause)
    return signed_in(session_token(), utc_now())


def visitor() -> SignedIn:
    """The person of this run; stops the run with a sentence where the session has ended."""
    person = _signed_in_now()
    if person is None:
        set_language(known_language(addressed("lang", LANGUAGES, DEFAULT)))
        st.error(
            _(
                "Phiên làm việc đã kết thúc. Những số liệu đã báo “đã lưu” vẫn còn nguyên. Đề nghị đăng nhập lại."
            ),
            icon=":material/lock:",
        )
        st.link_button(_("Đăng nhập"), "/login", type=emphasis())
        show_ended()
        st.stop()
    set_language(known_language(addressed("lang", LANGUAGES, person.language)))
    return person


def language_control(person: SignedIn) -> None:
    """The two languages side by side; the choice is in the address, and remembered for the next sign-in."""
    prepare_choice("lang", LANGUAGES, person.language)
    st.segmented_control(
        "Ngôn ngữ · Language",
        LANGUAGES,
        format_func=LANGUAGE_NAMES.__getitem__,
        required=True,
        key=address_key("lang"),
        on_change=_keep_language,
        label_visibility="collapsed",
    )


def _keep_language() -> None:
    keep_choice("lang")
    person = visitor()
    set_account_language(actor=person.actor, language=known_language(st.session_state[address_key("lang")]))


def live_fragment(body: Callable[P, None]) -> Callable[P, None]:
    """A fragment that knows its visitor: it reruns alone, in a thread that app.py has not prepared."""

    @st.fragment
    @functools.wraps(body)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with turns.turn(visitor().actor.id):
            body(*args, **kwargs)

    return run
