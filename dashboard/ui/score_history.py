"""Everything that was ever said of one criterion: asked for, because thirteen of them would hide the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.domain.numbers import format_moment
from dashboard.i18n import _, current_language
from dashboard.ui import data
from dashboard.ui.register_words import side_word
from dashboard.ui.tables import show_table

if TYPE_CHECKING:
    from dashboard.ui.scoring_sheet import Sheet


def show_score_history(sheet: Sheet) -> None:
    criteria = sheet.recognition.book.criteria
    names = {row["criterion"]: f"{row['number']}. {row['name']}" for row in criteria.to_dicts()}
    chosen = st.selectbox(
        _("Xem các lần chấm của tiêu chí"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder=_("Chọn tiêu chí"),
        key=f"history:{sheet.commune.area}:{sheet.recognition.round['round']}",
    )
    if chosen is None:
        return
    said = data.score_history(sheet.commune.area, sheet.recognition.round["round"], chosen)
    if said.is_empty():
        st.caption(_("Chưa có lần chấm nào cho tiêu chí này."))
        return
    show_table(
        (_("Bên chấm"), _("Điểm"), _("Minh chứng, ghi chú"), _("Ai ghi, khi nào")),
        [
            (
                side_word(row["side"]),
                "–" if row["points"] is None else str(row["points"]),
                "\n".join(filter(None, (row["evidence"], row["note"]))) or "–",
                f"{row['entered_by']}, {format_moment(row['entered_at'], current_language())}",
            )
            for row in said.to_dicts()
        ],
        caption=names[chosen],
        numbers=(1,),
    )
