"""Why a file was refused: what happened, what was kept, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.documents.play_sheet import column_headings
from dashboard.i18n import _
from dashboard.ui.words import shown_value

if TYPE_CHECKING:
    from dashboard.documents.cells import SheetRefused
    from dashboard.documents.outlines import OutlinesRefused
    from dashboard.documents.photos import PhotoRefused
    from dashboard.documents.play_sheet import CellProblem

MEGABYTE = 1024 * 1024
MEGAPIXEL = 1_000_000


def photo_refusal(refused: PhotoRefused) -> str:
    sentence = {
        "too_large": _("Ảnh lớn hơn {limit} MB."),
        "not_a_photo": _("Tệp này không phải ảnh JPEG, PNG hay WebP, dù tên tệp có thể ghi như vậy."),
        "corrupt": _("Ảnh bị hỏng, không đọc được trọn vẹn. Đề nghị chụp hoặc chọn lại."),
        "too_many_pixels": _("Ảnh có quá {limit} triệu điểm ảnh. Đề nghị chụp ở cỡ nhỏ hơn."),
        "too_small": _("Ảnh quá nhỏ, không xem được."),
    }[refused.problem]
    limit = (
        refused.params.get("most_bytes", 0) // MEGABYTE or refused.params.get("most_pixels", 0) // MEGAPIXEL
    )
    return " ".join((_("Chưa lưu ảnh; các ảnh trước vẫn còn."), sentence.format(limit=limit)))


def outlines_refusal(refused: OutlinesRefused) -> str:
    sentence = {
        "too_large": _("Tệp lớn hơn {limit} MB. Đề nghị đơn giản hóa đường ranh giới rồi tải lại."),
        "too_detailed": _(
            "Đường ranh giới của {name} có quá {points} điểm hoặc {parts} phần. "
            "Đề nghị đơn giản hóa đường ranh giới rồi tải lại."
        ),
        "not_json": _("Tệp này không phải GeoJSON (không đọc được theo JSON)."),
        "not_geojson": _(
            "Tệp này không phải GeoJSON gồm các vùng (FeatureCollection với Polygon hoặc MultiPolygon)."
        ),
        "wrong_projection": _(
            "Tọa độ không phải kinh độ, vĩ độ WGS 84{name}. Đề nghị xuất lại theo EPSG:4326 (ví dụ từ VN-2000)."
        ),
        "swapped": _("Kinh độ và vĩ độ bị đổi chỗ ({name}). Đề nghị xuất lại với kinh độ trước, vĩ độ sau."),
        "far_away": _("Vùng của {name} nằm xa vị trí đã biết. Đề nghị kiểm tra tệp thuộc địa phương nào."),
        "no_match": _("Không vùng nào mang mã của các xã, phường này (mã GSO trong thuộc tính của vùng)."),
        "twice": _("Có hai vùng cùng mang mã của {name}."),
        "invalid_shape": _("Đường ranh giới của {name} tự cắt hoặc trống."),
    }[refused.problem]
    name = str(refused.params.get("name", ""))
    if refused.problem == "wrong_projection" and name:
        name = f" ({name})"
    limit = int(refused.params.get("most_bytes", 0)) // MEGABYTE
    most = {each: shown_value(int(refused.params.get(f"most_{each}", 0))) for each in ("points", "parts")}
    told = sentence.format(name=name, limit=limit, **most)
    return " ".join((_("Chưa dùng tệp này; bản đồ vẫn như trước."), told))


def sheet_refusal(refused: SheetRefused) -> str:
    sentence = {
        "too_large": _("Tệp quá lớn."),
        "not_excel": _("Tệp này không phải tệp Excel (.xlsx)."),
        "zip_bomb": _("Tệp giải nén ra quá lớn."),
        "no_sheet": _("Tệp không có trang tính nào."),
        "missing_columns": _("Tệp thiếu cột bắt buộc: {names}."),
        "too_many_rows": _("Tệp có quá nhiều dòng."),
        "empty": _("Tệp không có dòng nào."),
    }[refused.problem]
    names = refused.params.get("names", ())
    headings = column_headings()
    listed = ", ".join(headings[name] for name in names) if isinstance(names, tuple) else ""
    return " ".join((_("Chưa ghi gì vào sổ."), sentence.format(names=listed), _("Đề nghị dùng tệp mẫu.")))


def cell_problem(problem: CellProblem, heading: str) -> str:
    sentence = {
        "not_a_number": _("“{text}” không phải là số"),
        "negative": _("“{text}” là số âm"),
        "ambiguous": _("“{text}” chưa rõ là số nào"),
        "too_many_decimals": _("“{text}” có quá nhiều chữ số thập phân"),
        "too_large": _("“{text}” quá lớn"),
        "not_whole": _("“{text}” có phần thập phân"),
        "missing": _("chưa ghi"),
        "unknown_word": _("“{text}” không có trong danh mục"),
        "unknown_commune": _("không có xã, phường “{text}”"),
        "unknown_quarter": _("không có thôn, khu phố “{text}” trong xã, phường này"),
        "not_yes_no": _("“{text}” không phải Có hay Không"),
        "not_a_coordinate": _("“{text}” không phải vĩ độ, kinh độ"),
        "error_value": _("ô báo lỗi {text}"),
        "code_twice": _("mã “{text}” ghi hai lần"),
    }[problem.code]
    return f"{heading}: {sentence.format(text=shown_value(problem.text))}"
