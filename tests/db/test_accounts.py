from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from play_town import at_once
from signing_in import sign_in
from sqlalchemy import select
from sqlmodel import col

from dashboard.actions import passwords
from dashboard.actions.accounts import (
    AccountProblem,
    add_account,
    disable_account,
    enable_account,
    set_language,
    set_password,
)
from dashboard.actions.errors import AccountConflict, AccountRefused, NotAllowed
from dashboard.domain.permissions import Actor, Role
from dashboard.views.sessions import signed_in
from db.base import utc_now
from db.tables import Account, Change

if TYPE_CHECKING:
    from rows import World

    from db.engine import Database

PASSWORD = "bồ câu bay qua sông"
ADMINISTRATOR = Actor(id=1, login="quantri", name="Quản trị", role=Role.administrator)
OFFICER = Actor(id=2, login="lan", name="Lan", role=Role.town_officer)


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", lambda: cheap)


def add(login: str = "lan", **changes: object) -> int:
    values = {"actor": None, "name": "Lan", "role": "town_officer", "password": PASSWORD}
    return add_account(login=login, **{**values, **changes})  # type: ignore[arg-type]


def changes(database: Database) -> list[Change]:
    with database.read() as session:
        return list(session.scalars(select(Change).order_by(col(Change.id))))


def problem_of(refused: pytest.ExceptionInfo[AccountRefused]) -> str:
    return refused.value.problem


def test_a_new_account_can_sign_in(database: Database) -> None:
    add(login=" Lan ")
    person = signed_in(sign_in(login="LAN", password=PASSWORD, address=""), utc_now())
    assert person
    assert person.actor.login == "lan"


def test_neither_password_nor_hash_reaches_the_log(database: Database) -> None:
    add()
    set_password(actor=None, login="lan", base_version=1, password=PASSWORD + "!")
    logged = changes(database)
    assert [change.action for change in logged] == ["add_account", "set_password"]
    written = " ".join(f"{change.before} {change.after}" for change in logged)
    assert PASSWORD not in written
    assert "argon2" not in written


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"login": "Lan Anh"}, AccountProblem.login_malformed),
        ({"login": "lán"}, AccountProblem.login_malformed),
        ({"name": "  "}, AccountProblem.name_missing),
        ({"role": "king"}, AccountProblem.role_unknown),
        ({"role": "commune_officer"}, AccountProblem.area_needed),
        ({"role": "agency_officer"}, AccountProblem.agency_needed),
        ({"area_id": 1}, AccountProblem.area_unwanted),
        ({"agency_id": 1}, AccountProblem.agency_unwanted),
        ({"role": "commune_officer", "area_id": 999}, AccountProblem.area_needed),
        ({"language": "fr"}, AccountProblem.language_unknown),
        ({"password": "short"}, passwords.PasswordProblem.too_short),
        ({"password": "password123"}, passwords.PasswordProblem.too_common),
        ({"password": "lanlan-2021", "login": "lanlan-20"}, passwords.PasswordProblem.is_login),
    ],
)
def test_what_an_account_cannot_be(database: Database, changes: dict[str, object], problem: str) -> None:
    with pytest.raises(AccountRefused) as refused:
        add(**changes)  # type: ignore[arg-type]
    assert problem_of(refused) == problem


def test_a_login_belongs_to_one_person(world: World) -> None:
    add()
    with pytest.raises(AccountRefused) as refused:
        add(login="LAN")
    assert problem_of(refused) == AccountProblem.login_taken


def test_a_commune_officer_belongs_to_a_commune(world: World) -> None:
    assert add(role="commune_officer", area_id=world.commune)


def test_only_who_manages_accounts_touches_those_of_others(database: Database) -> None:
    add()
    for attempt in (
        lambda: add(login="mai", actor=OFFICER),
        lambda: set_password(actor=OFFICER, login="quantri", base_version=1, password=PASSWORD),
        lambda: disable_account(actor=OFFICER, login="lan", base_version=1),
        lambda: enable_account(actor=OFFICER, login="lan", base_version=1),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert add(login="mai", actor=ADMINISTRATOR)


def test_anyone_may_set_the_own_password(database: Database) -> None:
    add()
    set_password(actor=OFFICER, login="lan", password="một mật khẩu khác")
    assert sign_in(login="lan", password="một mật khẩu khác", address="")


def test_a_new_password_ends_every_session_but_the_kept_one(database: Database) -> None:
    add()
    first, second = (sign_in(login="lan", password=PASSWORD, address="") for _time in range(2))
    person = signed_in(second, utc_now())
    assert person
    set_password(actor=OFFICER, login="lan", password=PASSWORD + "!", keep_token_hash=person.token_hash)
    assert signed_in(first, utc_now()) is None
    assert signed_in(second, utc_now())


def test_a_disabled_account_is_out_at_once_and_comes_back_only_by_signing_in(database: Database) -> None:
    add()
    token = sign_in(login="lan", password=PASSWORD, address="")
    disable_account(actor=ADMINISTRATOR, login="lan", base_version=1)
    assert signed_in(token, utc_now()) is None
    enable_account(actor=ADMINISTRATOR, login="lan", base_version=2)
    assert signed_in(token, utc_now()) is None
    assert signed_in(sign_in(login="lan", password=PASSWORD, address=""), utc_now())


def test_disabling_twice_is_logged_once(database: Database) -> None:
    add()
    for _time in range(2):
        disable_account(actor=None, login="lan", base_version=1)
    assert [change.action for change in changes(database)] == ["add_account", "disable_account"]


@pytest.mark.parametrize("seen", [0, 2])
def test_an_account_that_somebody_changed_since_it_was_seen_is_told_of(database: Database, seen: int) -> None:
    add()
    set_password(actor=None, login="lan", base_version=1, password=PASSWORD + "!")
    disable_account(actor=None, login="lan", base_version=2)
    for attempt in (
        lambda: set_password(actor=ADMINISTRATOR, login="lan", base_version=seen, password=PASSWORD),
        lambda: enable_account(actor=ADMINISTRATOR, login="lan", base_version=seen),
        lambda: disable_account(actor=ADMINISTRATOR, login="lan", base_version=seen - seen),
    ):
        with pytest.raises(AccountConflict) as told:
            attempt()
        assert (told.value.version, told.value.stands) == (3, {"disabled": True})
    assert len(changes(database)) == 3


def test_of_two_who_set_a_password_at_once_one_is_told(database: Database) -> None:
    add()
    deeds = [
        lambda word=word: set_password(actor=None, login="lan", base_version=1, password=word)  # type: ignore[misc]
        for word in (PASSWORD + "1", PASSWORD + "2")
    ]
    assert at_once(*deeds) == ["kept", "told"]


def test_an_officer_of_a_commune_belongs_to_no_town_and_no_province(world: World) -> None:
    with pytest.raises(AccountRefused) as refused:
        add(role="commune_officer", area_id=world.town)
    assert problem_of(refused) == AccountProblem.area_needed


def test_the_last_administrator_stays(database: Database) -> None:
    add(login="quantri", role="administrator")
    with pytest.raises(AccountRefused) as refused:
        disable_account(actor=None, login="quantri", base_version=1)
    assert problem_of(refused) == AccountProblem.last_administrator
    add(login="other", role="administrator")
    disable_account(actor=None, login="quantri", base_version=1)


def test_a_stranger_has_no_password_to_set(database: Database) -> None:
    with pytest.raises(AccountRefused) as refused:
        set_password(actor=None, login="nobody", base_version=1, password=PASSWORD)
    assert problem_of(refused) == AccountProblem.unknown_login


def test_the_own_language_is_kept(database: Database) -> None:
    add()
    set_language(actor=OFFICER, language="en")
    with database.read() as session:
        assert session.scalar(select(col(Account.language))) == "en"
    with pytest.raises(AccountRefused):
        set_language(actor=OFFICER, language="fr")
