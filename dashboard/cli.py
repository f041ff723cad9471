"""The `dashboard` command: set up, try out, serve, look after accounts, find out what is wrong."""

from __future__ import annotations

import errno
import ipaddress
import logging
import os
import socket
import sys
from pathlib import Path  # noqa: TC003 - read when the command is built
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from dashboard import __version__
from dashboard.actions.accounts import add_account
from dashboard.actions.passwords import password_problem
from dashboard.commands.copies import backup, migrate, restore_copy
from dashboard.commands.opening import (
    location,
    open_database,
    open_existing,
    open_ready,
    refuse_unready,
    share,
    stop,
)
from dashboard.commands.sentences import cause, setting_sentences
from dashboard.commands.users import ask_password, attempt, table, user_app
from dashboard.doctor import accept_head, findings
from dashboard.i18n import _, known_language, set_language
from dashboard.settings import (
    FORMER_FILE,
    PREFIX,
    Source,
    demonstration_url,
    head_path,
    settings,
    unknown_variables,
)
from dashboard.views.accounts import is_initialised
from dashboard.views.installation import is_demonstration
from dashboard.web.words import refusal
from db import engine
from db.head import HeadFile
from db.migrate import current_revision, shape_of, upgrade

if TYPE_CHECKING:
    from db.engine import Database

PORTS_TRIED: Final = 50
PRIVATE_UMASK: Final = 0o077


class Commands(TyperGroup):
    """One handler for all commands: whatever happens, a person reads a sentence."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            if isinstance(error, typer.Abort) or hasattr(error, "exit_code"):
                raise  # ways out that the library itself puts into words
            logging.getLogger(__name__).debug("the command failed", exc_info=True)
            stop(
                _("Lệnh không làm được: {why}. Xem chi tiết: đặt {name}=debug rồi chạy lại.").format(
                    why=cause(error), name=f"{PREFIX}LOG_LEVEL"
                )
            )


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(user_app, name="user", help="Tài khoản · Accounts.")
app.command("backup")(backup)
app.command("restore")(restore_copy)
app.command("migrate")(migrate)


def main() -> None:
    use_utf8()
    app()


def use_utf8() -> None:
    """Vietnamese comes and goes whole, whatever the terminal's settings say of its letters."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="surrogateescape" if stream is sys.stdin else "replace")
    sys.argv = [os.fsencode(word).decode("utf-8", "surrogateescape") for word in sys.argv]


def _show_version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def prepare(
    context: typer.Context,
    *,
    language: Annotated[
        str, typer.Option(help="Ngôn ngữ của thông báo · language of messages: vi, en")
    ] = "vi",
    env: Annotated[
        Path | None, typer.Option(metavar="TỆP", help="Tệp cấu hình · file of settings [/etc/dashboard.env]")
    ] = None,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Phiên bản · version"),
    ] = False,
) -> None:
    """Kế hoạch trẻ em · Yearly plan for children."""
    set_language(known_language(language))
    # What the program writes is for its own user: files of 0600, folders of 0700.
    os.umask(PRIVATE_UMASK)
    _read_settings(env)
    logging.basicConfig(
        level=settings().log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)
    for name in unknown_variables():
        typer.echo(_("Không có cấu hình nào tên {name}: đã bỏ qua.").format(name=name), err=True)
    context.call_on_close(engine.let_go)


def _read_settings(env: Path | None) -> None:
    if env:
        if not env.exists():
            stop(_("Không có tệp cấu hình {path}.").format(path=env))
        Source.env_file = env
        settings.cache_clear()
    try:
        settings()
    except ValidationError as error:
        stop("\n".join(setting_sentences(error)))
    except (OSError, UnicodeDecodeError) as error:
        stop(_("Không đọc được tệp cấu hình {path}: {why}.").format(path=Source.env_file, why=cause(error)))


@app.command()
def serve() -> None:
    """Chạy máy chủ · Serve."""
    database = open_ready()
    _say_where(database)
    _serve(_listener(settings().port))


@app.command()
def init() -> None:
    """Tạo cơ sở dữ liệu với kế hoạch và quản trị đầu tiên · Create the database, with the plan and an administrator."""
    database = open_database(settings().database_url)
    if shape_of(database) not in {"empty", "current"}:
        refuse_unready(database)
    if current_revision(database) and is_initialised():
        stop(
            _("Cơ sở dữ liệu này đã có dữ liệu, nên không khởi tạo lại. Không có gì thay đổi.")
            + f"\n{location(database)}"
        )
    share(database)
    login = settings().admin_login
    given = settings().admin_password
    password = given.get_secret_value() if given else ask_password()
    problem = password_problem(password, login)
    if problem:
        stop(refusal(problem))
    from seed.plan import load_plan  # noqa: PLC0415 - only setting up needs the seeds

    _make(database)
    load_plan()
    attempt(
        lambda: add_account(
            actor=None, login=login, name=_("Quản trị"), role="administrator", password=password
        )
    )
    typer.echo(_("Đã tạo cơ sở dữ liệu với kế hoạch và tài khoản quản trị “{login}”.").format(login=login))
    _say_where(database)
    typer.echo(_("Tiếp theo: dashboard serve"))


@app.command()
def demo(
    *,
    prepare_only: Annotated[
        bool, typer.Option("--prepare-only", help="Chỉ tạo dữ liệu · only make the data")
    ] = False,
) -> None:
    """Dùng thử với số liệu minh họa · Try it, with made-up figures."""
    chosen = "database_url" in settings().model_fields_set
    database = open_database(settings().database_url if chosen else demonstration_url())
    if shape_of(database) == "newer":
        refuse_unready(database)
    if current_revision(database) and is_initialised() and not is_demonstration():
        stop(_("Cơ sở dữ liệu này đang dùng thật, nên không thêm số liệu minh họa. Không có gì thay đổi."))
    from seed.demonstration import DEMONSTRATION_ACCOUNTS, load_demonstration  # noqa: PLC0415 - as in init

    share(database)
    _make(database)
    load_demonstration()
    _say_where(database)
    if prepare_only:
        return
    rows = [(person.login, person.password, person.name) for person in DEMONSTRATION_ACCOUNTS]
    table((_("Tên đăng nhập"), _("Mật khẩu"), _("Người dùng")), rows)
    _serve(_free_listener(settings().port))


@app.command()
def doctor(
    *,
    accept: Annotated[
        bool,
        typer.Option(
            "--accept",
            help="Nhận nhật ký như đang có, sau khi đã xem xét · take the log as it stands for true",
        ),
    ] = False,
) -> None:
    """Kiểm tra bản cài đặt · Find out what is wrong."""
    database = open_existing()
    if accept:
        accept_head(database)
    found = list(findings(database))
    for level, sentence in found:
        typer.echo(f"{level} {sentence}")
    if any(level == "✕" for level, _sentence in found):
        raise typer.Exit(1)


def _make(database: Database) -> None:
    upgrade(database)
    database.keep_head(HeadFile(head_path(database.url)))


def _say_where(database: Database) -> None:
    typer.echo(location(database))
    path = database.path
    if path and "database_url" not in settings().model_fields_set and path == FORMER_FILE.absolute():
        typer.echo(
            _("Tệp này của phiên bản trước, trong thư mục đang đứng; từ thư mục khác cần đặt {name}.").format(
                name=f"{PREFIX}DATABASE_URL"
            )
        )


def _serve(listener: socket.socket) -> None:
    from dashboard.server import run  # noqa: PLC0415 - takes a second, which other commands need not wait

    host, port = listener.getsockname()[:2]
    everywhere = ipaddress.ip_address(host).is_unspecified
    shown = socket.gethostname() if everywhere else f"[{host}]" if ":" in host else host
    typer.echo(_("Địa chỉ: {address}").format(address=f"http://{shown}:{port}"))
    run(listener)


def _listener(port: int) -> socket.socket:
    try:
        return _bound(port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            stop(
                _("Cổng {port} đang được chương trình khác dùng. Đề nghị đặt {name} là cổng khác.").format(
                    port=port, name=f"{PREFIX}PORT"
                )
            )
        stop(
            _("Không mở được địa chỉ {address}:{port} ({why}).").format(
                address=settings().address, port=port, why=error.strerror
            )
        )


def _free_listener(first: int) -> socket.socket:
    for port in range(first, first + PORTS_TRIED):
        try:
            return _bound(port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                break
    return _listener(first)


def _bound(port: int) -> socket.socket:
    address = settings().address
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return socket.create_server((address, port), family=family, backlog=2048)


if __name__ == "__main__":
    main()
