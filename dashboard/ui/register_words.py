"""The words of the two registers: states, steps, reasons, and why something was not done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.domain.play_areas import CheckAnswer, CheckResult, MapState, Reason
from dashboard.domain.recognition import Side, State, Step
from dashboard.i18n import _, pgettext
from dashboard.ui.words import shown_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.actions.errors import RulesRefused, ScoreRefused, StepRefused
    from dashboard.domain.checks import Problem


def state_word(state: str) -> str:
    return {
        State.not_registered: _("Chưa đăng ký"),
        State.registered: _("Đã đăng ký"),
        State.self_scored: _("Đã tự chấm"),
        State.appraised: _("Đã thẩm định"),
        State.recognised: _("Đã công nhận"),
        State.refused: _("Chưa đạt"),
    }[State(state)]


def step_word(step: str) -> str:
    """What the button says."""
    return {
        Step.register: _("Đăng ký"),
        Step.withdraw: _("Rút đăng ký"),
        Step.submit_scores: _("Gửi kết quả tự chấm"),
        Step.take_back: _("Rút lại để chấm tiếp"),
        Step.appraise: _("Hoàn tất thẩm định"),
        Step.reopen_appraisal: _("Mở lại thẩm định"),
        Step.recognise: _("Ghi quyết định công nhận"),
        Step.refuse: _("Ghi văn bản không công nhận"),
        Step.revoke_decision: _("Hủy kết quả đã ghi"),
    }[Step(step)]


def side_word(side: str) -> str:
    return {Side.own: _("Điểm tự chấm"), Side.appraised: _("Điểm thẩm định")}[Side(side)]


def reason_word(reason: str) -> str:
    return {
        Reason.closed: _("ngừng hoạt động"),
        Reason.under_construction: _("đang xây dựng"),
        Reason.not_open_yet: _("chưa đưa vào sử dụng"),
        Reason.check_failed: _("kiểm tra an toàn không đạt"),
        Reason.check_overdue: _("quá hạn kiểm tra an toàn"),
        Reason.never_checked: _("chưa kiểm tra an toàn"),
        Reason.check_too_old: _("lần kiểm tra gần nhất đã quá lâu"),
        Reason.too_small: _("chưa đủ diện tích hoặc chưa rõ diện tích"),
        Reason.no_equipment: _("chưa có thiết bị hoặc chưa rõ"),
        Reason.not_for_all: _("không mở cho mọi trẻ em hoặc chưa rõ"),
    }[Reason(reason)]


def reasons_sentence(reasons: Iterable[str]) -> str:
    return "; ".join(reason_word(reason) for reason in reasons)


def map_state_word(state: str) -> str:
    return {
        MapState.usable: _("dùng được"),
        MapState.to_repair: _("cần sửa"),
        MapState.stopped: _("ngừng"),
    }[MapState(state)]


def check_result_word(result: str | None) -> str:
    if result is None:
        return _("Chưa kiểm tra")
    return {
        CheckResult.passed: _("Đạt an toàn"),
        CheckResult.to_repair: _("Dùng được, cần sửa"),
        CheckResult.failed: _("Không an toàn"),
    }[CheckResult(result)]


def check_answer_word(answer: str) -> str:
    return {
        CheckAnswer.yes: pgettext("check", "Đạt"),
        CheckAnswer.no: pgettext("check", "Chưa đạt"),
        CheckAnswer.not_applicable: _("Không áp dụng"),
    }[CheckAnswer(answer)]


def known_word(known: bool | None) -> str:  # noqa: FBT001 - yes, no, or not known
    return {True: _("có"), False: _("không"), None: _("chưa rõ")}[known]


def known_choice_word(choice: str) -> str:
    return known_word({"yes": True, "no": False, "unknown": None}[choice])


def score_refusal(refused: ScoreRefused) -> str:
    sentence = {
        "closed_side": _(
            "Chưa lưu: hồ sơ đang ở bước “{state}”, nên điểm này không sửa được. Đề nghị tải lại trang."
        ),
        "maximum_unknown": _(
            "Chưa lưu: chưa biết điểm tối đa của tiêu chí này. Đề nghị quản trị nhập theo bản in của quyết định."
        ),
        "above_maximum": _("Chưa lưu: điểm tối đa của tiêu chí này là {maximum}."),
    }[refused.problem]
    params = {**refused.params}
    if "state" in params:
        params["state"] = state_word(str(params["state"]))
    return sentence.format(**params)


def step_refusal(refused: StepRefused) -> str:
    sentence = {
        "document_missing": _("Chưa thực hiện: đề nghị ghi số, ký hiệu và ngày của văn bản."),
        "date_in_future": _("Chưa thực hiện: ngày của văn bản ở sau ngày hôm nay."),
        "date_too_early": _(
            "Chưa thực hiện: ngày của văn bản ở trước ngày {earliest} của văn bản bước trước. Đề nghị xem lại ngày."
        ),
        "note_missing": _("Chưa thực hiện: đề nghị ghi lý do."),
        "maxima_missing": _(
            "Chưa thực hiện: bộ tiêu chí chưa đủ điểm tối đa. Đề nghị quản trị nhập theo bản in của quyết định."
        ),
        "scores_missing": _(
            "Chưa thực hiện: tiêu chí {numbers} chưa có điểm. Những điểm đã lưu vẫn giữ nguyên."
        ),
        "threshold_unknown": _(
            "Chưa thực hiện: chưa biết ngưỡng điểm của xã, phường này. Đề nghị chọn loại xã, phường ở trang “Quy định áp dụng”."
        ),
        "threshold_missing": _(
            "Chưa thực hiện: bộ tiêu chí này chưa có mức điểm công nhận cho loại xã, phường đã chọn."
        ),
        "conditions_not_met": _(
            "Chưa thực hiện: điểm thẩm định chưa đạt đủ ba điều kiện công nhận (xem phần “Còn thiếu gì”)."
        ),
        "state_changed": _(
            "Chưa thực hiện: hồ sơ vừa được người khác chuyển sang bước “{state}”. Đề nghị xem lại rồi chọn tiếp."
        ),
    }[refused.problem]
    params = {**refused.params}
    if "state" in params:
        params["state"] = state_word(str(params["state"]))
    if "earliest" in params:
        params["earliest"] = shown_value(params["earliest"])
    if "numbers" in params:
        params["numbers"] = ", ".join(map(str, params["numbers"]))  # type: ignore[call-overload]
    return sentence.format(**params)


def rules_refusal(refused: RulesRefused) -> str:
    sentence = {
        "in_use": _(
            "Chưa lưu: đã có kết quả thẩm định theo bộ tiêu chí này, nên điểm tối đa không đổi được nữa."
        ),
        "wrong_sum": _(
            "Chưa lưu: các điểm tối đa cộng lại là {sum}, trong khi tổng điểm của quyết định là {total}."
        ),
        "below_scores": _(
            "Chưa lưu: tiêu chí {number} đã có xã, phường chấm {highest} điểm, cao hơn điểm tối đa vừa nhập."
        ),
        "least_above_maximum": _("Chưa lưu: điểm tối thiểu của tiêu chí {number} lớn hơn điểm tối đa."),
        "points_not_positive": _("Chưa lưu: điểm tối đa, tối thiểu của tiêu chí {number} phải lớn hơn 0."),
        "round_taken": _("Chưa thêm: năm {year} đã có kỳ đánh giá theo bộ tiêu chí khác."),
        "set_not_in_force": _("Chưa thêm: bộ tiêu chí này không có hiệu lực vào tháng 11 năm {year}."),
        "class_unknown": _("Chưa lưu: không có loại xã, phường này trong bộ tiêu chí."),
        "changed_meanwhile": _(
            "Chưa lưu: người khác vừa thay đổi mục này. Đề nghị tải lại trang rồi nhập lại."
        ),
    }[refused.problem]
    return sentence.format(**{name: shown_value(value) for name, value in refused.params.items()})


def place_problem(problem: Problem) -> str:
    """The sentence for a problem of dashboard.domain.play_areas or of the actions on the register."""
    sentence = {
        "name_missing": _("Chưa có tên."),
        "position_half": _("Vị trí cần cả vĩ độ và kinh độ."),
        "position_impossible": _("Vĩ độ phải trong khoảng −90 đến 90, kinh độ −180 đến 180."),
        "position_swapped": _(
            "Vĩ độ và kinh độ bị đổi chỗ: đổi lại thì vị trí nằm trong {commune}. Đề nghị ghi vĩ độ trước, kinh độ sau."
        ),
        "position_far": _(
            "Vị trí này cách {commune} khoảng {km} km. Đề nghị xem lại vĩ độ, kinh độ: có thể thiếu hoặc thừa một chữ số."
        ),
        "size_impossible": _("Diện tích phải từ 1 đến {largest} m²."),
        "year_impossible": _("Năm {year} không hợp lý."),
        "age_impossible": _("Độ tuổi phải từ 0 đến {oldest}."),
        "equipment_impossible": _("Số thiết bị phải từ 0 đến {most}."),
        "children_impossible": _("Số trẻ em phải từ 0 đến {most}."),
        "too_long": _("“{text}…” dài quá {longest} chữ."),
        "ages_reversed": _("Tuổi từ lớn hơn tuổi đến."),
        "quarter_elsewhere": _("Thôn, khu phố này không thuộc xã, phường đã chọn."),
        "quarter_ended": _("“{name}” không còn là thôn, khu phố. Đề nghị chọn nơi khác."),
        "namesake": _(
            "Xã, phường này đã có “{name}” ({codes}). Nếu là điểm đó, đề nghị sửa điểm mang mã ấy; "
            "nếu là điểm khác, đề nghị ghi tên khác."
        ),
        "quarter_has_places": _(
            "Còn điểm vui chơi đang dùng thuộc thôn, khu phố này: {codes}. "
            "Đề nghị chuyển các điểm đó sang thôn, khu phố khác trước."
        ),
        "quarter_taken": _("Xã, phường này đã có “{name}”."),
        "inspector_missing": _("Chưa ghi người, đoàn kiểm tra."),
        "date_in_future": _("Ngày đã ghi ở sau ngày hôm nay."),
        "due_before_check": _("Hạn kiểm tra tiếp theo phải sau ngày kiểm tra."),
        "essential_missing": _("Có {number} mục bắt buộc chưa đạt, nên kết quả phải là “Không an toàn”."),
        "essential_unanswered": _(
            "Còn {number} mục bắt buộc chưa được trả lời: khi đó chỉ ghi được kết quả “Không an toàn”."
        ),
        "essential_excused": _(
            "Có {number} mục bắt buộc của hồ bơi, bể bơi ghi “Không áp dụng”. Đề nghị trả lời “Đạt” hoặc “Chưa đạt”."
        ),
        "reason_missing": _("Chưa ghi lý do."),
        "before_reopening": _("Ngày ngừng ở trước ngày hoạt động lại gần nhất."),
        "before_closing": _("Ngày hoạt động lại ở trước ngày ngừng."),
        "standard_impossible": _(
            "Các mức của tiêu chuẩn không hợp lý: diện tích từ 1 m², kiểm tra trong 1 đến 120 tháng."
        ),
    }[problem.code]
    return sentence.format(**{name: shown_value(value) for name, value in problem.params.items()})


def place_problems(problems: Iterable[Problem]) -> str:
    return " ".join(
        (_("Chưa lưu; những gì đã nhập vẫn còn trên trang."), *(place_problem(each) for each in problems))
    )
