"""Refusals of accounts and sign-ins as sentences: what happened, and what to do."""

from __future__ import annotations

from dashboard.actions.accounts import AccountProblem
from dashboard.actions.passwords import LEAST_LENGTH, PasswordProblem
from dashboard.i18n import _


def refusal(problem: str) -> str:
    """The sentence for a code of AccountProblem or PasswordProblem."""
    return _account_sentences().get(problem) or _password_sentences()[problem]


def _password_sentences() -> dict[str, str]:
    return {
        PasswordProblem.too_short: _("Mật khẩu cần ít nhất {n} ký tự.").format(n=LEAST_LENGTH),
        PasswordProblem.is_login: _("Mật khẩu gần như là tên đăng nhập. Đề nghị chọn mật khẩu khác."),
        PasswordProblem.too_common: _(
            "Mật khẩu quá dễ đoán: từ phổ biến, phím liền nhau hoặc năm sinh. Đề nghị chọn vài từ không liên quan với nhau."
        ),
        PasswordProblem.only_digits: _(
            "Mật khẩu chỉ gồm chữ số thì dễ đoán (số điện thoại, ngày sinh). Đề nghị chọn vài từ không liên quan với nhau."
        ),
        PasswordProblem.names_only: _(
            "Mật khẩu gần như là tên người dùng hoặc tên địa phương. Đề nghị chọn vài từ không liên quan với nhau."
        ),
    }


def _account_sentences() -> dict[str, str]:
    return {
        AccountProblem.login_malformed: _(
            "Tên đăng nhập gồm 2 đến 60 chữ cái không dấu, chữ số, dấu chấm, gạch dưới hoặc gạch ngang."
        ),
        AccountProblem.login_taken: _("Tên đăng nhập này đã có người dùng."),
        AccountProblem.unknown_login: _("Không có tài khoản với tên đăng nhập này."),
        AccountProblem.name_missing: _("Chưa có họ tên của người dùng."),
        AccountProblem.role_unknown: _("Không có vai trò này."),
        AccountProblem.area_needed: _("Cán bộ xã, phường cần gắn với một xã, phường có trong kế hoạch."),
        AccountProblem.area_unwanted: _("Chỉ cán bộ xã, phường gắn với một xã, phường."),
        AccountProblem.agency_needed: _("Cán bộ phòng, ban cần gắn với một cơ quan có trong kế hoạch."),
        AccountProblem.agency_unwanted: _("Chỉ cán bộ phòng, ban gắn với một cơ quan."),
        AccountProblem.language_unknown: _("Không có ngôn ngữ này."),
        AccountProblem.last_administrator: _("Đây là quản trị duy nhất còn hoạt động, không thể khóa."),
    }


def wrong_sign_in() -> str:
    return _("Tên đăng nhập hoặc mật khẩu không đúng. Đề nghị kiểm tra rồi nhập lại.")


def too_many_attempts(minutes: int) -> str:
    return _("Đã nhập sai quá nhiều lần. Đề nghị chờ {n} phút rồi thử lại.").format(n=minutes)
