"""Fields for files. Each tells the guard at the door that this page asks for one; its bytes are given once."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import DeletedFile, UploadedFile

from dashboard.i18n import _
from dashboard.ui.session import visitor
from dashboard.upload_grants import grants

if TYPE_CHECKING:
    from collections.abc import Iterator

MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileKind:
    """What a field takes: no more than so many megabytes.

    Of any name: what a file is, its bytes tell (see dashboard.documents.file_kinds), and browsers refuse a name in
    English before anybody could say what to do with the file.
    """

    most_mb: int


PHOTO: Final = FileKind(10)
SHEET: Final = FileKind(5)
OUTLINES: Final = FileKind(5)

# Streamlit's own words about a file, which only the browser has, in those of the page.
_words = st.components.v2.component(
    "upload_words",
    html="<span hidden></span>",
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a field holds. Its id stays the same as long as the field holds it, so what was read can be kept by it."""

    id: str
    name: str
    size: int
    is_waiting: bool
    """Whether the server still has the bytes: they are gone once they were taken."""

    def read(self) -> bytes | None:
        """The bytes, which stay in the server's memory; None once they were dropped."""
        context = get_script_run_ctx()
        found = context.uploaded_file_mgr.get_files(context.session_id, [self.id]) if context else []
        return found[0].data if found else None

    def drop(self) -> None:
        """Free the server's memory of the bytes; the field goes on showing the file's name until its key changes."""
        context = get_script_run_ctx()
        manager = context.uploaded_file_mgr if context else None
        if context is not None and isinstance(manager, MemoryUploadedFileManager):
            manager.remove_file(context.session_id, self.id)

    def take(self) -> bytes | None:
        """The bytes, once: read and dropped."""
        content = self.read()
        self.drop()
        return content


def upload_field(
    label: str,
    *,
    kind: FileKind,
    key: str,
    help: str | None = None,  # noqa: A002 - Streamlit's name for it
    label_visibility: Literal["visible", "hidden", "collapsed"] = "visible",
    disabled: bool = False,
) -> Upload | None:
    """A field that takes one file of this kind; None while it holds none. A new `key` empties it."""
    _ask(key, kind)
    st.file_uploader(
        label,
        type=None,
        max_upload_size=kind.most_mb,
        key=key,
        help=help,
        label_visibility=label_visibility,
        disabled=disabled,
    )
    _words(key=f"{key}:words", data={"key": key, **_told(kind)})
    return upload_in(key)


def _told(kind: FileKind) -> dict[str, str]:
    return {
        "choose": _("Chọn tệp"),
        "drop": _("Kéo tệp vào đây"),
        "remove": _("Bỏ tệp"),
        "limit": _("Tối đa {limit} MB").format(limit=kind.most_mb),
        "too_large": " ".join(
            (_("Tệp lớn hơn {limit} MB nên chưa được gửi.").format(limit=kind.most_mb), _advice(kind))
        ),
        "not_taken": _("Tệp loại này chưa được nhận. Đề nghị chọn tệp khác."),
        "not_sent": _("Tệp chưa gửi được. Đề nghị chọn lại; nếu vẫn vậy, đề nghị tải lại trang."),
    }


def _advice(kind: FileKind) -> str:
    """What makes a file of this kind smaller."""
    if kind is SHEET:
        return _(
            "Thường do nhiều dòng trống được định dạng: đề nghị xóa các dòng dưới bảng, lưu rồi chọn lại."
        )
    if kind is OUTLINES:
        return _("Đề nghị đơn giản hóa đường ranh giới rồi chọn lại.")
    return _("Đề nghị chụp ở cỡ nhỏ hơn, hoặc gửi bản thu nhỏ.")


def camera_field(
    label: str,
    *,
    key: str,
    label_visibility: Literal["visible", "hidden", "collapsed"] = "visible",
) -> Upload | None:
    """As `upload_field`, for a picture that the device takes now."""
    _ask(key, PHOTO)
    st.camera_input(label, key=key, label_visibility=label_visibility)
    _words(
        key=f"{key}:words",
        data={
            "key": key,
            "take": _("Chụp"),
            "again": _("Chụp lại"),
            "other": _("Đổi máy ảnh"),
            "taken": _("Ảnh vừa chụp"),
            "allow": _("Đề nghị cho phép trình duyệt dùng máy ảnh, hoặc chọn tệp ảnh ở trên."),
        },
    )
    return upload_in(key)


def upload_in(key: str) -> Upload | None:
    """What the field of this key holds: for callbacks, which run before the field is drawn anew."""
    held = st.session_state.get(key)
    if isinstance(held, UploadedFile):
        return Upload(held.file_id, held.name, held.size, is_waiting=True)
    if isinstance(held, DeletedFile):
        return Upload(held.file_id, "", 0, is_waiting=False)
    return None


@contextmanager
def only_drawn_fields() -> Iterator[None]:
    """Around a run of the whole page: fields that it no longer draws ask for nothing any more."""
    context = get_script_run_ctx()
    session = context.session_id if context else ""
    grants.begin_run(session)
    yield
    # A run that was broken off has not drawn everything, so it takes nothing back.
    grants.end_run(session)


def _ask(key: str, kind: FileKind) -> None:
    context = get_script_run_ctx()
    if context is not None:
        grants.ask(context.session_id, visitor().actor.id, key=key, most_bytes=kind.most_mb * MEGABYTE)
