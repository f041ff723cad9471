from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from alembic import command
from sqlalchemy import delete, func, select, update
from typer.testing import CliRunner

from dashboard import __version__, cli
from dashboard.actions import passwords
from dashboard.i18n import in_language
from dashboard.settings import Source, settings
from dashboard.views.sessions import accounts
from db import engine
from db.base import utc_now
from db.copies import verify
from db.engine import Database
from db.migrate import alembic_config
from db.tables import Change, ChecklistItem, RuleSet, ScoringBand, SignInAttempt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from click.testing import Result

ROOT = Path(__file__).parents[2]
PASSWORD = "bồ câu bay qua sông"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Result]]:
    """The command over a database of its own; the environment may say more."""
    cheap = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", lambda: cheap)
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", f"sqlite:///{tmp_path}/data/dashboard.db")
    monkeypatch.setattr(Source, "env_file", None)

    def invoke(*arguments: str, typed: str = "", **environment: str) -> Result:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        with in_language("vi"):
            return CliRunner().invoke(cli.app, list(arguments), input=typed)

    yield invoke
    settings.cache_clear()
    engine.forget()


@pytest.fixture(scope="module")
def new_installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `init` makes, once: a database and the end of its log."""
    folder = tmp_path_factory.mktemp("installation") / "data"
    with pytest.MonkeyPatch.context() as patch, in_language("vi"):
        patch.setenv("DASHBOARD_DATABASE_URL", f"sqlite:///{folder}/dashboard.db")
        patch.setenv("DASHBOARD_ADMIN_PASSWORD", PASSWORD)
        patch.setattr(Source, "env_file", None)
        settings.cache_clear()
        assert CliRunner().invoke(cli.app, ["init"]).exit_code == 0
    settings.cache_clear()
    engine.forget()
    return folder


@pytest.fixture
def installed(run: Callable[..., Result], new_installation: Path, tmp_path: Path) -> Callable[..., Result]:
    shutil.copytree(new_installation, tmp_path / "data")
    engine.use(f"sqlite:///{tmp_path}/data/dashboard.db")
    return run


def test_init_makes_the_plan_and_the_first_administrator(installed: Callable[..., Result]) -> None:
    assert accounts().select("login", "role").rows() == [("quantri", "administrator")]
    result = installed("doctor")
    assert result.exit_code == 0, result.output


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
    looked_at = run("doctor")
    assert looked_at.exit_code == 0, looked_at.output


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
    assert "✕ Cơ sở dữ liệu còn trống" in result.stdout


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


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:p@ss@127.0.0.1:1/x",
        "postgresql://u:se/cret@127.0.0.1:1/x",
        "postgresql://u:secret@127.0.0.1:1/x?password=secret",
        "postgresql://u:sec%40ret@127.0.0.1:1/x",
    ],
)
def test_no_part_of_any_password_is_printed(run: Callable[..., Result], url: str) -> None:
    result = run("doctor", DASHBOARD_DATABASE_URL=url)
    assert result.exit_code == 1
    assert not any(part in result.output for part in ("ss@", "cret", "secret"))


def test_a_database_of_another_kind_is_refused(run: Callable[..., Result]) -> None:
    for url in ("mysql://u@h/x", "sqlite://", "oracle://x", "nonsense", "postgresqlx://u@h/x"):
        result = run("doctor", DASHBOARD_DATABASE_URL=url)
        assert result.exit_code == 1
        assert "DASHBOARD_DATABASE_URL không hợp lệ" in result.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DASHBOARD_PORT", "abc"),
        ("DASHBOARD_PORT", "0"),
        ("DASHBOARD_PORT", "70000"),
        ("DASHBOARD_PORT", "1.5"),
        ("DASHBOARD_LOG_LEVEL", "loud"),
        ("DASHBOARD_SECURE_COOKIES", "yes"),
        ("DASHBOARD_IDLE_MINUTES", "1"),
        ("DASHBOARD_TRUSTED_PROXIES", "nonsense"),
        ("DASHBOARD_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/33"),
    ],
)
def test_a_wrong_setting_is_said_in_the_language_of_the_page_alone(
    run: Callable[..., Result], name: str, value: str
) -> None:
    result = run("doctor", **{name: value})
    assert result.exit_code == 1
    assert name in result.stderr
    assert "Input" not in result.stderr
    assert "should" not in result.stderr


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (
            'connection failed: FATAL:  password authentication failed for user "u"',
            "sai tên người dùng hoặc mật khẩu",
        ),
        ('connection failed: FATAL:  database "x" does not exist', "không có cơ sở dữ liệu tên này"),
        ('connection failed: FATAL:  role "x" does not exist', "không có người dùng tên này"),
        ("connection failed: Connection refused\n\tIs the server running", "từ chối kết nối"),
        ("failed to resolve host 'x': Name or service not known", "không tìm thấy máy chủ"),
        ("connection timeout expired", "không trả lời"),
    ],
)
def test_each_cause_of_a_database_that_does_not_open_has_its_sentence(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, fault: str, sentence: str
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise psycopg.OperationalError(fault)

    monkeypatch.setattr(psycopg, "connect", refuse)
    monkeypatch.setattr(psycopg.Connection, "connect", refuse)
    result = run("doctor", DASHBOARD_DATABASE_URL="postgresql://u:p@127.0.0.1:1/x")
    assert result.exit_code == 1
    assert sentence in result.stderr


def test_settings_come_from_a_file_too_and_the_environment_wins(
    installed: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/data/dashboard.db"
    monkeypatch.delenv("DASHBOARD_DATABASE_URL")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "elsewhere"))
    file = tmp_path / "dashboard.env"
    file.write_text(f'DASHBOARD_DATABASE_URL="{url}"\nDASHBOARD_LOG_LEVEL=nonsense\n')
    assert "DASHBOARD_LOG_LEVEL" in installed("--env", str(file), "user", "list").stderr
    assert "quantri" in installed("--env", str(file), "user", "list", DASHBOARD_LOG_LEVEL="info").stdout
    assert "nowhere.env" in installed("--env", "nowhere.env", "user", "list").stderr


def test_a_misspelt_setting_is_named(
    installed: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "dashboard.env"
    file.write_text("DASHBOARD_PROT=1\nOTHER=2\n")
    monkeypatch.setenv("DASHBOARD_PASSWORD", "x")
    result = installed("--env", str(file), "doctor")
    assert "✕ Không có cấu hình nào tên DASHBOARD_PROT" in result.stdout
    assert "DASHBOARD_PASSWORD" in result.stderr
    assert "OTHER" not in result.output


def test_without_a_setting_the_data_do_not_depend_on_the_folder(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DASHBOARD_DATABASE_URL")
    monkeypatch.setattr("dashboard.settings.SYSTEM_FOLDER", tmp_path / "missing")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    monkeypatch.chdir(tmp_path / "one")
    made = run("init", DASHBOARD_ADMIN_PASSWORD=PASSWORD)
    place = tmp_path / "home" / "dashboard" / "dashboard.db"
    assert str(place) in made.stdout
    monkeypatch.chdir(tmp_path / "two")
    again = run("init", DASHBOARD_ADMIN_PASSWORD=PASSWORD)
    assert "không khởi tạo lại" in again.stderr
    assert str(place) in again.stderr
    assert "quantri" in run("user", "list").stdout


def test_a_file_of_the_former_place_is_still_found_and_said(
    installed: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DASHBOARD_DATABASE_URL")
    monkeypatch.setattr("dashboard.settings.SYSTEM_FOLDER", tmp_path / "missing")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    (tmp_path / "data").rename(tmp_path / ".data")
    monkeypatch.chdir(tmp_path)
    assert "quantri" in installed("user", "list").stdout
    assert str(tmp_path / ".data" / "dashboard.db") in installed("doctor").stdout


@pytest.mark.parametrize("folder", ["STATE_DIRECTORY", "system"])
def test_a_server_keeps_its_data_where_servers_do(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    monkeypatch.delenv("DASHBOARD_DATABASE_URL")
    monkeypatch.setattr("dashboard.settings.SYSTEM_FOLDER", tmp_path / "system")
    (tmp_path / folder).mkdir()
    if folder == "STATE_DIRECTORY":
        monkeypatch.setenv(folder, str(tmp_path / folder))
    assert run("init", DASHBOARD_ADMIN_PASSWORD=PASSWORD).exit_code == 0
    assert (tmp_path / folder / "dashboard.db").exists()


def test_what_is_written_is_for_its_own_user_alone(installed: Callable[..., Result], tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert installed("backup").exit_code == 0
    files = [path for path in data.rglob("*") if path.is_file()]
    assert len(files) >= 4
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_doctor_names_files_that_others_can_read(installed: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "data" / "dashboard.db.head").chmod(0o644)
    result = installed("doctor")
    assert result.exit_code == 1
    assert "dashboard.db.head (root, 0644)" in result.stdout or "0644" in result.stdout


def test_root_leaves_no_files_beside_a_services(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    real = data.stat().st_uid
    monkeypatch.setattr("dashboard.commands.opening.owner_name", lambda _uid: "service")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("pathlib.Path.stat", _owned_by(real + 12345, data))
    result = run("init", DASHBOARD_ADMIN_PASSWORD=PASSWORD)
    assert result.exit_code == 1
    assert "sudo -u service dashboard" in result.stderr
    monkeypatch.undo()
    assert list(data.iterdir()) == []


def _owned_by(uid: int, folder: Path) -> Callable[..., os.stat_result]:
    real = type(folder).stat

    def stat_of(path: Path, **options: bool) -> os.stat_result:
        found = real(path, **options)
        return os.stat_result((*found[:4], uid, *found[5:])) if path == folder else found

    return stat_of


def test_the_version_is_said(run: Callable[..., Result]) -> None:
    assert run("--version").stdout.strip() == __version__


@pytest.mark.parametrize("name", ["Lan\udce1", "Lan\x00", "Lan\x1b[31m", "Lan\n"])
def test_a_name_that_cannot_be_read_is_refused_in_a_sentence(
    installed: Callable[..., Result], name: str
) -> None:
    result = installed(
        "user", "add", "lan", "--name", name, "--role", "viewer", "--password-stdin", typed=PASSWORD
    )
    assert result.exit_code == 1
    assert "không đọc được" in result.stderr
    assert accounts().height == 1


@pytest.mark.parametrize("locale", ["C", "en_US.ISO-8859-1"])
def test_vietnamese_is_read_and_written_whole_under_any_locale(
    installed: Callable[..., Result], tmp_path: Path, locale: str
) -> None:
    variables = {**os.environ, "LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [
        sys.executable,
        "-m",
        "dashboard.cli",
        "user",
        "add",
        "lan",
        "--name",
        "Nguyễn Thị Ấm",
        "--role",
        "viewer",
    ]
    added = subprocess.run(  # noqa: S603 - our own command
        [*command, "--password-stdin"],
        env=variables,
        input=f"{PASSWORD}\n".encode(),
        capture_output=True,
        check=False,
        cwd=ROOT,
    )
    assert added.returncode == 0, added.stderr
    assert "Đã thêm tài khoản".encode() in added.stdout
    assert "Nguyễn Thị Ấm" in accounts()["name"].to_list()


def test_who_was_shut_out_by_wrong_guesses_is_let_in_again(installed: Callable[..., Result]) -> None:
    now = utc_now()
    with engine.database().write() as transaction:
        guesses = [
            SignInAttempt(login="quantri", address=f"10.0.0.{number}", at=now, succeeded=False)
            for number in range(30)
        ]
        transaction.session.add_all(guesses)
    assert installed("user", "unlock", "quantri").exit_code == 0
    with engine.database().read() as session:
        left = select(func.count()).select_from(SignInAttempt).where(~SignInAttempt.succeeded)  # type: ignore[operator]
        assert session.scalar(left) == 0
    assert "Không có tài khoản" in installed("user", "unlock", "nobody").stderr


def test_a_refusal_names_the_slugs_that_exist(installed: Callable[..., Result]) -> None:
    result = installed("user", "add", "lan", "--name", "Lan", "--role", "viewer", "--area", "nowhere")
    assert "thac-mo" in result.stderr
    assert "thac-mo" in installed("user", "areas").stdout
    assert "y-te" in installed("user", "agencies").stdout


def test_the_list_names_where_people_belong(installed: Callable[..., Result]) -> None:
    officer = ("--name", "Lan", "--role", "commune_officer", "--area", "thac-mo", "--password-stdin")
    assert installed("user", "add", "lan", *officer, typed=f"{PASSWORD}\n").exit_code == 0
    assert "thac-mo" in installed("user", "list").stdout


def test_the_log_names_who_typed_the_command(
    installed: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "may-chu")
    monkeypatch.setenv("SUDO_USER", "co-lan")
    assert installed("user", "disable", "quantri").exit_code == 1
    assert installed("user", "password", "quantri", "--password-stdin", typed=f"{PASSWORD}!\n").exit_code == 0
    with engine.database().read() as session:
        last = session.scalars(select(Change.actor_login).order_by(Change.id.desc())).first()  # type: ignore[union-attr]
    assert last == "system (may-chu, co-lan)"


@pytest.mark.parametrize("fault", [KeyError("x"), OSError(28, "No space left on device"), ValueError("x")])
def test_no_command_ends_in_a_traceback(
    installed: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise fault

    monkeypatch.setattr("dashboard.commands.users.set_password", fail)
    result = installed("user", "password", "quantri", "--password-stdin", typed=PASSWORD)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert result.stderr


def test_backup_and_restore_by_command(installed: Callable[..., Result], tmp_path: Path) -> None:
    assert "✓" in installed("backup", str(tmp_path / "one.bak")).stdout
    folder = tmp_path / "backups"
    assert installed("backup", f"{folder}/").exit_code == 0
    assert [path.suffix for path in folder.iterdir()] == [".bak"]
    assert "không ghi đè" in installed("backup", str(tmp_path / "one.bak")).stderr
    viewer = ("--name", "Lan", "--role", "viewer", "--password-stdin")
    assert installed("user", "add", "lan", *viewer, typed=f"{PASSWORD}\n").exit_code == 0
    declined = installed("restore", str(tmp_path / "one.bak"), typed="n\n")
    assert declined.exit_code == 1
    assert accounts().height == 2
    restored = installed("restore", str(tmp_path / "one.bak"), typed="y\n")
    assert restored.exit_code == 0, restored.output
    assert "Sẽ bỏ 1 thay đổi mới hơn" in restored.stdout
    assert accounts().height == 1
    assert installed("doctor").exit_code == 0


def test_a_restore_into_nothing_makes_the_database(installed: Callable[..., Result], tmp_path: Path) -> None:
    assert installed("backup", str(tmp_path / "one.bak")).exit_code == 0
    engine.forget()
    url = f"sqlite:///{tmp_path}/new/dashboard.db"
    result = installed("restore", str(tmp_path / "one.bak"), "--yes", DASHBOARD_DATABASE_URL=url)
    assert result.exit_code == 0, result.output
    assert installed("doctor").exit_code == 0


@pytest.mark.parametrize("command", [("restore", "one.bak", "--yes"), ("migrate",)])
def test_nothing_is_exchanged_under_a_running_server(
    installed: Callable[..., Result], tmp_path: Path, command: tuple[str, ...]
) -> None:
    copy = tmp_path / "one.bak"
    assert installed("backup", str(copy)).exit_code == 0
    serving = Database(f"sqlite:///{tmp_path}/data/dashboard.db")
    serving.lock.share()
    result = installed(*(str(copy) if word == "one.bak" else word for word in command))
    serving.lock.release()
    assert result.exit_code == 1
    assert "systemctl stop dashboard" in result.stderr


@pytest.mark.parametrize(
    "command", [("serve",), ("migrate",), ("doctor",), ("user", "list"), ("init",), ("backup",)]
)
def test_an_older_program_says_everywhere_that_the_database_is_newer(
    installed: Callable[..., Result], tmp_path: Path, command: tuple[str, ...]
) -> None:
    assert installed("backup").exit_code == 0
    with engine.database().engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    result = installed(*command)
    if command == ("backup",):
        # A file can be copied whole whatever its version is.
        assert result.exit_code == 0
        return
    assert result.exit_code == 1
    assert "mới hơn" in result.output
    if command != ("doctor",):
        assert "dashboard restore" in result.stderr
        assert ".bak" in result.stderr


def test_migrating_copies_first_and_says_where(installed: Callable[..., Result], tmp_path: Path) -> None:
    command.downgrade(alembic_config(f"sqlite:///{tmp_path}/data/dashboard.db"), "0001")
    result = installed("migrate")
    assert result.exit_code == 0, result.output
    copies = list((tmp_path / "data" / "backups").glob("*before-migration*.bak"))
    assert [str(copy) in result.stdout for copy in copies] == [True]
    assert verify(copies[0]).revision == "0001"
    assert installed("doctor").exit_code == 0, installed("doctor").output


def test_what_doctor_found_can_be_accepted_and_leaves_a_trace(
    installed: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "data" / "dashboard.db.head").unlink()
    assert installed("doctor").exit_code == 1
    assert installed("doctor", "--accept").exit_code == 0
    with engine.database().read() as session:
        assert "accept_head" in set(session.scalars(select(Change.action)))


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
