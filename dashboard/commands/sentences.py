"""What went wrong outside the program, in words: settings, files, databases, copies. Never a password."""

from __future__ import annotations

import getpass
import os
import re
import sqlite3
from typing import TYPE_CHECKING, Any, Final

import psycopg
from sqlalchemy.exc import DBAPIError

from dashboard.i18n import _
from dashboard.settings import PREFIX
from db.copies import CopyFailed
from db.engine import DatabaseReplaced
from db.locks import InUse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydantic import ValidationError

PASSWORD: Final = re.compile(r"^(?P<scheme>[^:/]*://)(?P<user>[^:@/]*)(?P<rest>.*)@")


def without_password(url: str) -> str:
    """The address as it may be shown: nothing between the name and the last @, and no options."""
    hidden = PASSWORD.sub(lambda found: f"{found['scheme']}{found['user']}:***@", url)
    return hidden.partition("?")[0]


def setting_sentences(error: ValidationError) -> Iterator[str]:
    """The names of wrong settings and what they have to be, never their values: one may be a password."""
    for fault in error.errors():
        name = PREFIX + str(fault["loc"][0]).upper()
        yield _("Biến môi trường {name} không hợp lệ: {why}").format(
            name=name, why=_setting_rule(fault["type"], fault.get("ctx") or {})
        )


def _setting_rule(kind: str, context: dict[str, Any]) -> str:
    rules = {
        "int_parsing": _("cần là một số nguyên."),
        "int_from_float": _("cần là một số nguyên."),
        "greater_than_equal": _("cần từ {least} trở lên.").format(least=context.get("ge")),
        "less_than_equal": _("cần không quá {most}.").format(most=context.get("le")),
        "literal_error": _("cần là một trong các giá trị {words}.").format(words=context.get("expected")),
        "addresses_malformed": _("cần là các địa chỉ IP, cách nhau bằng dấu phẩy."),
        "database_url_malformed": _(
            "không phải địa chỉ cơ sở dữ liệu. Ví dụ: sqlite:////var/lib/dashboard/dashboard.db"
        ),
        "database_url_unknown": _(
            "chỉ dùng được SQLite (sqlite:////thư-mục/dashboard.db) và PostgreSQL (postgresql://người-dùng:mật-khẩu@máy/tên)."
        ),
        "database_url_unescaped": _(
            "ký tự đặc biệt trong mật khẩu cần viết theo mã, ví dụ @ là %40, : là %3A, / là %2F."
        ),
    }
    return rules.get(kind, _("giá trị không dùng được."))


def cause(error: BaseException) -> str:
    """Why a file or a database did not do what was asked, in words that say where to look."""
    for step in _chain(error):
        known = _known_cause(step)
        if known:
            return known
    return _("nguyên nhân kỹ thuật: {why}").format(why=type(error).__name__)


def _chain(error: BaseException) -> Iterator[BaseException]:
    step: BaseException | None = error
    while step is not None:
        yield step
        step = getattr(step, "orig", None) if isinstance(step, DBAPIError) else step.__cause__


def _known_cause(error: BaseException) -> str | None:
    if isinstance(error, CopyFailed):
        return copy_failure(error)
    if isinstance(error, InUse):
        return in_use()
    if isinstance(error, DatabaseReplaced):
        return _("tệp cơ sở dữ liệu đã bị xóa hoặc thay bằng tệp khác trong khi chương trình đang chạy")
    if isinstance(error, (psycopg.Error, sqlite3.Error)):
        message = str(error).lower()
        return next((sentence for sign, sentence in _driver_words() if sign in message), None)
    if isinstance(error, OSError):
        return _file_cause(error)
    return None


def _driver_words() -> list[tuple[str, str]]:
    """Signs in what the drivers say, the more special first."""
    return [
        ("password authentication failed", _("sai tên người dùng hoặc mật khẩu của cơ sở dữ liệu")),
        ("no password supplied", _("máy chủ cơ sở dữ liệu đòi mật khẩu, trong địa chỉ chưa có")),
        ("no pg_hba.conf entry", _("máy chủ cơ sở dữ liệu không cho máy này kết nối (pg_hba.conf)")),
        ('fatal:  role "', _("máy chủ cơ sở dữ liệu không có người dùng tên này")),
        ('fatal:  database "', _("máy chủ có trả lời, nhưng không có cơ sở dữ liệu tên này")),
        ("database is locked", _("cơ sở dữ liệu đang bận: chương trình khác đang ghi")),
        ("lock timeout", _("cơ sở dữ liệu đang bận: chương trình khác đang dùng")),
        ("readonly database", _("không được ghi vào cơ sở dữ liệu: {who}").format(who=_who())),
        ("read-only transaction", _("cơ sở dữ liệu đang ở chế độ chỉ đọc")),
        ("permission denied", _("người dùng của cơ sở dữ liệu không đủ quyền")),
        ("database or disk is full", _("đĩa đã đầy")),
        ("no space left", _("đĩa đã đầy")),
        ("malformed", _("tệp cơ sở dữ liệu bị hỏng")),
        ("not a database", _("tệp này không phải cơ sở dữ liệu SQLite")),
        ("unable to open database file", _("không mở được tệp hoặc thư mục: {who}").format(who=_who())),
        ("connection refused", _("máy chủ cơ sở dữ liệu không chạy hoặc từ chối kết nối (sai cổng?)")),
        ("failed to resolve host", _("không tìm thấy máy chủ cơ sở dữ liệu: tên máy sai hoặc mất mạng")),
        ("could not translate host", _("không tìm thấy máy chủ cơ sở dữ liệu: tên máy sai hoặc mất mạng")),
        ("timeout", _("máy chủ cơ sở dữ liệu không trả lời")),
        ("no such file or directory", _("máy chủ cơ sở dữ liệu không chạy trên máy này")),
        ("too many", _("máy chủ cơ sở dữ liệu đã hết số kết nối")),
        ("no such table", _("cơ sở dữ liệu thiếu bảng: không phải của chương trình này, hoặc bị hỏng")),
    ]


def _file_cause(error: OSError) -> str | None:
    where = error.filename or ""
    if isinstance(error, PermissionError):
        return _("không đủ quyền với {path}: {who}").format(path=where, who=_who())
    if isinstance(error, FileNotFoundError):
        return _("không có tệp hoặc thư mục {path}").format(path=where)
    return error.strerror


def _who() -> str:
    return _("đang chạy bằng người dùng “{user}”").format(user=system_user())


def system_user() -> str:
    """The operating system's name of who runs this; of who stands behind sudo, too."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = str(os.getuid()) if hasattr(os, "getuid") else "?"
    behind = os.environ.get("SUDO_USER", "")
    return f"{name}, {behind}" if behind and behind != name else name


def in_use() -> str:
    return _(
        "máy chủ hoặc một lệnh khác đang dùng cơ sở dữ liệu này. Đề nghị dừng trước: systemctl stop dashboard"
    )


def copy_failure(error: CopyFailed) -> str:
    sentences = {
        "exists": _("đã có tệp {detail}, không ghi đè"),
        "not_a_copy": _("tệp này không phải bản sao của chương trình"),
        "damaged": _("không đọc được toàn bộ: tệp bị hỏng ({detail})"),
        "orphans": _("có dòng trỏ tới dòng không còn (bảng {detail}): tệp bị hỏng"),
        "differs": _("bản sao không khớp với cơ sở dữ liệu ({detail})"),
        "unknown_shape": _("phiên bản dữ liệu {detail} mới hơn hoặc khác chương trình này"),
        "open_elsewhere": _("chương trình khác đang mở tệp {detail}"),
    }
    return sentences[error.why].format(detail=error.detail)


def owner(path: Path) -> str:
    """Who owns the file and what everybody may do with it, as `ls` would say."""
    found = path.stat()
    return f"{owner_name(found.st_uid)}, {found.st_mode & 0o777:04o}"


def owner_name(uid: int) -> str:
    try:
        import pwd  # noqa: PLC0415 - there is none on Windows

        return pwd.getpwuid(uid).pw_name
    except (ImportError, KeyError):
        return str(uid)
