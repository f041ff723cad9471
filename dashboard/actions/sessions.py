"""Signing in and out. Guessing is slowed for each account and each address; only hashes of secrets are stored."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select, update
from sqlmodel import col

from dashboard.actions.accounts import revoke_sessions
from dashboard.actions.endings import announce_ended_sessions
from dashboard.actions.errors import SignInRefused
from dashboard.actions.passwords import hash_password, is_password, needs_new_hash
from dashboard.settings import settings
from dashboard.tokens import hash_of, new_token
from db.base import utc_now
from db.engine import database
from db.tables import Account, LoginSession, SignInAttempt

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session
    from sqlalchemy.sql.elements import ColumnElement

WINDOW: Final = timedelta(minutes=15)
FAILURES_OF_ACCOUNT: Final = 5
FAILURES_OF_ADDRESS: Final = 20
TOUCH_EVERY: Final = timedelta(minutes=1)
KEPT: Final = timedelta(days=30)
# People type passwords into the wrong field: what names no account is kept only as a mark that nobody can read.
_SALT: Final = secrets.token_bytes(16)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """An attempt that is already counted as failed, so that guesses sent at once are counted too."""

    id: int
    account_id: int | None
    password_hash: str | None


def sign_in(*, login: str, password: str, address: str, now: datetime | None = None) -> str:
    """The secret of a new session; raises SignInRefused, the same whether or not the login exists."""
    moment = now or utc_now()
    attempt = _begin_attempt(login, address, moment)
    # Outside any transaction: comparing takes a tenth of a second on purpose.
    if not is_password(attempt.password_hash, password):
        raise SignInRefused
    replacement = hash_password(password) if needs_new_hash(attempt.password_hash or "") else None
    return _open_session(attempt, address, moment, replacement)


def confirm_password(*, login: str, password: str, address: str, now: datetime | None = None) -> None:
    """The person is still who signed in; counted and slowed like a sign-in. Raises SignInRefused."""
    attempt = _begin_attempt(login, address, now or utc_now())
    if not is_password(attempt.password_hash, password):
        raise SignInRefused
    with database().write() as transaction:
        _mark_succeeded(transaction.session, attempt)


def sign_out(token: str, now: datetime | None = None) -> None:
    ends = update(LoginSession).where(
        col(LoginSession.token_hash) == hash_of(token), col(LoginSession.revoked_at).is_(None)
    )
    with database().write() as transaction:
        transaction.session.execute(ends.values(revoked_at=now or utc_now()))
    announce_ended_sessions()


def sign_out_everywhere(account_id: int, now: datetime | None = None) -> None:
    with database().write() as transaction:
        revoke_sessions(transaction.session, account_id, at=now or utc_now())
    announce_ended_sessions()


def touch(*, token_hash: str, last_seen_at: datetime, now: datetime) -> bool:
    """Keep a session from falling idle; writes at most once a minute. Returns whether it asked to write.

    A session that has ended or is idle already stays so, whatever comes in for it.
    """
    if now - last_seen_at < TOUCH_EVERY:
        return False
    seen_at = col(LoginSession.last_seen_at)
    alive = (
        col(LoginSession.token_hash) == token_hash,
        col(LoginSession.revoked_at).is_(None),
        col(LoginSession.expires_at) > now,
        seen_at > now - timedelta(minutes=settings().idle_minutes),
        seen_at <= now - TOUCH_EVERY,
    )
    with database().write() as transaction:
        transaction.session.execute(update(LoginSession).where(*alive).values(last_seen_at=now))
    return True


def _begin_attempt(login: str, address: str, now: datetime) -> _Attempt:
    with database().write() as transaction:
        session = transaction.session
        name = login.strip().lower()
        account = session.scalar(
            select(Account).where(col(Account.login) == name, col(Account.disabled_at).is_(None))
        )
        key = name if account else _unreadable(name)
        _refuse_too_many(session, key, address, now)
        _prune(session, now)
        attempt = SignInAttempt(login=key, address=address[:64], at=now, succeeded=False)
        session.add(attempt)
        session.flush()
        found = (account.id, account.password_hash) if account else (None, None)
        return _Attempt(attempt.id or 0, *found)


def _unreadable(login: str) -> str:
    return "?" + hashlib.sha256(_SALT + login.encode()).hexdigest()[:40]


def _refuse_too_many(session: Session, login: str, address: str, now: datetime) -> None:
    """A success clears what went before it for the account, never for the address."""
    by_login = col(SignInAttempt.login) == login
    last_success = session.scalar(
        select(func.max(col(SignInAttempt.id))).where(by_login, col(SignInAttempt.succeeded))
    )
    since_success = by_login & (col(SignInAttempt.id) > (last_success or 0))
    waits = (
        _wait(session, since_success, FAILURES_OF_ACCOUNT, now),
        _wait(session, col(SignInAttempt.address) == address[:64], FAILURES_OF_ADDRESS, now),
    )
    if max(waits) > timedelta(0):
        raise SignInRefused(ceil(max(waits) / timedelta(minutes=1)))


def _wait(session: Session, whose: ColumnElement[bool], limit: int, now: datetime) -> timedelta:
    """Until the oldest of the last `limit` failures leaves the window; 0 while there are fewer."""
    at = col(SignInAttempt.at)
    failures = select(at).where(whose, ~col(SignInAttempt.succeeded), at > now - WINDOW)
    oldest = session.scalar(failures.order_by(at.desc()).offset(limit - 1).limit(1))
    return oldest + WINDOW - now if oldest else timedelta(0)


def _open_session(attempt: _Attempt, address: str, now: datetime, replacement: str | None) -> str:
    token = new_token()
    with database().write() as transaction:
        session = transaction.session
        account = session.get(Account, attempt.account_id)
        # The account may have been disabled, or its password changed, while the password was compared.
        if account is None or account.disabled_at or account.password_hash != attempt.password_hash:
            raise SignInRefused
        account.password_hash = replacement or account.password_hash
        _mark_succeeded(session, attempt)
        session.add(
            LoginSession(
                token_hash=hash_of(token),
                account_id=attempt.account_id or 0,
                created_at=now,
                last_seen_at=now,
                expires_at=now + timedelta(hours=settings().session_hours),
                address=address[:64],
            )
        )
    return token


def _mark_succeeded(session: Session, attempt: _Attempt) -> None:
    session.execute(update(SignInAttempt).where(col(SignInAttempt.id) == attempt.id).values(succeeded=True))


def _prune(session: Session, now: datetime) -> None:
    session.execute(delete(SignInAttempt).where(col(SignInAttempt.at) < now - KEPT))
    session.execute(delete(LoginSession).where(col(LoginSession.expires_at) < now - KEPT))
