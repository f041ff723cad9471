"""The parts of the overview page: each shows one thing of an Overview."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.charts.bullet import BulletWords, bullet_chart
from dashboard.charts.export import bullet_alternative, scorecard_alternative
from dashboard.charts.scorecard import CELL_SELECTION, ScorecardWords, scorecard_chart
from dashboard.domain.catalogue import IndicatorKind, TargetKind
from dashboard.domain.deadlines import Due, days_left, due_state, last_safe_day
from dashboard.domain.numbers import format_date, format_moment, format_share
from dashboard.domain.status import Status
from dashboard.i18n import _, current_language, ngettext
from dashboard.ui.as_written import as_written
from dashboard.ui.cell_notes import answered_note, elsewhere_note, named, notes, silent_count, silent_note
from dashboard.ui.charts import Drawn, finished_spec, style, theme
from dashboard.ui.downloads import show_downloads
from dashboard.ui.explanation import Chosen, choose_by_keyboard
from dashboard.ui.labels import cell_label, fraction, gap_label, target_label, value_label
from dashboard.ui.live import HIGHLIGHT
from dashboard.ui.status import show_heading, show_legend
from dashboard.ui.words import period_name, short_report_word, state_note, state_words, status_word
from dashboard.views import installation
from dashboard.views.installation import deadlines

if TYPE_CHECKING:
    from typing import Any

    import altair as alt

    from dashboard.views.overview import Overview

Recent = tuple[tuple[str, int], ...]
Seen = tuple[int, int, str, str, str]


def show_title(overview: Overview) -> None:
    """The answer first: how many indicators are met, whether that is final, and who has not reported."""
    waiting = waiting_communes(overview)
    answer = _answer(overview)
    if waiting:
        late = ngettext("{n} xã, phường chưa nộp", "{n} xã, phường chưa nộp", len(waiting)).format(
            n=len(waiting)
        )
        answer = f"{answer}; {late}"
    st.title(answer, anchor=False)
    period = period_name(overview.year, overview.part)
    facts = [overview.header.area_name, _("Kế hoạch thực hiện công tác trẻ em"), period]
    if waiting and not overview.is_empty:
        facts.append(_("chưa nộp: {names}").format(names=named(waiting)))
    st.caption(as_written(" · ".join(facts)))


def _answer(overview: Overview) -> str:
    if overview.is_empty:
        return _("Chưa có số liệu {period}").format(period=period_name(overview.year, overview.part))
    if not overview.measured:
        return _("Năm {year}: chưa có mục tiêu để so sánh").format(year=overview.year)
    met = {"met": overview.count(Status.met), "all": overview.measured}
    if overview.is_provisional:
        return _("Tạm tính {met}/{all} chỉ tiêu đạt").format(**met)
    return _("{met}/{all} chỉ tiêu đạt").format(**met)


def waiting_communes(overview: Overview) -> list[str]:
    rows = overview.reporting.filter(pl.col("state") != "submitted")
    return rows["name"].to_list()


def show_key_figures(overview: Overview) -> None:
    reporting = overview.reporting
    reported = reporting.filter(pl.col("state") == "submitted")
    with st.grid(4, gap="small"):
        _met_metric(overview)
        st.metric(
            _("Xã, phường đã nộp báo cáo"),
            f"{reported.height}/{reporting.height}",
            delta_description=_in_time(reported),
            border=True,
            height="stretch",
        )
        for code, label in (("T8", _("Đăng ký phù hợp với trẻ em")), ("T7", _("Có điểm vui chơi"))):
            _commune_metric(overview, code, label)


def _in_time(reported: pl.DataFrame) -> str | None:
    """Nothing where no deadline is known: nobody was in time then, and nobody late."""
    known = reported["is_in_time"].drop_nulls()
    return _("{n} nộp đúng hạn").format(n=known.sum()) if known.len() else None


def _met_metric(overview: Overview) -> None:
    """No share of indicators where none could be judged yet: nobody has missed anything."""
    met, before = overview.count(Status.met), overview.met_before
    is_judged = overview.measured and not overview.is_empty
    notes = [_("tạm tính")] if is_judged and overview.is_provisional else []
    if before is not None and is_judged:
        notes.insert(0, _("so với 6 tháng"))
    st.metric(
        _("Chỉ tiêu toàn thị xã đạt"),
        f"{met}/{overview.measured}" if is_judged else "–",
        met - before if before is not None and is_judged else None,
        delta_description=", ".join(notes) or None,
        border=True,
        height="stretch",
    )


def _commune_metric(overview: Overview, code: str, label: str) -> None:
    """Communes that say yes, of those that answered; the silent ones are named and are neither yes nor no."""
    row = overview.town.filter(pl.col("code") == code)
    if row.is_empty():
        return
    town = row.row(0, named=True)
    complete = _("tính từ sổ theo dõi") if town["figure_state"] == "register" else _("đủ xã, phường trả lời")
    # A card has one line that ends in dots where it is too long: the names stand behind the question mark.
    note = _silent_count(town) or elsewhere_note(town) or complete
    # Nobody's answer is not a nought.
    value = "–" if town["numerator"] is None else fraction(town)
    silent = as_written(silent_note(overview, town)) or None
    st.metric(label, value, delta_description=as_written(note), help=silent, border=True, height="stretch")


def show_scorecard(overview: Overview) -> Chosen | None:
    """The heart of the page; returns the cell whose reason was asked for, by mouse or by keyboard."""
    show_heading(_("Kết quả thực hiện theo xã, phường (%)"))
    seen = (overview.version, overview.year, overview.part, theme(), current_language())
    drawn = _drawn_scorecard(overview, seen, recent_cells(overview))
    event = st.vega_lite_chart(
        drawn.spec,
        key=f"scorecard-{st.session_state.get('scorecard:closed', 0)}",
        on_select="rerun",
        selection_mode=CELL_SELECTION,
        alt=drawn.words,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        typed = choose_by_keyboard(overview)
        show_downloads(
            lambda: _scorecard(overview, _scorecard_cells(overview, ())),
            lambda: _table(overview),
            name="ket-qua",
            synthetic=overview.header.is_demonstration,
        )
    show_legend(overview.cells["status"], is_provisional=bool(overview.cells["is_provisional"].any()))
    points = event.selection.get(CELL_SELECTION, []) if event else []
    if points:
        return Chosen(points[0]["indicator_code"], int(points[0]["area_id"]))
    return typed


@st.cache_resource(max_entries=64, show_spinner=False)
def _drawn_scorecard(_overview: Overview, seen: Seen, recent: Recent) -> Drawn:  # noqa: ARG001 - what the cache goes by
    cells = _scorecard_cells(_overview, recent)
    words = scorecard_alternative(cells, title=_("Kết quả thực hiện theo xã, phường"))
    return Drawn(finished_spec(_scorecard(_overview, cells)), words)


def _scorecard(overview: Overview, cells: pl.DataFrame) -> alt.LayerChart:
    return scorecard_chart(
        cells,
        words=ScorecardWords(target=_("Mục\ntiêu"), trend=_("Thị xã\nqua các kỳ")),
        trend=overview.trend.filter(pl.col("area") == overview.header.area_id).select(
            pl.col("code").alias("indicator_code"), "position", "step", "share"
        ),
        style=style(label_chars=30),
    )


def recent_cells(overview: Overview) -> Recent:
    """Indicator and area of the cells that changed within the last half minute."""
    recent = overview.cells.filter(pl.col("entered_at") > installation.now() - HIGHLIGHT)
    return tuple(recent.select("code", "area").iter_rows())


def _scorecard_cells(overview: Overview, recent: Recent) -> pl.DataFrame:
    rows = overview.cells.to_dicts()
    return overview.cells.select(
        pl.col("code").alias("indicator_code"),
        pl.format("{} {}", "code", "short").alias("indicator_label"),
        pl.Series("target_label", [target_label(row) for row in rows], dtype=pl.String),
        "position",
        pl.col("area").alias("area_id"),
        _two_lines().alias("area_label"),
        "column",
        "is_town",
        "status",
        pl.Series("value_label", [cell_label(row) for row in rows], dtype=pl.String),
        pl.Series("status_word", [state_words(row) for row in rows], dtype=pl.String),
        pl.format("{} · {}", "name", "area_name").alias("tooltip_title"),
        pl.Series("tooltip_lines", [_tooltip(overview, row) for row in rows], dtype=pl.String),
        "is_provisional",
        pl.Series("is_recent", [(row["code"], row["area"]) in recent for row in rows], dtype=pl.Boolean),
    )


def _two_lines() -> pl.Expr:
    """Names of two words on two lines, so that all seven stay readable."""
    town = pl.when("is_town").then(pl.lit(_("Thị\nxã")))
    return town.otherwise(pl.col("area_name").str.replace(" ", "\n"))


def _tooltip(overview: Overview, row: dict[str, Any]) -> str:
    aim = _("mục tiêu {target}").format(target=target_label(row))
    lines = [f"{state_words(row)} · {aim}"]
    if value_label(row) and row["denominator"] is not None:
        lines.append(
            f"{row['numerator_label']} / {row['denominator_label'] or _('số xã, phường')}: {fraction(row)}"
        )
    lines += [line for line in (answered_note(row), gap_label(row)) if line]
    lines += notes(overview, row)
    if row["entered_at"]:
        when = format_moment(row["entered_at"], current_language())
        lines.append(f"{row['entered_by']}, {when}")
    return "\n".join(lines)


def _table(overview: Overview) -> pl.DataFrame:
    """The scorecard as a table for people: one row per indicator, one column per commune, the town last.

    How final the town's figure is and who is missing from it stand in columns of their own; each commune's in its cell.
    """
    rows = overview.cells.to_dicts()
    shown = [f"{value_label(row)} {state_words(row)}".strip() for row in rows]
    long = overview.cells.select(
        pl.col("code").alias(_("Mã")),
        pl.col("name").alias(_("Chỉ tiêu")),
        pl.Series(_("Mục tiêu"), [target_label(row) for row in rows], dtype=pl.String),
        "area_name",
        pl.Series("shown", shown, dtype=pl.String),
    )
    wide = long.pivot(on="area_name", values="shown", maintain_order=True)
    towns = overview.town.to_dicts()
    return wide.with_columns(
        pl.Series(_("Tình trạng số liệu"), [_town_state(row) for row in towns], dtype=pl.String),
        pl.Series(_("Ghi chú số liệu"), ["; ".join(notes(overview, row)) for row in towns], dtype=pl.String),
    )


def _town_state(row: dict[str, Any]) -> str:
    if row["is_provisional"]:
        return _("tạm tính")
    return state_note(row["figure_state"])


def show_bullets(overview: Overview) -> None:
    show_heading(_bullet_title(overview))
    seen = (overview.version, overview.year, overview.part, theme(), current_language())
    drawn = _drawn_bullets(overview, seen)
    st.vega_lite_chart(drawn.spec, key="bullets", alt=drawn.words)
    st.caption(_bullet_legend(overview))


def _bullet_title(overview: Overview) -> str:
    if overview.measured:
        return _("Toàn thị xã so với mục tiêu")
    return _("Toàn thị xã so với cùng kỳ năm trước")


def _bullet_legend(overview: Overview) -> str:
    """Only what is drawn: a year without targets has no tick to explain."""
    town = overview.town.filter(pl.col("share").is_not_null())
    has_target = town["target_bp"].drop_nulls().len() > 0
    parts = [
        (has_target, _("Vạch đậm: mục tiêu")),
        (has_target, _("nền xám: mức gần đạt")),
        (town["baseline_denominator"].drop_nulls().len() > 0, _("◇ cùng kỳ năm trước (không phải mục tiêu)")),
        (bool(town["is_provisional"].any()), _("gạch chéo: tạm tính")),
    ]
    return " · ".join(sentence for is_there, sentence in parts if is_there)


@st.cache_resource(max_entries=64, show_spinner=False)
def _drawn_bullets(_overview: Overview, seen: Seen) -> Drawn:  # noqa: ARG001 - what the cache goes by
    rows = _bullet_rows(_overview)
    chart = bullet_chart(rows, words=BulletWords(short_axis=_("trục từ 80%")), style=style(label_chars=20))
    shown = rows.with_columns(indicator_label=_overview.town["short"])
    return Drawn(finished_spec(chart), bullet_alternative(shown, title=_bullet_title(_overview)))


def _bullet_rows(overview: Overview) -> pl.DataFrame:
    rows = overview.town
    return rows.select(
        pl.col("code").alias("indicator_code"),
        pl.col("code").alias("indicator_label"),
        "position",
        "share",
        target=pl.col("target_bp") / 10000,
        near=(pl.col("target_bp") - pl.col("near_bp")) / 10000,
        last=_last_share(),
        status="status",
        is_provisional="is_provisional",
        right_label=pl.Series([_bullet_label(row) for row in rows.to_dicts()], dtype=pl.String),
    )


def _last_share() -> pl.Expr:
    """The same period last year, which has a mark of its own: it is no target, not even for what should only rise."""
    return pl.col("baseline_numerator") / pl.col("baseline_denominator")


def _bullet_label(row: dict[str, Any]) -> str:
    value = value_label(row)
    if not value or row["target_kind"] == TargetKind.none:
        return value or status_word(row["status"])
    if row["target_kind"] == TargetKind.increase:
        last = _last_label(row)
        before = _("năm trước {last}").format(last=last)
        return f"{value}\n{before}" if last else value
    below = _silent_count(row) or gap_label(row)
    whole = f"{value} / {target_label(row)}"
    return f"{whole}\n{below}" if below else whole


def _silent_count(row: dict[str, Any]) -> str:
    """Of a share of communes, how many have yet to answer: more telling than who of the others is missing."""
    silent = silent_count(row) if row["kind"] == IndicatorKind.share_of_communes else 0
    return _("{n} chưa trả lời").format(n=silent) if silent else ""


def _last_label(row: dict[str, Any]) -> str:
    if not row["baseline_denominator"]:
        return ""
    numerator, denominator = row["baseline_numerator"], row["baseline_denominator"]
    return format_share(numerator, denominator, language=current_language())


def show_due(overview: Overview) -> None:
    """What is due: the deadline in the plan's own words, and who has not reported."""
    communes, town = deadlines(overview.year, overview.part)
    with st.container(border=True):
        show_heading(_("Tiến độ nộp báo cáo"))
        if communes and town:
            st.markdown(_due_sentence(communes, town, is_complete=not waiting_communes(overview)))
        with st.grid(overview.reporting.height or 1, gap="small", min_column_width=105):
            for row in overview.reporting.to_dicts():
                _show_report(row)


def _due_sentence(communes: Any, town: Any, *, is_complete: bool) -> str:
    today, language = installation.now().date(), current_language()
    sentence = _(
        "Xã, phường báo cáo trước ngày {communes} (ngày làm việc cuối cùng: {last}); thị xã tổng hợp trước ngày {town}."
    ).format(
        communes=format_date(communes, language),
        last=format_date(last_safe_day(communes), language),
        town=format_date(town, language),
    )
    state = due_state(today, communes, None)
    if is_complete or state is Due.overdue:
        left = _("Đã hết hạn.") if state is Due.overdue and not is_complete else ""
    else:
        n = days_left(today, communes)
        left = ngettext("Còn {n} ngày.", "Còn {n} ngày.", n).format(n=n)
    return f"{sentence} **{left}**" if left else sentence


def _show_report(row: dict[str, Any]) -> None:
    with st.container(gap=None):
        st.markdown(f"**{as_written(row['name'])}**")
        color, icon = {
            "submitted": ("blue", ":material/check:"),
            "returned": ("orange", ":material/undo:"),
            "taken_back": ("orange", ":material/undo:"),
            "draft": ("orange", ":material/edit:"),
            "not_begun": ("gray", ":material/remove:"),
        }[row["state"]]
        st.badge(short_report_word(row["state"]), icon=icon, color=color)  # type: ignore[arg-type]
        st.caption(_report_note(row))


def _report_note(row: dict[str, Any]) -> str:
    """The day that counts against the deadline, and a later one where the report was submitted again."""
    if row["first_submitted_at"] is None:
        return _("{n}/{all} dòng").format(n=row["answered"], all=row["expected"])
    language = current_language()
    days = [format_date(row["first_submitted_at"].date(), language)]
    again = row["submitted_at"]
    if again and again.date() != row["first_submitted_at"].date():
        days.append(_("nộp lại {day}").format(day=format_date(again.date(), language)))
    if row["is_in_time"] is False:
        days.append(_("trễ hạn"))
    return " · ".join(days)


def show_footer(overview: Overview) -> None:
    st.caption(
        _(
            "Nguồn: báo cáo của xã, phường và phòng, ban · Tình trạng số liệu: {state} · {standing} tổng hợp"
        ).format(state=_data_state(overview), standing=_("Phòng Nội vụ - LĐTB&XH"))
    )


def _data_state(overview: Overview) -> str:
    if overview.is_empty:
        return _("chưa có số liệu")
    if waiting_communes(overview):
        return _("dự thảo, chưa đủ xã, phường")
    return _("các xã, phường đã nộp đủ, chưa duyệt")
