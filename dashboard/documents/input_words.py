"""Why a single value was not taken, in words: which one it is, what is wrong with it, what to do."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from dashboard.domain.numbers import format_date, format_number
from dashboard.domain.refusals import InputProblem
from dashboard.i18n import _, current_language

if TYPE_CHECKING:
    from dashboard.domain.refusals import InputRefused


def input_sentence(refused: InputRefused) -> str:
    """The whole sentence; what was typed is not shown again, because it may be anything at all."""
    why = _reason(refused.problem).format(
        **{name: _shown(value) for name, value in refused.params.items() if name != "text"}
    )
    return _("Chưa lưu: {what} {why}").format(what=_what(refused.name), why=why)


def _reason(problem: InputProblem) -> str:
    return {
        InputProblem.not_whole: _("phải là số nguyên. Đề nghị xem lại rồi nhập lại."),
        InputProblem.not_a_number: _("phải là số. Đề nghị xem lại rồi nhập lại."),
        InputProblem.out_of_range: _("phải từ {least} đến {most}. Đề nghị xem lại rồi nhập lại."),
        InputProblem.not_text: _("phải là chữ. Đề nghị xem lại rồi nhập lại."),
        InputProblem.missing: _("còn để trống. Đề nghị ghi rồi lưu lại."),
        InputProblem.too_long: _("dài quá {longest} chữ. Đề nghị rút ngắn rồi lưu lại."),
        InputProblem.unwritable: _("có ký tự không ghi được. Đề nghị xóa chỗ đó, gõ lại rồi lưu lại."),
        InputProblem.not_a_day: _("phải là một ngày. Đề nghị xem lại rồi nhập lại."),
        InputProblem.day_out_of_range: _("phải là ngày từ {first} đến {last}. Đề nghị xem lại rồi nhập lại."),
        InputProblem.not_a_choice: _("không có trong danh mục. Đề nghị chọn lại."),
        InputProblem.not_yes_no: _("chỉ nhận có hoặc không. Đề nghị chọn lại."),
        InputProblem.not_a_form: _(
            "không đúng dạng mà hệ thống đọc được. Đề nghị tải lại trang rồi làm lại."
        ),
        InputProblem.too_many: _("nhiều quá {most}. Đề nghị chia nhỏ rồi làm lại."),
        InputProblem.unknown: _("không có trong hệ thống. Đề nghị tải lại trang rồi chọn lại."),
        InputProblem.no_report: _("không thuộc diện phải gửi báo cáo này. Đề nghị chọn lại."),
        InputProblem.not_begun: _("chưa bắt đầu. Đề nghị chọn lại."),
        InputProblem.other_attempt: _(
            "đã được dùng cho một lần lưu khác. Đề nghị tải lại trang rồi làm lại."
        ),
    }[problem]


def _what(name: str) -> str:
    known = {
        "numerator": _("tử số"),
        "denominator": _("mẫu số"),
        "answer": _("câu trả lời"),
        "reason": _("lý do"),
        "points": _("số điểm"),
        "maximum": _("điểm tối đa"),
        "least": _("điểm tối thiểu"),
        "evidence": _("minh chứng"),
        "note": _("ghi chú"),
        "notes": _("ghi chú"),
        "number": _("số, ký hiệu văn bản"),
        "date": _("ngày văn bản"),
        "document": _("văn bản"),
        "day": _("ngày"),
        "checked_on": _("ngày kiểm tra"),
        "next_due": _("hạn kiểm tra lại"),
        "checked_by": _("người, đoàn kiểm tra"),
        "valid_from": _("ngày áp dụng"),
        "data_as_of": _("ngày chốt số liệu"),
        "year": _("năm"),
        "name": _("tên"),
        "address": _("địa chỉ"),
        "children": _("số trẻ em"),
        "latitude": _("vĩ độ"),
        "longitude": _("kinh độ"),
        "area_m2": _("diện tích"),
        "opened_year": _("năm đưa vào sử dụng"),
        "equipment_count": _("số thiết bị"),
        "caption": _("chú thích ảnh"),
        "source": _("nguồn của tệp"),
        "content": _("tệp ranh giới"),
        "walking_m": _("khoảng cách đi bộ"),
        "min_area_m2": _("diện tích ít nhất"),
        "max_check_age_months": _("thời hạn kiểm tra"),
        "login": _("tên đăng nhập"),
        "password": _("mật khẩu"),
        "role": _("vai trò"),
        "language": _("ngôn ngữ"),
        "places": _("danh sách"),
        "commune_class": _("loại xã, phường"),
        "token": _("mã của lần lưu này"),
        "area_id": _("xã, phường"),
        "quarter_id": _("thôn, khu phố"),
        "quarter": _("thôn, khu phố"),
        "place_id": _("điểm vui chơi"),
        "photo_id": _("ảnh"),
        "period_id": _("kỳ báo cáo"),
        "split_id": _("chỉ tiêu"),
        "round_id": _("kỳ đánh giá"),
        "criterion_id": _("tiêu chí"),
    }
    return known.get(name) or _("dữ liệu gửi đến")


def _shown(value: object) -> str:
    if isinstance(value, date):
        return format_date(value, current_language())
    return format_number(value, language=current_language()) if isinstance(value, int) else str(value)
