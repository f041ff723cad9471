"""Who a session belongs to, asked anew on every request and run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
from sqlalchemy import select
from sqlmodel import col

from dashboard.acting import note_actor
from dashboard.domain.permissions import Actor, Capability, Role, may
from dashboard.i18n import known_language
from dashboard.settings import settings
from dashboard.tokens import hash_of
from db.engine import database
from db.frames import Schema, read_frame
from db.tables import Account, LoginSession

if TYPE_CHECKING:
    from datetime import datetime

    from dashboard.i18n import Language

MOST_SHOWN = 200
ACCOUNT: Schema = {
    "login": pl.String,
    "name": pl.String,
    "role": pl.String,
    "disabled_at": pl.Datetime("us", "UTC"),
}


@dataclass(frozen=True)
class SignedIn:
    actor: Actor
    language: Language
    expires_at: datetime
    token_hash: str
    last_seen_at: datetime

    def seconds_left(self, now: datetime) -> int:
        """Until the session ends in any case."""
        return max(0, int((self.expires_at - now).total_seconds()))

    def idle_seconds_left(self, now: datetime) -> int:
        """Until it ends unless somebody touches a screen."""
        idle_at = self.last_seen_at + timedelta(minutes=settings().idle_minutes)
        return max(0, int((idle_at - now).total_seconds()))


def signed_in(token: str | None, now: datetime) -> SignedIn | None:
    """The person behind a cookie's secret; None once signed out, disabled, idle too long, or expired."""
    if not token:
        return None
    idle_since = now - timedelta(minutes=settings().idle_minutes)
    statement = (
        select(Account, LoginSession)
        .join(LoginSession, col(LoginSession.account_id) == col(Account.id))
        .where(
            col(LoginSession.token_hash) == hash_of(token),
            col(LoginSession.revoked_at).is_(None),
            col(LoginSession.expires_at) > now,
            col(LoginSession.last_seen_at) > idle_since,
            col(Account.disabled_at).is_(None),
        )
    )
    with database().read() as session:
        found = session.execute(statement).one_or_none()
        if found is None:
            return None
        account, held = found
        note_actor(account.login)
        return SignedIn(
            _actor(account),
            known_language(account.language),
            held.expires_at,
            held.token_hash,
            held.last_seen_at,
        )


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A browser in which somebody is signed in."""

    login: str
    name: str
    address: str
    since: datetime
    last_seen_at: datetime
    is_this: bool


def open_sessions(person: SignedIn, now: datetime) -> list[OpenSession]:
    """Where this account is signed in, the newest first; of everybody for who manages accounts."""
    idle_since = now - timedelta(minutes=settings().idle_minutes)
    statement = (
        select(Account, LoginSession)
        .join(LoginSession, col(LoginSession.account_id) == col(Account.id))
        .where(
            col(LoginSession.revoked_at).is_(None),
            col(LoginSession.expires_at) > now,
            col(LoginSession.last_seen_at) > idle_since,
            col(Account.disabled_at).is_(None),
        )
        .order_by(col(LoginSession.last_seen_at).desc())
        .limit(MOST_SHOWN)
    )
    if not may(person.actor, Capability.manage_accounts):
        statement = statement.where(col(Account.id) == person.actor.id)
    with database().read() as session:
        return [
            OpenSession(
                account.login,
                account.name,
                held.address,
                held.created_at,
                held.last_seen_at,
                held.token_hash == person.token_hash,
            )
            for account, held in session.execute(statement)
        ]


def _actor(account: Account) -> Actor:
    return Actor(
        id=account.id or 0,
        login=account.login,
        name=account.name,
        role=Role(account.role),
        area_id=account.area_id,
        agency_id=account.agency_id,
    )


def accounts() -> pl.DataFrame:
    """All accounts by login; columns of ACCOUNT."""
    statement = select(
        col(Account.login), col(Account.name), col(Account.role), col(Account.disabled_at)
    ).order_by(col(Account.login))
    with database().read() as session:
        return read_frame(session, statement, ACCOUNT)
