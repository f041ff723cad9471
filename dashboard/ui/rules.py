"""What the office sets for itself: its standard of a play area, classes of communes, points of the decree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.actions.errors import ActionRefused, NotAllowed, PlaceRefused, RulesRefused
from dashboard.actions.play_rules import set_standard
from dashboard.actions.recognition_rules import CriterionPoints, add_round, set_commune_class, set_points
from dashboard.domain.dates import DateRefused
from dashboard.domain.numbers import NumberRefused, format_date, parse_figure
from dashboard.domain.play_areas import Standard
from dashboard.domain.walking import DISTANCES_M
from dashboard.i18n import _, current_language
from dashboard.ui.as_written import as_written
from dashboard.ui.dates import date_field, date_refusal, typed_date
from dashboard.ui.emphasis import emphasis
from dashboard.ui.past import show_past, tell_past
from dashboard.ui.play import number, standard_sentence
from dashboard.ui.refusals import refusal_sentence
from dashboard.ui.register_words import place_problems, rules_refusal
from dashboard.ui.session import visitor
from dashboard.ui.status import show_heading
from dashboard.ui.words import certainty_note, number_refusal
from dashboard.views.rules import RuleSetState, commune_settings, rule_sets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Any

    from dashboard.views.play_areas import PlayRegister


def _say(name: str, sentence: str, *, is_done: bool = False) -> None:
    st.session_state[f"rules:{name}"] = (is_done, sentence)


def _show_said(name: str) -> None:
    is_done, sentence = st.session_state.pop(f"rules:{name}", (True, ""))
    if sentence:
        (st.success if is_done else st.error)(as_written(sentence))


def show_standard(register: PlayRegister) -> None:
    """The office's own standard; a new one holds from its day on, earlier days keep theirs."""
    show_heading(_("Tiêu chuẩn điểm vui chơi do cơ quan thường trực áp dụng"))
    st.markdown(as_written(standard_sentence(register.standard)))
    st.caption(
        _(
            "Chưa tìm thấy quy định chung toàn quốc về diện tích, thiết bị của điểm vui chơi. Không đạt hoặc quá hạn "
            "kiểm tra an toàn thì luôn không được tính."
        )
    )
    now = register.standard.standard
    # Before the form: inside it the day that was understood would be shown only once all is sent.
    with st.columns(2)[0]:
        date_field(_("Áp dụng từ ngày"), key=f"standard:{register.standard.newest}:valid_from")
    with st.form(f"form:standard:{register.standard.newest}", border=True):
        left, right = st.columns(2)
        with left:
            _number_field(
                register,
                "min_area_m2",
                _("Diện tích ít nhất (m²), để trống nếu không quy định"),
                now.min_area_m2,
            )
            _number_field(
                register,
                "max_check_age_months",
                _("Kiểm tra an toàn trong bao nhiêu tháng, để trống nếu không quy định"),
                now.max_check_age_months,
            )
            st.selectbox(
                _("Khoảng cách đi bộ"),
                list(DISTANCES_M),
                index=list(DISTANCES_M).index(register.standard.walking_m)
                if register.standard.walking_m in DISTANCES_M
                else 0,
                format_func=lambda metres: _("{n} m").format(n=number(metres)),
                key=f"standard:{register.standard.newest}:walking_m",
                help=_(
                    "LEAP 400 m, NEAP 1.000 m theo hướng dẫn của Fields in Trust (Anh); chưa tìm thấy quy định trong nước."
                ),
            )
        with right:
            st.checkbox(
                _("Phải có thiết bị vui chơi"),
                value=now.needs_equipment,
                key=f"standard:{register.standard.newest}:needs_equipment",
            )
            st.checkbox(
                _("Phải mở cho mọi trẻ em"),
                value=now.needs_open_to_all,
                key=f"standard:{register.standard.newest}:needs_open_to_all",
            )
            st.text_input(
                _("Văn bản"),
                key=f"standard:{register.standard.newest}:document",
                max_chars=300,
                autocomplete="off",
            )
        st.form_submit_button(
            _("Lưu tiêu chuẩn"), type=emphasis(), on_click=_save_standard, args=(register.standard.newest,)
        )
    _show_said("standard")
    show_past("standard")


def _number_field(register: PlayRegister, name: str, label: str, value: int | None) -> None:
    shown = "" if value is None else str(value)
    st.text_input(
        label,
        value=shown,
        key=f"standard:{register.standard.newest}:{name}",
        max_chars=10,
        autocomplete="off",
    )


def _save_standard(seen: int) -> None:
    names = ("min_area_m2", "max_check_age_months", "needs_equipment", "needs_open_to_all", "walking_m")
    typed = {name: st.session_state.get(f"standard:{seen}:{name}") for name in (*names, "document")}
    try:
        numbers = {
            name: parse_figure(text) if (text := str(typed[name] or "").strip()) else None
            for name in ("min_area_m2", "max_check_age_months")
        }
        valid_from = typed_date(f"standard:{seen}:valid_from")
        if valid_from is None:
            _say("standard", _("Chưa lưu: đề nghị ghi ngày áp dụng."))
            return
        until = set_standard(
            actor=visitor().actor,
            standard=Standard(
                needs_equipment=bool(typed["needs_equipment"]),
                needs_open_to_all=bool(typed["needs_open_to_all"]),
                **numbers,
            ),
            walking_m=int(typed["walking_m"] or 0),
            valid_from=valid_from,
            document=str(typed["document"] or "").strip(),
            base_version=seen,
        )
    except DateRefused as refused:
        _say("standard", " ".join((date_refusal(refused), _("Chưa lưu; tiêu chuẩn cũ vẫn áp dụng."))))
    except NumberRefused as refused:
        _say("standard", " ".join((number_refusal(refused), _("Chưa lưu; tiêu chuẩn cũ vẫn áp dụng."))))
    except PlaceRefused as refused:
        _say("standard", place_problems(refused.problems))
    except RulesRefused as refused:
        _say("standard", rules_refusal(refused))
    except NotAllowed:
        _say("standard", _("Chưa lưu: tài khoản này không được đặt tiêu chuẩn."))
    except ActionRefused as refused:
        _say("standard", refusal_sentence(refused))
    else:
        _say("standard", _standard_saved(valid_from, until), is_done=True)
        tell_past("standard", "play_areas", valid_from)


def _standard_saved(begin: date, until: date | None) -> str:
    """From when on, and up to when, where a standard for later days stands already."""
    first = format_date(begin, current_language())
    if until is None:
        return _("Đã lưu. Mọi tỷ lệ từ ngày {begin} được tính theo tiêu chuẩn này.").format(begin=first)
    return _(
        "Đã lưu. Các tỷ lệ từ ngày {begin} được tính theo tiêu chuẩn này, đến trước ngày {until} là ngày tiêu chuẩn "
        "sau bắt đầu áp dụng."
    ).format(begin=first, until=format_date(until, current_language()))


def show_classes() -> None:
    """Which class each commune belongs to: its threshold follows."""
    show_heading(_("Loại xã, phường và ngưỡng điểm"))
    state = commune_settings(current_language())
    words = {
        row["commune_class"]: f"{number(row['points'])} · {row['class_name']}"
        for row in state.thresholds.to_dicts()
    }
    for row in state.communes.to_dicts():
        _show_class(row, words)
    _show_said("class")


def _show_class(row: Mapping[str, Any], words: Mapping[str, str]) -> None:
    note = certainty_note(row["class_certainty"]) if row["class_certainty"] else _("chưa chọn")
    known, key = list(words), f"class:{row['area']}:{row['class_version']}"
    save = (row["area"], row["class_version"] or 0, key)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            as_written(" · ".join(filter(None, (row["full_name"], note)))),
            known,
            index=known.index(row["commune_class"]) if row["commune_class"] in known else None,
            format_func=words.__getitem__,
            key=key,
            on_change=_save_class,
            args=save,
            placeholder=_("Chọn loại xã, phường"),
        )
        if note and row["commune_class"] in known:
            st.button(_("Đã đối chiếu"), key=f"btn:{key}", on_click=_save_class, args=save)


def _save_class(area: int, version: int, key: str) -> None:
    try:
        set_commune_class(
            actor=visitor().actor, area_id=area, commune_class=st.session_state[key], base_version=version
        )
    except RulesRefused as refused:
        _say("class", rules_refusal(refused))
    except NotAllowed:
        _say("class", _("Chưa lưu: tài khoản này không được đặt loại xã, phường."))
    except ActionRefused as refused:
        _say("class", refusal_sentence(refused))
    else:
        _say("class", _("Đã lưu. Kết quả đã thẩm định giữ nguyên ngưỡng của lúc thẩm định."), is_done=True)


def show_points() -> None:
    """What the printed decree gives each criterion, filled in once."""
    show_heading(_("Điểm tối đa của từng tiêu chí, theo bản in của quyết định"))
    known = {state.rule_set: state for state in rule_sets(current_language())}
    if not known:
        return
    chosen = st.selectbox(
        _("Bộ tiêu chí"), list(known), format_func=lambda key: known[key].name, key="points:set"
    )
    state = known[chosen]
    st.caption(as_written(state.note))
    filled = state.criteria["maximum"].drop_nulls()
    st.markdown(
        _("Đã có {n}/{all} điểm tối đa, cộng lại {sum}/{total}.").format(
            n=filled.len(),
            all=state.criteria.height,
            sum=number(int(filled.sum())),
            total=number(state.total_points),
        )
    )
    if state.is_decided:
        st.info(_("Đã có kết quả thẩm định theo bộ tiêu chí này, nên điểm tối đa không đổi được nữa."))
    with st.form(f"form:points:{chosen}:{state.version}", border=True):
        for row in state.criteria.to_dicts():
            _show_points_of(state, row)
        st.form_submit_button(
            _("Lưu điểm tối đa"),
            type=emphasis(),
            disabled=state.is_decided,
            on_click=_save_points,
            args=(state,),
        )
    _show_said("points")
    _show_rounds(state)


def _show_rounds(state: RuleSetState) -> None:
    """Years of evaluation under this set; another is added when the five-year plan that it belongs to is known."""
    years = ", ".join(map(str, state.years)) or _("chưa có")
    st.markdown(_("Kỳ đánh giá theo bộ tiêu chí này: {years}.").format(years=years))
    with st.form(f"form:round:{state.rule_set}:{len(state.years)}", border=False):
        st.text_input(
            _("Thêm kỳ đánh giá tháng 11 năm"),
            key=_round_key(state),
            max_chars=4,
            autocomplete="off",
            help=_(
                "Quyết định số 06/QĐ-TTg đánh giá vào tháng 11 năm thứ hai và năm thứ tư của kế hoạch 5 năm."
            ),
        )
        st.form_submit_button(_("Thêm kỳ đánh giá"), on_click=_add_round, args=(state,))
    _show_said("round")


def _round_key(state: RuleSetState) -> str:
    return f"round:{state.rule_set}:{len(state.years)}"


def _add_round(state: RuleSetState) -> None:
    typed = str(st.session_state.get(_round_key(state), "")).strip()
    if not re.fullmatch("20[0-9]{2}", typed):
        _say("round", _("Chưa thêm: đề nghị ghi năm bằng bốn chữ số, ví dụ 2024."))
        return
    try:
        add_round(
            actor=visitor().actor,
            rule_set_id=state.rule_set,
            base_version=len(state.years),
            year=int(typed),
        )
    except RulesRefused as refused:
        _say("round", rules_refusal(refused))
    except NotAllowed:
        _say("round", _("Chưa lưu: chỉ quản trị được thêm kỳ đánh giá."))
    except ActionRefused as refused:
        _say("round", refusal_sentence(refused))
    else:
        _say("round", _("Đã có kỳ đánh giá năm {year}.").format(year=typed), is_done=True)


def _show_points_of(state: RuleSetState, row: Mapping[str, Any]) -> None:
    name, maximum, least = st.columns([4, 1, 1], vertical_alignment="bottom")
    note = (
        _("minh họa")
        if row["is_illustrative"]
        else certainty_note(row["certainty"])
        if row["maximum"]
        else ""
    )
    missing = _("cần nhập theo bản in") if row["maximum"] is None else note
    with name:
        st.markdown(as_written(" · ".join(filter(None, (f"{row['number']}. {row['name']}", missing)))))
    for column, field, label in ((maximum, "maximum", _("Tối đa")), (least, "least", _("Tối thiểu"))):
        with column:
            st.text_input(
                label,
                value="" if row[field] is None else str(row[field]),
                key=_points_key(state, row["number"], field),
                disabled=state.is_decided,
                max_chars=6,
                autocomplete="off",
            )


def _points_key(state: RuleSetState, criterion: int, field: str) -> str:
    return f"points:{state.rule_set}:{state.version}:{criterion}:{field}"


def _save_points(state: RuleSetState) -> None:
    try:
        points = {
            criterion: CriterionPoints(
                *(_typed_points(state, criterion, field) for field in ("maximum", "least"))
            )
            for criterion in state.criteria["number"]
        }
        set_points(
            actor=visitor().actor, rule_set_id=state.rule_set, base_version=state.version, points=points
        )
    except NumberRefused as refused:
        _say(
            "points", " ".join((number_refusal(refused), _("Chưa lưu; những gì đã nhập vẫn còn trên trang.")))
        )
    except RulesRefused as refused:
        _say("points", rules_refusal(refused))
    except NotAllowed:
        _say("points", _("Chưa lưu: chỉ quản trị được nhập điểm tối đa."))
    except ActionRefused as refused:
        _say("points", refusal_sentence(refused))
    else:
        _say("points", _("Đã lưu điểm tối đa."), is_done=True)


def _typed_points(state: RuleSetState, criterion: int, field: str) -> int | None:
    text = str(st.session_state.get(_points_key(state, criterion, field), "")).strip()
    return parse_figure(text) if text else None
