"""The register of play areas as a sheet: what is written is read back, what people type is read or named."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict
from datetime import datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

import polars as pl
import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook  # type: ignore[import-untyped]

from dashboard.documents.cells import (
    MOST_BYTES,
    DateValue,
    ErrorValue,
    Row,
    Sheet,
    SheetProblem,
    SheetRefused,
    sheet_from_json,
    sheet_to_json,
)
from dashboard.documents.play_cells import CellFault, CellProblem
from dashboard.documents.play_columns import (
    COORDINATES,
    MOST_ROWS,
    VERSION,
    column_headings,
    required_headings,
)
from dashboard.documents.play_sheet import PlaySheet, SheetRow, read_play_sheet
from dashboard.documents.play_writing import write_play_sheet
from dashboard.documents.words import condition_word, funding_word, kind_word
from dashboard.documents.workbook import read_sheet
from dashboard.domain.folding import clean_name
from dashboard.domain.play_areas import (
    KNOWN_OR_NOT,
    NUMBER_FIELDS,
    Condition,
    Funding,
    PlayAreaInput,
    PlayKind,
)
from dashboard.i18n import LANGUAGES, Language, in_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

COMMUNES = {"Thác Mơ": 1, "Phường Thác Mơ": 1, "Long Giang": 6, "Xã Long Giang": 6}
QUARTERS = {(1, "Khu phố 1"): 11, (6, "Thôn Nhơn Hòa 1"): 61}
ENDED = {("VC-1", 1, "Khu phố 9"): 19}
COMMUNE_OF, QUARTER_OF = {1: "Thác Mơ", 6: "Long Giang"}, {11: "Khu phố 1", 61: "Thôn Nhơn Hòa 1"}
HEADINGS = ("Tên", "Loại", "Xã, phường")
PLACE = ("Sân chơi Hoa Mai", "Sân chơi trẻ em", "Thác Mơ")
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def record(code: str, said: PlayAreaInput, version: int = 1) -> dict[str, Any]:
    """One row of the frame that is written."""
    fields = asdict(said)
    area, quarter = fields.pop("area_id"), fields.pop("quarter_id")
    named = {"code": code, "commune": COMMUNE_OF[area], "quarter": QUARTER_OF.get(quarter)}
    return {**named, **fields, VERSION: version}


def frame(records: Iterable[dict[str, Any]]) -> pl.DataFrame:
    schema: dict[str, Any] = dict.fromkeys(column_headings(), pl.String)
    schema |= dict.fromkeys((*NUMBER_FIELDS, VERSION), pl.Int64) | dict.fromkeys(COORDINATES, pl.Float64)
    schema |= dict.fromkeys(KNOWN_OR_NOT, pl.Boolean)
    return pl.DataFrame(list(records), schema=schema)


def sheet_of(*rows: Iterable[Any]) -> bytes:
    """An Excel file as a person would make it: each value as Excel keeps it."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(line, column, value)
    return file.getvalue()


def sheet_in(content: bytes) -> Sheet:
    """As it comes back from the process that read it: through JSON."""
    return sheet_from_json(json.loads(json.dumps(sheet_to_json(read_sheet(content, required_headings())))))


def read_rows(content: bytes) -> tuple[tuple[int, Row], ...]:
    return sheet_in(content).rows


def read(content: bytes) -> PlaySheet:
    return read_play_sheet(sheet_in(content), communes=COMMUNES, quarters=QUARTERS, ended=ENDED)


def one_row(**cells: Any) -> SheetRow:
    """What is read of one place with these further cells, named by field."""
    headings = column_headings()
    content = sheet_of((*HEADINGS, *(headings[name] for name in cells)), (*PLACE, *cells.values()))
    (row,) = read(content).rows
    return row


def value_of(name: str, value: object) -> object:
    row = one_row(**{name: value})
    assert row.problems == ()
    return getattr(row.place, name)


def fault_of(name: str, value: object) -> CellFault:
    row = one_row(**{name: value})
    assert row.place is None
    (problem,) = row.problems
    assert problem.column == name
    return problem.code


def refusal(content: bytes) -> SheetRefused:
    with pytest.raises(SheetRefused) as caught:
        read(content)
    return caught.value


# What is written: everything that can be registered.

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\r")
TEXTS = st.text(LETTERS, max_size=20).map(
    lambda text: unicodedata.normalize("NFC", "".join(sign for sign in text if is_writable(sign))).strip()
)
WEIRD = st.sampled_from(
    ["=1+1", "+84 271", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "_x0041_", "a\nb", "1.234", "#REF!"]
)


def is_writable(sign: str) -> bool:
    return (ord(sign) >= 32 or sign in "\t\n") and sign not in "\ufffe\uffff"


def optional(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def places() -> st.SearchStrategy[PlayAreaInput]:
    text = TEXTS | WEIRD
    number = optional(st.integers(0, 10**12))
    yes_no = {name: optional(st.booleans()) for name in KNOWN_OR_NOT}
    degrees = st.integers(-180 * 10**7, 180 * 10**7).map(lambda units: units / 10**7)
    return st.sampled_from([(1, None), (1, 11), (6, 61)]).flatmap(
        lambda place: st.builds(
            PlayAreaInput,
            name=text.map(clean_name).filter(bool),
            kind=st.sampled_from(PlayKind),
            area_id=st.just(place[0]),
            quarter_id=st.just(place[1]),
            funding=optional(st.sampled_from(Funding)),
            condition=st.sampled_from(Condition),
            equipment_condition=optional(st.sampled_from(Condition)),
            **dict.fromkeys(("address", "manager", "equipment_note", "opening_hours", "notes"), text),
            **dict.fromkeys(COORDINATES, optional(degrees)),
            **dict.fromkeys(NUMBER_FIELDS, number),
            **yes_no,
        )
    )


PLACES = st.lists(places(), min_size=1, max_size=3)


@settings(deadline=None, max_examples=50)
@given(said=PLACES, language=st.sampled_from(LANGUAGES), note=TEXTS)
def test_what_is_written_is_read_back(said: list[PlayAreaInput], language: Language, note: str) -> None:
    rows = frame(record(f"VC-{n}", place, version=n + 1) for n, place in enumerate(said))
    found = read(write_play_sheet(rows, language=language, note=note))
    assert found.unknown_columns == ()
    assert [row.problems for row in found.rows] == [()] * len(said)
    assert [row.code for row in found.rows] == [f"VC-{n}" for n in range(len(said))]
    assert [row.place for row in found.rows] == said
    assert [row.version for row in found.rows] == [n + 1 for n in range(len(said))]


def parts_of(content: bytes) -> dict[str, str]:
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


SIMPLE = PlayAreaInput(
    name="Sân chơi Hoa Mai", kind=PlayKind.playground, area_id=1, is_free=True, area_m2=1200
)


def test_no_text_becomes_a_formula_or_a_link() -> None:
    said = [
        PlayAreaInput(name=text, kind=PlayKind.pool, area_id=1)
        for text in ("=1+1", "+1", "-1", "@x", "http://x")
    ]
    parts = parts_of(
        write_play_sheet(frame(record(str(n), place) for n, place in enumerate(said)), language="vi")
    )
    assert not any("<f>" in text or "<hyperlink" in text for text in parts.values())
    assert "<t>=1+1</t>" in parts["xl/sharedStrings.xml"]


def test_a_sheet_says_that_its_figures_are_made_up() -> None:
    content = write_play_sheet(
        frame([record("VC-1", SIMPLE)]), language="vi", note="Số liệu minh họa (giả định)"
    )
    (first, *_rest) = read_rows(content)
    assert first == (1, {0: "Số liệu minh họa (giả định)"})
    assert [row.line for row in read(content).rows] == [3]


def test_further_columns_are_written_and_named_when_they_come_back() -> None:
    rows = frame([record("VC-1", SIMPLE)]).with_columns(pl.lit("Đạt").alias("Lần kiểm tra cuối"))
    found = read(write_play_sheet(rows, language="vi"))
    assert found.unknown_columns == ("Lần kiểm tra cuối",)
    assert found.rows[0].place == SIMPLE


def test_a_sheet_offers_what_can_be_chosen() -> None:
    parts = parts_of(write_play_sheet(frame([]), language="vi", communes=["Thác Mơ", "Long Giang"]))
    register = parts["xl/worksheets/sheet1.xml"]
    assert "<pane " in register
    offered = re.findall(r'<dataValidation type="list"[^>]* sqref="([A-Z]+)2:', register)
    assert sorted(offered) == sorted(["C", "D", "K", "N", "Z", "P", "T", "U", "V", "W", "X", "Y"])
    assert "Long Giang" in parts["xl/sharedStrings.xml"]
    assert re.findall(r'sheet name="([^"]+)"', parts["xl/workbook.xml"])[1] == "Hướng dẫn"


def test_the_version_stands_last_and_says_that_nobody_fills_it_in() -> None:
    rows = frame([record("VC-1", SIMPLE, version=7)]).with_columns(pl.lit("Đạt").alias("Lần kiểm tra cuối"))
    content = write_play_sheet(rows, language="vi")
    (_line, headings), (_next, cells), *_rest = read_rows(content)
    last = max(headings)
    assert (headings[last - 1], headings[last]) == ("Lần kiểm tra cuối", "Phiên bản")
    assert cells[last] == 7
    (told,) = re.findall(r'prompt="([^"]+)" sqref="AC2:', parts_of(content)["xl/worksheets/sheet1.xml"])
    assert told.startswith("Không sửa.")


def test_columns_of_texts_are_formatted_as_text_before_anybody_types() -> None:
    """Otherwise Excel makes a date of 12/3 and 7-17, and a number of 007."""
    rows = frame([record("VC-1", SIMPLE)]).with_columns(pl.lit("Đạt").alias("Lần kiểm tra cuối"))
    sheet = load_workbook(BytesIO(write_play_sheet(rows, language="vi"))).worksheets[0]
    headings = {name: column for column, name in enumerate(column_headings(), 1) if name != VERSION}
    formats = {
        column: each.number_format
        for each in sheet.column_dimensions.values()
        for column in range(each.min, each.max + 1)
    }
    for name, column in headings.items():
        wanted = "General" if name in (*NUMBER_FIELDS, *COORDINATES) else "@"
        # Cells that are written have a format of their own; empty ones have that of their column.
        assert formats[column] == wanted, name
        assert sheet.cell(2, column).value is None or sheet.cell(2, column).number_format == wanted, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_told_beside_a_cell_is_as_short_as_excel_takes(language: Language) -> None:
    """A longer one is left out without a word."""
    content = write_play_sheet(frame([]), language=language)
    assert "prompt=" in parts_of(content)["xl/worksheets/sheet1.xml"]


def test_a_sheet_without_places_is_a_form_to_fill_in() -> None:
    content = write_play_sheet(frame([]), language="vi")
    assert refusal(content).problem is SheetProblem.empty


def test_letters_that_no_file_can_hold_are_left_out() -> None:
    said = PlayAreaInput(name="Sân\x00 chơi\ud800\ufffe", kind=PlayKind.pool, area_id=1, notes="x" * 40_000)
    rows = frame([{**record("VC-1", said), "name": "Sân\x00 chơi\ufffe"}])
    (row,) = read(write_play_sheet(rows, language="vi")).rows
    assert row.place is not None
    assert row.place.name == "Sân chơi"
    assert len(row.place.notes) == 32_767


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_words_and_no_two_headings_are_the_same(language: Language) -> None:
    with in_language(language):
        for words in (
            [kind_word(kind) for kind in PlayKind],
            [condition_word(condition) for condition in Condition],
            [funding_word(funding) for funding in Funding],
            list(column_headings().values()),
        ):
            assert len({word.casefold() for word in words}) == len(words)


# What is typed by people.


def test_headings_may_be_anywhere_and_written_anyhow() -> None:
    content = sheet_of(
        ("Danh sách điểm vui chơi",),
        (),
        ("Của thị xã", "năm 2021"),
        (None, "  LOẠI", "xã,  phường", "Ý kiến", " TÊN ", "diện tích (m2)"),
        (),
        (None, "sân chơi TRẺ EM", "thác  mơ", "?", " Hoa Mai ", "1.200"),
    )
    found = read(content)
    assert found.unknown_columns == ("Ý kiến",)
    assert found.rows == (
        SheetRow(6, "", PlayAreaInput("Hoa Mai", PlayKind.playground, 1, area_m2=1200), ()),
    )


def test_names_match_in_either_way_of_writing_accents() -> None:
    cells = [unicodedata.normalize("NFD", cell) for cell in (*HEADINGS, *PLACE)]
    (row,) = read(sheet_of(cells[:3], cells[3:])).rows
    assert row.place == PlayAreaInput("Sân chơi Hoa Mai", PlayKind.playground, 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("ò", "o\u0300").replace("á", "a\u0301"),
        lambda text: f"\ufeff{text}\u200b",
        lambda text: text.replace(" ", "\u00a0\u200e "),
        lambda text: text.replace("Đ", "Ð").replace("đ", "ð"),
        lambda text: text.replace("ơ", "о\u031b").replace("a", "а"),  # Cyrillic letters
        lambda text: text.upper(),
    ],
)
def test_words_match_whatever_keyboard_wrote_them(change: Callable[[str], str]) -> None:
    cells = [change(cell) for cell in ("Tên", "Loại", "Xã, phường", "Địa chỉ", "Thôn, khu phố")]
    quarters = {(1, "Khu phố Hòa Bình"): 5}
    row = ["Sân chơi Hoa Mai", change("Sân chơi trẻ em"), change("Thác Mơ"), "x", change("Khu phố Hoà Bình")]
    (found,) = read_play_sheet(
        sheet_in(sheet_of(cells, row)), communes={"Thác Mơ": 1}, quarters=quarters
    ).rows
    assert found.place == PlayAreaInput("Sân chơi Hoa Mai", PlayKind.playground, 1, quarter_id=5, address="x")


def test_a_name_comes_in_without_what_nobody_sees() -> None:
    (row,) = read(sheet_of(HEADINGS, ("\u200bSân\u00a0 chơi\u00ad Ðồi", *PLACE[1:]))).rows
    assert row.place is not None
    assert row.place.name == "Sân chơi Đồi"


def test_of_two_quarters_that_are_one_word_neither_is_guessed() -> None:
    quarters = {(1, "Hòa Bình"): 5, (1, "Hoà Bình"): 6}
    cells = [*HEADINGS, "Thôn, khu phố"]
    (row,) = read_play_sheet(
        sheet_in(sheet_of(cells, [*PLACE, "Hoà Bình"])), communes={"Thác Mơ": 1}, quarters=quarters
    ).rows
    assert [problem.code for problem in row.problems] == [CellFault.unknown_quarter]


@pytest.mark.parametrize(
    ("value", "number"),
    [(1200, 1200), (1200.0, 1200), ("1.200", 1200), ("1 200", 1200), ("0", 0), ("1200,0", 1200)],
)
def test_whole_numbers_are_read_as_people_write_them(value: object, number: int) -> None:
    assert value_of("area_m2", value) == number


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        # The same signs as text are above a thousand: a number that Excel knows is not.
        (1.234, CellFault.not_whole),
        (1200.5, CellFault.not_whole),
        (-5, CellFault.negative),
        (1e15, CellFault.too_large),
        ("1,234", CellFault.ambiguous),
        ("12.5", CellFault.ambiguous),
        ("-5", CellFault.negative),
        ("1200 m2", CellFault.not_a_number),
        ("nhiều", CellFault.not_a_number),
        (True, CellFault.not_a_number),
        ("12,5", CellFault.not_whole),
        ("9" * 30, CellFault.too_large),
    ],
)
def test_a_number_that_could_be_another_is_a_problem(value: object, fault: CellFault) -> None:
    assert fault_of("area_m2", value) is fault


@pytest.mark.parametrize("value", [11.8359, "11,8359", "11.8359", "+11.8359", " 11,8359 "])
def test_coordinates_are_read_with_either_mark(value: object) -> None:
    assert value_of("latitude", value) == 11.8359


def test_a_pair_in_one_cell_fills_both() -> None:
    heading = [*HEADINGS, "Vĩ độ", "Kinh độ"]
    pasted = (
        "11.818412, 106.994876",
        "11°49'06.3\"N 106°59'41.6\"E",
        "https://vi.du/@11.818412,106.994876,17z",
    )
    for pair in pasted:
        (row,) = read(sheet_of(heading, [*PLACE, pair])).rows
        assert row.place is not None
        assert (row.place.latitude, row.place.longitude) == pytest.approx((11.818412, 106.994876), abs=1e-4)
    (row,) = read(sheet_of(heading, [*PLACE, "11.818412, 106.994876", 107.5])).rows
    assert [(each.column, each.code) for each in row.problems] == [("longitude", CellFault.not_a_coordinate)]


@pytest.mark.parametrize("value", ["1.234.567", "11,83,59", "bắc", "1e5", True, "nan"])
def test_other_writings_of_coordinates_are_a_problem(value: object) -> None:
    assert fault_of("latitude", value) is CellFault.not_a_coordinate


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("Có", True), ("có ", True), ("yes", True), ("X", True), ("1", True), (1, True), (True, True),
        ("Không", False), ("KHÔNG", False), ("No", False), ("0", False), (0, False), (False, False),
        (None, None), ("  ", None),
    ],
)  # fmt: skip
def test_yes_and_no_are_read_in_many_ways(value: object, said: bool | None) -> None:  # noqa: FBT001 - what is read
    assert value_of("is_free", value) is said


def test_what_is_neither_yes_nor_no_is_a_problem() -> None:
    assert fault_of("is_free", "có lẽ") is CellFault.not_yes_no
    assert fault_of("is_free", 2) is CellFault.not_yes_no


@pytest.mark.parametrize("text", ["Nhà văn hóa có khu trẻ em", "NHÀ VĂN HÓA CÓ KHU TRẺ EM"])
def test_kinds_are_read_by_their_words(text: str) -> None:
    (row,) = read(sheet_of(HEADINGS, ("A", text, "Thác Mơ"))).rows
    assert row.place == PlayAreaInput("A", PlayKind.culture_house, 1)


def test_any_dash_is_a_dash() -> None:
    text = "Trung tâm văn hóa, thể thao - học tập cộng đồng"
    (row,) = read(sheet_of(HEADINGS, ("A", text, "Thác Mơ"))).rows
    assert row.place == PlayAreaInput("A", PlayKind.community_centre, 1)


def test_words_outside_the_lists_are_problems() -> None:
    (row,) = read(sheet_of(HEADINGS, ("A", "Sân gì đó", "Hà Nội"))).rows
    assert row.place is None
    assert row.problems == (
        CellProblem("kind", CellFault.unknown_word, "Sân gì đó"),
        CellProblem("commune", CellFault.unknown_commune, "Hà Nội"),
    )
    assert fault_of("condition", "tàm tạm") is CellFault.unknown_word
    assert fault_of("funding", "vay") is CellFault.unknown_word


def test_a_quarter_belongs_to_its_commune() -> None:
    row = one_row(quarter="khu phố 1")
    assert row.place is not None
    assert row.place.quarter_id == 11
    assert fault_of("quarter", "Thôn Nhơn Hòa 1") is CellFault.unknown_quarter


def test_a_quarter_that_has_ended_is_known_to_its_own_place_alone() -> None:
    rows = [
        ("VC-1", "Thác Mơ", "khu  phố 9"),
        ("VC-2", "Thác Mơ", "Khu phố 9"),
        (None, "Thác Mơ", "Khu phố 9"),
        ("VC-1", "Long Giang", "Khu phố 9"),
    ]
    headings = ("Mã", "Tên", "Loại", "Xã, phường", "Thôn, khu phố")
    found = [
        read(sheet_of(headings, (code, *PLACE[:2], commune, quarter))).rows[0]
        for code, commune, quarter in rows
    ]
    assert found[0].place is not None
    assert found[0].place.quarter_id == 19
    for row in found[1:]:
        assert row.problems == (CellProblem("quarter", CellFault.unknown_quarter, "Khu phố 9"),)


def test_a_version_is_a_whole_number_or_unknown() -> None:
    assert [one_row(version=value).version for value in (3, "3", None)] == [3, 3, None]
    assert fault_of(VERSION, "mới") is CellFault.not_a_number


def test_a_row_that_was_emptied_but_for_its_version_says_nothing() -> None:
    content = sheet_of((*HEADINGS, "Phiên bản"), (*PLACE, 1), (None, None, None, 2))
    assert [row.line for row in read(content).rows] == [2]


def test_beside_an_unknown_commune_the_quarter_is_not_blamed() -> None:
    content = sheet_of((*HEADINGS, "Thôn, khu phố"), ("A", "Hồ bơi cố định", "Hà Nội", "Khu phố 1"))
    assert [problem.column for problem in read(content).rows[0].problems] == ["commune"]


def test_what_must_be_there_and_is_not_is_named() -> None:
    (row,) = read(sheet_of((*HEADINGS, "Ghi chú"), (None, " ", None, "đang hỏi"))).rows
    assert [(problem.column, problem.code) for problem in row.problems] == [
        (name, CellFault.missing) for name in ("name", "kind", "commune")
    ]


def test_a_code_that_stands_twice_is_a_problem_of_both_rows() -> None:
    content = sheet_of(("Mã", *HEADINGS), *[(code, *PLACE) for code in ("VC-1", 25, "VC-1", None, None)])
    rows = read(content).rows
    assert [row.code for row in rows] == ["VC-1", "25", "VC-1", "", ""]
    assert [row.place is None for row in rows] == [True, False, True, False, False]
    assert rows[0].problems == (CellProblem("code", CellFault.code_twice, "VC-1"),)


def test_numbers_in_a_column_of_texts_are_texts() -> None:
    assert value_of("notes", 25) == "25"
    assert value_of("notes", 1.5) == "1.5"


@pytest.mark.parametrize("twice", ["Loại", " LOẠI*", "Kind"])
def test_two_columns_with_one_heading_are_named(twice: str) -> None:
    """Taking the first left out unseen what stood in the second."""
    found = refusal(sheet_of((*HEADINGS, twice), (*PLACE, "Hồ bơi cố định")))
    assert (found.problem, found.params) == (SheetProblem.heading_twice, {"names": ("kind",)})


def test_formulas_count_by_their_value_and_errors_are_problems() -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, (*HEADINGS, "Diện tích (m²)", "Ghi chú"))
        sheet.write_row(1, 0, PLACE)
        sheet.write_formula(1, 3, "=600*2", None, 1200)
        sheet.write_formula(1, 4, '="a"&"b"', None, "ab")
        sheet.write_row(2, 0, PLACE)
        sheet.write_formula(2, 3, "=A0", None, "#REF!")
    good, broken = read(file.getvalue()).rows
    assert good.place == PlayAreaInput("Sân chơi Hoa Mai", PlayKind.playground, 1, area_m2=1200, notes="ab")
    assert broken.problems == (CellProblem("area_m2", CellFault.error_value, "#REF!"),)


# Files as other programs write them, and files that mean harm.

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
CONTENTS = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    f'<Override PartName="/xl/workbook.xml" ContentType="{KINDS}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/a.xml" ContentType="{KINDS}.worksheet+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{KINDS}.sharedStrings+xml"/></Types>'
)
WORKBOOK = f'<workbook xmlns="{MAIN}" xmlns:r="{RELATION}"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>'
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
RELATIONS = f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{RELATION}/worksheet" Target="/xl/worksheets/a.xml"/></Relationships>'
NO_STRINGS = f'<sst xmlns="{MAIN}"/>'


def packed(sheet: str | bytes, *, strings: str = NO_STRINGS, **parts: str) -> bytes:
    """An Excel file of hand-written parts."""
    files = {
        "[Content_Types].xml": CONTENTS,
        "xl/workbook.xml": parts.get("workbook", WORKBOOK),
        "xl/_rels/workbook.xml.rels": parts.get("relations", RELATIONS),
        "xl/worksheets/a.xml": sheet,
        "xl/sharedStrings.xml": strings,
    }
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return file.getvalue()


def worksheet(rows: str, before: str = "") -> str:
    return f'<x:worksheet xmlns:x="{MAIN}">{before}<x:sheetData>{rows}</x:sheetData></x:worksheet>'


def rows_of(sheet: str, strings: str = NO_STRINGS) -> Mapping[int, object]:
    return dict(read_rows(packed(worksheet(sheet), strings=strings)))


def test_cells_are_read_as_other_programs_write_them() -> None:
    sheet = (
        '<x:row><x:c t="inlineStr"><x:is><x:t> a</x:t></x:is></x:c><x:c><x:v>1.5E2</x:v></x:c></x:row>'
        '<x:row r="7"><x:c r="AA7" t="s"><x:v>0</x:v></x:c><x:c t="b"><x:v>0</x:v></x:c>'
        '<x:c t="str"><x:v>A_x000D_\nB</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c></x:row>'
        '<x:row><x:c s="0"/><x:c t="s"><x:v>1</x:v></x:c><x:c t="inlineStr"/></x:row>'
        "<x:row><x:c><x:v>1e999</x:v></x:c></x:row>"
    )
    strings = f'<sst xmlns="{MAIN}"><si><r><rPr><b/></rPr><t>Thác</t></r><r><t> Mơ</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si><si><t> </t></si></sst>'
    assert rows_of(sheet, strings) == {
        1: {0: "a", 1: 150.0},
        7: {26: "Thác Mơ", 27: False, 28: "A\nB", 29: ErrorValue("#N/A")},
        9: {0: ErrorValue("inf")},
    }


def test_a_cell_has_the_kind_that_excel_gave_it() -> None:
    (_number, row), *_rest = read_rows(sheet_of((1.234, "1.234", True, 1, "#REF!", "TRUE")))
    assert [(type(cell), cell) for cell in row.values()] == [
        (float, 1.234),
        (str, "1.234"),
        (bool, True),
        (float, 1.0),
        (str, "#REF!"),
        (str, "TRUE"),
    ]


def dated(*values: tuple[datetime | time, str]) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for column, (value, pattern) in enumerate(values):
            sheet.write_datetime(0, column, value, book.add_format({"num_format": pattern}))
    return file.getvalue()


def test_dates_are_shown_as_people_write_them() -> None:
    content = dated(
        (datetime(2019, 3, 15), "dd/mm/yyyy"),  # noqa: DTZ001 - Excel knows no time zones
        (datetime(2019, 3, 15, 7, 30), "dd/mm/yyyy hh:mm"),  # noqa: DTZ001 - as above
        (time(17, 5), "hh:mm"),
    )
    ((_line, row),) = read_rows(content)
    assert row == {
        0: DateValue("15/03/2019", is_time=False),
        1: DateValue("15/03/2019 07:30", is_time=False),
        2: DateValue("17:05", is_time=True),
    }


def test_a_coordinate_that_excel_took_for_a_date_is_a_problem() -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, (*HEADINGS, "Vĩ độ"))
        sheet.write_row(1, 0, PLACE)
        day = book.add_format({"num_format": "d-mmm"})
        sheet.write_datetime(1, 3, datetime(2021, 8, 11), day)  # noqa: DTZ001 - Excel knows no time zones
        sheet.write_row(2, 0, PLACE)
        sheet.write_number(2, 3, -7, day)  # no date of Excel's calendar
    (row, before) = read(file.getvalue()).rows
    assert row.problems == (CellProblem("latitude", CellFault.date_value, "11/08/2021"),)
    assert before.place is None


def test_one_cell_far_away_takes_no_memory() -> None:
    sheet = '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row><x:row r="1048576"><x:c r="B1048576"><x:v>1</x:v></x:c><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>'
    assert rows_of(sheet) == {1: {0: 1.0}, 1048576: {1: 1.0}}
    beyond = sheet.replace("1048576", "999999999999")
    assert rows_of(beyond) == {1: {0: 1.0}}


@pytest.mark.parametrize("stated", ["A1", "A1:XFD1048576"])
def test_the_size_that_a_sheet_states_is_not_believed(stated: str) -> None:
    rows = '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row><x:row r="3"><x:c r="B3"><x:v>2</x:v></x:c></x:row>'
    content = packed(worksheet(rows, f'<x:dimension ref="{stated}"/>'))
    assert dict(read_rows(content)) == {1: {0: 1.0}, 3: {1: 2.0}}


@pytest.mark.parametrize(
    "sheet",
    [
        '<x:row><x:c r="1A"><x:v>1</x:v></x:c></x:row>',
        '<x:row r="x"><x:c/></x:row>',
        '<x:row><x:c t="s"><x:v>7</x:v></x:c></x:row>',
        "<x:row><x:c><x:v>abc</x:v></x:c></x:row>",
        "<x:row>",
        "&unknown;",
    ],
)
def test_what_excel_would_not_write_is_refused(sheet: str) -> None:
    with pytest.raises(SheetRefused) as caught:
        rows_of(sheet)
    assert caught.value.problem is SheetProblem.damaged


@pytest.mark.parametrize("before", ["", " " * 65_530])
def test_a_file_that_declares_entities_is_refused(before: str) -> None:
    swelling = f'{before}<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><a>&b;</a>'
    assert refusal(packed(swelling)).problem is SheetProblem.not_excel
    for encoding in ("utf-16", "utf-16-be", "utf-8-sig"):
        assert refusal(packed(swelling.encode(encoding))).problem is SheetProblem.not_excel


def test_what_swells_when_it_is_unpacked_is_refused() -> None:
    assert refusal(packed("<a/>", strings=" " * 61 * 1024 * 1024)).problem is SheetProblem.zip_bomb


def test_an_archive_that_lies_about_its_size_is_refused() -> None:
    honest = packed("<a>" + " " * 100_000 + "</a>")
    lying = honest.replace((100_007).to_bytes(4, "little"), (7).to_bytes(4, "little"))
    assert refusal(lying).problem is SheetProblem.damaged


def test_another_archive_is_not_excel() -> None:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert refusal(file.getvalue()).problem is SheetProblem.not_excel


def test_a_file_without_a_sheet_is_refused() -> None:
    without = f'<workbook xmlns="{MAIN}"><sheets/></workbook>'
    assert refusal(packed("<a/>", workbook=without)).problem is SheetProblem.no_sheet
    elsewhere = RELATIONS.replace("a.xml", "b.xml")
    assert refusal(packed("<a/>", relations=elsewhere)).problem is SheetProblem.no_sheet
    assert refusal(packed("<a/>", relations="<Relationships/>")).problem is SheetProblem.no_sheet


def test_a_large_file_is_refused_by_its_length_alone() -> None:
    found = refusal(b"\0" * (MOST_BYTES + 1))
    assert (found.problem, found.params) == (SheetProblem.too_large, {"most_bytes": MOST_BYTES})


def test_columns_that_are_missing_are_named() -> None:
    found = refusal(sheet_of(("Tên", "Địa chỉ"), ("A", "B")))
    assert (found.problem, found.params) == (SheetProblem.missing_columns, {"names": ("kind", "commune")})
    assert refusal(sheet_of(("a", "b"), (1, 2))).params == {"names": ("name", "kind", "commune")}


@pytest.mark.parametrize("rows", [[], [HEADINGS], [HEADINGS, (), (None, " ")]])
def test_an_empty_sheet_is_refused(rows: list[tuple[object, ...]]) -> None:
    assert refusal(sheet_of(*rows)).problem is SheetProblem.empty


def test_too_many_rows_are_refused() -> None:
    assert len(read(sheet_of(HEADINGS, *[PLACE] * MOST_ROWS)).rows) == MOST_ROWS
    found = refusal(sheet_of(HEADINGS, *[PLACE] * (MOST_ROWS + 1)))
    assert (found.problem, found.params) == (SheetProblem.too_many_rows, {"most_rows": MOST_ROWS})


def read_or_refused(content: bytes) -> None:
    try:
        read(content)
    except SheetRefused:
        return


@given(content=st.binary(max_size=300))
@example(content=b"PK\x05\x06" + b"\0" * 18)
def test_any_bytes_are_refused_and_nothing_else(content: bytes) -> None:
    read_or_refused(content)


FILE = sheet_of(HEADINGS, PLACE)
with ZipFile(BytesIO(FILE)) as _archive:
    PARTS = {name: _archive.read(name) for name in _archive.namelist()}


@settings(deadline=None)
@given(end=st.integers(0, len(FILE) - 1))
def test_a_file_that_was_cut_is_refused(end: int) -> None:
    assert refusal(FILE[:end]).problem in (
        SheetProblem.damaged,
        SheetProblem.empty_file,
        SheetProblem.not_excel,
    )


@settings(deadline=None)
@given(data=st.data())
def test_a_file_with_changed_bytes_is_read_or_refused(data: st.DataObject) -> None:
    changed = bytearray(FILE)
    for place in data.draw(st.lists(st.integers(0, len(FILE) - 1), max_size=5)):
        changed[place] = data.draw(st.integers(0, 255))
    read_or_refused(bytes(changed))


@settings(deadline=None)
@given(data=st.data())
def test_a_part_with_changed_bytes_is_read_or_refused(data: st.DataObject) -> None:
    """The sums of the archive are right, so that the change is found by the reading of XML or not at all."""
    parts = dict(PARTS)
    name = data.draw(st.sampled_from(sorted(parts)))
    changed = bytearray(parts[name])
    for place in data.draw(st.lists(st.integers(0, len(changed) - 1), min_size=1, max_size=3)):
        changed[place] = data.draw(st.integers(0, 255))
    parts[name] = bytes(changed[: data.draw(st.none() | st.integers(0, len(changed)))])
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    read_or_refused(file.getvalue())


XML = st.text(st.sampled_from('<>/=" abcrtvs1A&;'), max_size=80)


@settings(deadline=None)
@given(sheet=XML, strings=XML)
def test_any_text_inside_the_archive_is_read_or_refused(sheet: str, strings: str) -> None:
    table = f'<sst xmlns="{MAIN}"><si><t>{strings}</t></si></sst>'
    read_or_refused(packed(worksheet(f"<row>{sheet}</row>"), strings=table))


CELLS = st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats(-1e9, 1e9) | TEXTS


@settings(deadline=None)
@given(values=st.fixed_dictionaries(dict.fromkeys(column_headings(), CELLS)))
def test_any_cells_are_read_or_named(values: dict[str, object]) -> None:
    file = BytesIO()
    headings = column_headings()
    with xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet()
        for column, (name, value) in enumerate(values.items()):
            sheet.write_string(0, column, headings[name])
            sheet.write(1, column, value)
    read_or_refused(file.getvalue())
