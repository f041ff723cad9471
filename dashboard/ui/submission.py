"""Handing a report in: what is still empty is named before it goes, and what happened to it stands in sight.

The commune submits and takes back; the office returns with a reason, which the commune reads on its own page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.actions.errors import ReportHasEmptyLines, ReportIncomplete
from dashboard.actions.reports import return_report, submit_report, take_back_report
from dashboard.domain.numbers import format_date, format_moment
from dashboard.domain.permissions import Capability, may
from dashboard.i18n import _, current_language, ngettext
from dashboard.ui.as_written import as_written
from dashboard.ui.attempts import Outcome, attempt
from dashboard.ui.emphasis import emphasis
from dashboard.ui.line_links import show_line_links
from dashboard.ui.opened import Refused
from dashboard.ui.refusals import refusal_sentence
from dashboard.ui.saving import Form, begin, show_saving, text_field
from dashboard.ui.words import period_name, report_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dashboard.actions.errors import ActionRefused
    from dashboard.domain.permissions import Actor
    from dashboard.domain.reports import ReportLine
    from dashboard.ui.opened import Note
    from dashboard.views.entry import EntrySheet

ASKING = "submission:asking"
MISSING = "submission:missing"
REASON_CHARS = 1000
BADGES = {
    "submitted": ("blue", ":material/check:"),
    "returned": ("orange", ":material/undo:"),
    "taken_back": ("orange", ":material/undo:"),
    "draft": ("orange", ":material/edit:"),
    "not_begun": ("gray", ":material/remove:"),
}


def report_of(sheet: EntrySheet, area: int) -> dict[str, Any]:
    """The row of REPORTING of one commune; empty for the town."""
    rows = sheet.reporting.filter(pl.col("area") == area)
    return rows.row(0, named=True) if rows.height else {}


def show_report_state(sheet: EntrySheet, lines: pl.DataFrame) -> None:
    """At the top of the page: whether this report is submitted, and what the office wants changed."""
    areas = lines["area"].unique().to_list()
    report = report_of(sheet, areas[0]) if len(areas) == 1 else {}
    if not report:
        return
    color, icon = BADGES[report["state"]]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(report_word(report["state"]), icon=icon, color=color)  # type: ignore[arg-type]
        st.caption(_what_happened(report))
    if report["state"] == "returned":
        st.warning(
            _("Đề nghị chỉnh sửa: {reason}").format(reason=as_written(report["event_reason"])),
            icon=":material/undo:",
        )


def _what_happened(report: Mapping[str, Any]) -> str:
    """Who did what to the report last, and the day that counts against the deadline."""
    if report["event"] is None:
        return _("{n}/{all} dòng chỉ tiêu đã trả lời").format(n=report["answered"], all=report["expected"])
    language = current_language()
    when = format_moment(report["event_at"], language)
    sentence = {
        "submitted": _("{who} nộp lúc {when}."),
        "taken_back": _("{who} rút lại lúc {when}."),
        "returned": _("{who} trả lại lúc {when}."),
    }[report["event"]].format(who=as_written(report["event_by"]), when=when)
    first = report["first_submitted_at"]
    if first is None or (report["event"] == "submitted" and first == report["submitted_at"]):
        return sentence
    kept = _("Ngày nộp lần đầu vẫn được giữ: {day}.").format(day=format_date(first.date(), language))
    return f"{sentence} {kept}"


def show_submission(sheet: EntrySheet, actor: Actor, lines: pl.DataFrame) -> None:
    """Hand the commune's report in as a whole, take it back or return it; only for those who may."""
    areas = lines["area"].unique().to_list()
    report = report_of(sheet, areas[0]) if len(areas) == 1 else {}
    if not report or not may(actor, Capability.submit_report, area_id=report["area"]):
        return
    st.divider()
    st.markdown(
        _("**Báo cáo của {area}**: {state}").format(
            area=as_written(report["full_name"]), state=report_word(report["state"])
        )
    )
    if report["state"] != "submitted":
        _show_submit(sheet, report)
    elif may(actor, Capability.take_back_report, area_id=report["area"]):
        _show_take_back(sheet, report)
    else:
        _show_return(sheet, report)
        return
    outcome = _outcome(sheet, report)
    show_saving(Form(outcome.form, base=report["version"]), outcome.note)
    missing = _kept_lines(MISSING, sheet, report)
    if missing and report["state"] != "submitted":
        show_line_links(_rows(sheet, report["area"], missing))


def _outcome(sheet: EntrySheet, report: Mapping[str, Any]) -> Outcome:
    return Outcome(f"report:{report['area']}:{sheet.period}")


def _show_submit(sheet: EntrySheet, report: Mapping[str, Any]) -> None:
    empty = _kept_lines(ASKING, sheet, report)
    if empty:
        _show_empty(sheet, report, empty)
        return
    period = period_name(sheet.year, sheet.part)
    st.button(
        _("Nộp báo cáo {period} của {area}").format(period=period, area=as_written(report["full_name"])),
        type=emphasis(),
        icon=":material/send:",
        key="btn:submit",
        on_click=_submit,
        args=(sheet, report),
    )
    st.caption(_("Nộp cả ba phần: chỉ tiêu của kế hoạch, số liệu theo dõi, kinh phí và quỹ."))


def _show_empty(sheet: EntrySheet, report: Mapping[str, Any], empty: tuple[ReportLine, ...]) -> None:
    """Name what nobody has filled in, and ask once more."""
    counted = _counted(empty)
    listed = [as_written(line) for line in _listed(sheet, report["area"], empty)]
    st.warning(
        "\n- ".join((_("Chưa nộp. Còn {counted} chưa nhập:").format(counted=counted), *listed)),
        icon=":material/help:",
    )
    show_line_links(_rows(sheet, report["area"], empty))
    with st.container(horizontal=True):
        st.button(
            _("Nộp với {counted} chưa nhập").format(counted=counted),
            type=emphasis(),
            icon=":material/send:",
            key="btn:submit-anyway",
            on_click=_submit,
            args=(sheet, report),
            kwargs={"accept_empty": True},
        )
        st.button(_("Quay lại nhập tiếp"), key="btn:submit-not", on_click=_stop_asking)


def _counted(empty: Iterable[ReportLine]) -> str:
    """ "35 mục theo dõi và 4 mục kinh phí, quỹ"."""
    groupings = [line.grouping for line in empty]
    monitoring = groupings.count("monitoring")
    money = len(groupings) - monitoring
    parts = []
    if monitoring:
        parts.append(ngettext("{n} mục theo dõi", "{n} mục theo dõi", monitoring).format(n=monitoring))
    if money:
        parts.append(ngettext("{n} mục kinh phí, quỹ", "{n} mục kinh phí, quỹ", money).format(n=money))
    return _(" và ").join(parts)


def _listed(sheet: EntrySheet, area: int, lines: Iterable[ReportLine]) -> list[str]:
    """The lines in words, all of one indicator together: "T4 · Trẻ em 6 tuổi vào lớp một: Trẻ em khuyết tật"."""
    known = {(row["code"], row["slug"]): row for row in sheet.lines.filter(pl.col("area") == area).to_dicts()}
    with_splits = {code for code, slug in known if slug != "all"}
    by_code: dict[str, list[str]] = {}
    for line in lines:
        row = known.get((line.code, line.slug), {})
        parts = by_code.setdefault(f"{line.code} · {row.get('short', line.code)}", [])
        if line.code in with_splits:
            parts.append(row.get("split_name", line.slug))
    return [f"{name}: {', '.join(parts)}" if parts else name for name, parts in by_code.items()]


def _rows(sheet: EntrySheet, area: int, lines: Iterable[ReportLine]) -> list[dict[str, Any]]:
    """Those rows of the sheet that `lines` name, in the order of the page."""
    named = {(line.code, line.slug) for line in lines}
    rows = sheet.lines.filter(pl.col("area") == area).to_dicts()
    return [row for row in rows if (row["code"], row["slug"]) in named]


def _kept_lines(name: str, sheet: EntrySheet, report: Mapping[str, Any]) -> tuple[ReportLine, ...]:
    """The lines that a person was told of (MISSING) or asked about (ASKING), for this very report and version."""
    asked = st.session_state.get(name)
    if asked and asked[0] == (report["area"], sheet.period, report["version"]):
        empty: tuple[ReportLine, ...] = asked[1]
        return empty
    return ()


def _stop_asking() -> None:
    for name in (ASKING, MISSING):
        st.session_state.pop(name, None)


def _show_take_back(sheet: EntrySheet, report: Mapping[str, Any]) -> None:
    with st.popover(_("Rút lại báo cáo để chỉnh sửa"), icon=":material/undo:"):
        st.markdown(
            _(
                "Rút lại thì sửa được số liệu và phải nộp lại. Ngày nộp lần đầu vẫn được giữ; "
                "đến khi nộp lại, số liệu được ghi là tạm tính."
            )
        )
        st.button(_("Rút lại báo cáo"), key="btn:take-back", on_click=_take_back, args=(sheet, report))


def _show_return(sheet: EntrySheet, report: Mapping[str, Any]) -> None:
    key = f"submission:reason:{report['area']}:{sheet.period}:{report['version']}"
    begin(key, "")
    heading = _("Nội dung cần chỉnh sửa (xã, phường đọc được nội dung này)")
    with st.expander(_("Trả lại, yêu cầu chỉnh sửa"), icon=":material/undo:"):
        st.text_area(heading, key=key, max_chars=REASON_CHARS, persist_state="session")
        st.button(
            _("Trả lại cho {area}").format(area=as_written(report["full_name"])),
            key="btn:return",
            on_click=_return,
            args=(sheet, report, key),
        )
        outcome = _outcome(sheet, report)
        reason = text_field("reason", key, heading, "")
        show_saving(Form(outcome.form, (reason,), base=report["version"], send="btn:return"), outcome.note)


def _submit(sheet: EntrySheet, report: Mapping[str, Any], *, accept_empty: bool = False) -> None:
    _stop_asking()
    place = (report["area"], sheet.period, report["version"])

    def ask(refused: ActionRefused) -> Note | None:
        if isinstance(refused, ReportHasEmptyLines):
            st.session_state[ASKING] = (place, refused.empty)
        if isinstance(refused, ReportIncomplete):
            st.session_state[MISSING] = (place, refused.missing)
            return Refused((refusal_sentence(refused), *_listed(sheet, place[0], refused.missing)))
        return None

    done = attempt(
        lambda actor: submit_report(
            actor=actor,
            area_id=place[0],
            period_id=place[1],
            base_version=place[2],
            accept_empty=accept_empty,
        ),
        forbidden=_forbidden(),
        conflict=ask,
    )
    _outcome(sheet, report).take(done)


def _take_back(sheet: EntrySheet, report: Mapping[str, Any]) -> None:
    done = attempt(
        lambda actor: take_back_report(
            actor=actor, area_id=report["area"], period_id=sheet.period, base_version=report["version"]
        ),
        forbidden=_forbidden(),
    )
    _outcome(sheet, report).take(done)


def _return(sheet: EntrySheet, report: Mapping[str, Any], key: str) -> None:
    reason = st.session_state.get(key, "")
    done = attempt(
        lambda actor: return_report(
            actor=actor,
            area_id=report["area"],
            period_id=sheet.period,
            base_version=report["version"],
            reason=reason,
        ),
        forbidden=_forbidden(),
    )
    _outcome(sheet, report).take(done)


def _forbidden() -> str:
    return _("Chưa thực hiện: tài khoản này không có quyền với báo cáo này.")
