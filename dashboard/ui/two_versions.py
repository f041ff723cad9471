"""When somebody else saved what is open in a form: told at once, shown side by side, and never chosen for anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from dashboard.i18n import _
from dashboard.ui.as_written import as_written
from dashboard.ui.tables import show_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dashboard.ui.opened import Conflict, Opened

Value = TypeVar("Value")


def show_newer(form: Opened[Any, Any], version: int) -> None:
    """Say that `version` was stored after this form was opened: it shows what stood there before."""
    if version <= form.version or form.is_waiting:
        return
    st.info(
        _(
            "Nội dung này vừa được người khác sửa. Các ô dưới đây vẫn giữ như lúc trang của đồng chí được mở; "
            "khi lưu, phần mềm sẽ hỏi chọn bản nào."
        ),
        icon=":material/sync_problem:",
    )
    st.button(_("Tải bản mới"), key=form.key("btn-newer"), on_click=form.let_go)


def show_two_versions(
    form: Opened[Any, Value],
    conflict: Conflict[Value],
    sentence: str,
    rows: Sequence[tuple[str, str, str]],
    put_mine: Callable[[Opened[Any, Value]], None],
) -> None:
    """Field by field what differs (heading, theirs, mine); nothing happens until the person chooses."""
    st.warning(as_written(sentence), icon=":material/call_split:")
    theirs = _("Đã lưu bởi {who}").format(who=conflict.theirs.by)
    show_table((_("Mục"), theirs, _("Bản của đồng chí")), rows)
    with st.container(horizontal=True):
        st.button(_("Giữ bản đã lưu"), key=form.key("btn-theirs"), on_click=form.take_theirs)
        st.button(_("Ghi bản của tôi"), key=form.key("btn-mine"), on_click=put_mine, args=(form,))
