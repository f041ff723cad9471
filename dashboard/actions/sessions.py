"""Signing in and out. Guessing is slowed by account, network and browser; only hashes of secrets are stored."""

from __future__ import annotations

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select, update
from sqlmodel import col

from dashboard.actions.accounts import revoke_sessions
from dashboard.actions.devices import known_device, marks_after_sign_in
from dashboard.actions.endings import announce_ended_sessions
from dashboard.actions.errors import SignInRefused
from dashboard.actions.networks import canonical, network_of
from dashboard.actions.passwords import hash_password, is_password, needs_new_hash
from dashboard.domain.folding import clean_login
from dashboard.domain.inputs import storable
from dashboard.settings import settings
from dashboard.tokens import hash_of, new_token
from db.base import utc_now
from db.engine import database
from db.tables import Account, LoginSession, SignInAttempt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session
    from sqlalchemy.sql.elements import ColumnElement

WINDOW: Final = timedelta(minutes=15)
# For one login from one network; from a browser that signed in before; from one network for all logins; and for one
# login from everywhere, a hundred in an hour.
FAILURES_OF_PAIR: Final = 5
FAILURES_OF_DEVICE: Final = 10
FAILURES_OF_NETWORK: Final = 20
FAILURES_OF_ACCOUNT: Final = 25
TOUCH_EVERY: Final = timedelta(minutes=1)
KEPT: Final = timedelta(days=30)
# A database that is busy or cannot be written: who signs in or out is told soon, who only looks on is not held up.
SIGN_IN_PATIENCE_SECONDS: Final = 3.0
TOUCH_PATIENCE_SECONDS: Final = 0.3
# People type passwords into the wrong field: what names no account is kept only as a mark that nobody can read.
_SALT: Final = secrets.token_bytes(16)
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Visitor:
    """From where somebody signs in: the address, and the marks of devices that the browser shows."""

    address: str = ""
    marks: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a browser gets that has signed in: the session's secret, and the marks to show next time."""

    token: str
    marks: str


@dataclass(frozen=True, slots=True)
class _Attempt:
    """An attempt that is already counted as failed, so that guesses sent at once are counted too."""

    id: int
    account_id: int | None
    password_hash: str | None
    name: str
    """The login as the log may have it."""


def sign_in(*, login: str, password: str, visitor: Visitor, now: datetime | None = None) -> Entry:
    """Open a session; raises SignInRefused, the same whether or not the login exists."""
    moment = now or utc_now()
    # PostgreSQL takes no NUL, a hash no half of a letter: such a text is wrong like any other.
    login, password = storable(login), storable(password)
    attempt = _begin_attempt(login, visitor, moment)
    # Outside any transaction: comparing takes a tenth of a second on purpose.
    if not is_password(attempt.password_hash, password):
        _note_failure(attempt, visitor)
        raise SignInRefused
    replacement = hash_password(password) if needs_new_hash(attempt.password_hash or "") else None
    token = _open_session(attempt, visitor, moment, replacement)
    logger.info("%s signed in from %s", attempt.name, canonical(visitor.address))
    stored = replacement or attempt.password_hash or ""
    return Entry(token, marks_after_sign_in(visitor.marks, attempt.account_id or 0, stored))


def confirm_password(*, login: str, password: str, visitor: Visitor, now: datetime | None = None) -> None:
    """The person is still who signed in; counted and slowed like a sign-in. Raises SignInRefused."""
    login, password = storable(login), storable(password)
    attempt = _begin_attempt(login, visitor, now or utc_now())
    if not is_password(attempt.password_hash, password):
        _note_failure(attempt, visitor)
        raise SignInRefused
    with database().write(patience_seconds=SIGN_IN_PATIENCE_SECONDS) as transaction:
        _mark_succeeded(transaction.session, attempt)


def new_session(*, account_id: int, visitor: Visitor, now: datetime | None = None) -> Entry:
    """A session of a person who has just proved who it is, in place of the one that was used till now."""
    moment = now or utc_now()
    with database().write(patience_seconds=SIGN_IN_PATIENCE_SECONDS) as transaction:
        account = transaction.session.get_one(Account, account_id)
        token = _add_session(transaction.session, account_id, visitor, moment)
        return Entry(token, marks_after_sign_in(visitor.marks, account_id, account.password_hash))


def sign_out(token: str, now: datetime | None = None) -> None:
    ends = update(LoginSession).where(
        col(LoginSession.token_hash) == hash_of(token), col(LoginSession.revoked_at).is_(None)
    )
    with database().write(patience_seconds=SIGN_IN_PATIENCE_SECONDS) as transaction:
        transaction.session.execute(ends.values(revoked_at=now or utc_now()))
    announce_ended_sessions()


def sign_out_everywhere(account_id: int, now: datetime | None = None) -> None:
    with database().write(patience_seconds=SIGN_IN_PATIENCE_SECONDS) as transaction:
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
    with database().write(patience_seconds=TOUCH_PATIENCE_SECONDS) as transaction:
        transaction.session.execute(update(LoginSession).where(*alive).values(last_seen_at=now))
    return True


def _begin_attempt(login: str, visitor: Visitor, now: datetime) -> _Attempt:
    with database().write(patience_seconds=SIGN_IN_PATIENCE_SECONDS) as transaction:
        session = transaction.session
        name = clean_login(login)
        account = session.scalar(
            select(Account).where(col(Account.login) == name, col(Account.disabled_at).is_(None))
        )
        attempt = SignInAttempt(
            login=name if account else _unreadable(name),
            address=canonical(visitor.address),
            network=network_of(visitor.address),
            device=known_device(visitor.marks, account.id, account.password_hash) if account else None,
            at=now,
            succeeded=False,
        )
        shown = account.login if account else "an unknown login"
        _refuse_too_many(session, attempt, shown)
        _prune(session, now)
        session.add(attempt)
        session.flush()
        stored = account.password_hash if account else None
        return _Attempt(attempt.id or 0, account.id if account else None, stored, shown)


def _note_failure(attempt: _Attempt, visitor: Visitor) -> None:
    logger.warning("wrong password for %s from %s", attempt.name, canonical(visitor.address))


def _unreadable(login: str) -> str:
    return "?" + hashlib.sha256(_SALT + login.encode()).hexdigest()[:40]


def _refuse_too_many(session: Session, attempt: SignInAttempt, shown: str) -> None:
    wait = max(_waits(session, attempt), default=timedelta(0))
    if wait > timedelta(0):
        minutes = ceil(wait / timedelta(minutes=1))
        logger.warning("%s from %s has to wait %d minutes", shown, attempt.address, minutes)
        raise SignInRefused(minutes)


def _waits(session: Session, attempt: SignInAttempt) -> Iterator[timedelta]:
    """Whoever is known here, by the browser or by the network, is not held up by what others guess."""
    login, network, device = (
        col(SignInAttempt.login) == attempt.login,
        col(SignInAttempt.network) == attempt.network,
        col(SignInAttempt.device),
    )
    if attempt.device:
        yield _wait(
            session,
            _since_success(session, login & (device == attempt.device)),
            FAILURES_OF_DEVICE,
            attempt.at,
        )
        return
    pair = login & network & device.is_(None)
    yield _wait(session, _since_success(session, pair), FAILURES_OF_PAIR, attempt.at)
    known_here = select(col(SignInAttempt.id)).where(login, network, col(SignInAttempt.succeeded)).limit(1)
    if session.scalar(known_here) is None:
        yield _wait(session, network, FAILURES_OF_NETWORK, attempt.at)
        yield _wait(session, login & device.is_(None), FAILURES_OF_ACCOUNT, attempt.at)


def _since_success(session: Session, whose: ColumnElement[bool]) -> ColumnElement[bool]:
    """A success clears what went before it."""
    newest = select(func.max(col(SignInAttempt.id))).where(whose, col(SignInAttempt.succeeded))
    return whose & (col(SignInAttempt.id) > (session.scalar(newest) or 0))


def _wait(session: Session, whose: ColumnElement[bool], limit: int, now: datetime) -> timedelta:
    """Until the oldest of the last `limit` failures leaves the window; 0 while there are fewer.

    What lies ahead, since a clock was set back, does not count: nobody waits longer than the window.
    """
    at = col(SignInAttempt.at)
    failures = select(at).where(whose, ~col(SignInAttempt.succeeded), at > now - WINDOW, at <= now)
    oldest = session.scalar(failures.order_by(at.desc()).offset(limit - 1).limit(1))
    return oldest + WINDOW - now if oldest else timedelta(0)


def _open_session(attempt: _Attempt, visitor: Visitor, now: datetime, replacement: str | None) -> str:
    with database().write(patience_seconds=SIGN_IN_PATIENCE_SECONDS) as transaction:
        session = transaction.session
        account = session.get(Account, attempt.account_id)
        # The account may have been disabled, or its password changed, while the password was compared.
        if account is None or account.disabled_at or account.password_hash != attempt.password_hash:
            raise SignInRefused
        account.password_hash = replacement or account.password_hash
        _mark_succeeded(session, attempt)
        return _add_session(session, attempt.account_id or 0, visitor, now)


def _add_session(session: Session, account_id: int, visitor: Visitor, now: datetime) -> str:
    token = new_token()
    session.add(
        LoginSession(
            token_hash=hash_of(token),
            account_id=account_id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + timedelta(hours=settings().session_hours),
            address=canonical(visitor.address),
        )
    )
    return token


def _mark_succeeded(session: Session, attempt: _Attempt) -> None:
    session.execute(update(SignInAttempt).where(col(SignInAttempt.id) == attempt.id).values(succeeded=True))


def _prune(session: Session, now: datetime) -> None:
    session.execute(delete(SignInAttempt).where(col(SignInAttempt.at) < now - KEPT))
    session.execute(delete(LoginSession).where(col(LoginSession.expires_at) < now - KEPT))
