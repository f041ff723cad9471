"""What our cookies are called: browsers keep them by host alone, so two installations on one host need two names."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import select
from sqlmodel import col

from db.engine import database
from db.tables import Installation

if TYPE_CHECKING:
    from collections.abc import Mapping

# Browsers take a name that begins so only over HTTPS, from the host itself: no neighbour in the domain can plant one.
PROTECTED: Final = "__Host-"
Purpose = Literal["session", "device"]
_marks: dict[str, str] = {}


def cookie_name(purpose: Purpose, host: str, *, secure: bool) -> str:
    """By installation, and by the port that browsers use: a copy of the same data may run beside it for trying out."""
    port = host.rpartition(":")[2] if ":" in host.rpartition("]")[2] else ""
    digest = hashlib.sha256(f"{_installation()} {port}".encode()).hexdigest()[:8]
    return f"{PROTECTED if secure else ''}dashboard_{purpose}_{digest}"


def cookie_in(cookies: Mapping[str, str], purpose: Purpose, host: str) -> str | None:
    """By either name: for readers that do not see how the request came."""
    names = (cookie_name(purpose, host, secure=secure) for secure in (True, False))
    return next((cookies[name] for name in names if name in cookies), None)


def _installation() -> str:
    """Tells installations apart; empty before the first setting up, which is asked for again."""
    used = database()
    if not _marks.get(used.url):
        with used.read() as session:
            made = session.scalar(select(col(Installation.created_at)))
        _marks[used.url] = made.isoformat() if made else ""
    return _marks[used.url]
