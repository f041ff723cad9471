"""What is well and what is not in an installation."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from dashboard.i18n import _, ngettext
from dashboard.views.accounts import has_administrator
from dashboard.web.health import database_state
from db.changes import broken_links

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.engine import Database

LEAST_FREE_BYTES: Final = 1_000_000_000


def without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return ""


def findings(database: Database) -> Iterator[tuple[bool, str]]:
    """What `doctor` looks at, each with whether it is well. What cannot be asked any more is left out."""
    yield (
        True,
        _("Cấu hình đọc được; cơ sở dữ liệu: {address}").format(address=without_password(database.url)),
    )
    yield from _folder_findings(database)
    state = database_state()
    yield (
        state == "ok",
        {
            "ok": _("Cơ sở dữ liệu trả lời, đúng phiên bản"),
            "old": _("Cơ sở dữ liệu trống hoặc ở phiên bản cũ: dashboard init hoặc dashboard migrate"),
            "unreachable": _("Cơ sở dữ liệu không trả lời"),
        }[state],
    )
    if state == "ok":
        yield _chain_finding(database)
        yield (
            has_administrator(),
            _("Có quản trị đang hoạt động")
            if has_administrator()
            else _("Không có quản trị nào: dashboard user add"),
        )


def _folder_findings(database: Database) -> Iterator[tuple[bool, str]]:
    if not database.is_sqlite:
        return
    folder = Path(make_url(database.url).database or "").resolve().parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            yield True, _("Ghi được vào thư mục {folder}").format(folder=folder)
    except OSError:
        yield False, _("Không ghi được vào thư mục {folder}").format(folder=folder)
    free = shutil.disk_usage(folder).free
    yield free >= LEAST_FREE_BYTES, _("Đĩa còn trống {n} MB").format(n=free // 1_000_000)


def _chain_finding(database: Database) -> tuple[bool, str]:
    with database.read() as session:
        broken = list(broken_links(session))
    if not broken:
        return True, _("Nhật ký thay đổi nguyên vẹn")
    sentence = ngettext(
        "Nhật ký thay đổi bị sửa ở {n} chỗ, đầu tiên là số {first}",
        "Nhật ký thay đổi bị sửa ở {n} chỗ, đầu tiên là số {first}",
        len(broken),
    )
    return False, sentence.format(n=len(broken), first=broken[0])
