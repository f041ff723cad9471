"""The `dashboard` command: set up, try out, serve, look after accounts, find out what is wrong."""

from __future__ import annotations

import errno
import ipaddress
import logging
import socket
import sys
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer
from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from dashboard.actions.accounts import add_account, disable_account, enable_account, set_password
from dashboard.actions.errors import AccountConflict, AccountRefused, InputRefused
from dashboard.actions.passwords import password_problem
from dashboard.doctor import findings, without_password
from dashboard.documents.input_words import input_sentence
from dashboard.i18n import _, known_language, set_language
from dashboard.settings import PREFIX, is_missing, prepare_folder, settings
from dashboard.views.accounts import account_version, agency_id, area_id, is_initialised
from dashboard.views.installation import is_demonstration
from dashboard.views.sessions import accounts
from dashboard.web.words import refusal
from db import engine
from db.migrate import current_revision, is_current, upgrade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from db.engine import Database

DEMONSTRATION_URL: Final = "sqlite:///.data/demo.db"
PORTS_TRIED: Final = 50

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)
user_app = typer.Typer(no_args_is_help=True)
app.add_typer(user_app, name="user", help="Tài khoản · Accounts.")

Login = Annotated[str, typer.Argument(help="Tên đăng nhập · login")]
FromStandardInput = Annotated[
    bool, typer.Option("--password-stdin", help="Đọc mật khẩu từ đầu vào chuẩn · read it from standard input")
]


def main() -> None:
    app()


@app.callback()
def prepare(
    language: Annotated[
        str, typer.Option(help="Ngôn ngữ của thông báo · language of messages: vi, en")
    ] = "vi",
) -> None:
    """Kế hoạch trẻ em · Yearly plan for children."""
    set_language(known_language(language))
    try:
        settings()
    except ValidationError as error:
        _stop("\n".join(_setting_sentences(error)))
    logging.basicConfig(
        level=settings().log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)


@app.command()
def serve() -> None:
    """Chạy máy chủ · Serve."""
    _open_ready()
    _serve(_listener(settings().port))


@app.command()
def init() -> None:
    """Tạo cơ sở dữ liệu với kế hoạch và quản trị đầu tiên · Create the database, with the plan and an administrator."""
    database = _open(settings().database_url)
    if current_revision(database) and is_initialised():
        _stop(_("Cơ sở dữ liệu này đã có dữ liệu, nên không khởi tạo lại. Không có gì thay đổi."))
    login = settings().admin_login
    given = settings().admin_password
    password = given.get_secret_value() if given else _ask_password()
    problem = password_problem(password, login)
    if problem:
        _stop(refusal(problem))
    from seed.plan import load_plan  # noqa: PLC0415 - only setting up needs the seeds

    upgrade(database)
    load_plan()
    _try(
        lambda: add_account(
            actor=None, login=login, name=_("Quản trị"), role="administrator", password=password
        )
    )
    typer.echo(_("Đã tạo cơ sở dữ liệu với kế hoạch và tài khoản quản trị “{login}”.").format(login=login))
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
    database = _open(settings().database_url if chosen else DEMONSTRATION_URL)
    if current_revision(database) and is_initialised() and not is_demonstration():
        _stop(_("Cơ sở dữ liệu này đang dùng thật, nên không thêm số liệu minh họa. Không có gì thay đổi."))
    from seed.demonstration import DEMONSTRATION_ACCOUNTS, load_demonstration  # noqa: PLC0415 - as in init

    upgrade(database)
    load_demonstration()
    if prepare_only:
        return
    rows = [(person.login, person.password, person.name) for person in DEMONSTRATION_ACCOUNTS]
    _table((_("Tên đăng nhập"), _("Mật khẩu"), _("Người dùng")), rows)
    _serve(_free_listener(settings().port))


@app.command()
def migrate() -> None:
    """Đưa cơ sở dữ liệu lên phiên bản mới · Bring the database to this version's shape."""
    database = _open_existing()
    if is_current(database):
        typer.echo(_("Cơ sở dữ liệu đã ở phiên bản mới nhất."))
    else:
        copy = upgrade(database)
        if copy:
            typer.echo(_("Bản sao trước khi nâng cấp: {path}").format(path=copy))
        typer.echo(_("Đã nâng cấp cơ sở dữ liệu."))
    if is_initialised():
        from seed.plan import load_plan  # noqa: PLC0415 - as in init

        # What this version knows and the database does not; rows that are there stay as they are.
        load_plan()


@app.command()
def doctor() -> None:
    """Kiểm tra bản cài đặt · Find out what is wrong."""
    database = _open_existing()
    found = list(findings(database))
    for is_well, sentence in found:
        typer.echo(f"{'✓' if is_well else '✕'} {sentence}")
    if not all(is_well for is_well, _sentence in found):
        raise typer.Exit(1)


@user_app.command("add")
def user_add(
    login: Login,
    *,
    name: Annotated[str, typer.Option(prompt="Họ tên · Name", help="Họ tên · name")],
    role: Annotated[
        str,
        typer.Option(
            prompt="Vai trò · Role",
            help="viewer, commune_officer, agency_officer, town_officer, administrator",
        ),
    ],
    area: Annotated[str | None, typer.Option(help="Xã, phường · commune: thac-mo, …")] = None,
    agency: Annotated[str | None, typer.Option(help="Cơ quan · agency: y-te, …")] = None,
    speaks: Annotated[str, typer.Option(help="Ngôn ngữ · language: vi, en")] = "vi",
    password_stdin: FromStandardInput = False,
) -> None:
    """Thêm tài khoản · Add an account."""
    _open_ready()
    place = _known(area, area_id, _("Không có xã, phường “{slug}” trong kế hoạch."))
    office = _known(agency, agency_id, _("Không có cơ quan “{slug}” trong kế hoạch."))
    password = _password(from_standard_input=password_stdin)
    _try(
        lambda: add_account(
            actor=None,
            login=login,
            name=name,
            role=role,
            password=password,
            area_id=place,
            agency_id=office,
            language=speaks,
        )
    )
    typer.echo(_("Đã thêm tài khoản “{login}”.").format(login=login))


@user_app.command("list")
def user_list() -> None:
    """Danh sách tài khoản · List accounts."""
    _open_ready()
    rows = [
        (row["login"], row["role"], _("đã khóa") if row["disabled_at"] else "", row["name"])
        for row in accounts().iter_rows(named=True)
    ]
    _table((_("Tên đăng nhập"), _("Vai trò"), _("Trạng thái"), _("Người dùng")), rows)


@user_app.command("password")
def user_password(login: Login, *, password_stdin: FromStandardInput = False) -> None:
    """Đặt mật khẩu mới · Set a new password."""
    _open_ready()
    # Before the question: who thinks about a password for an hour must not undo what came of the account meanwhile.
    version = account_version(login)
    password = _password(from_standard_input=password_stdin)
    _try(lambda: set_password(actor=None, login=login, password=password, base_version=version))
    typer.echo(_("Đã đặt mật khẩu mới; “{login}” phải đăng nhập lại.").format(login=login))


@user_app.command("disable")
def user_disable(login: Login) -> None:
    """Khóa tài khoản · Disable an account."""
    _open_ready()
    _try(lambda: disable_account(actor=None, login=login, base_version=account_version(login)))
    typer.echo(_("Đã khóa tài khoản “{login}”.").format(login=login))


@user_app.command("enable")
def user_enable(login: Login) -> None:
    """Mở khóa tài khoản · Enable an account."""
    _open_ready()
    _try(lambda: enable_account(actor=None, login=login, base_version=account_version(login)))
    typer.echo(_("Đã mở khóa tài khoản “{login}”.").format(login=login))


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def _try(action: Callable[[], object]) -> None:
    try:
        action()
    except AccountRefused as refused:
        _stop(refusal(refused.problem))
    except AccountConflict:
        _stop(_("Chưa thực hiện: tài khoản vừa được thay đổi ở nơi khác. Đề nghị xem lại rồi làm lại."))
    except InputRefused as refused:
        _stop(input_sentence(refused))


def _setting_sentences(error: ValidationError) -> Iterator[str]:
    """The names of wrong settings, never their values: one may be a password."""
    for fault in error.errors():
        name = PREFIX + str(fault["loc"][0]).upper()
        yield _("Biến môi trường {name} không hợp lệ: {why}").format(name=name, why=fault["msg"])


def _open(url: str) -> Database:
    try:
        prepare_folder(url)
        database = engine.use(url)
        with database.engine.connect():
            return database
    except (ArgumentError, OSError, SQLAlchemyError) as error:
        _stop(
            _("Không mở được cơ sở dữ liệu {address} ({why}). Đề nghị kiểm tra {name}.").format(
                address=without_password(url), why=type(error).__name__, name=f"{PREFIX}DATABASE_URL"
            )
        )


def _open_existing() -> Database:
    """Looking at a SQLite file that is not there would make an empty one."""
    url = settings().database_url
    if is_missing(url):
        _stop(_("Chưa có cơ sở dữ liệu. Đề nghị chạy trước: dashboard init"))
    return _open(url)


def _open_ready() -> None:
    _refuse_unready(_open_existing())


def _refuse_unready(database: Database) -> None:
    if current_revision(database) is None:
        _stop(_("Chưa có cơ sở dữ liệu. Đề nghị chạy trước: dashboard init"))
    if not is_current(database):
        _stop(_("Cơ sở dữ liệu ở phiên bản cũ. Đề nghị chạy trước: dashboard migrate"))


def _known(slug: str | None, find: Callable[[str], int | None], otherwise: str) -> int | None:
    found = find(slug) if slug else None
    if slug and found is None:
        _stop(otherwise.format(slug=slug))
    return found


def _ask_password() -> str:
    answer: str = typer.prompt(_("Mật khẩu"), hide_input=True, confirmation_prompt=_("Nhập lại mật khẩu"))
    return answer


def _password(*, from_standard_input: bool) -> str:
    return sys.stdin.readline().rstrip("\r\n") if from_standard_input else _ask_password()


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, tuple("─" * width for width in widths), *rows):
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


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
            _stop(
                _("Cổng {port} đang được chương trình khác dùng. Đề nghị đặt {name} là cổng khác.").format(
                    port=port, name=f"{PREFIX}PORT"
                )
            )
        _stop(
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
