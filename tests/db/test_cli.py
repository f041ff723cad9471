from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, func, select, update
from typer.testing import CliRunner

from dashboard import cli
from dashboard.actions import passwords
from dashboard.i18n import in_language
from dashboard.settings import settings
from dashboard.views.sessions import accounts
from db import engine
from db.tables import ChecklistItem, RuleSet, ScoringBand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result

PASSWORD = "bồ câu bay qua sông"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Result]]:
    """The command over a database of its own; the environment may say more."""
    cheap = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", lambda: cheap)
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", f"sqlite:///{tmp_path}/data/dashboard.db")

    def command(*arguments: str, typed: str = "", **environment: str) -> Result:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        with in_language("vi"):
            return CliRunner().invoke(cli.app, list(arguments), input=typed)

    yield command
    settings.cache_clear()
    engine.forget()


@pytest.fixture
def installed(run: Callable[..., Result]) -> Callable[..., Result]:
    assert run("init", DASHBOARD_ADMIN_PASSWORD=PASSWORD).exit_code == 0
    return run


def test_init_makes_the_plan_and_the_first_administrator(installed: Callable[..., Result]) -> None:
    assert accounts().select("login", "role").rows() == [("quantri", "administrator")]
    assert installed("doctor").exit_code == 0


def test_init_asks_for_the_password_twice(run: Callable[..., Result]) -> None:
    result = run("init", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert PASSWORD not in result.output


def test_init_with_a_weak_password_makes_nothing(run: Callable[..., Result]) -> None:
    result = run("init", DASHBOARD_ADMIN_PASSWORD="short")
    assert result.exit_code == 1
    assert "ít nhất 10 ký tự" in result.stderr
    assert run("init", DASHBOARD_ADMIN_PASSWORD=PASSWORD).exit_code == 0


def test_init_never_touches_a_database_in_use(installed: Callable[..., Result]) -> None:
    result = installed("init")
    assert result.exit_code == 1
    assert "không khởi tạo lại" in result.stderr


def test_made_up_figures_never_come_into_a_real_installation(installed: Callable[..., Result]) -> None:
    result = installed("demo", "--prepare-only")
    assert result.exit_code == 1
    assert "đang dùng thật" in result.stderr


def test_a_demonstration_can_be_prepared_twice(run: Callable[..., Result]) -> None:
    assert [run("demo", "--prepare-only").exit_code for _time in range(2)] == [0, 0]
    assert "lanhdao" in run("user", "list").stdout


def test_serving_without_a_database_says_what_to_do(run: Callable[..., Result]) -> None:
    result = run("serve")
    assert result.exit_code == 1
    assert "dashboard init" in result.stderr
    assert "Traceback" not in result.output


def test_a_busy_port_is_said_in_a_sentence(installed: Callable[..., Result]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
        result = installed("serve", DASHBOARD_PORT=port)
    assert result.exit_code == 1
    assert f"Cổng {port} đang được chương trình khác dùng" in result.stderr


def test_the_demonstration_takes_the_next_free_port(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        first = busy.getsockname()[1]
        with cli._free_listener(first) as found:
            assert first < found.getsockname()[1] < first + cli.PORTS_TRIED


def test_a_person_is_added_disabled_and_let_in_again(installed: Callable[..., Result]) -> None:
    officer = ("--name", "Lan", "--role", "commune_officer", "--area", "thac-mo", "--password-stdin")
    assert installed("user", "add", "lan", *officer, typed=f"{PASSWORD}\n").exit_code == 0
    assert installed("user", "disable", "lan").exit_code == 0
    assert "đã khóa" in installed("user", "list").stdout
    assert installed("user", "enable", "lan").exit_code == 0
    assert installed("user", "password", "lan", "--password-stdin", typed=f"{PASSWORD}!\n").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("user", "disable", "quantri"), "quản trị duy nhất"),
        (("user", "enable", "nobody"), "Không có tài khoản"),
        (("user", "add", "lan", "--name", "Lan", "--role", "viewer", "--area", "nowhere"), "“nowhere”"),
    ],
)
def test_a_refusal_is_a_sentence_and_no_traceback(
    installed: Callable[..., Result], arguments: tuple[str, ...], sentence: str
) -> None:
    result = installed(*arguments)
    assert result.exit_code == 1
    assert sentence in result.stderr


def test_doctor_finds_a_change_log_edited_by_hand(installed: Callable[..., Result]) -> None:
    with engine.database().engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER change_no_update")
        connection.exec_driver_sql("UPDATE change SET actor_login = 'somebody' WHERE id = 2")
    result = installed("doctor")
    assert result.exit_code == 1
    assert "đầu tiên là số 2" in result.stdout


def test_doctor_finds_an_empty_database(run: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "dashboard.db").touch()
    result = run("doctor")
    assert result.exit_code == 1
    assert "✕ Cơ sở dữ liệu trống" in result.stdout


@pytest.mark.parametrize("command", ["serve", "doctor", "migrate"])
def test_looking_for_a_database_never_makes_one(
    run: Callable[..., Result], tmp_path: Path, command: str
) -> None:
    result = run(command)
    assert result.exit_code == 1
    assert "dashboard init" in result.stderr
    assert not list(tmp_path.iterdir())


def test_the_password_of_a_database_is_never_printed(run: Callable[..., Result]) -> None:
    result = run("doctor", DASHBOARD_DATABASE_URL="postgresql://u:secret@127.0.0.1:1/x")
    assert result.exit_code == 1
    assert "secret" not in result.output
    assert "DASHBOARD_DATABASE_URL" in result.stderr


def test_a_wrong_setting_is_named_without_its_value(run: Callable[..., Result]) -> None:
    result = run("doctor", DASHBOARD_PORT="a secret in the wrong place")
    assert result.exit_code == 1
    assert "DASHBOARD_PORT" in result.stderr
    assert "secret" not in result.output


def test_migrating_a_current_database_changes_nothing(installed: Callable[..., Result]) -> None:
    assert "mới nhất" in installed("migrate").stdout


def test_migrating_adds_what_the_new_version_knows_and_keeps_what_the_office_changed(
    installed: Callable[..., Result],
) -> None:
    with engine.database().write() as transaction:
        transaction.session.execute(delete(ScoringBand))
        transaction.session.execute(update(RuleSet).values(name_vi="Theo bản in của cơ quan"))
        transaction.session.execute(delete(ChecklistItem))
    assert installed("migrate").exit_code == 0
    with engine.database().read() as session:
        assert session.scalar(select(func.count()).select_from(ChecklistItem))
        assert set(session.scalars(select(RuleSet.name_vi))) == {"Theo bản in của cơ quan"}
