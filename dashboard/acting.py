"""Who acts in this thread, for the log of what was refused."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final

_login: Final[ContextVar[str]] = ContextVar("acting", default="somebody")


def note_actor(login: str) -> None:
    _login.set(login)


def acting_login() -> str:
    return _login.get()
