"""Why a file was refused: what happened, what was kept, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.documents.play_columns import column_headings
from dashboard.domain.numbers import format_number
from dashboard.i18n import _, current_language
from dashboard.ui.words import shown_value

if TYPE_CHECKING:
    from dashboard.documents.cells import SheetRefused
    from dashboard.documents.outlines import OutlinesRefused
    from dashboard.documents.photo import PhotoRefused
    from dashboard.documents.play_cells import CellProblem

MEGABYTE = 1024 * 1024
MEGAPIXEL = 1_000_000


def photo_refusal(refused: PhotoRefused) -> str:
    return " ".join((_("Chưa lưu ảnh; các ảnh trước vẫn còn."), _photo_sentence(refused)))


def _photo_sentence(refused: PhotoRefused) -> str:
    limit = (
        refused.params.get("most_bytes", 0) // MEGABYTE or refused.params.get("most_pixels", 0) // MEGAPIXEL
    )
    return {
        **_apart_sentences(),
        "too_complex": _(
            "Ảnh được lưu theo cách quá phức tạp, đọc mất quá nhiều thời gian hoặc bộ nhớ. "
            "Đề nghị mở ảnh trên điện thoại hoặc máy tính, lưu lại dạng JPEG rồi tải lên."
        ),
        "too_large": _("Ảnh lớn hơn {limit} MB. Đề nghị chụp ở cỡ nhỏ hơn, hoặc gửi bản thu nhỏ."),
        "not_a_photo": _("Tệp này không phải ảnh JPEG, PNG, WebP hay HEIC, dù tên tệp có thể ghi như vậy."),
        "heic": _(
            "Ảnh này ở dạng HEIC của điện thoại, máy chủ này chưa đọc được. Trên iPhone: Cài đặt › Camera › Định dạng › "
            "chọn “Tương thích nhất” rồi chụp lại; ảnh đã chụp thì gửi qua Zalo hoặc thư điện tử để thành JPEG."
        ),
        "corrupt": _("Ảnh bị hỏng, không đọc được trọn vẹn. Đề nghị chụp hoặc chọn lại."),
        "too_many_pixels": _(
            "Ảnh có quá {limit} triệu điểm ảnh. Đề nghị chụp ở cỡ nhỏ hơn, hoặc lưu lại dạng JPEG cỡ nhỏ hơn."
        ),
        "too_small": _("Ảnh quá nhỏ, không xem được."),
    }[refused.problem].format(limit=limit)


def _apart_sentences() -> dict[str, str]:
    """Why a file was not read through, whatever kind it is of (see dashboard.documents.apart)."""
    return {
        "too_complex": _("Tệp quá phức tạp, đọc mất quá nhiều thời gian hoặc bộ nhớ nên đã dừng."),
        "busy": _("Đang có nhiều tệp chờ đọc. Đề nghị thử lại sau ít phút."),
        "unavailable": _(
            "Máy chủ chưa đọc được tệp lúc này. Đề nghị thử lại; nếu vẫn vậy, đề nghị báo người quản trị."
        ),
    }


def outlines_refusal(refused: OutlinesRefused) -> str:
    words = {
        name: value if isinstance(value, str) else _number(value) for name, value in refused.params.items()
    }
    words["limit"] = str(int(refused.params.get("most_bytes", 0)) // MEGABYTE)
    if refused.problem == "wrong_projection" and words["name"]:
        words["name"] = f" ({words['name']})"
    sentence = _outline_sentences()[refused.problem].format(**words)
    return " ".join((_("Chưa dùng tệp này; bản đồ vẫn như trước."), sentence))


def _number(value: float) -> str:
    """A limit, or square kilometres of a commune: 3,97 or 71,9 with one decimal."""
    return format_number(value, language=current_language(), decimals=0 if isinstance(value, int) else 1)


def _outline_sentences() -> dict[str, str]:
    return {**_apart_sentences(), **_outline_file_sentences(), **_outline_place_sentences()}


def _outline_file_sentences() -> dict[str, str]:
    """What the file is."""
    simpler = _("Đề nghị đơn giản hóa đường ranh giới rồi tải lại.")
    geojson = _("Đề nghị mở bằng phần mềm bản đồ (ví dụ QGIS) và xuất lại dạng GeoJSON, hệ tọa độ EPSG:4326.")
    return {
        "too_large": " ".join((_("Tệp lớn hơn {limit} MB."), simpler)),
        "too_complex": " ".join(
            (_("Tệp quá phức tạp, đọc mất quá nhiều thời gian hoặc bộ nhớ nên đã dừng."), simpler)
        ),
        "too_many_features": _(
            "Tệp có quá {most_features} vùng. Đề nghị chỉ giữ các vùng của xã, phường thuộc địa phương rồi tải lại."
        ),
        "too_detailed": " ".join(
            (_("Đường ranh giới của {name} có quá {most_points} điểm hoặc {most_parts} phần."), simpler)
        ),
        "empty_file": _("Tệp trống, không có nội dung nào. Đề nghị xuất hoặc chọn lại tệp."),
        "not_json": _("Tệp này không phải GeoJSON (không đọc được theo JSON)."),
        "topojson": " ".join((_("Tệp này là TopoJSON, không phải GeoJSON."), geojson)),
        "kml": " ".join((_("Tệp này là KML hoặc GML, không phải GeoJSON."), geojson)),
        "shapefile": " ".join((_("Tệp này là Shapefile, không phải GeoJSON."), geojson)),
        "geopackage": " ".join((_("Tệp này là GeoPackage, không phải GeoJSON."), geojson)),
        "archive": " ".join((_("Tệp này là tệp nén. Đề nghị giải nén trước."), geojson)),
        "not_geojson": _(
            "Tệp này không phải GeoJSON gồm các vùng (FeatureCollection với Polygon hoặc MultiPolygon)."
        ),
        "no_polygons": _(
            "Tệp GeoJSON này không có vùng nào (chỉ có điểm, đường hoặc vùng trống). Đề nghị xuất lớp ranh giới dạng vùng."
        ),
        "no_match": _(
            "Không vùng nào mang mã của các xã, phường này (mã GSO trong thuộc tính hoặc trong “id” của vùng)."
        ),
    }


def _outline_place_sentences() -> dict[str, str]:
    """Whose outline it is, and where it lies."""
    reused = _(
        "Từ ngày 01/7/2025 một số mã được cấp cho xã, phường khác; đề nghị dùng tệp ranh giới trước ngày đó."
    )
    return {
        "wrong_projection": _(
            "Tọa độ không phải kinh độ, vĩ độ WGS 84{name}. Đề nghị xuất lại theo EPSG:4326 (ví dụ từ VN-2000)."
        ),
        "metres": _(
            "Tọa độ của {name} tính bằng mét (như VN-2000 hoặc UTM), không phải kinh độ, vĩ độ. "
            "Đề nghị xuất lại theo EPSG:4326."
        ),
        "swapped": _("Kinh độ và vĩ độ bị đổi chỗ ({name}). Đề nghị xuất lại với kinh độ trước, vĩ độ sau."),
        "far_away": _("Vùng của {name} nằm xa vị trí đã biết. Đề nghị kiểm tra tệp thuộc địa phương nào."),
        "other_name": " ".join((_("Vùng mang mã của {name} lại có tên “{other}”."), reused)),
        "wrong_size": " ".join(
            (
                _("Vùng mang mã của {name} rộng khoảng {found_km2} km², còn {name} rộng {known_km2} km²."),
                reused,
            )
        ),
        "holds_another": " ".join((_("Vùng mang mã của {name} phủ lên cả trung tâm của {other}."), reused)),
        "off_centre": _(
            "Vùng của {name} không chứa và không gần trung tâm đã biết của {name}. Đề nghị kiểm tra mã của vùng đó."
        ),
        "twice": _("Có hai vùng chồng lên nhau cùng mang mã của {name}. Đề nghị chỉ giữ một vùng."),
        "overlap": _(
            "Vùng của {name} và vùng của {other} chồng lên nhau. Đề nghị kiểm tra mã của hai vùng đó."
        ),
        "not_closed": _(
            "Đường ranh giới của {name} chưa khép kín: điểm cuối phải trùng điểm đầu. Đề nghị xuất lại tệp."
        ),
        "empty_shape": _("Đường ranh giới của {name} trống hoặc quá nhỏ."),
        "invalid_shape": _(
            "Đường ranh giới của {name} tự cắt hoặc chồng lên chính nó. "
            "Đề nghị sửa hình (trong QGIS: Fix geometries) rồi xuất lại."
        ),
    }


def sheet_refusal(refused: SheetRefused) -> str:
    """For Markdown: names of sheets come from the file."""
    names = refused.params.get("names", ())
    headings = column_headings()
    listed = ", ".join(headings.get(name, name) for name in names) if isinstance(names, tuple) else ""
    limit = refused.params.get("most_bytes", 0)
    most = {
        "names": listed,
        "limit": limit // MEGABYTE if isinstance(limit, int) else "",
        "rows": shown_value(refused.params.get("most_rows", 0)),
    }
    return " ".join((_("Chưa ghi gì vào sổ."), _sheet_sentences()[refused.problem].format(**most)))


def _sheet_sentences() -> dict[str, str]:
    template = _("Đề nghị dùng tệp mẫu.")
    save_as = _(
        "Đề nghị mở bằng Excel, chọn Lưu thành (Save As), loại “Excel Workbook (.xlsx)”, rồi tải lên tệp mới."
    )
    return {
        **_apart_sentences(),
        "too_complex": " ".join(
            (_("Tệp quá phức tạp, đọc mất quá nhiều thời gian hoặc bộ nhớ nên đã dừng."), template)
        ),
        "too_large": _(
            "Tệp lớn hơn {limit} MB, thường do nhiều dòng trống được định dạng. "
            "Đề nghị xóa các dòng dưới bảng, lưu rồi tải lại, hoặc dùng tệp mẫu."
        ),
        "empty_file": _("Tệp trống, không có nội dung nào. Đề nghị lưu lại trong Excel rồi tải lên."),
        "not_excel": " ".join((_("Tệp này không phải tệp Excel (.xlsx)."), template)),
        "damaged": _(
            "Tệp Excel bị hỏng hoặc tải lên chưa trọn vẹn. Đề nghị mở bằng Excel, lưu lại rồi tải lên."
        ),
        "encrypted": _(
            "Tệp có mật khẩu. Đề nghị mở bằng Excel, bỏ mật khẩu, lưu lại dạng .xlsx rồi tải lên."
        ),
        "excel_old": " ".join((_("Tệp này là Excel cũ (.xls)."), save_as)),
        "excel_binary": " ".join((_("Tệp này là Excel nhị phân (.xlsb)."), save_as)),
        "open_document": " ".join((_("Tệp này là bảng tính OpenDocument (.ods) hoặc Numbers."), save_as)),
        "web_table": " ".join(
            (_("Tệp này là trang web hoặc XML mang tên Excel, do phần mềm khác xuất ra."), save_as)
        ),
        "text_table": " ".join((_("Tệp này là văn bản (.csv, .txt), không phải Excel."), save_as)),
        "zip_bomb": " ".join((_("Tệp giải nén ra quá lớn."), template)),
        "formatted_rows": _(
            "Tệp có rất nhiều dòng trống được định dạng. Đề nghị xóa các dòng dưới bảng (chọn dòng, Xóa), lưu rồi tải lại."
        ),
        "no_sheet": " ".join((_("Tệp không có trang tính nào."), template)),
        "several_sheets": _(
            "Tệp có nhiều trang tính cùng là danh sách điểm vui chơi: {names}. "
            "Đề nghị gộp vào một trang, hoặc ẩn các trang không dùng."
        ),
        "missing_columns": " ".join((_("Tệp thiếu cột bắt buộc: {names}."), template)),
        "heading_twice": _("Tiêu đề cột ghi hai lần: {names}. Đề nghị bỏ hoặc đổi tên cột thừa."),
        "too_many_rows": _("Tệp có quá {rows} dòng. Đề nghị chia thành nhiều tệp."),
        "empty": " ".join((_("Tệp không có dòng nào."), template)),
    }


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
        "date_value": _(
            "Excel đã đổi ô này thành ngày, giờ ({text}). Đề nghị đặt định dạng ô là Văn bản (Text) rồi ghi lại"
        ),
        "no_result": _("ô có công thức chưa được tính. Đề nghị mở bằng Excel, lưu lại rồi tải lên"),
        "covered": _("ô đang gộp với ô khác. Đề nghị bỏ gộp ô rồi ghi vào từng dòng"),
        "code_twice": _("mã “{text}” ghi hai lần"),
    }[problem.code]
    return f"{heading}: {sentence.format(text=shown_value(problem.text))}"
