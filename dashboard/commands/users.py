"""`user`: accounts from the command line. Who typed the command stands in the log beside `system`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.actions.accounts import (
    add_account,
    disable_account,
    enable_account,
    set_password,
    unlock_account,
)
from dashboard.actions.errors import AccountConflict, AccountRefused, InputRefused
from dashboard.commands.opening import open_ready, stop
from dashboard.documents.input_words import input_sentence
from dashboard.i18n import _
from dashboard.views.accounts import (
    account_version,
    agencies,
    agency_id,
    area_id,
    communes,
    places_of_accounts,
)
from dashboard.views.sessions import accounts
from dashboard.web.words import refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

user_app = typer.Typer(no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="Tên đăng nhập · login")]
FromStandardInput = Annotated[
    bool, typer.Option("--password-stdin", help="Đọc mật khẩu từ đầu vào chuẩn · read it from standard input")
]


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
    area: Annotated[str | None, typer.Option(help="Xã, phường · commune: dashboard user areas")] = None,
    agency: Annotated[str | None, typer.Option(help="Cơ quan · agency: dashboard user agencies")] = None,
    speaks: Annotated[str, typer.Option(help="Ngôn ngữ · language: vi, en")] = "vi",
    password_stdin: FromStandardInput = False,
) -> None:
    """Thêm tài khoản · Add an account."""
    readable(login, name)
    open_ready()
    place = _known(area, area_id, _("Không có xã, phường “{slug}” trong kế hoạch. Có: {known}"), communes)
    office = _known(agency, agency_id, _("Không có cơ quan “{slug}” trong kế hoạch. Có: {known}"), agencies)
    password = _password(from_standard_input=password_stdin)
    attempt(
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
    open_ready()
    places = places_of_accounts()
    rows = [
        (
            row["login"],
            row["role"],
            places.get(row["login"], ""),
            _("đã khóa") if row["disabled_at"] else "",
            row["name"],
        )
        for row in accounts().iter_rows(named=True)
    ]
    head = (_("Tên đăng nhập"), _("Vai trò"), _("Đơn vị"), _("Trạng thái"), _("Người dùng"))
    table(head, rows)


@user_app.command("areas")
def user_areas() -> None:
    """Tên viết tắt của xã, phường · What --area takes."""
    open_ready()
    table((_("Mã"), _("Xã, phường")), communes())


@user_app.command("agencies")
def user_agencies() -> None:
    """Tên viết tắt của cơ quan · What --agency takes."""
    open_ready()
    table((_("Mã"), _("Cơ quan")), agencies())


@user_app.command("password")
def user_password(login: Login, *, password_stdin: FromStandardInput = False) -> None:
    """Đặt mật khẩu mới · Set a new password."""
    open_ready()
    # Before the question: who thinks about a password for an hour must not undo what came of the account meanwhile.
    version = account_version(login)
    password = _password(from_standard_input=password_stdin)
    attempt(lambda: set_password(actor=None, login=login, password=password, base_version=version))
    typer.echo(_("Đã đặt mật khẩu mới; “{login}” phải đăng nhập lại.").format(login=login))


@user_app.command("unlock")
def user_unlock(login: Login) -> None:
    """Cho đăng nhập lại sau nhiều lần nhập sai · Let in again after too many wrong passwords."""
    open_ready()
    attempt(lambda: unlock_account(actor=None, login=login, base_version=account_version(login)))
    typer.echo(_("“{login}” có thể đăng nhập lại ngay.").format(login=login))


@user_app.command("disable")
def user_disable(login: Login) -> None:
    """Khóa tài khoản · Disable an account."""
    open_ready()
    attempt(lambda: disable_account(actor=None, login=login, base_version=account_version(login)))
    typer.echo(_("Đã khóa tài khoản “{login}”.").format(login=login))


@user_app.command("enable")
def user_enable(login: Login) -> None:
    """Mở khóa tài khoản · Enable an account."""
    open_ready()
    attempt(lambda: enable_account(actor=None, login=login, base_version=account_version(login)))
    typer.echo(_("Đã mở khóa tài khoản “{login}”.").format(login=login))


def attempt(action: Callable[[], object]) -> None:
    try:
        action()
    except AccountRefused as refused:
        stop(refusal(refused.problem))
    except AccountConflict:
        stop(_("Chưa thực hiện: tài khoản vừa được thay đổi ở nơi khác. Đề nghị xem lại rồi làm lại."))
    except InputRefused as refused:
        stop(input_sentence(refused))


def readable(*texts: str) -> None:
    """Letters that came in another encoding cannot be stored, and would be somebody else's name if they could."""
    if any(not text.isprintable() or not _is_text(text) for text in texts):
        stop(
            _(
                "Tên có ký tự không đọc được. Đề nghị gõ lại bằng bàn phím Unicode (UTF-8); chưa có gì thay đổi."
            )
        )


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def ask_password() -> str:
    answer: str = typer.prompt(_("Mật khẩu"), hide_input=True, confirmation_prompt=_("Nhập lại mật khẩu"))
    return answer


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, tuple("─" * width for width in widths), *rows):
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _known(
    slug: str | None,
    find: Callable[[str], int | None],
    otherwise: str,
    known: Callable[[], Sequence[tuple[str, str]]],
) -> int | None:
    found = find(slug) if slug else None
    if slug and found is None:
        stop(otherwise.format(slug=slug, known=", ".join(row[0] for row in known())))
    return found


def _password(*, from_standard_input: bool) -> str:
    text = sys.stdin.readline().rstrip("\r\n") if from_standard_input else ask_password()
    if not _is_text(text):
        stop(_("Mật khẩu có ký tự không đọc được. Đề nghị gõ lại bằng bàn phím Unicode (UTF-8)."))
    return text
