"""What stands between a commune and recognition, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.domain.numbers import format_number
from dashboard.domain.status import Status
from dashboard.i18n import _, current_language
from dashboard.ui.words import certainty_note

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboard.domain.recognition import Verdict
    from dashboard.domain.shortest_path import Improvement
    from dashboard.views.recognition import CommuneWay


def total_label(verdict: Verdict) -> str:
    """ "812 / 850", or the total alone where the threshold is not known; no score at all is no zero."""
    total = format_number(verdict.total, language=current_language()) if verdict.scored else "–"
    if verdict.threshold is None:
        return total
    return f"{total} / {format_number(verdict.threshold, language=current_language())}"


def partly_scored(scored: int, criteria: int) -> str:
    """Beside a total that is not the whole; empty where every criterion has a score, or none has."""
    if scored in (0, criteria):
        return ""
    return _("mới chấm {n}/{all}").format(n=scored, all=criteria)


def total_with_note(verdict: Verdict) -> str:
    note = partly_scored(verdict.scored, verdict.scored + len(verdict.unscored))
    return f"{total_label(verdict)} ({note})" if note else total_label(verdict)


def verdict_status(verdict: Verdict) -> Status:
    """The one vocabulary of states: open while a condition is, for want of scores or of a threshold."""
    if verdict.is_met is None:
        return Status.incomplete
    return Status.met if verdict.is_met else Status.off


def conditions(verdict: Verdict) -> tuple[tuple[str, bool | None], ...]:
    """The three conditions of Decision 06, each with whether it holds (None: still open)."""
    threshold = (
        "…" if verdict.threshold is None else format_number(verdict.threshold, language=current_language())
    )
    return (
        (_("Đạt đủ các tiêu chí"), verdict.all_met),
        (_("Không có tiêu chí 0 điểm"), verdict.none_zero),
        (_("Tổng điểm từ {threshold} trở lên").format(threshold=threshold), verdict.is_enough),
    )


def condition_line(text: str, *, holds: bool | None) -> str:
    symbol, word = {
        True: ("✓", _("đạt")),
        False: ("✕", _("chưa đạt")),
        None: ("…", _("chưa đủ cơ sở để xét")),
    }[holds]
    return f"{symbol} {text}: {word}"


def missing_sentences(verdict: Verdict, names: Mapping[int, str]) -> list[str]:
    """What still fails and why; empty where nothing does."""
    found = []
    if verdict.points_missing:
        missing = format_number(verdict.points_missing, language=current_language())
        found.append(_("còn thiếu {n} điểm").format(n=missing))
    for numbers, sentence in (
        (verdict.zero, _("0 điểm: {criteria}")),
        (verdict.unmet, _("dưới mức tối thiểu: {criteria}")),
    ):
        if numbers:
            found.append(sentence.format(criteria="; ".join(_named(numbers, names))))
    if verdict.threshold is None:
        found.append(_("chưa có ngưỡng điểm"))
    if verdict.unscored:
        listed = ", ".join(map(str, verdict.unscored))
        found.append(_("chưa chấm: tiêu chí {criteria}").format(criteria=listed))
    return found


def threshold_note(commune: CommuneWay) -> str:
    """The class that the threshold goes by, and what of it is still to be looked up."""
    if not commune.class_name:
        return _("chưa chọn loại xã, phường")
    doubts = (commune.class_certainty, commune.threshold_certainty)
    notes = dict.fromkeys(certainty_note(each) for each in doubts if each and each != "quoted")
    return f"{commune.class_name} ({'; '.join(notes)})" if notes else commune.class_name


def _named(numbers: Sequence[int], names: Mapping[int, str]) -> list[str]:
    return [f"{number} {names.get(number, '')}".strip() for number in numbers]


def path_sentence(path: Sequence[Improvement] | None, names: Mapping[int, str]) -> str:
    """The shortest path as something to do; says so where there is none or where it cannot be told."""
    if path is None:
        return _("chưa xác định được")
    if not path:
        return _("không phải nâng tiêu chí nào")
    return "; ".join(
        _("tiêu chí {number} ({name}): từ {points} lên {target}").format(
            number=step.number, name=names.get(step.number, ""), points=step.points, target=step.target
        )
        for step in path
    )


def path_in_short(path: Sequence[Improvement] | None) -> str:
    """The same for a table of all communes, where the criteria's names stand above."""
    if not path:
        return path_sentence(path, {})
    return "; ".join(
        _("TC {number}: {points} → {target}").format(
            number=step.number, points=step.points, target=step.target
        )
        for step in path
    )
