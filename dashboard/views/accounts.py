"""Where accounts belong, by the names that people type at the command line."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlmodel import col

from dashboard.domain.folding import clean_login
from db.engine import database
from db.tables import Account, Agency, Area, Installation


def area_id(slug: str) -> int | None:
    with database().read() as session:
        return session.scalar(select(col(Area.id)).where(col(Area.slug) == slug))


def agency_id(slug: str) -> int | None:
    with database().read() as session:
        return session.scalar(select(col(Agency.id)).where(col(Agency.slug) == slug))


def communes() -> list[tuple[str, str]]:
    """(slug, name) of the communes that an officer can belong to, in the plan's order."""
    statement = (
        select(col(Area.slug), col(Area.full_name_vi))
        .where(col(Area.kind) == "commune")
        .order_by(col(Area.position), col(Area.id))
    )
    with database().read() as session:
        return [(slug, name) for slug, name in session.execute(statement)]


def agencies() -> list[tuple[str, str]]:
    """(slug, name) of the agencies in the plan's order."""
    statement = select(col(Agency.slug), col(Agency.name_vi)).order_by(col(Agency.position))
    with database().read() as session:
        return [(slug, name) for slug, name in session.execute(statement)]


def places_of_accounts() -> dict[str, str]:
    """The commune's or agency's slug by login; without those who belong to the whole town."""
    statement = (
        select(col(Account.login), func.coalesce(col(Area.slug), col(Agency.slug)))
        .outerjoin(Area, col(Area.id) == col(Account.area_id))
        .outerjoin(Agency, col(Agency.id) == col(Account.agency_id))
    )
    with database().read() as session:
        return {login: slug for login, slug in session.execute(statement) if slug}


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
            session.scalar(select(col(Account.version)).where(col(Account.login) == clean_login(login))) or 0
        )
