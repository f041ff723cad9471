"""The office's own outlines of communes: a file of theirs is looked through and drawn, or refused in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.actions.play_rules import set_outlines, withdraw_outlines
from dashboard.documents.outlines import KnownArea, OutlinesRefused
from dashboard.i18n import _
from dashboard.ui.attempts import Outcome, attempt
from dashboard.ui.file_words import outlines_refusal
from dashboard.ui.reading import reading_shown
from dashboard.ui.saving import Form, begin, show_saving, text_field
from dashboard.ui.status import show_heading
from dashboard.ui.uploads import OUTLINES, upload_field

if TYPE_CHECKING:
    from dashboard.documents.outlines import Outlines
    from dashboard.ui.uploads import Upload
    from dashboard.views.play_areas import PlayRegister


OUTCOME = Outcome("outlines")


def show_outlines(register: PlayRegister) -> None:
    """The office's own outlines of communes, or the tile map without them."""
    show_heading(_("Ranh giới xã, phường trên bản đồ"))
    st.markdown(
        _("Đang vẽ theo ranh giới đã tải lên.")
        if register.outlines
        else _("Đang dùng bản đồ ô vuông. Có thể tải lên tệp GeoJSON ranh giới của cơ quan.")
    )
    handed_in = upload_field(
        _("Tệp GeoJSON (WGS 84, mã GSO của xã, phường trong thuộc tính)"), kind=OUTLINES, key="outlines:file"
    )
    begin("outlines:source", "")
    st.text_input(_("Nguồn của tệp"), key="outlines:source", max_chars=300, autocomplete="off")
    with st.container(horizontal=True):
        # The version that the person saw: by the time of this run a colleague's outlines may stand.
        is_wanted = st.button(
            _("Dùng tệp này"), key="btn:outlines", on_click=_note_seen, args=(register.outlines_version,)
        )
        if register.outlines:
            st.button(
                _("Trở lại bản đồ ô vuông"),
                key="btn:no-outlines",
                on_click=_withdraw,
                args=(register.outlines_version,),
            )
    if is_wanted:
        _use(register, handed_in)
    source = text_field("source", "outlines:source", _("Nguồn của tệp"), "")
    show_saving(Form(OUTCOME.form, fields=(source,), send="btn:outlines"), OUTCOME.note)


def _note_seen(version: int) -> None:
    st.session_state["outlines:seen"] = version


def _use(register: PlayRegister, handed_in: Upload | None) -> None:
    content = handed_in.read() if handed_in else None
    if handed_in is None or content is None:
        OUTCOME.refuse(_("Chưa chọn tệp nào."))
        return
    try:
        outlines = _read(register, content)
    except OutlinesRefused as refused:
        OUTCOME.refuse(outlines_refusal(refused))
        return
    source = str(st.session_state.get("outlines:source") or handed_in.name[:300])
    done = attempt(
        lambda actor: set_outlines(
            actor=actor,
            content=outlines.to_json(),
            base_version=st.session_state["outlines:seen"],
            source=source,
        ),
        forbidden=_("Chưa lưu: chỉ quản trị được tải ranh giới."),
    )
    if OUTCOME.take(done):
        OUTCOME.keep(_done(outlines))
        # The heading above says by which outlines the map is drawn.
        st.rerun()


def _read(register: PlayRegister, content: bytes) -> Outlines:
    from dashboard.documents.handed_in import read_outlines  # noqa: PLC0415 - only when a file is handed in

    known = {
        row["code"]: KnownArea(
            row["slug"], row["code"], row["name"], row["longitude"], row["latitude"], row["area_km2"]
        )
        for row in register.communes.to_dicts()
    }
    with reading_shown() as on_wait:
        return read_outlines(content, known, on_wait=on_wait)


def _done(outlines: Outlines) -> str:
    sentences = [_("Đã dùng ranh giới mới.")]
    if outlines.missing:
        names = ", ".join(outlines.missing)
        sentences.append(_("Chưa có ranh giới của: {names}.").format(names=names))
    if outlines.small:
        names = ", ".join(outlines.small)
        sentences.append(
            _("Ranh giới nhỏ hơn một nửa diện tích đã biết, có thể thiếu một phần: {names}.").format(
                names=names
            )
        )
    return " ".join(sentences)


def _withdraw(version: int) -> None:
    done = attempt(
        lambda actor: withdraw_outlines(actor=actor, base_version=version),
        forbidden=_("Chưa lưu: chỉ quản trị được tải ranh giới."),
    )
    OUTCOME.take(done)
