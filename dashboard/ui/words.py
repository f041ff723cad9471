"""Codes of the rules turned into words and sentences for people. One vocabulary for screens and exports."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from dashboard.domain.answers import Answer
from dashboard.domain.folding import with_unseen_named
from dashboard.domain.numbers import NumberProblem, NumberRefused, format_date, format_number
from dashboard.domain.small_counts import Mask
from dashboard.domain.status import Status
from dashboard.i18n import _, current_language, pgettext

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dashboard.domain.checks import Problem


# Of what was typed or pasted: enough to know it again.
MOST_SHOWN = 60


def status_word(status: str) -> str:
    return {
        Status.met: _("Đạt"),
        Status.near: _("Gần đạt"),
        Status.off: _("Chưa đạt"),
        Status.not_reported: _("Chưa nộp"),
        Status.no_figure: _("Chưa có số liệu"),
        Status.masked: _("Số nhỏ, không nêu"),
        Status.nil: _("Không phát sinh"),
        Status.not_applicable: _("Không áp dụng"),
        Status.incomplete: _("Chưa đủ số liệu"),
        Status.no_baseline: _("Chưa có kỳ so sánh"),
        Status.no_target: _("Chỉ theo dõi"),
    }[Status(status)]


def answer_word(answer: str) -> str:
    return {
        Answer.figure: _("Có số liệu"),
        Answer.nil: _("Không phát sinh"),
        Answer.not_applicable: _("Không áp dụng"),
        Answer.not_reported: _("Chưa có số liệu"),
    }[Answer(answer)]


def period_word(part: str) -> str:
    return {"half": _("6 tháng"), "year": _("Cả năm")}[part]


def period_name(year: int, part: str) -> str:
    if part == "half":
        return _("6 tháng đầu năm {year}").format(year=year)
    return _("cả năm {year}").format(year=year)


def report_word(state: str) -> str:
    return {
        "submitted": _("Đã nộp"),
        "returned": _("Trả lại, chờ chỉnh sửa"),
        "taken_back": _("Đã rút lại để chỉnh sửa"),
        "draft": _("Đang nhập"),
        "not_begun": _("Chưa nhập"),
    }[state]


def short_report_word(state: str) -> str:
    """For a seventh of the page, where the longer words end in dots."""
    return {"returned": _("Đã trả lại"), "taken_back": _("Đã rút lại")}.get(state) or report_word(state)


def state_words(row: Mapping[str, Any]) -> str:
    """The state of a cell of an overview: "Đạt", or "Đạt, tạm tính"."""
    word = status_word(row["status"])
    return _("{state}, tạm tính").format(state=word) if row["is_provisional"] else word


def state_note(figure_state: str | None) -> str:
    """How final a figure is, for tooltips and tables; empty where nobody answered."""
    if figure_state is None:
        return ""
    return {
        "submitted": _("đã nộp"),
        "draft": _("tạm tính: báo cáo chưa nộp"),
        "register": _("tính từ sổ theo dõi"),
    }[figure_state]


def mask_word(mask: str) -> str:
    """What stands in the place of a number that this reader is not shown."""
    return {Mask.small: _("dưới 5"), Mask.other: _("không nêu")}[Mask(mask)]


def role_word(role: str) -> str:
    return {
        "viewer": _("Lãnh đạo"),
        "commune_officer": _("Cán bộ xã, phường"),
        "agency_officer": _("Cán bộ phòng, ban"),
        "town_officer": _("Cán bộ tổng hợp"),
        "administrator": _("Quản trị"),
    }[role]


def certainty_note(certainty: str) -> str:
    """Empty for what was read in its source; a visible warning for everything else."""
    if certainty == "quoted":
        return ""
    return {
        "computed": _("tính từ số liệu công khai, cần đối chiếu"),
        "inferred": _("suy ra từ kế hoạch, cần đối chiếu"),
        "recalled": _("chưa thấy văn bản, cần đối chiếu"),
        "not_found": _("chưa tìm thấy văn bản, cần đối chiếu"),
    }[certainty]


@contextmanager
def naming_field(heading: str) -> Iterator[None]:
    """A number refused within is refused by its field: one line at a form's end speaks of many."""
    try:
        yield
    except NumberRefused as refused:
        refused.heading = heading
        raise


def number_refusal(refused: NumberRefused) -> str:
    """What was typed, that it was not saved, and what to type instead."""
    text = with_unseen_named(refused.text.strip())[:MOST_SHOWN]
    reason = {
        NumberProblem.empty: _("Ô này chưa có số."),
        NumberProblem.not_a_number: _("“{text}” không phải là số."),
        NumberProblem.negative: _("“{text}” là số âm; số liệu không được nhỏ hơn 0."),
        NumberProblem.ambiguous: _(
            "“{text}” chưa rõ là số nào{readings}. "
            "Dấu chấm chỉ dùng để phân cách hàng nghìn (1.234), dấu phẩy cho phần thập phân (12,5)."
        ),
        NumberProblem.too_many_decimals: _("“{text}” có quá nhiều chữ số thập phân."),
        NumberProblem.too_large: _("“{text}” quá lớn, có thể thừa chữ số."),
        NumberProblem.not_whole: _("“{text}” có phần thập phân; ô này chỉ nhận số nguyên."),
        NumberProblem.not_a_position: _(
            "“{text}” không phải vị trí. Đề nghị ghi vĩ độ, kinh độ, ví dụ 11,8359 và 107,0335, "
            "hoặc dán cả cặp “11.8359, 107.0335” chép từ bản đồ."
        ),
        NumberProblem.link_without_position: _(
            "“{text}” không chứa vĩ độ, kinh độ. Đề nghị mở đường dẫn đó rồi chép tọa độ của điểm trên bản đồ."
        ),
        NumberProblem.two_positions: _(
            "Hai ô ghi hai vị trí khác nhau. Đề nghị xóa một ô rồi dán lại cả cặp “{text}”."
        ),
    }[refused.problem]
    readings = " (" + _(" hay ").join(refused.reading) + "?)" if refused.reading else ""
    sentence = reason.format(text=text, readings=readings)
    return f"{refused.heading}: {sentence}" if refused.heading else sentence


def problem_sentence(problem: Problem, upper: str = "", lower: str = "") -> str:
    """The sentence for a check of dashboard.domain.checks; numbers in the language of the screen.

    `upper` and `lower` are what the form calls the two numbers of a ratio: it asks nobody for a numerator.
    """
    sentence = {
        "numerator_above_denominator": _("“{upper}” ({numerator}) lớn hơn “{lower}” ({denominator})."),
        "negative": _("Số liệu không được nhỏ hơn 0."),
        "yes_no_only": _("Chỉ tiêu này chỉ nhận Có hoặc Chưa."),
        "values_without_answer": _("Đã chọn không có số liệu thì không nhập số."),
        "year_below_half": _("Số cả năm {year} nhỏ hơn số 6 tháng {half} đã nhập."),
        "half_above_year": _("Số 6 tháng {half} lớn hơn số cả năm {year} đã nhập."),
        "subset_above_whole": _("Số của nhóm {subset} lớn hơn tổng số {whole}."),
        "whole_below_subset": _("Tổng số {whole} nhỏ hơn số của một nhóm {subset}."),
        "jump": _(
            "{value} khác nhiều so với cùng kỳ năm trước ({last}). Đề nghị kiểm tra, nếu đúng thì ghi lý do."
        ),
        "zero_denominator": _(
            "“{lower}” bằng 0. Nếu không có trường hợp nào, đề nghị chọn “Không phát sinh”."
        ),
        "submitted": _("Báo cáo đã gửi. Muốn sửa số liệu, đề nghị ghi lý do."),
        "numerator_missing": _("Chưa lưu, còn thiếu: {upper}"),
        "denominator_missing": _("Chưa lưu, còn thiếu: {lower}"),
        "denominator_unwanted": _("Chỉ tiêu này chỉ có một số, không có mẫu số."),
        "sum_line": _("Dòng này được cộng từ các dòng thành phần, không nhập tay."),
        "commune_line": _("Chỉ tiêu này do từng xã, phường báo cáo, không nhập cho cấp trên."),
        "town_line": _("Chỉ tiêu này chỉ báo cáo chung của toàn thị xã, không nhập cho xã, phường."),
        "area_outside": _("Xã, phường này không thuộc kế hoạch."),
        "area_ended": _("Xã, phường này không tồn tại trong kỳ báo cáo đã chọn."),
        "not_begun": _("Kỳ báo cáo này chưa bắt đầu."),
        "derived": _(
            "Chỉ tiêu này được tính từ sổ điểm vui chơi hoặc hồ sơ đăng ký, không nhập tay. Đề nghị cập nhật ở đó."
        ),
    }[problem.code]
    names = {"upper": upper or _("Tử số"), "lower": lower or _("Mẫu số")}
    return sentence.format(**names, **{name: shown_value(value) for name, value in problem.params.items()})


def shown_value(value: object) -> str:
    if isinstance(value, date):
        return format_date(value, current_language())
    return format_number(value, language=current_language()) if isinstance(value, int) else str(value)


def yes_no(numerator: int | None) -> str:
    return pgettext("answer", "Có") if numerator else pgettext("answer", "Chưa")
