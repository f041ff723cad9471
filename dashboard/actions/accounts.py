"""Accounts: add, disable, enable, set a password or a language. The log never sees a password or its hash."""

from __future__ import annotations

import re
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select, update
from sqlmodel import col

from dashboard.actions.endings import announce_ended_sessions
from dashboard.actions.errors import AccountConflict, AccountRefused, NotAllowed
from dashboard.actions.passwords import hash_password, password_problem
from dashboard.actions.places import is_commune
from dashboard.actions.standing import last_change
from dashboard.domain.folding import clean_login
from dashboard.domain.inputs import ID, VERSION, Maybe, Name, Secret, Words, takes
from dashboard.domain.permissions import Capability, Role, may
from dashboard.i18n import LANGUAGES
from db.base import utc_now
from db.engine import database
from db.tables import Account, Agency, Area, LoginSession, SignInAttempt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from dashboard.domain.permissions import Actor
    from db.engine import Transaction

MOST_NAMES = 300
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")


class AccountProblem(StrEnum):
    login_malformed = "login_malformed"
    login_taken = "login_taken"
    unknown_login = "unknown_login"
    name_missing = "name_missing"
    role_unknown = "role_unknown"
    area_needed = "area_needed"
    area_unwanted = "area_unwanted"
    agency_needed = "agency_needed"
    agency_unwanted = "agency_unwanted"
    language_unknown = "language_unknown"
    last_administrator = "last_administrator"


LONGEST_NAME: Final = 120
LONGEST_LOGIN: Final = 200
WORD: Final = Words(60)
WORD_64: Final = Words(64)
# What gives an account a new version.
CHANGING: Final = ("add_account", "set_password", "disable_account", "enable_account")


@takes(
    login=Words(LONGEST_LOGIN),
    name=Name(LONGEST_NAME),
    role=WORD,
    password=Secret(),
    area_id=Maybe(ID),
    agency_id=Maybe(ID),
    language=WORD,
)
def add_account(
    *,
    actor: Actor | None,
    login: str,
    name: str,
    role: str,
    password: str,
    area_id: int | None = None,
    agency_id: int | None = None,
    language: str = "vi",
) -> int:
    """Returns the new account's id. `actor` None is the system: the command line and the first setting up."""
    account = Account(
        login=clean_login(login),
        name=name.strip(),
        role=role,
        area_id=area_id,
        agency_id=agency_id,
        password_hash="",
        language=language,
        created_at=utc_now(),
    )
    _refuse_stranger(actor)
    _refuse_malformed(account)
    account.password_hash = _hashed_if_good(password, account.login, account.name)
    with _write(actor) as transaction:
        _refuse_taken(transaction.session, account)
        transaction.session.add(account)
        transaction.session.flush()
        transaction.log("add_account", "account", account.id, after=_public(account))
        return account.id or 0


@takes(
    login=Words(LONGEST_LOGIN), password=Secret(), base_version=Maybe(VERSION), keep_token_hash=Maybe(WORD_64)
)
def set_password(
    *,
    actor: Actor | None,
    login: str,
    password: str,
    base_version: int | None = None,
    keep_token_hash: str | None = None,
) -> None:
    """Of one's own account, or, for who manages accounts, of any. Ends its sessions, except the kept one.

    `base_version` is the version of the account that the person saw; None for the own password, which is
    confirmed by the old one. Whoever was shut out by wrong guesses is let in again.
    Raises NotAllowed, AccountRefused, AccountConflict.
    """
    is_own = actor is not None and actor.login == login
    if not is_own:
        _refuse_stranger(actor)
        VERSION.read(base_version, "base_version")
    password_hash = _hashed_if_good(password, login, _name_of(login))
    with _write(actor) as transaction:
        account = _account(transaction.session, login)
        if not is_own:
            _refuse_changed(transaction.session, account, base_version)
        account.password_hash = password_hash
        account.version += 1
        revoke_sessions(transaction.session, account.id, at=utc_now(), keep_token_hash=keep_token_hash)
        forget_failures(transaction.session, account.login)
        transaction.log("set_password", "account", account.id)
    announce_ended_sessions()


@takes(login=Words(LONGEST_LOGIN), base_version=VERSION)
def disable_account(*, actor: Actor | None, login: str, base_version: int) -> None:
    """The person is out at the next click, and stays in the log. The last administrator stays in.

    Raises NotAllowed, AccountRefused, AccountConflict.
    """
    _refuse_stranger(actor)
    now = utc_now()
    with _write(actor) as transaction:
        account = _account(transaction.session, login)
        if account.disabled_at is not None and account.version == base_version + 1:
            return
        _refuse_changed(transaction.session, account, base_version)
        if account.disabled_at is not None:
            return
        _refuse_last_administrator(transaction.session, account)
        account.disabled_at = now
        account.version += 1
        revoke_sessions(transaction.session, account.id, at=now)
        transaction.log(
            "disable_account", "account", account.id, before={"disabled": False}, after={"disabled": True}
        )
    announce_ended_sessions()


@takes(login=Words(LONGEST_LOGIN), base_version=VERSION)
def unlock_account(*, actor: Actor | None, login: str, base_version: int) -> None:
    """Let in again who was shut out by wrong guesses; the password stays. Raises as disable_account."""
    _refuse_stranger(actor)
    with _write(actor) as transaction:
        account = _account(transaction.session, login)
        _refuse_changed(transaction.session, account, base_version)
        forget_failures(transaction.session, account.login)
        transaction.log("unlock_account", "account", account.id)


@takes(login=Words(LONGEST_LOGIN), base_version=VERSION)
def enable_account(*, actor: Actor | None, login: str, base_version: int) -> None:
    """The person may sign in again. Raises as disable_account."""
    _refuse_stranger(actor)
    with _write(actor) as transaction:
        account = _account(transaction.session, login)
        if account.disabled_at is None and account.version == base_version + 1:
            return
        _refuse_changed(transaction.session, account, base_version)
        if account.disabled_at is None:
            return
        account.disabled_at = None
        account.version += 1
        transaction.log(
            "enable_account", "account", account.id, before={"disabled": True}, after={"disabled": False}
        )


@takes(language=WORD)
def set_language(*, actor: Actor, language: str) -> None:
    """The language in which the own screens open."""
    if language not in LANGUAGES:
        raise AccountRefused(AccountProblem.language_unknown)
    with _write(actor) as transaction:
        account = _account(transaction.session, actor.login)
        before, account.language = account.language, language
        if before != language:
            transaction.log(
                "set_language",
                "account",
                account.id,
                before={"language": before},
                after={"language": language},
            )


def revoke_sessions(
    session: Session, account_id: int | None, *, at: datetime, keep_token_hash: str | None = None
) -> None:
    ends = update(LoginSession).where(
        col(LoginSession.account_id) == account_id, col(LoginSession.revoked_at).is_(None)
    )
    if keep_token_hash:
        ends = ends.where(col(LoginSession.token_hash) != keep_token_hash)
    session.execute(ends.values(revoked_at=at))


@contextmanager
def _write(actor: Actor | None) -> Iterator[Transaction]:
    who = {"actor_id": actor.id, "actor_login": actor.login} if actor else {}
    with database().write(**who) as transaction:  # type: ignore[arg-type]
        yield transaction


def _account(session: Session, login: str) -> Account:
    found = session.scalar(select(Account).where(col(Account.login) == clean_login(login)))
    if found is None:
        raise AccountRefused(AccountProblem.unknown_login)
    return found


def _refuse_changed(session: Session, account: Account, base_version: int | None) -> None:
    if account.version != base_version:
        by, at = last_change(session, "account", account.id, CHANGING)
        stands = {"disabled": account.disabled_at is not None}
        raise AccountConflict(by, at, account.version, stands)


def _public(account: Account) -> dict[str, object]:
    names = ("login", "name", "role", "area_id", "agency_id", "language")
    return {name: getattr(account, name) for name in names}


def forget_failures(session: Session, login: str) -> None:
    """Let nobody wait any longer for this account."""
    failures = delete(SignInAttempt).where(col(SignInAttempt.login) == login, ~col(SignInAttempt.succeeded))
    session.execute(failures)


def _name_of(login: str) -> str:
    with database().read() as session:
        return session.scalar(select(col(Account.name)).where(col(Account.login) == login)) or ""


def local_names() -> list[str]:
    """The town and what lies in it and around it, as a guesser would try them."""
    with database().read() as session:
        return list(session.scalars(select(col(Area.name)).order_by(col(Area.id)).limit(MOST_NAMES)))


def _hashed_if_good(password: str, login: str, name: str) -> str:
    problem = password_problem(password, login, [name, *local_names()])
    if problem:
        raise AccountRefused(problem)
    return hash_password(password)


def _refuse_stranger(actor: Actor | None) -> None:
    if actor is not None and not may(actor, Capability.manage_accounts):
        raise NotAllowed(Capability.manage_accounts)


def _refuse_malformed(account: Account) -> None:
    has_area, has_agency = account.area_id is not None, account.agency_id is not None
    rules = (
        (LOGIN.fullmatch(account.login), AccountProblem.login_malformed),
        (account.name, AccountProblem.name_missing),
        (account.role in tuple(Role), AccountProblem.role_unknown),
        (has_area or account.role != Role.commune_officer, AccountProblem.area_needed),
        (not has_area or account.role == Role.commune_officer, AccountProblem.area_unwanted),
        (has_agency or account.role != Role.agency_officer, AccountProblem.agency_needed),
        (not has_agency or account.role == Role.agency_officer, AccountProblem.agency_unwanted),
        (account.language in LANGUAGES, AccountProblem.language_unknown),
    )
    broken = next((problem for holds, problem in rules if not holds), None)
    if broken:
        raise AccountRefused(broken)


def _refuse_taken(session: Session, account: Account) -> None:
    if session.scalar(select(col(Account.id)).where(col(Account.login) == account.login)) is not None:
        raise AccountRefused(AccountProblem.login_taken)
    if account.area_id is not None and not is_commune(session, account.area_id):
        raise AccountRefused(AccountProblem.area_needed)
    if account.agency_id is not None and session.get(Agency, account.agency_id) is None:
        raise AccountRefused(AccountProblem.agency_needed)


def _refuse_last_administrator(session: Session, account: Account) -> None:
    others = select(col(Account.id)).where(
        col(Account.role) == Role.administrator,
        col(Account.disabled_at).is_(None),
        col(Account.id) != account.id,
    )
    if account.role == Role.administrator and session.scalar(others.limit(1)) is None:
        raise AccountRefused(AccountProblem.last_administrator)
