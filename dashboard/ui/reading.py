"""While a file that somebody handed in is read: what is said meanwhile, and that it is read once and not at every click."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from dashboard.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dashboard.ui.uploads import Upload

T = TypeVar("T")


@contextmanager
def reading_shown() -> Iterator[Callable[[int], None]]:
    """A line under the field until the file is read; yields what is to be told how many files come first."""
    place = st.empty()

    def show_wait(ahead: int) -> None:
        place.info(
            _("Đang chờ {n} tệp khác được đọc xong. Đề nghị giữ nguyên trang này.").format(n=ahead),
            icon=":material/hourglass_top:",
        )

    with st.spinner(_("Đang đọc tệp, đề nghị chờ trong giây lát…")):
        yield show_wait
    place.empty()


def read_once(
    name: str,
    upload: Upload | None,
    read: Callable[[bytes, Callable[[int], None]], T],
    refused: type[Exception],
) -> T | None:
    """What `read` makes of the file that a field holds, kept for this page as long as the field holds it.

    None where there is no file. Raises the refusal of `read`, an exception with `problem`, each time anew.
    """
    key = f"read:{name}"
    if upload is None:
        st.session_state.pop(key, None)
        return None
    kept: tuple[str, T | _Refusal] | None = st.session_state.get(key)
    if kept is not None and kept[0] == upload.id:
        return _given(kept[1])
    content = upload.read()
    if content is None:
        return None
    with reading_shown() as on_wait:
        outcome = _outcome(lambda: read(content, on_wait), refused)
        # Stored before anything is drawn: a click meanwhile begins the page anew.
        if not _is_of_the_moment(outcome):
            st.session_state[key] = (upload.id, outcome)
            upload.drop()
    return _given(outcome)


@dataclass(frozen=True, slots=True)
class _Refusal:
    refused: Exception


def _outcome(read: Callable[[], T], refused: type[Exception]) -> T | _Refusal:
    try:
        return read()
    except refused as refusal:
        # Without the frames that led to it, which hold the file.
        return _Refusal(refusal.with_traceback(None))


def _given(outcome: T | _Refusal) -> T:
    if isinstance(outcome, _Refusal):
        raise outcome.refused
    return outcome


def _is_of_the_moment(outcome: object) -> bool:
    """The same file may be read the next time."""
    return isinstance(outcome, _Refusal) and getattr(outcome.refused, "problem", None) in (
        "busy",
        "unavailable",
    )
