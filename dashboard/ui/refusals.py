"""Why an action was refused, in sentences: one place for every form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dashboard.actions.errors import (
    ActionRefused,
    FigureRefused,
    NotAllowed,
    PlaceConflict,
    PlaceRefused,
    ReportIncomplete,
    ReportLocked,
    RulesRefused,
    ScoreRefused,
    StepRefused,
)
from dashboard.clock import local
from dashboard.domain.numbers import format_moment
from dashboard.i18n import _, current_language
from dashboard.ui.opened import Refused
from dashboard.ui.register_words import place_problems, rules_refusal, score_refusal, step_refusal
from dashboard.ui.words import problem_sentence

if TYPE_CHECKING:
    from collections.abc import Callable


def refusal(refused: ActionRefused, forbidden: str = "") -> Refused:
    """The note for `refused`; `forbidden` is the form's own sentence for an account without the right."""
    if isinstance(refused, FigureRefused):
        asks = all(problem.severity == "ask_reason" for problem in refused.problems)
        return Refused(tuple(problem_sentence(problem) for problem in refused.problems), asks)
    if isinstance(refused, NotAllowed) and forbidden:
        return Refused((forbidden,))
    return Refused((SENTENCES.get(type(refused), _changed_meanwhile)(refused),))


def _changed_meanwhile(_refused: ActionRefused) -> str:
    return _("Chưa lưu: nội dung này vừa được người khác cập nhật. Đề nghị xem lại rồi làm lại.")


def _not_allowed(_refused: NotAllowed) -> str:
    return _("Chưa lưu: tài khoản này không được làm việc này.")


def _locked(_refused: ReportLocked) -> str:
    return _("Báo cáo của kỳ này đã gửi. Muốn sửa, đề nghị rút báo cáo lại trước.")


def _incomplete(refused: ReportIncomplete) -> str:
    return _(
        "Chưa gửi. Còn chỉ tiêu chưa trả lời đủ: {missing}. Số đã nhập vẫn giữ nguyên; "
        "đề nghị nhập tiếp hoặc chọn “Chưa có”."
    ).format(missing=", ".join(refused.missing))


def _place_changed(refused: PlaceConflict) -> str:
    when = format_moment(local(refused.at), current_language())
    return _("Chưa lưu: {who} vừa sửa nội dung này lúc {when}. Đề nghị xem lại rồi làm lại.").format(
        who=refused.by, when=when
    )


SENTENCES: Final[dict[type[ActionRefused], Callable[[Any], str]]] = {
    NotAllowed: _not_allowed,
    PlaceRefused: lambda refused: place_problems(refused.problems),
    PlaceConflict: _place_changed,
    RulesRefused: rules_refusal,
    ScoreRefused: score_refusal,
    StepRefused: step_refusal,
    ReportLocked: _locked,
    ReportIncomplete: _incomplete,
}
