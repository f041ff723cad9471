"""Photos of one place: looked at, added from the camera or a file, taken off the screens."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.actions.errors import ActionRefused, PhotoConflict
from dashboard.actions.play_photos import add_photo, hide_photo
from dashboard.domain.numbers import format_moment
from dashboard.i18n import _, current_language
from dashboard.ui.as_written import as_written
from dashboard.ui.attempts import Outcome, attempt
from dashboard.ui.file_words import photo_refusal
from dashboard.ui.reading import reading_shown
from dashboard.ui.saving import Form, begin, show_saving, text_field
from dashboard.ui.uploads import PHOTO, camera_field, upload_field, upload_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.views.play_areas import PlaceFile


def show_photos(row: Mapping[str, Any], file: PlaceFile, *, can_edit: bool) -> None:
    if file.photos.is_empty():
        st.caption(_("Chưa có ảnh."))
    with st.grid(max(file.photos.height, 1), gap="small", min_column_width=180):
        for photo in file.photos.to_dicts():
            _show_photo(row, photo, can_edit=can_edit)
    if can_edit:
        _show_upload(row["place"])


def _show_photo(row: Mapping[str, Any], photo: Mapping[str, Any], *, can_edit: bool) -> None:
    with st.container(gap="xsmall"):
        told = photo["caption"] or _("Ảnh của {name}").format(name=row["name"])
        link = f"/photos/{photo['photo']}"
        st.html(
            f'<a href="{link}" target="_blank"><img src="{link}/small" alt="{html.escape(told)}" '
            'style="max-width:100%;border-radius:6px;display:block"></a>'
        )
        st.caption(
            as_written(
                f"{told} · {photo['added_by']}, {format_moment(photo['added_at'], current_language())}"
            )
        )
        if can_edit:
            st.button(
                _("Gỡ ảnh"),
                key=f"btn:hide:{photo['photo']}",
                type="tertiary",
                icon=":material/visibility_off:",
                on_click=_hide,
                args=(row["place"], photo["photo"], photo["version"]),
            )


def _show_upload(place: int) -> None:
    number = st.session_state.get(f"photos:{place}", 0)
    key = f"photo:{place}:{number}"
    with st.container(border=True):
        upload_field(_("Ảnh mới (điện thoại: chụp hoặc chọn ảnh)"), kind=PHOTO, key=f"{key}:file")
        if st.toggle(_("Chụp bằng máy ảnh của thiết bị này"), key=f"{key}:camera-on"):
            camera_field(_("Chụp ảnh"), key=f"{key}:camera", label_visibility="collapsed")
        begin(f"{key}:caption", "")
        st.text_input(_("Chú thích ảnh"), key=f"{key}:caption", max_chars=200, autocomplete="off")
        if st.button(_("Lưu ảnh"), key=f"btn:{key}", icon=":material/save:"):
            _add(place, key, number)
        st.caption(
            _(
                "JPEG, PNG, WebP, HEIC; mỗi ảnh không quá 10 MB. Ảnh được mã hóa lại: vị trí, giờ chụp, thông tin máy đều bị bỏ."
            )
        )
        outcome = _outcome(place)
        caption = text_field("caption", f"{key}:caption", _("Chú thích ảnh"), "")
        show_saving(Form(outcome.form, fields=(caption,), send=f"btn:{key}"), outcome.note)


def _outcome(place: int) -> Outcome:
    return Outcome(f"photo:{place}")


def _add(place: int, key: str, number: int) -> None:
    from dashboard.documents.handed_in import prepare_photo  # noqa: PLC0415 - only when a photo is handed in
    from dashboard.documents.photo import PhotoRefused  # noqa: PLC0415 - as above

    outcome = _outcome(place)
    handed_in = upload_in(f"{key}:file") or upload_in(f"{key}:camera")
    content = handed_in.read() if handed_in else None
    if handed_in is None or content is None:
        outcome.refuse(_("Chưa chọn ảnh nào."))
        return
    try:
        with reading_shown() as waiting:
            photo = prepare_photo(content, on_wait=waiting)
    except PhotoRefused as refused:
        outcome.refuse(photo_refusal(refused))
        return
    caption = st.session_state.get(f"{key}:caption") or ""
    seen = st.session_state.pop(f"photo-seen:{place}", ("", 0))
    # A picture that somebody took off comes back to who was told so and saves it all the same.
    base = seen[1] if seen[0] == photo.sha256 else 0

    def told(refused: ActionRefused) -> None:
        if isinstance(refused, PhotoConflict):
            st.session_state[f"photo-seen:{place}"] = (photo.sha256, refused.version)

    done = attempt(
        lambda actor: add_photo(actor=actor, place_id=place, photo=photo, base_version=base, caption=caption),
        forbidden=_("Chưa lưu: tài khoản này không được thêm ảnh ở đây."),
        conflict=told,
    )
    if outcome.take(done):
        handed_in.drop()
        # A new key empties the fields.
        st.session_state[f"photos:{place}"] = number + 1
        st.rerun()


def _hide(place: int, photo: int, version: int) -> None:
    done = attempt(
        lambda actor: hide_photo(actor=actor, photo_id=photo, base_version=version),
        forbidden=_("Chưa gỡ: tài khoản này không được gỡ ảnh ở đây."),
    )
    _outcome(place).take(done)
