"""Why an action was refused, in sentences: one place for every form."""

from __future__ import annotations

from functools import singledispatch

from dashboard.actions.errors import (
    AccountConflict,
    AccountRefused,
    ActionRefused,
    Conflict,
    FigureRefused,
    InputRefused,
    NotAllowed,
    PhotoConflict,
    PlaceRefused,
    ReportConflict,
    ReportHasEmptyLines,
    ReportIncomplete,
    ReportLocked,
    ReturnNeedsReason,
    RulesRefused,
    ScoreRefused,
    SignInRefused,
    StepRefused,
    TurnConflict,
)
from dashboard.clock import local
from dashboard.documents.input_words import input_sentence
from dashboard.domain.numbers import format_date, format_moment
from dashboard.i18n import _, current_language, ngettext
from dashboard.ui.opened import Refused
from dashboard.ui.register_words import place_problems, rules_refusal, score_refusal, step_refusal
from dashboard.ui.words import problem_sentence


def refusal(refused: ActionRefused, forbidden: str = "") -> Refused:
    """The note for `refused`; `forbidden` is the form's own sentence for an account without the right."""
    if isinstance(refused, FigureRefused):
        return figure_refusal(refused)
    if isinstance(refused, NotAllowed) and forbidden:
        return Refused((forbidden,))
    return Refused((refusal_sentence(refused),))


def figure_refusal(refused: FigureRefused, upper: str = "", lower: str = "") -> Refused:
    """The note for a figure; `upper` and `lower` as the form calls its two numbers."""
    asks = all(problem.severity == "ask_reason" for problem in refused.problems)
    return Refused(tuple(problem_sentence(problem, upper, lower) for problem in refused.problems), asks)


@singledispatch
def refusal_sentence(_refused: ActionRefused) -> str:
    """The sentence by the kind of refusal. Conflicts answer with who, when and what stands where they know it."""
    return _("Chưa lưu: nội dung này vừa được người khác cập nhật. Đề nghị xem lại rồi làm lại.")


@refusal_sentence.register
def _input(refused: InputRefused) -> str:
    return input_sentence(refused)


@refusal_sentence.register
def _score(refused: ScoreRefused) -> str:
    return score_refusal(refused)


@refusal_sentence.register
def _step(refused: StepRefused) -> str:
    return step_refusal(refused)


@refusal_sentence.register
def _rules(refused: RulesRefused) -> str:
    return rules_refusal(refused)


@refusal_sentence.register
def _not_allowed(_refused: NotAllowed) -> str:
    return _("Chưa lưu: tài khoản này không được làm việc này.")


@refusal_sentence.register
def _figure(refused: FigureRefused) -> str:
    return " ".join(problem_sentence(problem) for problem in refused.problems)


@refusal_sentence.register
def _place(refused: PlaceRefused) -> str:
    return place_problems(refused.problems)


@refusal_sentence.register
def _locked(_refused: ReportLocked) -> str:
    return _("Báo cáo của kỳ này đã gửi. Muốn sửa, đề nghị rút báo cáo lại trước.")


@refusal_sentence.register
def _incomplete(_refused: ReportIncomplete) -> str:
    """The form names the lines below it: it knows their words."""
    return _(
        "Chưa nộp. Các dòng sau chưa trả lời đủ; số đã nhập vẫn giữ nguyên. Đề nghị nhập tiếp hoặc chọn "
        "“Chưa có số liệu”:"
    )


@refusal_sentence.register
def _has_empty_lines(refused: ReportHasEmptyLines) -> str:
    n = len(refused.empty)
    return ngettext(
        "Chưa nộp: còn {n} mục chưa nhập. Đề nghị xem lại rồi xác nhận.",
        "Chưa nộp: còn {n} mục chưa nhập. Đề nghị xem lại rồi xác nhận.",
        n,
    ).format(n=n)


@refusal_sentence.register
def _report_changed(_refused: ReportConflict) -> str:
    return _("Chưa thực hiện: báo cáo vừa được người khác cập nhật. Đề nghị xem lại trạng thái ở trên.")


@refusal_sentence.register
def _needs_reason(_refused: ReturnNeedsReason) -> str:
    return _("Chưa trả lại: đề nghị ghi rõ nội dung cần chỉnh sửa để xã, phường biết.")


@refusal_sentence.register(AccountRefused)
@refusal_sentence.register(SignInRefused)
def _account(_refused: ActionRefused) -> str:
    return _("Chưa thực hiện: tài khoản không thay đổi được như vậy. Đề nghị xem lại.")


@refusal_sentence.register
def _changed(refused: Conflict) -> str:
    return _("Chưa lưu: {who} vừa sửa nội dung này lúc {when}. Đề nghị xem lại rồi làm lại.").format(
        **_who_and_when(refused)
    )


@refusal_sentence.register
def _account_changed(refused: AccountConflict) -> str:
    stands = _("đang bị khóa") if refused.stands["disabled"] else _("đang dùng được")
    return _(
        "Chưa thực hiện: {who} đã thay đổi tài khoản này lúc {when}; tài khoản {stands}. Đề nghị xem lại rồi làm lại."
    ).format(stands=stands, **_who_and_when(refused))


@refusal_sentence.register
def _photo(refused: PhotoConflict) -> str:
    if refused.stands["is_hidden"]:
        return _(
            "Chưa lưu: {who} đã gỡ ảnh này lúc {when}. Nếu vẫn cần đưa lại, đề nghị bấm lưu một lần nữa."
        ).format(**_who_and_when(refused))
    return _("Chưa lưu: ảnh này đang có ở đây, do {who} đưa lên lúc {when}, chú thích “{caption}”.").format(
        caption=refused.stands["caption"], **_who_and_when(refused)
    )


@refusal_sentence.register
def _turned(refused: TurnConflict) -> str:
    """Whose day and reason stand; those of the second person stay in the form."""
    stands, words = refused.stands, _who_and_when(refused)
    if not stands:
        return _("Chưa lưu: điểm này đang hoạt động. Đề nghị tải lại trang.")
    if stands["reopened_on"] is None:
        return _(
            "Chưa lưu: {who} đã ghi lúc {when} là điểm này ngừng hoạt động từ ngày {day}{reason}. "
            "Ngày và lý do vừa nhập chưa được ghi; đề nghị xem lại rồi ghi lại nếu cần."
        ).format(**_day_and_reason(stands["closed_on"], stands["reason"]), **words)
    return _(
        "Chưa lưu: {who} đã ghi lúc {when} là điểm này hoạt động lại từ ngày {day}{reason}. "
        "Ngày và lý do vừa nhập chưa được ghi; đề nghị xem lại rồi ghi lại nếu cần."
    ).format(**_day_and_reason(stands["reopened_on"], stands["reopened_reason"]), **words)


def _day_and_reason(day: object, reason: object) -> dict[str, str]:
    suffix = _(", lý do: “{reason}”").format(reason=reason) if reason else ""
    return {"day": format_date(day, current_language()), "reason": suffix}  # type: ignore[arg-type]


def _who_and_when(refused: Conflict) -> dict[str, str]:
    who = refused.by or _("hệ thống")
    return {"who": who, "when": format_moment(local(refused.at), current_language())}
