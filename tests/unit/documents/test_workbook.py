"""Excel files as they really come: from other programs, from other versions, changed by Excel itself."""

from __future__ import annotations

import json
import re
import warnings
from datetime import datetime, time, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook  # type: ignore[import-untyped]

from dashboard.documents.cells import (
    Covered,
    DateValue,
    ErrorValue,
    NoResult,
    Row,
    Sheet,
    SheetProblem,
    SheetRefused,
    sheet_from_json,
    sheet_to_json,
)
from dashboard.documents.number_formats import is_date_format
from dashboard.documents.play_cells import CellFault
from dashboard.documents.play_columns import column_headings, required_headings
from dashboard.documents.play_sheet import PlaySheet, read_play_sheet
from dashboard.documents.workbook import read_sheet
from dashboard.documents.workbook_parts import MOST_LETTERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HEADINGS = ("Tên", "Loại", "Xã, phường")
PLACE = ("Sân chơi Hoa Mai", "Sân chơi trẻ em", "Thác Mơ")
SHEET_PART, BOOK_PART = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"


def book_of(**sheets: Iterable[Iterable[Any]]) -> bytes:
    """A workbook with a sheet for each name."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_urls": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                sheet.write_row(line, 0, row)
    return file.getvalue()


def changed(content: bytes, **changes: Callable[[bytes], bytes]) -> bytes:
    """The same archive with parts changed; a name is the end of a part's, without signs: sheet1, workbook."""
    file = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for entry in old.namelist():
            change = changes.get(entry.rpartition("/")[2].partition(".")[0], lambda part: part)
            is_rels = entry.endswith(".rels")
            new.writestr(entry, old.read(entry) if is_rels else change(old.read(entry)))
    return file.getvalue()


def with_parts(content: bytes, **parts: bytes) -> bytes:
    file = BytesIO(content)
    with ZipFile(file, "a", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/"), part)
    return file.getvalue()


def found_in(content: bytes) -> Sheet:
    """As it comes back from the process that read it: through JSON."""
    return sheet_from_json(json.loads(json.dumps(sheet_to_json(read_sheet(content, required_headings())))))


def rows_in(content: bytes) -> dict[int, Row]:
    return dict(found_in(content).rows)


def read(content: bytes) -> PlaySheet:
    return read_play_sheet(found_in(content), communes={"Thác Mơ": 1}, quarters={})


def refusal(content: bytes) -> SheetRefused:
    with pytest.raises(SheetRefused) as caught:
        read(content)
    return caught.value


def faults_of(content: bytes) -> list[tuple[str, CellFault, str]]:
    return [(each.column, each.code, each.text) for row in read(content).rows for each in row.problems]


GOOD = book_of(A=[HEADINGS, PLACE])


# Other writings of the format


def strict(content: bytes) -> bytes:
    """As Excel saves it as "Strict Open XML Spreadsheet": other namespaces, also of the relations."""
    file = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(file, "w") as new:
        for name in old.namelist():
            part = old.read(name).replace(MAIN.encode(), STRICT.encode())
            new.writestr(name, part.replace(OFFICE.encode(), STRICT_OFFICE.encode()))
    return file.getvalue()


def test_strict_open_xml_is_the_same_sheet() -> None:
    content = strict(GOOD)
    assert b"purl.oclc.org" in ZipFile(BytesIO(content)).read(SHEET_PART)
    assert rows_in(content) == rows_in(GOOD)


def test_a_date_of_strict_open_xml_is_a_date() -> None:
    cell = b'<c r="D2" t="d"><v>2025-03-12T00:00:00</v></c></row></sheetData>'
    content = changed(strict(GOOD), sheet1=lambda part: part.replace(b"</row></sheetData>", cell))
    assert rows_in(content)[2][3] == DateValue("12/03/2025", is_time=False)


@pytest.mark.parametrize(
    "further",
    [
        {"customXml__item1.xml": '<?xml version="1.0"?><DataMashup>AAAA</DataMashup>'.encode("utf-16")},
        {
            "xl__media__image1.svg": b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "x" "http://www.w3.org"><svg/>'
        },
        {"docProps__custom.xml": b"not xml at all \x00\xff"},
        {"xl__vbaProject.bin": b"\xd0\xcf\x11\xe0" * 50},
        {"xl__theme__theme1.xml": b"<a:broken"},
        {
            "xl__externalLinks__externalLink1.xml": b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"
        },
    ],
)
def test_what_the_register_does_not_need_is_not_looked_at(further: dict[str, bytes]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a part that stands twice
        assert rows_in(with_parts(GOOD, **further)) == rows_in(GOOD)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_part_in_another_unicode_writing_is_read(encoding: str) -> None:
    """Not by Excel, but by the rules of the format."""

    def encoded(part: bytes) -> bytes:
        return (
            part.decode()
            .replace('encoding="UTF-8"', f'encoding="{encoding.removesuffix("-sig")}"')
            .encode(encoding)
        )

    assert rows_in(changed(GOOD, sheet1=encoded, sharedStrings=encoded)) == rows_in(GOOD)


def test_names_of_parts_with_the_other_stroke_and_other_letters_are_found() -> None:
    file = BytesIO()
    with ZipFile(BytesIO(GOOD)) as old, ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name.replace("worksheets/sheet1.xml", "Worksheets\\Sheet1.XML"), old.read(name))
    assert rows_in(file.getvalue()) == rows_in(GOOD)


def compound(*streams: str) -> bytes:
    """The container of Excel before 2007, with the names of these streams in it."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 500
        + b"".join(each.encode("utf-16-le") for each in streams)
    )


def archive_of(*names: str) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, b"<x/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", SheetProblem.empty_file),
        (b"\0" * 100, SheetProblem.empty_file),
        (compound("Root Entry", "EncryptionInfo", "EncryptedPackage"), SheetProblem.encrypted),
        (compound("Root Entry", "Workbook"), SheetProblem.excel_old),
        (compound("Root Entry", "Book"), SheetProblem.excel_old),
        (b"\x09\x08\x10\x00" + b"\0" * 50, SheetProblem.excel_old),
        (archive_of("xl/workbook.bin", "[Content_Types].xml"), SheetProblem.excel_binary),
        (archive_of("mimetype", "content.xml"), SheetProblem.open_document),
        (archive_of("Index/Document.iwa"), SheetProblem.open_document),
        (archive_of("word/document.xml", "[Content_Types].xml"), SheetProblem.not_excel),
        (archive_of("a.jpg"), SheetProblem.not_excel),
        (b"%PDF-1.7", SheetProblem.not_excel),
        (b"\xff\xd8\xff\xe0", SheetProblem.not_excel),
        (b"<html><body><table>", SheetProblem.web_table),
        (b'\xef\xbb\xbf\r\n<TABLE border="1">', SheetProblem.web_table),
        ("<html><table>".encode("utf-16"), SheetProblem.web_table),
        (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook", SheetProblem.web_table),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            SheetProblem.web_table,
        ),
        ("Tên;Loại;Xã, phường\nA;B;C".encode(), SheetProblem.text_table),
        ("\ufeffTên\tLoại".encode("utf-16-le"), SheetProblem.text_table),
        (b"T\xean,Lo\xbfi", SheetProblem.text_table),
        (b"ID;PWXL;N;E", SheetProblem.text_table),
        (GOOD[: len(GOOD) // 2], SheetProblem.damaged),
        (b"PK\x03\x04", SheetProblem.damaged),
    ],
)
def test_what_is_something_else_is_called_what_it_is(content: bytes, problem: SheetProblem) -> None:
    assert refusal(content).problem is problem


# What stands in a cell


def formatted(value: object, code: str, column: str = "Ghi chú") -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, (*HEADINGS, column))
        sheet.write_row(1, 0, PLACE)
        if isinstance(value, datetime | time | timedelta):
            sheet.write_datetime(1, 3, value, book.add_format({"num_format": code}))
        else:
            sheet.write(1, 3, value, book.add_format({"num_format": code}))
    return file.getvalue()


DAY = datetime(2025, 3, 12)  # noqa: DTZ001 - Excel knows no time zones


@pytest.mark.parametrize(
    ("column", "value", "code", "shown"),
    [
        ("Địa chỉ", DAY, "d-mmm", "12/03/2025"),
        ("Địa chỉ", DAY, "[$-42A]dd/mm/yyyy;@", "12/03/2025"),
        ("Tên", DAY, "dd/mm", "12/03/2025"),
        ("Giờ mở cửa", DAY, "mmm-yy", "12/03/2025"),
        ("Giờ mở cửa", 1.0, "[h]:mm", "24:00"),
        ("Giờ mở cửa", 1.0, "h:mm", "24:00"),
        ("Giờ mở cửa", 1.25, "[hh]:mm:ss", "30:00"),
        ("Giờ mở cửa", 1.25, "h:mm", "06:00"),
        ("Giờ mở cửa", 45849.5, "dd/mm/yyyy h:mm", "11/07/2025 12:00"),
        ("Giờ mở cửa", -0.5, "h:mm", "12:00"),
        ("Ghi chú", time(7, 30), "h:mm", "07:30"),
        ("Diện tích (m²)", DAY, "m/d/yyyy", "12/03/2025"),
        ("Năm đưa vào sử dụng", 2019, "yyyy", "11/07/1905"),
        ("Mã", DAY, "d-mmm", "12/03/2025"),
        ("Thôn, khu phố", DAY, "dd/mm", "12/03/2025"),
    ],
)
def test_what_excel_made_a_date_of_is_a_problem_of_its_cell(
    column: str, value: object, code: str, shown: str
) -> None:
    content = formatted(value, code, column) if column != "Tên" else formatted(value, code, "Ghi chú")
    name = next(
        name
        for name, heading in column_headings().items()
        if heading == (column if column != "Tên" else "Ghi chú")
    )
    assert faults_of(content) == [(name, CellFault.date_value, shown)]


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (time(7, 30), "h:mm", "07:30"),
        (0.0, "hh:mm", "00:00"),
        (time(23, 59), "h:mm AM/PM", "23:59"),
        (0.3125, "[h]:mm", "07:30"),
    ],
)
def test_a_time_of_day_is_one_in_opening_hours(value: object, code: str, text: str) -> None:
    (row,) = read(formatted(value, code, "Giờ mở cửa")).rows
    assert row.place is not None
    assert row.place.opening_hours == text


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "0",
        "0.00",
        "#,##0",
        "@",
        '0.0 "đồng"',
        '#,##0 "m"',
        "0%",
        "[Red]0.00",
        "0.00E+00",
        "[>100]0;0",
        '"d"0',
        "\\d0",
        "# ?/?",
        "_-* #,##0_-",
        "",
    ],
)
def test_a_number_under_its_format_stays_a_number(code: str) -> None:
    assert not is_date_format(code)


@pytest.mark.parametrize(
    "code",
    [
        "d/m/yyyy",
        "DD-MM-YY",
        "[$-42A]d mmm",
        "h:mm",
        "[h]:mm",
        "mm:ss.0",
        "yyyy",
        'd "tháng" m',
        "[Red]dd/mm;@",
        "s.00",
        "[mm]:ss",
        "m/d/yyyy h:mm AM/PM",
    ],
)
def test_a_format_of_dates_is_one_in_any_writing(code: str) -> None:
    assert is_date_format(code)


@given(code=st.text('dmyhs0#?[]"\\;.@ ', max_size=40))
def test_any_format_is_looked_through(code: str) -> None:
    is_date_format(code)


def test_in_the_calendar_of_1904_a_day_is_the_same_day() -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_datetime(1, 0, DAY, book.add_format({"num_format": "dd/mm/yyyy"}))
    assert rows_in(file.getvalue())[2] == {0: DateValue("12/03/2025", is_time=False)}


def formula_cells(*cells: str) -> bytes:
    """Cells D2, E2 … as they are written."""
    added = "".join(f'<c r="{"DEFGHIJ"[at]}2"{cell}' for at, cell in enumerate(cells))
    headings = ("Địa chỉ", "Ghi chú", "Diện tích (m²)", "Giờ mở cửa")[: len(cells)]
    content = book_of(A=[(*HEADINGS, *headings), PLACE])
    return changed(
        content,
        sheet1=lambda part: part.replace(b"</row></sheetData>", f"{added}</row></sheetData>".encode()),
    )


@pytest.mark.parametrize(
    "cell",
    [
        "><f>A1</f></c>",
        "><f>A1</f><v/></c>",
        "><f>A1</f><v></v></c>",
        "><f>A1</f><v> </v></c>",
        '><f t="shared" si="0"/></c>',
        ' t="str"><f>A1</f></c>',
        ' t="n"><f>A1</f><v></v></c>',
        '><f t="array" ref="D2">A1</f></c>',
    ],
)
def test_a_formula_that_nobody_calculated_is_a_problem_of_its_cell(cell: str) -> None:
    assert faults_of(formula_cells(cell)) == [("address", CellFault.no_result, "")]


def test_a_result_counts_whatever_it_is() -> None:
    content = formula_cells(
        ' t="str"><f>IF(A1="","",A1)</f><v></v></c>',
        ' t="str"><f>A1</f><v>ab</v></c>',
        "><f>1+1</f><v>2</v></c>",
    )
    (row,) = read(content).rows
    assert row.place is not None
    assert (row.place.address, row.place.notes, row.place.area_m2) == ("", "ab", 2)


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#SPILL!"])
def test_an_error_is_a_problem_also_where_it_was_kept(error: str) -> None:
    assert faults_of(formula_cells(f' t="e"><f>A1</f><v>{error}</v></c>')) == [
        ("address", CellFault.error_value, error)
    ]


def test_what_programs_that_cannot_calculate_leave_is_no_result() -> None:
    """XlsxWriter writes 0 and the demand to calculate, openpyxl nothing."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, (*HEADINGS, "Diện tích (m²)"))
        sheet.write_row(1, 0, PLACE)
        sheet.write_formula(1, 3, "=20*30")
    assert faults_of(file.getvalue()) == [("area_m2", CellFault.no_result, "")]
    book = Workbook()
    for row in ((*HEADINGS, "Diện tích (m²)"), (*PLACE, "=20*30")):
        book.active.append(row)
    other = BytesIO()
    book.save(other)
    assert faults_of(other.getvalue()) == [("area_m2", CellFault.no_result, "")]


def test_numbers_as_texts_rich_texts_long_ones_and_those_behind_an_apostrophe_are_texts() -> None:
    file = BytesIO()
    long = "x" * 32_767
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        bold, quoted = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_string(1, 0, "1.234")
        sheet.write_rich_string(1, 1, "Sân ", bold, "chơi", " trẻ em")
        sheet.write_string(1, 2, "=Thác Mơ", quoted)
        sheet.write_string(2, 0, long)
    assert rows_in(file.getvalue())[2] == {0: "1.234", 1: "Sân chơi trẻ em", 2: "=Thác Mơ"}
    assert rows_in(file.getvalue())[3] == {0: long}


def test_a_text_longer_than_a_cell_can_be_is_cut_and_refused_later() -> None:
    content = changed(
        GOOD, sharedStrings=lambda part: part.replace("Sân chơi Hoa Mai".encode(), b"y" * 200_000)
    )
    (text,) = (
        cell for cell in rows_in(content)[2].values() if isinstance(cell, str) and cell.startswith("y")
    )
    assert len(text) == MOST_LETTERS


def test_true_and_false_are_shown_as_excel_shows_them() -> None:
    (row,) = read(book_of(A=[(*HEADINGS, "Địa chỉ", "Miễn phí"), (*PLACE, True, False)])).rows
    assert row.place is not None
    assert (row.place.address, row.place.is_free) == ("TRUE", False)


def test_a_number_in_a_column_of_texts_has_the_digits_that_excel_shows() -> None:
    (row,) = read(book_of(A=[(*HEADINGS, "Địa chỉ", "Ghi chú"), (*PLACE, 0.1 + 0.2, 12)])).rows
    assert row.place is not None
    assert (row.place.address, row.place.notes) == ("0.3", "12")


# Rows and sheets


def merged(areas: str, *rows: tuple[Any, ...]) -> bytes:
    book, file = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    for area in areas.split():
        book.active.merge_cells(area)
    book.save(file)
    return file.getvalue()


def test_what_lies_under_a_merged_cell_is_a_problem_of_its_cell() -> None:
    """One ward over three rows: whether its area counts for each of them cannot be known of the others."""
    content = merged(
        "D2:D4", (*HEADINGS, "Diện tích (m²)"), (*PLACE, 500), ("B", *PLACE[1:]), ("C", *PLACE[1:])
    )
    assert faults_of(content) == [("area_m2", CellFault.covered, "")] * 2
    assert rows_in(content)[3][3] == Covered()


def test_a_merged_title_does_no_harm() -> None:
    content = merged("A1:F1", ("DANH SÁCH",), HEADINGS, PLACE)
    found = read(content)
    assert [row.problems for row in found.rows] == [()]
    assert found.unknown_columns == ()


def test_headings_in_two_rows_are_read_as_one() -> None:
    content = merged(
        "A1:A2 B1:B2 C1:C2 D1:E1 F1:G1",
        (*HEADINGS, "Vị trí", None, "Khác", None),
        (None, None, None, "Vĩ độ", "Kinh độ", "Ý kiến", "Địa chỉ"),
        (*PLACE, 11.8, 107.0, "?", "Tổ 2"),
    )
    found = read(content)
    (row,) = found.rows
    assert row.place is not None
    assert (row.place.latitude, row.place.longitude, row.place.address) == (11.8, 107.0, "Tổ 2")
    assert found.unknown_columns == ("Khác", "Ý kiến")


def test_merged_cells_over_empty_rows_make_no_places() -> None:
    content = merged("A3:C500", HEADINGS, PLACE)
    assert len(read(content).rows) == 1


def test_hidden_rows_are_read_and_counted() -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate((HEADINGS, PLACE, ("B", *PLACE[1:]), ("C", *PLACE[1:]))):
            sheet.write_row(line, 0, row)
        sheet.autofilter(0, 0, 3, 2)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_row(40, None, None, {"hidden": True})
    found = found_in(file.getvalue())
    assert (len(found.rows), found.hidden) == (4, 1)


def test_the_register_is_found_on_whichever_sheet_it_stands() -> None:
    guide = [("Cột", "Cách ghi"), ("Tên", "Bắt buộc")] * 30
    content = book_of(
        Bìa=[], Hướng_dẫn=guide, Sổ=[("Sổ năm 2021",), HEADINGS, PLACE], Danh_mục=[HEADINGS[1:]]
    )
    assert found_in(content).name == "Sổ"
    assert [row.line for row in read(content).rows] == [3]


def test_of_two_registers_neither_is_left_out_unseen() -> None:
    content = book_of(**{"Thác Mơ": [HEADINGS, PLACE], "Trống": [HEADINGS], "Long Giang": [HEADINGS, PLACE]})
    found = refusal(content)
    assert (found.problem, found.params) == (
        SheetProblem.several_sheets,
        {"names": ("Thác Mơ", "Long Giang")},
    )


def test_a_hidden_sheet_is_not_meant() -> None:
    content = book_of(Cũ=[HEADINGS, PLACE, PLACE], Mới=[HEADINGS, PLACE])
    hidden = changed(
        content, workbook=lambda part: part.replace(b'sheetId="1"', b'sheetId="1" state="hidden"')
    )
    assert found_in(hidden).name == "Mới"
    both = changed(
        hidden, workbook=lambda part: part.replace(b'sheetId="2"', b'sheetId="2" state="veryHidden"')
    )
    assert refusal(both).problem is SheetProblem.several_sheets


def test_headings_with_breaks_blanks_and_marks_are_known() -> None:
    headings = (
        "Tên (*)".replace(" (*)", "*"),
        "Loại\u00a0",
        "Xã,\nphường",
        "Diện\r\ntích\u00a0(m²) *",
        "ĐỊA CHỈ:",
    )
    (row,) = read(book_of(A=[headings, (*PLACE, 500, "Tổ 2")])).rows
    assert row.place is not None
    assert (row.place.area_m2, row.place.address) == (500, "Tổ 2")


def with_blank_rows(count: int, cells: str) -> bytes:
    rows = "".join(f'<row r="{line}" s="1" customFormat="1">{cells}</row>' for line in range(3, count + 3))
    return changed(GOOD, sheet1=lambda part: part.replace(b"</sheetData>", f"{rows}</sheetData>".encode()))


@pytest.mark.parametrize(("count", "cells"), [(65_534, '<c s="1"/><c s="1"/>'), (200_000, "")])
def test_rows_that_are_only_formatted_are_no_places(count: int, cells: str) -> None:
    assert len(read(with_blank_rows(count, cells)).rows) == 1


def test_a_row_below_many_formatted_ones_is_not_left_out() -> None:
    last = b'<row r="30000"><c t="inlineStr"><is><t>B</t></is></c></row>'
    content = changed(
        with_blank_rows(20_000, '<c s="1"/>'),
        sheet1=lambda part: part.replace(b"</sheetData>", last + b"</sheetData>"),
    )
    assert [row.line for row in read(content).rows] == [2, 30_000]


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    ("rows", "strings"),
    [
        ("<row>" + '<c t="s"><v>0</v></c>' * 58 + "</row>", "x" * 32_000),
        ("<row>" + "<c><v>1</v></c>" * 90 + "</row>", "x"),
    ],
)
def test_what_would_come_back_too_large_is_refused(rows: str, strings: str) -> None:
    """Half a million cells that share one text are half a million texts once they are read."""
    content = changed(
        GOOD,
        sheet1=lambda part: part.replace(b"</sheetData>", rows.encode() * 4000 + b"</sheetData>"),
        sharedStrings=lambda part: re.sub(b"<t>[^<]*</t>", f"<t>{strings}</t>".encode(), part, count=1),
    )
    with pytest.raises(SheetRefused) as caught:
        read_sheet(content)
    assert caught.value.problem is SheetProblem.too_complex


def test_every_kind_of_cell_survives_the_way_back() -> None:
    row: Row = {
        0: "a",
        1: 1.0,
        2: 1.5,
        3: True,
        4: ErrorValue("#N/A"),
        5: DateValue("01/01/2020", is_time=False),
        6: NoResult(),
        7: Covered(),
    }
    sheet = Sheet("A", ((7, row),), 3)
    back = sheet_from_json(json.loads(json.dumps(sheet_to_json(sheet))))
    assert back == sheet
    assert [type(cell) for cell in back.rows[0][1].values()] == [type(cell) for cell in row.values()]
