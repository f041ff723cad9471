"""Where accounts belong, by the names that people type at the command line."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from db.engine import database
from db.tables import Account, Agency, Area, Installation


def area_id(slug: str) -> int | None:
    with database().read() as session:
        return session.scalar(select(col(Area.id)).where(col(Area.slug) == slug))


def agency_id(slug: str) -> int | None:
    with database().read() as session:
        return session.scalar(select(col(Agency.id)).where(col(Agency.slug) == slug))


def is_initialised() -> bool:
    """Whether this database already is somebody's: it has an installation, or an account."""
    with database().read() as session:
        rows = (select(col(Installation.id)).limit(1), select(col(Account.id)).limit(1))
        return any(session.scalar(row) is not None for row in rows)


def has_administrator() -> bool:
    """Whether anybody can still manage accounts."""
    active = select(col(Account.id)).where(
        col(Account.role) == "administrator", col(Account.disabled_at).is_(None)
    )
    with database().read() as session:
        return session.scalar(active.limit(1)) is not None


def account_version(login: str) -> int:
    """What who manages accounts has seen of one when beginning to change it; 0 where there is none."""
    with database().read() as session:
        return (
            session.scalar(select(col(Account.version)).where(col(Account.login) == login.strip().lower()))
            or 0
        )
