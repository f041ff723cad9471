"""Who visits in these tests."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.cookie_names import cookie_name

PASSWORD = "bồ câu bay qua sông"


@dataclass(frozen=True)
class Known:
    login: str
    name: str
    password: str


def session_cookie(*, secure: bool = False) -> str:
    """What the session's cookie is called at the host of these tests."""
    return cookie_name("session", "phuoclong", secure=secure)
