"""`backup`, `restore` and `migrate`: what happens to the database as a whole."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path  # noqa: TC003 - read when the command is built
from typing import TYPE_CHECKING, Annotated

import typer
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from dashboard.clock import LOCAL
from dashboard.commands.opening import (
    location,
    newer_sentence,
    only_user,
    open_database,
    open_existing,
    share,
    stop,
)
from dashboard.commands.sentences import cause
from dashboard.i18n import _, ngettext
from dashboard.settings import backup_folder, head_path, prepare_folder, settings
from dashboard.views.accounts import is_initialised
from db.base import utc_now
from db.copies import ENDING, CopyFailed, verify, write_copy
from db.files import PRIVATE_FOLDER, unused
from db.head import HeadFile
from db.migrate import current_revision, is_known, shape_of, upgrade
from db.restore import loss_of, restore

if TYPE_CHECKING:
    from db.copies import Summary
    from db.engine import Database
    from db.restore import Loss

FAULTS = (CopyFailed, CommandError, OSError, sqlite3.Error, SQLAlchemyError)
MEBIBYTE = 1024 * 1024


def backup(
    target: Annotated[
        Path | None, typer.Argument(metavar="[TỆP|THƯ MỤC]", help="Nơi ghi · file or folder")
    ] = None,
) -> None:
    """Sao lưu trong khi mọi người làm việc · Copy everything into one verified file, while people work."""
    database = open_existing()
    if shape_of(database) == "empty":
        stop(_("Cơ sở dữ liệu còn trống, chưa có gì để sao lưu."))
    share(database)
    path = _target(database, target)
    found = _copy(database, path)
    typer.echo(_("✓ {path}: {size}, {content}").format(path=path, size=_size(path), content=_content(found)))
    if found.broken:
        stop(
            _("✕ Bản sao đủ, nhưng nhật ký trong cơ sở dữ liệu đã bị sửa ở {n} chỗ: dashboard doctor").format(
                n=found.broken
            )
        )


def restore_copy(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Bản sao · the copy")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Không hỏi lại · do not ask")] = False,
    edited: Annotated[
        bool,
        typer.Option("--edited-log", help="Dùng cả bản sao có nhật ký bị sửa · even if its log was edited"),
    ] = False,
) -> None:
    """Trở lại một bản sao · Put a copy back; what stands now is put aside."""
    copy = _verified(file, edited=edited)
    url = settings().database_url
    database = _open_even_damaged(url)
    with only_user(database):
        loss = loss_of(database, copy)
        typer.echo(location(database))
        typer.echo(_("Bản sao: {content}").format(content=_content(copy)))
        typer.echo(_loss_sentence(loss))
        if not yes and not typer.confirm(_("Trở lại bản sao này?")):
            stop(_("Không có gì thay đổi."))
        database.head = HeadFile(head_path(url))
        aside = _try_restore(database, file)
    if aside:
        typer.echo(_("Dữ liệu trước đó được giữ ở: {path}").format(path=aside))
    typer.echo(_("✓ Đã phục hồi. Mọi người cần đăng nhập lại."))
    if shape_of(database) == "old":
        typer.echo(_("Tiếp theo: dashboard migrate"))


def migrate(
    *,
    no_backup: Annotated[
        bool, typer.Option("--no-backup", help="Không sao lưu trước · make no copy before")
    ] = False,
) -> None:
    """Đưa cơ sở dữ liệu lên phiên bản mới · Bring the database to this version's shape."""
    database = open_existing()
    with only_user(database):
        _migrate(database, no_backup=no_backup)
        database.keep_head(HeadFile(head_path(database.url)))
        if is_initialised():
            from seed.plan import load_plan  # noqa: PLC0415 - only setting up needs the seeds

            # What this version knows and the database does not; rows that are there stay as they are.
            load_plan()


def _migrate(database: Database, *, no_backup: bool) -> None:
    found = shape_of(database)
    if found == "newer":
        stop(newer_sentence(database))
    if found == "current":
        typer.echo(_("Cơ sở dữ liệu đã ở phiên bản mới nhất."))
        return
    if found == "old" and not no_backup:
        path = _target(database, None, "before-migration")
        _copy(database, path)
        typer.echo(_("Bản sao trước khi nâng cấp: {path}").format(path=path))
    try:
        upgrade(database)
    except FAULTS as error:
        stop(
            _(
                "Chưa nâng cấp, cơ sở dữ liệu còn nguyên như trước: {why}. Sửa xong chạy lại: dashboard migrate"
            ).format(why=cause(error))
        )
    typer.echo(_("Đã nâng cấp cơ sở dữ liệu."))


def _target(database: Database, stated: Path | None, occasion: str = "") -> Path:
    """The file, where one with an ending was named; else a name that sorts by time in the folder."""
    if stated is not None and stated.suffix and not stated.is_dir():
        return stated
    folder = stated or backup_folder(database.url)
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        stop(_("Chưa sao lưu: {why}.").format(why=cause(error)))
    moment = utc_now().astimezone(LOCAL)
    name = "-".join(filter(None, ("dashboard", f"{moment:%Y-%m-%d-%H%M%S}", occasion)))
    return unused(folder / f"{name}{ENDING}")


def _copy(database: Database, path: Path) -> Summary:
    try:
        return write_copy(database, path)
    except FAULTS as error:
        stop(_("Chưa sao lưu: {why}.").format(why=cause(error)))


def _verified(file: Path, *, edited: bool) -> Summary:
    try:
        copy = verify(file)
    except (CopyFailed, OSError) as error:
        stop(_("Không dùng được bản sao {path}: {why}.").format(path=file, why=cause(error)))
    if copy.broken and not edited:
        stop(
            _("Nhật ký trong bản sao bị sửa ở {n} chỗ. Nếu vẫn muốn dùng, thêm --edited-log.").format(
                n=copy.broken
            )
        )
    if not is_known(copy.revision):
        stop(_("Bản sao này của chương trình mới hơn. Đề nghị dùng chương trình mới hơn."))
    return copy


def _open_even_damaged(url: str) -> Database:
    """A file that cannot be opened any more is just what a copy is needed for."""
    from db import engine  # noqa: PLC0415 - as open_database, which refuses such a file

    prepare_folder(url)
    database = engine.use(url)
    with suppress(SQLAlchemyError):
        current_revision(database)
        return open_database(url)
    return database


def _try_restore(database: Database, file: Path) -> str:
    try:
        return restore(database, file, actor_login=database.system_login)
    except FAULTS as error:
        stop(_("Chưa phục hồi, dữ liệu còn như trước: {why}.").format(why=cause(error)))


def _loss_sentence(loss: Loss) -> str:
    if loss.unreadable:
        return _("Cơ sở dữ liệu hiện tại không đọc được, nên không biết có gì mới hơn bản sao.")
    if loss.diverged:
        return _(
            "Nhật ký hiện tại không đi tiếp từ bản sao này: bản sao của dữ liệu khác hoặc nhật ký đã bị sửa."
        )
    if not loss.changes:
        return _("Không có thay đổi nào mới hơn bản sao.")
    return ngettext(
        "Sẽ bỏ {n} thay đổi mới hơn bản sao.", "Sẽ bỏ {n} thay đổi mới hơn bản sao.", loss.changes
    ).format(n=loss.changes)


def _content(copy: Summary) -> str:
    changes = ngettext("{n} thay đổi", "{n} thay đổi", copy.head.id).format(n=copy.head.id)
    if copy.newest_at is None:
        return changes
    return _("{changes}, mới nhất {moment}").format(
        changes=changes, moment=f"{copy.newest_at.astimezone(LOCAL):%d/%m/%Y %H:%M:%S}"
    )


def _size(path: Path) -> str:
    size = path.stat().st_size
    return f"{size / MEBIBYTE:.1f} MB".replace(".", ",") if size >= MEBIBYTE else f"{size // 1024} KB"
