"""The columns of the register of play areas as an Excel file, and their headings."""

from __future__ import annotations

from typing import Final

from dashboard.documents.headings import heading_key
from dashboard.i18n import LANGUAGES, _, in_language

MOST_ROWS: Final = 5000
REQUIRED: Final = ("name", "kind", "commune")
COORDINATES: Final = ("latitude", "longitude")
# Which state of the place the row was made from: what a colleague wrote since is not to be written over unseen.
VERSION: Final = "version"


def column_headings() -> dict[str, str]:
    """Field -> heading in the language of the reader, in the order of the sheet."""
    return {
        "code": _("Mã"),
        "name": _("Tên"),
        "kind": _("Loại"),
        "commune": _("Xã, phường"),
        "quarter": _("Thôn, khu phố"),
        "address": _("Địa chỉ"),
        "latitude": _("Vĩ độ"),
        "longitude": _("Kinh độ"),
        "area_m2": _("Diện tích (m²)"),
        "opened_year": _("Năm đưa vào sử dụng"),
        "funding": _("Nguồn vốn"),
        "manager": _("Đơn vị quản lý"),
        "equipment_count": _("Số thiết bị"),
        "equipment_condition": _("Tình trạng thiết bị"),
        "equipment_note": _("Ghi chú thiết bị"),
        "is_free": _("Miễn phí"),
        "opening_hours": _("Giờ mở cửa"),
        "age_from": _("Từ tuổi"),
        "age_to": _("Đến tuổi"),
        "is_open_to_all": _("Mở cho mọi trẻ em"),
        "is_accessible": _("Trẻ khuyết tật tiếp cận được"),
        "has_shade": _("Bóng mát"),
        "has_toilet": _("Nhà vệ sinh"),
        "has_water": _("Nước sạch"),
        "has_drowning_prevention": _("Nội dung phòng, chống đuối nước"),
        "condition": _("Tình trạng"),
        "notes": _("Ghi chú"),
        VERSION: _("Phiên bản"),
    }


COLUMNS: Final = tuple(column_headings())


def heading_keys() -> dict[str, list[str]]:
    """Field -> how its heading may be written, in any language."""
    keys: dict[str, list[str]] = {name: [] for name in column_headings()}
    for language in LANGUAGES:
        with in_language(language):
            for name, heading in column_headings().items():
                keys[name].append(heading_key(heading))
    return keys


def required_headings() -> list[list[str]]:
    """For each column that must be there all writings of its heading: by them the sheet is chosen (see workbook)."""
    keys = heading_keys()
    return [keys[name] for name in REQUIRED]
