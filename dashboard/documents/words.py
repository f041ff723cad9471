"""Codes of the registers as words in the language of the reader. The same words are read back from sheets."""

from __future__ import annotations

from dashboard.domain.play_areas import Condition, Funding, PlayKind
from dashboard.i18n import _


def kind_word(kind: str) -> str:
    return {
        PlayKind.playground: _("Sân chơi trẻ em"),
        PlayKind.children_park: _("Khu vui chơi, giải trí thiếu nhi"),
        PlayKind.culture_house: _("Nhà văn hóa có khu trẻ em"),
        PlayKind.sports_ground: _("Khu thể thao thôn, sân thể thao"),
        PlayKind.community_centre: _("Trung tâm văn hóa, thể thao – học tập cộng đồng"),
        PlayKind.children_house: _("Nhà Thiếu nhi"),
        PlayKind.park: _("Công viên, hoa viên"),
        PlayKind.pool: _("Hồ bơi cố định"),
        PlayKind.mobile_pool: _("Bể bơi di động"),
        PlayKind.library: _("Thư viện, tủ sách"),
        PlayKind.school_yard: _("Sân trường mở cửa ngoài giờ"),
        PlayKind.private: _("Cơ sở tư nhân, xã hội hóa"),
    }[PlayKind(kind)]


def condition_word(condition: str) -> str:
    return {
        Condition.good: _("Tốt"),
        Condition.needs_repair: _("Cần sửa chữa"),
        Condition.degraded: _("Xuống cấp"),
        Condition.under_construction: _("Đang xây dựng"),
    }[Condition(condition)]


def funding_word(funding: str) -> str:
    return {
        Funding.budget: _("Ngân sách"),
        Funding.social: _("Xã hội hóa"),
        Funding.mixed: _("Kết hợp"),
    }[Funding(funding)]
