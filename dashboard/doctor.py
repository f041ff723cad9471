"""What is well and what is not in an installation, as the user who runs it: the service's, on a server."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections import Counter
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy.exc import SQLAlchemyError

from dashboard import __version__
from dashboard.charts.signs import signs_without_font
from dashboard.commands.sentences import cause, owner, system_user, without_password
from dashboard.i18n import _, ngettext
from dashboard.settings import beside_data, head_path, unknown_variables
from dashboard.views.accounts import has_administrator
from dashboard.views.consistency import Disagreement, disagreements
from dashboard.views.installation import known_periods, now
from db.base import utc_now
from db.changes import NOTHING_LOGGED, Head, broken_links, holds, log_head, newest_moment
from db.files import existing, with_journals
from db.head import HeadFile, HeadUnreadable
from db.migrate import shape_of
from db.noted import note_rows
from db.probe import try_write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from db.engine import Database
    from db.head import Kept

LEAST_FREE_BYTES: Final = 1_000_000_000
MOST_NAMED: Final = 3
# A clock may differ by this much from the one that an earlier change was written by.
CLOCK_SECONDS: Final = 300

# ✓ well, ! to be known, ✕ to be mended.
Level = Literal["✓", "!", "✕"]
Finding = tuple[Level, str]


def findings(database: Database) -> Iterator[Finding]:
    """What `doctor` looks at, each with its level. What cannot be asked any more is left out."""
    yield (
        "✓",
        _("Phiên bản {version}; cơ sở dữ liệu: {address}").format(
            version=__version__, address=without_password(database.url)
        ),
    )
    yield from _setting_findings()
    yield from _folder_findings(database)
    shape = _shape(database)
    yield shape
    if shape[0] == "✓":
        yield _write_finding(database)
        yield from _file_findings(database)
        yield from _log_findings(database)
        yield from _data_findings()
        yield from _use_findings(database)
    yield _font_finding()


def accept_head(database: Database) -> None:
    """Take the log as it stands for true, and say so in it: after somebody has looked into what was found."""
    kept = _kept(database)
    before = {"id": kept.after.id, "hash": kept.after.hash} if kept else None
    with database.write() as transaction:
        after = log_head(transaction.session)
        transaction.log(
            "accept_head", "database", "all", before=before, after={"id": after.id, "hash": after.hash}
        )
        note_rows(transaction)
    with database.read() as session:
        HeadFile(head_path(database.url)).accept(log_head(session))


def _level(*, is_well: bool) -> Level:
    return "✓" if is_well else "✕"


def _setting_findings() -> Iterator[Finding]:
    for name in unknown_variables():
        yield "✕", _("Không có cấu hình nào tên {name}; tên viết sai không có tác dụng").format(name=name)


def _folder_findings(database: Database) -> Iterator[Finding]:
    folder = beside_data(database.url)
    if not folder.is_dir():
        return
    if os.access(folder, os.W_OK):
        yield "✓", _("Ghi được vào thư mục {folder}").format(folder=folder)
    else:
        yield (
            "✕",
            _("Người dùng “{user}” không ghi được vào thư mục {folder} ({owner})").format(
                user=system_user(), folder=folder, owner=owner(folder)
            ),
        )
    free = shutil.disk_usage(folder).free
    yield _level(is_well=free >= LEAST_FREE_BYTES), _("Đĩa còn trống {n} MB").format(n=free // 1_000_000)
    yield from _open_files(database, folder)


def _open_files(database: Database, folder: Path) -> Iterator[Finding]:
    files = list(with_journals(database.path)) if database.path else []
    files += [*folder.glob("*.head"), *folder.glob("backups/*")]
    open_to_others = [file for file in files if stat.S_IMODE(file.stat().st_mode) & 0o077]
    for file in open_to_others[:MOST_NAMED]:
        yield (
            "✕",
            _("Người dùng khác trên máy này đọc được {file} ({owner}): chmod 600").format(
                file=file, owner=owner(file)
            ),
        )
    if not open_to_others:
        yield "✓", _("Người dùng khác trên máy này không đọc được dữ liệu")


def _shape(database: Database) -> Finding:
    try:
        found = shape_of(database)
    except SQLAlchemyError as error:
        return "✕", _("Cơ sở dữ liệu không trả lời: {why}").format(why=cause(error))
    return (
        _level(is_well=found == "current"),
        {
            "current": _("Cơ sở dữ liệu trả lời, đúng phiên bản"),
            "empty": _("Cơ sở dữ liệu còn trống: dashboard init"),
            "old": _("Cơ sở dữ liệu ở phiên bản cũ: dashboard migrate"),
            "newer": _(
                "Cơ sở dữ liệu mới hơn chương trình này: chạy chương trình mới hoặc dashboard restore"
            ),
        }[found],
    )


def _write_finding(database: Database) -> Finding:
    state, error = try_write(database)
    if state == "ok":
        return "✓", _("Thử ghi rồi hoàn lại: được, bằng người dùng “{user}”").format(user=system_user())
    where = f" ({database.path}: {owner(database.path)})" if database.path and database.path.exists() else ""
    why = cause(error) if error else _("tệp đã bị thay")
    return "✕", _("Không ghi được vào cơ sở dữ liệu: {why}").format(why=why) + where


def _file_findings(database: Database) -> Iterator[Finding]:
    if database.path is None:
        return
    try:
        with closing(sqlite3.connect(existing(database.path), uri=True, timeout=15)) as connection:
            damage = [row[0] for row in connection.execute("PRAGMA integrity_check(3)") if row[0] != "ok"]
            orphans = Counter(row[0] for row in connection.execute("PRAGMA foreign_key_check"))
    except sqlite3.Error as error:
        damage, orphans = [str(error)], Counter()
    if damage:
        yield "✕", _("Tệp cơ sở dữ liệu bị hỏng: {what}. Đề nghị dashboard restore").format(what=damage[0])
    else:
        yield "✓", _("Tệp cơ sở dữ liệu nguyên vẹn")
    for table, number in orphans.items():
        yield (
            "✕",
            _("Bảng {table} có {n} dòng trỏ tới dòng không còn").format(table=table, n=number),
        )


def _log_findings(database: Database) -> Iterator[Finding]:
    try:
        with database.read() as session:
            broken = list(broken_links(session))
    except SQLAlchemyError as error:
        yield "✕", _("Không đọc được nhật ký thay đổi: {why}").format(why=cause(error))
        return
    if broken:
        sentence = ngettext(
            "Nhật ký thay đổi bị sửa ở {n} chỗ, đầu tiên là số {first}",
            "Nhật ký thay đổi bị sửa ở {n} chỗ, đầu tiên là số {first}",
            len(broken),
        )
        yield "✕", sentence.format(n=len(broken), first=broken[0])
    else:
        yield "✓", _("Nhật ký thay đổi nguyên vẹn")
    yield from _head_findings(database)


def _kept(database: Database) -> Kept | None:
    try:
        return HeadFile(head_path(database.url)).read()
    except (OSError, HeadUnreadable):
        return None


def _head_findings(database: Database) -> Iterator[Finding]:
    """The end of the log against the one that is kept outside: what a whole chain cannot tell."""
    accept = _("nếu đã rõ nguyên nhân: dashboard doctor --accept")
    kept = _kept(database)
    if kept is None:
        yield (
            "✕",
            _("Không có hoặc không đọc được dấu cuối nhật ký {path}; {accept}").format(
                path=head_path(database.url), accept=accept
            ),
        )
        return
    with database.read() as session:
        found = log_head(session)
        goes_on = holds(session, kept.after) or holds(session, kept.before)
    for each in kept.breaks:
        yield "✕", _head_sentence(each.kept, each.found, goes_on=False) + f"; {accept}"
    if not kept.fits(found):
        yield "✕", _head_sentence(kept.after, found, goes_on=goes_on) + f"; {accept}"
    elif not kept.breaks:
        yield "✓", _("Cuối nhật ký đúng như dấu giữ ngoài cơ sở dữ liệu (số {id})").format(id=found.id)


def _head_sentence(kept: Head, found: Head, *, goes_on: bool) -> str:
    if found == NOTHING_LOGGED:
        return _("Nhật ký bị xóa hết; chương trình đã ghi tới số {kept}").format(kept=kept.id)
    if found.id < kept.id:
        return _("Nhật ký bị cắt: chương trình đã ghi tới số {kept}, nay chỉ còn tới số {found}").format(
            kept=kept.id, found=found.id
        )
    if goes_on and found.id > kept.id:
        return _(
            "Sau số {kept} có {n} thay đổi không do chương trình trên máy này ghi (hoặc khi đó không ghi được dấu)"
        ).format(kept=kept.id, n=found.id - kept.id)
    return _("Nhật ký quanh số {kept} không phải do chương trình ghi").format(kept=kept.id)


def _data_findings() -> Iterator[Finding]:
    try:
        found = disagreements()
    except SQLAlchemyError as error:
        yield "✕", _("Không đọc được dữ liệu: {why}").format(why=cause(error))
        return
    if not found:
        yield "✓", _("Số liệu khớp với các lần ghi; các lần ghi, tài khoản và kế hoạch khớp với nhật ký")
    for (kind, table), number in Counter((each.kind, each.table) for each in found).items():
        keys = [each.key for each in found if (each.kind, each.table) == (kind, table)]
        yield (
            "✕",
            _disagreement(found[0], kind).format(table=table, n=number, keys="; ".join(keys[:MOST_NAMED])),
        )


def _disagreement(_any: Disagreement, kind: str) -> str:
    return {
        "current": _("Bảng {table}: {n} giá trị hiện tại không phải lần ghi mới nhất ({keys})"),
        "unlogged": _("Bảng {table}: {n} dòng không có trong nhật ký ({keys})"),
        "missing": _("Bảng {table}: {n} dòng có trong nhật ký nhưng không còn ({keys})"),
        "differs": _("Bảng {table}: {n} dòng khác với nhật ký ({keys})"),
    }[kind]


def _use_findings(database: Database) -> Iterator[Finding]:
    with database.read() as session:
        newest = newest_moment(session)
    ahead = newest - utc_now() if newest else timedelta(0)
    if ahead > timedelta(seconds=CLOCK_SECONDS):
        yield (
            "✕",
            _("Đồng hồ máy chậm: thay đổi mới nhất ghi lúc {moment}, sau bây giờ").format(
                moment=f"{newest:%d/%m/%Y %H:%M} UTC"
            ),
        )
    else:
        yield "✓", _("Đồng hồ máy không chậm hơn thay đổi mới nhất")
    year = now().year
    has_plan = any(each[0] == year for each in known_periods())
    yield (
        "✓" if has_plan else "!",
        (
            _("Có kế hoạch năm {year}")
            if has_plan
            else _("Chưa có kế hoạch năm {year}: không nhập được số liệu năm này")
        ).format(year=year),
    )
    yield (
        _level(is_well=has_administrator()),
        _("Có quản trị đang hoạt động")
        if has_administrator()
        else _("Không có quản trị nào: dashboard user add"),
    )


def _font_finding() -> Finding:
    missing = signs_without_font()
    if missing:
        return "✕", _("Ảnh xuất ra thiếu chữ cho {signs}: cài fonts-dejavu").format(signs=" ".join(missing))
    return "✓", _("Ảnh xuất ra có đủ chữ và dấu")
