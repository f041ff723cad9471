"""The parts of the page on child-friendly communes: each shows one thing of a Recognition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.charts.criteria import CriteriaWords, criteria_heatmap_chart
from dashboard.charts.export import criteria_alternative, points_alternative, stages_alternative
from dashboard.charts.points import PointsWords, points_chart
from dashboard.charts.scorecard import CELL_SELECTION
from dashboard.charts.stages import StagesWords, stages_chart
from dashboard.charts.tiles import AREA_SELECTION
from dashboard.domain.numbers import format_date, format_moment, format_number
from dashboard.domain.recognition import STAGES, State, Step
from dashboard.domain.status import Status
from dashboard.i18n import _, current_language
from dashboard.ui.address import address_key, follow_click, keep_choice, prepare_choice
from dashboard.ui.as_written import as_written
from dashboard.ui.charts import Drawn, finished_spec, style, theme
from dashboard.ui.downloads import show_downloads
from dashboard.ui.labels import percent
from dashboard.ui.live import HIGHLIGHT
from dashboard.ui.register_words import side_word, state_word
from dashboard.ui.status import show_heading, status_chip
from dashboard.ui.tables import Markup, show_table
from dashboard.ui.verdict import (
    condition_line,
    conditions,
    missing_sentences,
    partly_scored,
    path_in_short,
    path_sentence,
    threshold_note,
    total_label,
    total_with_note,
    verdict_status,
)
from dashboard.ui.words import certainty_note, status_word
from dashboard.views import installation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import altair as alt

    from dashboard.views.recognition import CommuneWay, Recognition

Seen = tuple[int, int, str, str]
DECIDED = (State.recognised, State.refused)
# The paper that brought a commune to each stage.
PAPERS = {
    1: (Step.register,),
    2: (Step.submit_scores,),
    3: (Step.appraise,),
    4: (Step.recognise, Step.refuse),
}


def _seen(seen: Recognition) -> Seen:
    return seen.version, seen.round["year"], theme(), current_language()


def show_title(seen: Recognition) -> None:
    """The answer first: how many are recognised, or, while a round is being prepared, how far they are."""
    st.title(_answer(seen), anchor=False)
    text = _("Kỳ đánh giá tháng {month}/{year} · {rules}").format(
        month=seen.round["month"], year=seen.round["year"], rules=seen.round["rule_set_name"]
    )
    st.caption(
        as_written(
            " · ".join(filter(None, (seen.header.area_name, text, certainty_note(seen.round["certainty"]))))
        )
    )


def _answer(seen: Recognition) -> str:
    every = len(seen.communes)
    if seen.count(*DECIDED):
        return _("{n}/{all} xã, phường được công nhận phù hợp với trẻ em").format(
            n=seen.count(State.recognised), all=every
        )
    registered = every - seen.count(State.not_registered)
    ready = sum(1 for each in seen.communes if each.verdict.is_met)
    return _("{n}/{all} xã, phường đã đăng ký; {ready} đủ điều kiện theo điểm hiện có").format(
        n=registered, all=every, ready=ready
    )


def show_key_figures(seen: Recognition) -> None:
    every = len(seen.communes)
    last = _last_decided(seen)
    with st.grid(4, gap="small"):
        _metric(
            _("Đã đăng ký"),
            f"{every - seen.count(State.not_registered)}/{every}",
            _("kỳ {year}").format(year=seen.round["year"]),
        )
        scored = sum(1 for each in seen.communes if each.stage >= STAGES[State.self_scored])
        _metric(_("Đã tự chấm xong"), f"{scored}/{every}", _("kỳ {year}").format(year=seen.round["year"]))
        enough = sum(1 for each in seen.communes if each.verdict.is_enough)
        _metric(_("Tổng điểm đủ ngưỡng"), f"{enough}/{every}", _("theo điểm hiện có"))
        if last:
            year, recognised, decided = last
            note = _("kỳ {year}").format(year=year)
            if decided < every:
                note = " · ".join((note, _("đã xét {n}").format(n=decided)))
            _metric(_("Được công nhận"), f"{recognised}/{every}", note)
        else:
            _metric(_("Được công nhận"), "–", _("chưa có kỳ nào được xét"))


def _metric(label: str, value: str, note: str) -> None:
    st.metric(label, value, delta_description=note, border=True, height="stretch")


def _last_decided(seen: Recognition) -> tuple[int, int, int] | None:
    """(year, recognised, decided) of the newest round up to this one that has decisions."""
    decided = seen.history.filter(
        pl.col("state").is_in([state.value for state in DECIDED]), pl.col("year") <= seen.round["year"]
    )
    if decided.is_empty():
        return None
    newest = decided.filter(pl.col("year") == pl.col("year").max())
    return newest["year"][0], newest.filter(pl.col("state") == State.recognised).height, newest.height


def show_stages(seen: Recognition) -> int | None:
    """The communes along the way; returns the one that was clicked."""
    show_heading(_("Tiến trình của từng xã, phường"))
    drawn = _drawn_stages(seen, _seen(seen))
    event = st.vega_lite_chart(
        drawn.spec, key="stages", on_select="rerun", selection_mode=AREA_SELECTION, alt=drawn.words
    )
    _downloads(seen, "tien-trinh", lambda: _stages(seen))
    return _clicked(event, AREA_SELECTION)


def _clicked(event: Any, name: str) -> int | None:
    points = event.selection.get(name, []) if event else []
    return int(points[0]["area_id"]) if points else None


def _downloads(seen: Recognition, name: str, chart: Any) -> None:
    show_downloads(chart, lambda: _table(seen), name=name, synthetic=seen.header.is_demonstration)


@st.cache_resource(max_entries=24, show_spinner=False)
def _drawn_stages(_seen: Recognition, key: Seen) -> Drawn:  # noqa: ARG001 - what the cache goes by
    words = stages_alternative(_stage_rows(_seen), title=_("Tiến trình của từng xã, phường"))
    return Drawn(finished_spec(_stages(_seen)), words)


def _stages(seen: Recognition) -> alt.LayerChart:
    return stages_chart(_stage_rows(seen), words=StagesWords(way=_("Tiến trình")), style=style())


def _stage_rows(seen: Recognition) -> pl.DataFrame:
    headings = (
        _("Chưa\nđăng ký"),
        _("Đã\nđăng ký"),
        _("Đã\ntự chấm"),
        _("Đã\nthẩm định"),
        _("Quyết\nđịnh"),
    )
    rows = [
        _stage_row(seen, commune, stage, heading)
        for commune in seen.communes
        for stage, heading in enumerate(headings)
    ]
    return pl.DataFrame(rows)


def _stage_row(seen: Recognition, commune: CommuneWay, stage: int, heading: str) -> dict[str, Any]:
    is_current = stage == commune.stage
    ends = {State.recognised: Status.met, State.refused: Status.off}
    begins = Status.not_reported if is_current and stage == 0 else Status.no_target
    return {
        "area_id": commune.area,
        "area_label": commune.name,
        "position": commune.position,
        "stage": stage,
        "stage_label": heading,
        "is_reached": stage <= commune.stage,
        "is_current": is_current,
        "status": (ends.get(commune.state) if stage == STAGES[State.recognised] else begins)
        or Status.no_target,
        "date_label": _stage_date(seen, commune.area, stage) if stage <= commune.stage else "",
        "tooltip_title": commune.full_name,
        "tooltip_lines": _way_tooltip(commune),
    }


def _stage_date(seen: Recognition, area: int, stage: int) -> str:
    steps = [step.value for step in PAPERS.get(stage, ())]
    found = seen.steps.filter(
        pl.col("area") == area, pl.col("round") == seen.round["round"], pl.col("step").is_in(steps)
    )
    if found.is_empty():
        return ""
    row = found.row(-1, named=True)
    return format_date(row["document_date"] or row["taken_at"].date(), current_language())


def _way_tooltip(commune: CommuneWay) -> str:
    lines = [
        state_word(commune.state),
        f"{side_word(commune.side)}: {total_label(commune.verdict)}",
    ]
    if commune.changed_at:
        lines.append(f"{commune.changed_by}, {format_moment(commune.changed_at, current_language())}")
    return "\n".join(lines)


def show_points(seen: Recognition) -> int | None:
    show_heading(_("Tổng điểm so với ngưỡng của từng nơi"))
    drawn = _drawn_points(seen, _seen(seen))
    event = st.vega_lite_chart(
        drawn.spec, key="points", on_select="rerun", selection_mode=AREA_SELECTION, alt=drawn.words
    )
    told = _(
        "Vạch đậm: ngưỡng công nhận theo loại xã, phường. Điểm thẩm định khi đã thẩm định xong, nếu chưa thì điểm tự chấm."
    )
    st.caption(as_written(" ".join((told, *_threshold_doubts(seen)))))
    return _clicked(event, AREA_SELECTION)


def _threshold_doubts(seen: Recognition) -> list[str]:
    """Whose threshold is not settled yet, and why."""
    doubtful: dict[str, list[str]] = {}
    for each in seen.communes:
        if each.class_certainty not in ("", "quoted"):
            doubtful.setdefault(certainty_note(each.class_certainty), []).append(each.name)
    return [
        _("Loại của {names}: {note}.").format(names=", ".join(names), note=note)
        for note, names in doubtful.items()
    ]


@st.cache_resource(max_entries=24, show_spinner=False)
def _drawn_points(_seen: Recognition, key: Seen) -> Drawn:  # noqa: ARG001 - what the cache goes by
    rows = pl.DataFrame([_points_row(_seen, commune) for commune in _seen.communes], infer_schema_length=None)
    chart = points_chart(rows, words=PointsWords(axis=_("điểm")), style=style())
    return Drawn(finished_spec(chart), points_alternative(rows, title=_("Tổng điểm so với ngưỡng")))


def _points_row(seen: Recognition, commune: CommuneWay) -> dict[str, Any]:
    verdict = commune.verdict
    return {
        "area_id": commune.area,
        "area_label": commune.name,
        "position": commune.position,
        "total": verdict.total if commune.points else None,
        "threshold": verdict.threshold,
        "out_of": seen.round["total_points"],
        "status": verdict_status(verdict).value if commune.points else Status.not_reported.value,
        "right_label": _points_label(commune),
        "tooltip_title": commune.full_name,
        "tooltip_lines": _way_tooltip(commune),
    }


def _points_label(commune: CommuneWay) -> str:
    verdict = commune.verdict
    if not commune.points:
        return _("chưa chấm")
    total = total_label(verdict)
    partly = partly_scored(verdict.scored, verdict.scored + len(verdict.unscored))
    if partly:
        return f"{total}\n{partly}"
    if verdict.points_missing:
        missing = format_number(verdict.points_missing, language=current_language())
        return _("{total}\ncòn thiếu {n} điểm").format(total=total, n=missing)
    if verdict.zero:
        return _("{total}\ncó tiêu chí 0 điểm").format(total=total)
    return total


def show_heatmap(seen: Recognition) -> int | None:
    show_heading(_("Điểm từng tiêu chí theo xã, phường"))
    recent = _recent(seen)
    drawn = _drawn_heatmap(seen, _seen(seen), recent)
    event = st.vega_lite_chart(
        drawn.spec, key="criteria", on_select="rerun", selection_mode=CELL_SELECTION, alt=drawn.words
    )
    st.caption(_("Đậm hơn: gần điểm tối đa hơn · ✕ 0 điểm hoặc dưới mức tối thiểu · nét đứt: chưa chấm"))
    _downloads(seen, "tieu-chi", lambda: _heatmap(_heat_rows(seen, ())))
    return _clicked(event, CELL_SELECTION)


def _recent(seen: Recognition) -> tuple[tuple[int, int], ...]:
    """Area and criterion of the scores that changed within the last half minute."""
    recent = seen.scores.filter(pl.col("entered_at") > installation.now() - HIGHLIGHT)
    return tuple(recent.select("area", "number").iter_rows())


def is_highlighting(seen: Recognition) -> bool:
    return bool(_recent(seen))


@st.cache_resource(max_entries=24, show_spinner=False)
def _drawn_heatmap(_seen: Recognition, key: Seen, recent: tuple[tuple[int, int], ...]) -> Drawn:  # noqa: ARG001
    rows = _heat_rows(_seen, recent)
    return Drawn(
        finished_spec(_heatmap(rows)),
        criteria_alternative(rows, title=_("Tiêu chí 0 điểm hoặc dưới mức tối thiểu")),
    )


def _heatmap(rows: pl.DataFrame) -> alt.LayerChart:
    return criteria_heatmap_chart(
        rows, words=CriteriaWords(maximum=_("Tối\nđa")), style=style(label_chars=48)
    )


def _heat_rows(seen: Recognition, recent: Sequence[tuple[int, int]]) -> pl.DataFrame:
    rows = [
        _heat_cell(seen, commune, column, criterion, is_recent=(commune.area, criterion["number"]) in recent)
        for criterion in seen.book.criteria.to_dicts()
        for column, commune in enumerate(seen.communes)
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _heat_cell(
    seen: Recognition, commune: CommuneWay, column: int, criterion: Mapping[str, Any], *, is_recent: bool
) -> dict[str, Any]:
    number, maximum = criterion["number"], criterion["maximum"]
    points = commune.points.get(number)
    failing = number in (*commune.verdict.zero, *commune.verdict.unmet)
    status = Status.not_reported if points is None else Status.off if failing else Status.no_target
    share = None if points is None or not maximum else points / maximum
    return {
        "criterion": number,
        "criterion_label": f"{number} {criterion['name']}",
        "max_label": "?" if maximum is None else f"{maximum}{'*' if criterion['is_illustrative'] else ''}",
        "area_id": commune.area,
        "area_label": commune.name.replace(" ", "\n", 1),
        "column": column,
        "status": status.value,
        "share": share,
        "value_label": "" if points is None else str(points),
        "is_recent": is_recent,
        "tooltip_title": f"{criterion['name']} · {commune.name}",
        "tooltip_lines": _heat_tooltip(seen, commune, criterion),
    }


def _heat_tooltip(seen: Recognition, commune: CommuneWay, criterion: Mapping[str, Any]) -> str:
    stored = seen.scores.filter(
        pl.col("area") == commune.area,
        pl.col("number") == criterion["number"],
        pl.col("points").is_not_null(),
    )
    if stored.is_empty():
        return _("chưa chấm")
    lines = [
        f"{side_word(row['side'])}: {row['points']}"
        + (f" / {criterion['maximum']}" if criterion["maximum"] else "")
        for row in stored.to_dicts()
    ]
    newest = stored.sort("entered_at").row(-1, named=True)
    lines.append(f"{newest['entered_by']}, {format_moment(newest['entered_at'], current_language())}")
    return "\n".join(lines)


def choose_commune(seen: Recognition, clicked: Sequence[int | None]) -> CommuneWay | None:
    """The commune to explain: the one clicked last, or chosen from the list; kept in the address."""
    known = [each.area for each in seen.communes]
    follow_click("commune", clicked, known)
    names = {each.area: each.full_name for each in seen.communes}
    prepare_choice("commune", known, known[0])
    chosen = st.selectbox(
        _("Xã, phường"),
        known,
        format_func=names.__getitem__,
        key=address_key("commune"),
        on_change=keep_choice,
        args=("commune",),
    )
    return seen.commune(chosen)


def show_commune(seen: Recognition, commune: CommuneWay) -> None:
    """What stands between one commune and recognition, and the shortest way there."""
    names = dict(seen.book.criteria.select("number", "name").iter_rows())
    verdict = commune.verdict
    st.html(status_chip(verdict_status(verdict)))
    st.markdown(
        _("**{side}: {total}** · {state}").format(
            side=side_word(commune.side), total=total_with_note(verdict), state=state_word(commune.state)
        )
    )
    st.caption(_("Ngưỡng theo loại: {name}").format(name=as_written(threshold_note(commune))))
    st.markdown("  \n".join(condition_line(text, holds=holds) for text, holds in conditions(verdict)))
    missing = missing_sentences(verdict, names)
    if missing:
        st.markdown(_("**Còn thiếu gì:** {parts}").format(parts=as_written("; ".join(missing))))
    if commune.state not in DECIDED:
        st.markdown(
            _("**Đường ngắn nhất:** {path}").format(path=as_written(path_sentence(commune.path, names)))
        )
        st.caption(
            _(
                "Ít tiêu chí phải nâng nhất, rồi ít điểm phải nâng nhất; tiêu chí chưa chấm tính là 0 điểm. "
                "Đây là phép tính trên thang điểm, không thay cho kế hoạch công tác."
            )
        )
    _show_history(seen, commune)


def show_every_commune(seen: Recognition) -> None:
    """The list for the meeting: who lacks what, and the shortest way of each."""
    names = dict(seen.book.criteria.select("number", "name").iter_rows())
    show_table(
        (_("Xã, phường"), _("Bước"), _("Điểm / ngưỡng"), _("Còn thiếu gì"), _("Đường ngắn nhất")),
        [
            (
                each.full_name,
                state_word(each.state),
                total_with_note(each.verdict),
                "; ".join(missing_sentences(each.verdict, names)) or _("không thiếu gì"),
                "–" if each.state in DECIDED else path_in_short(each.path),
            )
            for each in seen.communes
        ],
        caption=_("Mỗi xã, phường còn cách công nhận bao xa"),
    )


def _show_history(seen: Recognition, commune: CommuneWay) -> None:
    rounds = seen.history.filter(pl.col("area") == commune.area).sort("year", descending=True)
    if rounds.is_empty():
        return
    show_table(
        (_("Kỳ"), _("Điểm / ngưỡng"), _("Kết quả")),
        [
            (
                str(row["year"]),
                _history_total(row),
                _state_cell(row["state"]),
            )
            for row in rounds.to_dicts()
        ],
        caption=_("Qua các kỳ đánh giá (mỗi kỳ theo bộ tiêu chí của kỳ đó)"),
    )


def _history_total(row: Mapping[str, Any]) -> str:
    total = f"{row['total'] if row['scored'] else '–'} / {row['threshold'] or '…'}"
    note = partly_scored(row["scored"], row["criteria"])
    return f"{total} ({note})" if note else total


def _state_cell(state: str) -> str:
    if state == State.recognised:
        return Markup(status_chip(Status.met))
    return state_word(state)


def show_footer(seen: Recognition) -> None:
    notes = [
        _("Nguồn: bảng tự chấm của xã, phường và điểm thẩm định của cơ quan thường trực · {rules}").format(
            rules=seen.round["rule_set_name"]
        )
    ]
    if seen.book.is_illustrative:
        notes.append(_("* điểm tối đa minh họa, không phải của quyết định"))
    if not seen.book.has_all_maxima:
        notes.append(_("? điểm tối đa cần nhập theo bản in"))
    for row in seen.references.to_dicts():
        told = _("Mục tiêu toàn quốc {year}: {value}").format(
            year=row["year"], value=percent(row["value_bp"])
        )
        notes.append(f"{told} ({row['source']})")
    notes += filter(None, seen.references["note"].unique(maintain_order=True))
    st.caption(as_written(" · ".join(notes)))


def _table(seen: Recognition) -> pl.DataFrame:
    """The round as a table for people: one row per commune."""
    rows = []
    for commune in seen.communes:
        row: dict[str, Any] = {
            _("Xã, phường"): commune.full_name,
            _("Bước"): state_word(commune.state),
            _("Bên chấm"): side_word(commune.side),
            _("Tổng điểm"): commune.verdict.total if commune.points else None,
            _("Ngưỡng"): commune.verdict.threshold,
            _("Trạng thái"): status_word(verdict_status(commune.verdict)),
        }
        row |= {
            _("TC {number}").format(number=rule.number): commune.points.get(rule.number)
            for rule in seen.book.rules
        }
        rows.append(row)
    return pl.DataFrame(rows, infer_schema_length=None)
