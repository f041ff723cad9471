"""What the office sets for itself: its standard of a play area, classes of communes, points of the decree."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from dashboard.actions.play_rules import set_standard
from dashboard.actions.recognition_rules import CriterionPoints, add_round, set_commune_class, set_points
from dashboard.domain.dates import DateRefused
from dashboard.domain.numbers import NumberRefused, format_date, parse_figure
from dashboard.domain.play_areas import Standard
from dashboard.domain.walking import DISTANCES_M
from dashboard.i18n import _, current_language
from dashboard.ui.as_written import as_written
from dashboard.ui.attempts import Outcome, attempt
from dashboard.ui.dates import date_field, date_refusal, typed_date
from dashboard.ui.emphasis import emphasis
from dashboard.ui.empty import show_no_communes
from dashboard.ui.past import show_past, tell_past
from dashboard.ui.play import number, standard_sentence
from dashboard.ui.saving import Field, Form, begin, choice_field, show_saving, text_field
from dashboard.ui.status import show_heading
from dashboard.ui.words import certainty_note, naming_field, number_refusal
from dashboard.views import installation
from dashboard.views.rules import RuleSetState, commune_settings, rule_sets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Any

    from streamlit.delta_generator import DeltaGenerator

    from dashboard.views.play_areas import PlayRegister


# What the browser reads of a tick, and what it means.
TICKS: Final = {"✓": True, "": False}


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
    seen = register.standard.newest
    headings = _standard_headings()
    # Before the form: inside it the day that was understood would be shown only once all is sent.
    with st.columns(2)[0]:
        date_field(headings["valid_from"], key=_standard_key(seen, "valid_from"))
    with st.form(f"form:standard:{seen}", border=True):
        left, right = st.columns(2)
        fields = _standard_fields(register, left, right)
        act = partial(_save_standard, seen)
        st.form_submit_button(_("Lưu tiêu chuẩn"), type=emphasis(), key=f"btn:standard:{seen}", on_click=act)
    form = Form("standard", fields=fields, base=seen, send=f"btn:standard:{seen}", again=act)
    show_saving(form, Outcome(form.name).note)
    show_past("standard")


def _standard_headings() -> dict[str, str]:
    return {
        "min_area_m2": _("Diện tích ít nhất (m²), để trống nếu không quy định"),
        "max_check_age_months": _("Kiểm tra an toàn trong bao nhiêu tháng, để trống nếu không quy định"),
        "walking_m": _("Khoảng cách đi bộ"),
        "needs_equipment": _("Phải có thiết bị vui chơi"),
        "needs_open_to_all": _("Phải mở cho mọi trẻ em"),
        "document": _("Văn bản"),
        "valid_from": _("Áp dụng từ ngày"),
    }


def _standard_key(seen: int, name: str) -> str:
    return f"standard:{seen}:{name}"


def _standard_fields(register: PlayRegister, left: DeltaGenerator, right: DeltaGenerator) -> list[Field]:
    seen, now, headings = register.standard.newest, register.standard.standard, _standard_headings()
    keys = {name: _standard_key(seen, name) for name in headings}
    walking = register.standard.walking_m if register.standard.walking_m in DISTANCES_M else DISTANCES_M[0]
    stored = {
        **{name: _shown(getattr(now, name)) for name in ("min_area_m2", "max_check_age_months")},
        "walking_m": walking,
        "document": "",
        **{name: getattr(now, name) for name in ("needs_equipment", "needs_open_to_all")},
    }
    for name, value in stored.items():
        begin(keys[name], value)
    with left:
        for name in ("min_area_m2", "max_check_age_months"):
            st.text_input(headings[name], key=keys[name], max_chars=10, autocomplete="off")
        st.selectbox(
            headings["walking_m"],
            list(DISTANCES_M),
            format_func=_metres,
            key=keys["walking_m"],
            help=_(
                "LEAP 400 m, NEAP 1.000 m theo hướng dẫn của Fields in Trust (Anh); chưa tìm thấy quy định trong nước."
            ),
        )
    with right:
        for name in ("needs_equipment", "needs_open_to_all"):
            st.checkbox(headings[name], key=keys[name])
        st.text_input(headings["document"], key=keys["document"], max_chars=300, autocomplete="off")
    choices: dict[str, dict[str, Any]] = {
        "walking_m": {_metres(metres): metres for metres in DISTANCES_M},
        "needs_equipment": TICKS,
        "needs_open_to_all": TICKS,
    }
    return [
        choice_field(name, keys[name], heading, choices[name], stored[name])
        if name in choices
        else text_field(name, keys[name], heading, str(stored.get(name, "")))
        for name, heading in headings.items()
    ]


def _metres(metres: int) -> str:
    return _("{n} m").format(n=number(metres))


def _shown(value: int | None) -> str:
    return "" if value is None else str(value)


def _save_standard(seen: int) -> None:
    outcome = Outcome("standard")
    typed = {name: st.session_state.get(_standard_key(seen, name)) for name in _standard_headings()}
    try:
        numbers = {
            name: _standard_number(name, typed[name]) for name in ("min_area_m2", "max_check_age_months")
        }
        valid_from = typed_date(_standard_key(seen, "valid_from"))
    except DateRefused as refused:
        outcome.refuse(date_refusal(refused), _("Chưa lưu; tiêu chuẩn cũ vẫn áp dụng."))
        return
    except NumberRefused as refused:
        outcome.refuse(number_refusal(refused), _("Chưa lưu; tiêu chuẩn cũ vẫn áp dụng."))
        return
    if valid_from is None:
        outcome.refuse(_("Chưa lưu: đề nghị ghi ngày áp dụng."))
        return
    standard = Standard(
        needs_equipment=bool(typed["needs_equipment"]),
        needs_open_to_all=bool(typed["needs_open_to_all"]),
        **numbers,
    )
    done = attempt(
        lambda actor: set_standard(
            actor=actor,
            standard=standard,
            walking_m=int(typed["walking_m"] or 0),
            valid_from=valid_from,
            document=str(typed["document"] or "").strip(),
            base_version=seen,
        ),
        forbidden=_("Chưa lưu: tài khoản này không được đặt tiêu chuẩn."),
    )
    if kept := outcome.take(done):
        outcome.keep(_standard_saved(valid_from, kept.result))
        tell_past("standard", "play_areas", valid_from)


def _standard_number(name: str, text: object) -> int | None:
    with naming_field(_standard_headings()[name]):
        return _typed_number(text)


def _typed_number(text: object) -> int | None:
    clean = str(text or "").strip()
    return parse_figure(clean) if clean else None


def _standard_saved(begin: date, until: date | None) -> str:
    """From when on, and up to when, where a standard for later days stands already."""
    first = format_date(begin, current_language())
    if until is None:
        return _("Mọi tỷ lệ từ ngày {begin} được tính theo tiêu chuẩn này.").format(begin=first)
    return _(
        "Các tỷ lệ từ ngày {begin} được tính theo tiêu chuẩn này, đến trước ngày {until} là ngày tiêu chuẩn "
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
    if state.communes.is_empty():
        show_no_communes(installation.now().year)
    for row in state.communes.to_dicts():
        _show_class(row, words)


def _show_class(row: Mapping[str, Any], words: Mapping[str, str]) -> None:
    note = certainty_note(row["class_certainty"]) if row["class_certainty"] else _("chưa chọn")
    known, key = list(words), f"class:{row['area']}:{row['class_version']}"
    stored = row["commune_class"] if row["commune_class"] in known else None
    save = partial(_save_class, row["area"], row["class_version"] or 0, key)
    begin(key, stored)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            as_written(" · ".join(filter(None, (row["full_name"], note)))),
            known,
            index=None,
            format_func=words.__getitem__,
            key=key,
            on_change=save,
            placeholder=_("Chọn loại xã, phường"),
        )
        if note and stored:
            st.button(_("Đã đối chiếu"), key=f"btn:{key}", on_click=save)
    choices = {word: commune_class for commune_class, word in words.items()}
    form = Form(
        f"class:{row['area']}",
        fields=(choice_field("class", key, row["full_name"], choices, stored),),
        base=row["class_version"] or 0,
        again=save,
    )
    show_saving(form, Outcome(form.name).note)


def _save_class(area: int, version: int, key: str) -> None:
    chosen = st.session_state.get(key)
    if chosen is None:
        return
    outcome = Outcome(f"class:{area}")
    done = attempt(
        lambda actor: set_commune_class(
            actor=actor, area_id=area, commune_class=chosen, base_version=version
        ),
        forbidden=_("Chưa lưu: tài khoản này không được đặt loại xã, phường."),
    )
    if outcome.take(done):
        outcome.keep(_("Kết quả đã thẩm định giữ nguyên ngưỡng của lúc thẩm định."))


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
    fields: list[Field] = []
    send, act = f"btn:points:{chosen}:{state.version}", partial(_save_points, state)
    with st.form(f"form:points:{chosen}:{state.version}", border=True):
        for row in state.criteria.to_dicts():
            fields += _show_points_of(state, row)
        st.form_submit_button(
            _("Lưu điểm tối đa"), type=emphasis(), disabled=state.is_decided, key=send, on_click=act
        )
    form = Form(f"points:{chosen}", fields=fields, base=state.version, send=send, again=act)
    show_saving(form, Outcome(form.name).note)
    _show_rounds(state)


def _show_rounds(state: RuleSetState) -> None:
    """Years of evaluation under this set; another is added when the five-year plan that it belongs to is known."""
    years = ", ".join(map(str, state.years)) or _("chưa có")
    st.markdown(_("Kỳ đánh giá theo bộ tiêu chí này: {years}.").format(years=years))
    key, act = _round_key(state), partial(_add_round, state)
    heading = _("Thêm kỳ đánh giá tháng 11 năm")
    begin(key, "")
    with st.form(f"form:{key}", border=False):
        st.text_input(
            heading,
            key=key,
            max_chars=4,
            autocomplete="off",
            help=_(
                "Quyết định số 06/QĐ-TTg đánh giá vào tháng 11 năm thứ hai và năm thứ tư của kế hoạch 5 năm."
            ),
        )
        st.form_submit_button(_("Thêm kỳ đánh giá"), key=f"btn:{key}", on_click=act)
    form = Form(
        _round_form(state),
        fields=(text_field("year", key, heading, ""),),
        base=len(state.years),
        send=f"btn:{key}",
        again=act,
    )
    show_saving(form, Outcome(form.name).note)


def _round_form(state: RuleSetState) -> str:
    return f"round:{state.rule_set}"


def _round_key(state: RuleSetState) -> str:
    return f"round:{state.rule_set}:{len(state.years)}"


def _add_round(state: RuleSetState) -> None:
    outcome = Outcome(_round_form(state))
    typed = str(st.session_state.get(_round_key(state), "")).strip()
    if not re.fullmatch("20[0-9]{2}", typed):
        outcome.refuse(_("Chưa thêm: đề nghị ghi năm bằng bốn chữ số, ví dụ 2024."))
        return
    done = attempt(
        lambda actor: add_round(
            actor=actor, rule_set_id=state.rule_set, base_version=len(state.years), year=int(typed)
        ),
        forbidden=_("Chưa lưu: chỉ quản trị được thêm kỳ đánh giá."),
    )
    if outcome.take(done):
        outcome.keep(_("Đã có kỳ đánh giá năm {year}.").format(year=typed))


def _show_points_of(state: RuleSetState, row: Mapping[str, Any]) -> list[Field]:
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
    fields = []
    for column, field in ((maximum, "maximum"), (least, "least")):
        label = _points_heading(field)
        key, stored = _points_key(state, row["number"], field), _shown(row[field])
        begin(key, stored)
        with column:
            st.text_input(label, key=key, disabled=state.is_decided, max_chars=6, autocomplete="off")
        fields.append(text_field(f"{row['number']}:{field}", key, f"{row['number']}. {label}", stored))
    return fields


def _points_key(state: RuleSetState, criterion: int, field: str) -> str:
    return f"points:{state.rule_set}:{state.version}:{criterion}:{field}"


def _save_points(state: RuleSetState) -> None:
    outcome = Outcome(f"points:{state.rule_set}")
    try:
        points = {
            criterion: CriterionPoints(
                *(_typed_points(state, criterion, field) for field in ("maximum", "least"))
            )
            for criterion in state.criteria["number"]
        }
    except NumberRefused as refused:
        outcome.refuse(number_refusal(refused), _("Chưa lưu; những gì đã nhập vẫn còn trên trang."))
        return
    done = attempt(
        lambda actor: set_points(
            actor=actor, rule_set_id=state.rule_set, base_version=state.version, points=points
        ),
        forbidden=_("Chưa lưu: chỉ quản trị được nhập điểm tối đa."),
    )
    if outcome.take(done):
        outcome.keep("")


def _typed_points(state: RuleSetState, criterion: int, field: str) -> int | None:
    with naming_field(f"{criterion}. {_points_heading(field)}"):
        return _typed_number(st.session_state.get(_points_key(state, criterion, field)))


def _points_heading(field: str) -> str:
    return {"maximum": _("Tối đa"), "least": _("Tối thiểu")}[field]
