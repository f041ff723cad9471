"""Signing in as tests need it: the secret of the session alone, from an address, at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.actions.sessions import Visitor
from dashboard.actions.sessions import sign_in as open_session

if TYPE_CHECKING:
    from datetime import datetime


def sign_in(*, login: str, password: str, address: str, now: datetime | None = None) -> str:
    """Raises SignInRefused as the action does."""
    return open_session(login=login, password=password, visitor=Visitor(address), now=now).token
