"""The secret of a session: made here, given to the browser as a cookie, stored only as a hash."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

COOKIE: Final = "dashboard_session"
# Browsers take this name only over HTTPS, from the host itself: no neighbour in the domain can plant one.
SECURE_COOKIE: Final = f"__Host-{COOKIE}"


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """It has 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def session_cookie(cookies: Mapping[str, str]) -> str | None:
    return cookies.get(SECURE_COOKIE) or cookies.get(COOKIE)
