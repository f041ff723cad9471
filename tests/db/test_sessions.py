from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest
from signing_in import sign_in
from sqlalchemy import func, select
from sqlmodel import col

from dashboard.actions import passwords, sessions
from dashboard.actions.accounts import add_account, set_password
from dashboard.actions.devices import known_device
from dashboard.actions.errors import SignInRefused
from dashboard.actions.sessions import confirm_password, sign_out, sign_out_everywhere, touch
from dashboard.views.sessions import signed_in
from db.tables import Account, LoginSession, SignInAttempt

if TYPE_CHECKING:
    from db.engine import Database

PASSWORD = "bồ câu bay qua sông"
NOW = datetime(2021, 11, 5, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def lan(monkeypatch: pytest.MonkeyPatch, database: Database) -> int:
    cheap = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", lambda: cheap)
    return add_account(actor=None, login="lan", name="Lan", role="town_officer", password=PASSWORD)


def enter(now: datetime = NOW, login: str = "lan", address: str = "10.0.0.1") -> str:
    return sign_in(login=login, password=PASSWORD, address=address, now=now)


def fail(now: datetime = NOW, login: str = "lan", address: str = "10.0.0.1") -> int:
    """Minutes to wait."""
    with pytest.raises(SignInRefused) as refused:
        sign_in(login=login, password="wrong", address=address, now=now)
    return refused.value.wait_minutes


def test_only_a_hash_of_the_secret_is_stored(database: Database) -> None:
    token = enter()
    with database.read() as session:
        stored = session.scalars(select(col(LoginSession.token_hash))).one()
    assert token not in stored
    assert len(token) >= 43


def test_a_session_ends_when_it_is_idle(database: Database) -> None:
    token = enter()
    assert signed_in(token, NOW + 119 * MINUTE)
    assert signed_in(token, NOW + 120 * MINUTE) is None


def test_use_keeps_a_session_awake_but_never_past_its_end(database: Database) -> None:
    token = enter()
    for hours in range(1, 12):
        person = signed_in(token, NOW + timedelta(hours=hours))
        assert person
        touch(
            token_hash=person.token_hash, last_seen_at=person.last_seen_at, now=NOW + timedelta(hours=hours)
        )
    assert signed_in(token, NOW + timedelta(hours=12)) is None


def test_touching_writes_at_most_once_a_minute(database: Database) -> None:
    person = signed_in(enter(), NOW)
    assert person
    same = {"token_hash": person.token_hash, "last_seen_at": person.last_seen_at}
    assert not touch(**same, now=NOW + 0.9 * MINUTE)
    assert touch(**same, now=NOW + MINUTE)


@pytest.mark.parametrize("minutes", [120, 121, 600])
def test_a_session_that_fell_idle_is_not_woken_by_who_comes_late(database: Database, minutes: int) -> None:
    token = enter()
    person = signed_in(token, NOW)
    assert person
    late = NOW + minutes * MINUTE
    touch(token_hash=person.token_hash, last_seen_at=person.last_seen_at, now=late)
    assert signed_in(token, late) is None


def test_a_session_that_was_ended_is_not_seen_again(database: Database) -> None:
    person = signed_in(token := enter(), NOW)
    assert person
    sign_out(token, NOW)
    touch(token_hash=person.token_hash, last_seen_at=person.last_seen_at, now=NOW + MINUTE)
    with database.read() as session:
        assert session.scalars(select(col(LoginSession.last_seen_at))).one() == NOW


def test_signing_out_ends_this_session_alone(database: Database) -> None:
    first, second = enter(), enter()
    sign_out(first, NOW)
    assert signed_in(first, NOW) is None
    assert signed_in(second, NOW)


def test_signing_out_everywhere_ends_them_all(database: Database, lan: int) -> None:
    tokens = [enter(), enter()]
    sign_out_everywhere(lan, NOW)
    assert [signed_in(token, NOW) for token in tokens] == [None, None]


@pytest.mark.parametrize("token", [None, "", "made up"])
def test_nobody_is_behind_an_unknown_token(database: Database, token: str | None) -> None:
    assert signed_in(token, NOW) is None


def test_five_failures_close_an_account_for_one_network_for_a_quarter_of_an_hour(database: Database) -> None:
    assert [fail(NOW + n * MINUTE) for n in range(5)] == [0] * 5
    with pytest.raises(SignInRefused) as refused:
        enter(NOW + 5 * MINUTE)
    assert refused.value.wait_minutes == 10
    assert enter(NOW + 5 * MINUTE, address="10.0.0.2")
    assert enter(NOW + 15 * MINUTE)


def test_a_refused_wait_does_not_make_it_longer(database: Database) -> None:
    for _time in range(5):
        fail()
    assert [fail(NOW + n * MINUTE) for n in range(1, 15)] == list(range(14, 0, -1))
    assert enter(NOW + 15 * MINUTE)


def test_a_success_clears_the_failures_of_the_account_from_there(database: Database) -> None:
    for _round in range(3):
        for _time in range(4):
            assert fail(address="10.0.0.2") == 0
        assert enter(address="10.0.0.2")


def test_twenty_failures_close_a_network_for_every_login_that_is_new_there(database: Database) -> None:
    assert [fail(login=f"guess{n}") for n in range(20)] == [0] * 20
    with pytest.raises(SignInRefused) as refused:
        enter()
    assert refused.value.wait_minutes == 15
    assert enter(address="10.0.0.2")


def test_an_office_behind_one_address_goes_on_working_while_one_of_it_mistypes(database: Database) -> None:
    add_account(actor=None, login="hoa", name="Hoa", role="viewer", password=PASSWORD)
    enter(address="203.0.113.7")
    for n in range(20):
        fail(login=f"guess{n}", address="203.0.113.7")
    assert enter(address="203.0.113.7")
    assert fail(login="hoa", address="203.0.113.7") == 15


def test_guesses_from_many_networks_are_slowed_for_the_account_and_not_where_it_is_at_home(
    database: Database,
) -> None:
    enter(address="10.0.0.1")
    guessed = [fail(address=f"198.51.100.{n}") for n in range(30)]
    assert guessed == [0] * sessions.FAILURES_OF_ACCOUNT + [15] * (30 - sessions.FAILURES_OF_ACCOUNT)
    with pytest.raises(SignInRefused):
        enter(address="192.0.2.1")
    assert enter(address="10.0.0.1")


@pytest.mark.parametrize(
    "addresses",
    [
        [f"2001:db8:1:2::{n:x}" for n in range(1, 6)],
        ["203.0.113.5", "203.0.113.5:50001", "::ffff:203.0.113.5", "[::ffff:203.0.113.5]:1", " 203.0.113.5 "],
        [
            "2001:db8:1:2::1",
            "[2001:db8:1:2::2]:443",
            "2001:DB8:1:2:0::3",
            "2001:db8:1:2::4%eth0",
            "2001:db8:1:2:ffff::",
        ],
    ],
)
def test_the_addresses_of_one_subscriber_count_as_one(database: Database, addresses: list[str]) -> None:
    assert [fail(address=address) for address in addresses] == [0] * 5
    assert fail(address=addresses[0]) == 15


def test_another_subscriber_counts_for_itself(database: Database) -> None:
    for _time in range(5):
        fail(address="2001:db8:1:2::1")
    assert fail(address="2001:db8:1:3::1") == 0


def test_a_browser_that_was_here_before_has_a_counter_of_its_own(database: Database) -> None:
    marks = come_back("").marks
    for n in range(30):
        fail(address=f"198.51.100.{n}")
    for _time in range(6):
        fail()
    marks = come_back(marks).marks
    for _time in range(sessions.FAILURES_OF_DEVICE):
        with pytest.raises(SignInRefused) as refused:
            come_back(marks, password="wrong")
        assert refused.value.wait_minutes == 0
    with pytest.raises(SignInRefused) as refused:
        come_back(marks)
    assert refused.value.wait_minutes == 15
    assert fail(address="192.0.2.77") == 15, (
        "what a known browser fails is not counted for strangers, nor theirs for it"
    )


def test_a_mark_is_worth_nothing_for_another_account_or_when_it_was_changed(database: Database) -> None:
    add_account(actor=None, login="hoa", name="Hoa", role="viewer", password=PASSWORD)
    marks = come_back("").marks
    account, device, seal = marks.split(".")
    forged = (
        f"{int(account) + 1}.{device}.{seal}",
        f"{account}.{'0' * 16}.{seal}",
        f"{account}.{device}.{'0' * 32}",
        marks.upper(),
        "x" * 5000,
    )
    with database.read() as session:
        people = [(each.id, each.password_hash) for each in session.scalars(select(Account))]
    assert [known_device(mark, *person) for mark in forged for person in people] == [None] * 10
    assert known_device(marks, *people[0]) == device


def test_another_password_ends_all_marks(database: Database) -> None:
    marks = come_back("").marks
    set_password(actor=None, login="lan", password="gió lùa qua khe cửa", base_version=1)
    with database.read() as session:
        account = session.scalars(select(Account)).one()
    assert known_device(marks, account.id, account.password_hash) is None


def test_a_new_password_of_the_administrator_lets_in_at_once(database: Database) -> None:
    for _time in range(6):
        fail()
    for n in range(30):
        fail(address=f"198.51.100.{n}")
    set_password(actor=None, login="lan", password="gió lùa qua khe cửa", base_version=1)
    assert sign_in(login="lan", password="gió lùa qua khe cửa", address="10.0.0.1", now=NOW)


def test_failures_that_lie_ahead_since_a_clock_was_set_back_hold_nobody_up(database: Database) -> None:
    for _time in range(5):
        fail(NOW + timedelta(hours=5))
    assert enter(NOW)


def come_back(marks: str, password: str = PASSWORD) -> sessions.Entry:
    visitor = sessions.Visitor("10.0.0.1", marks)
    return sessions.sign_in(login="lan", password=password, visitor=visitor, now=NOW)


def test_a_login_that_does_not_exist_is_answered_like_one_that_does(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = Mock(wraps=passwords.is_password)
    monkeypatch.setattr(sessions, "is_password", compared)
    known = [fail(address="10.0.0.2") for _time in range(6)]
    calls_for_known = compared.call_count
    unknown = [fail(login="nobody", address="10.0.0.3") for _time in range(6)]
    assert known == unknown == [0, 0, 0, 0, 0, 15]
    assert compared.call_count == 2 * calls_for_known == 10


def test_a_password_typed_into_the_wrong_field_is_not_stored(database: Database) -> None:
    fail(login=PASSWORD)
    with database.read() as session:
        kept = session.scalars(select(col(SignInAttempt.login))).one()
    assert "bồ" not in kept
    assert len(kept) <= 60


def test_guesses_sent_at_once_are_all_counted(database: Database) -> None:
    begun = [sessions._begin_attempt("lan", sessions.Visitor("10.0.0.1"), NOW) for _time in range(5)]
    assert len(begun) == 5
    with pytest.raises(SignInRefused):
        sessions._begin_attempt("lan", sessions.Visitor("10.0.0.1"), NOW)


def test_an_account_disabled_while_the_password_is_compared_stays_out(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disable_meanwhile(_stored: str | None, _password: str) -> bool:
        with database.write() as transaction:
            transaction.session.scalars(select(Account)).one().disabled_at = NOW
        return True

    monkeypatch.setattr(sessions, "is_password", disable_meanwhile)
    with pytest.raises(SignInRefused):
        enter()


def test_a_hash_of_older_cost_is_renewed_at_sign_in(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    dearer = passwords.PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", lambda: dearer)
    enter()
    with database.read() as session:
        stored = session.scalars(select(col(Account.password_hash))).one()
    assert not dearer.check_needs_rehash(stored)
    assert enter()


def test_a_password_fits_however_the_keyboard_composes_its_letters(database: Database) -> None:
    decomposed = passwords.unicodedata.normalize("NFD", PASSWORD)
    assert decomposed != PASSWORD
    assert sign_in(login="lan", password=decomposed, address="", now=NOW)


def test_confirming_a_password_is_slowed_like_signing_in(database: Database) -> None:
    confirm_password(login="lan", password=PASSWORD, visitor=sessions.Visitor("10.0.0.1"), now=NOW)
    for _time in range(5):
        with pytest.raises(SignInRefused):
            confirm_password(login="lan", password="wrong", visitor=sessions.Visitor("10.0.0.1"), now=NOW)
    assert fail() == 15


def test_old_attempts_and_sessions_are_swept_away(database: Database) -> None:
    enter()
    enter(NOW + timedelta(days=40))
    with database.read() as session:
        for table in (LoginSession, SignInAttempt):
            assert session.scalar(select(func.count()).select_from(table)) == 1


def test_signing_in_moves_no_data_version(database: Database) -> None:
    heard: list[int] = []
    database.after_commit(heard.append)
    sign_out(enter())
    assert heard == []
