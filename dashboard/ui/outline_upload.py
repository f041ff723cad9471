"""The office's own outlines of communes: a file of theirs is looked through and drawn, or refused in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.actions.errors import ActionRefused, NotAllowed
from dashboard.actions.play_rules import set_outlines, withdraw_outlines
from dashboard.documents.outlines import KnownArea, OutlinesRefused
from dashboard.i18n import _
from dashboard.ui.as_written import as_written
from dashboard.ui.file_words import outlines_refusal
from dashboard.ui.reading import reading_shown
from dashboard.ui.refusals import refusal_sentence
from dashboard.ui.session import visitor
from dashboard.ui.status import show_heading
from dashboard.ui.uploads import OUTLINES, upload_field

if TYPE_CHECKING:
    from dashboard.documents.outlines import Outlines
    from dashboard.ui.uploads import Upload
    from dashboard.views.play_areas import PlayRegister


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
    st.text_input(_("Nguồn của tệp"), key="outlines:source", max_chars=300, autocomplete="off")
    with st.container(horizontal=True):
        is_wanted = st.button(_("Dùng tệp này"), key="btn:outlines")
        if register.outlines:
            st.button(
                _("Trở lại bản đồ ô vuông"),
                key="btn:no-outlines",
                on_click=_withdraw,
                args=(register.outlines_version,),
            )
    if is_wanted:
        _use(register, handed_in)
    _show_outcome()


def _say(sentence: str, *, is_done: bool = False) -> None:
    st.session_state["outlines:outcome"] = (is_done, sentence)


def _show_outcome() -> None:
    is_done, sentence = st.session_state.pop("outlines:outcome", (True, ""))
    if sentence:
        (st.success if is_done else st.error)(as_written(sentence))


def _use(register: PlayRegister, handed_in: Upload | None) -> None:
    content = handed_in.read() if handed_in else None
    if handed_in is None or content is None:
        _say(_("Chưa chọn tệp nào."))
        return
    try:
        outlines = _read(register, content)
        set_outlines(
            actor=visitor().actor,
            content=outlines.to_json(),
            base_version=register.outlines_version,
            source=str(st.session_state.get("outlines:source") or handed_in.name[:300]),
        )
    except OutlinesRefused as refused:
        _say(outlines_refusal(refused))
    except NotAllowed:
        _say(_("Chưa lưu: chỉ quản trị được tải ranh giới."))
    except ActionRefused as refused:
        _say(refusal_sentence(refused))
    else:
        _say(_done(outlines), is_done=True)
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
    with reading_shown() as told:
        return read_outlines(content, known, on_wait=told)


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
    try:
        withdraw_outlines(actor=visitor().actor, base_version=version)
    except NotAllowed:
        _say(_("Chưa lưu: chỉ quản trị được tải ranh giới."))
    except ActionRefused as refused:
        _say(refusal_sentence(refused))
