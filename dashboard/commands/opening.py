"""How every command comes to its database: the right file, the right person, the right version, or a sentence."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NoReturn

import typer
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from dashboard.commands.sentences import cause, in_use, owner, owner_name, system_user, without_password
from dashboard.i18n import _
from dashboard.settings import PREFIX, backup_folder, head_path, is_missing, prepare_folder, settings
from db import engine
from db.copies import newest_fitting
from db.files import PRIVATE, sqlite_path, with_journals
from db.head import HeadFile
from db.locks import InUse, alone
from db.migrate import current_revision, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from db.engine import Database


def stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def open_database(url: str) -> Database:
    """Of `url`, made where there is none. Whoever asks is checked before SQLite leaves a file behind."""
    _refuse_stranger(url)
    try:
        prepare_folder(url)
        database = engine.use(url)
        database.system_login = f"system ({system_user()})"[:60]
        with database.engine.connect():
            pass
        _close_to_others(url)
        if current_revision(database):
            database.keep_head(HeadFile(head_path(url)))
    except (ArgumentError, OSError, SQLAlchemyError) as error:
        stop(
            _("Không mở được cơ sở dữ liệu {address}: {why}. Đề nghị kiểm tra {name}.").format(
                address=without_password(url), why=cause(error), name=f"{PREFIX}DATABASE_URL"
            )
        )
    return database


def open_existing() -> Database:
    """Looking at a SQLite file that is not there would make an empty one."""
    url = settings().database_url
    try:
        missing = is_missing(url)
    except PermissionError:
        _refuse_stranger(url)
        missing = False
    if missing:
        stop(_no_database(url))
    return open_database(url)


def open_ready() -> Database:
    """Of this program's version, and from now on in use by this process."""
    database = open_existing()
    refuse_unready(database)
    share(database)
    return database


def refuse_unready(database: Database) -> None:
    found = shape_of(database)
    if found == "empty":
        stop(_no_database(database.url))
    if found == "old":
        stop(_("Cơ sở dữ liệu ở phiên bản cũ. Đề nghị chạy trước: dashboard migrate"))
    if found == "newer":
        stop(newer_sentence(database))


def share(database: Database) -> None:
    """Others may use it too, but nobody puts another in its place meanwhile."""
    try:
        database.lock.share()
    except InUse:
        stop(_("Cơ sở dữ liệu đang được nâng cấp hoặc phục hồi. Đề nghị chờ lệnh đó xong."))


@contextmanager
def only_user(database: Database) -> Iterator[None]:
    """Nobody else has the database in use, or a sentence."""
    database.close()
    try:
        with alone(database.lock):
            yield
    except InUse:
        stop(_("Chưa làm gì: {why}").format(why=in_use()))


def newer_sentence(database: Database) -> str:
    """An older program on a newer database: what to do, and the way back where there is one."""
    folder = backup_folder(database.url)
    copy = newest_fitting(folder)
    way_back = (
        _("Hoặc trở lại bản sao trước khi nâng cấp: dashboard restore {path}").format(path=copy)
        if copy
        else _("Không thấy bản sao nào trước khi nâng cấp trong {folder}.").format(folder=folder)
    )
    newer = _(
        "Cơ sở dữ liệu mới hơn chương trình này (phiên bản dữ liệu {revision}). "
        "Đề nghị chạy chương trình mới; không có gì thay đổi."
    ).format(revision=current_revision(database))
    return f"{newer}\n{way_back}"


def location(database: Database) -> str:
    return _("Cơ sở dữ liệu: {address}").format(address=without_password(database.url))


def _no_database(url: str) -> str:
    return _("Chưa có cơ sở dữ liệu ở {address}. Đề nghị chạy trước: dashboard init").format(
        address=without_password(url)
    )


def _refuse_stranger(url: str) -> None:
    """Files that root leaves beside a service's make it read-only for the service; others cannot write at all."""
    path = sqlite_path(url)
    if path is None or not hasattr(os, "geteuid"):
        return
    folder = _existing_parent(path.absolute().parent)
    found = folder.stat()
    if os.geteuid() == 0 and found.st_uid != 0:
        stop(
            _(
                "Thư mục {folder} thuộc người dùng “{owner}”. Đề nghị chạy bằng người dùng đó: {command}"
            ).format(
                folder=folder, owner=owner_name(found.st_uid), command=_as_user(owner_name(found.st_uid))
            )
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        stop(
            _(
                "Người dùng “{user}” không ghi được vào thư mục {folder} ({owner}). Đề nghị chạy: {command}"
            ).format(
                user=system_user(),
                folder=folder,
                owner=owner(folder),
                command=_as_user(owner_name(found.st_uid)),
            )
        )


def _existing_parent(folder: Path) -> Path:
    while not _exists(folder):
        folder = folder.parent
    return folder


def _exists(folder: Path) -> bool:
    try:
        return folder.exists()
    except PermissionError:
        return False


def _as_user(name: str) -> str:
    return f"sudo -u {name} dashboard {' '.join(sys.argv[1:])}"


def _close_to_others(url: str) -> None:
    """Children's data are for the service alone. What belongs to somebody else is left; `doctor` names it."""
    path = sqlite_path(url)
    for file in with_journals(path) if path else ():
        mode = stat.S_IMODE(file.stat().st_mode)
        if mode & 0o077:
            with suppress(OSError):
                file.chmod(mode & PRIVATE)
