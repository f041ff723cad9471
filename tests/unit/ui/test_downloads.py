"""What is taken away as a file: no text in it becomes a formula or a link when somebody opens it."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from zipfile import ZipFile

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook  # type: ignore[import-untyped]

from dashboard.ui.downloads import as_csv, as_excel

SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＠")
MEANT_ILL = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    '=HYPERLINK("http://evil.example","x")',
    "=cmd|'/C calc'!A0",
    "＝1+1",
    "-2+3+cmd|' /C calc'!A0",
)


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("text", MEANT_ILL)
def test_no_cell_of_a_csv_begins_as_a_formula(text: str) -> None:
    found = cells(as_csv(pl.DataFrame({"Tên": [text, "a"], text: ["b", text]})))
    assert found == [["Tên", f"'{text}"], [f"'{text}", "b"], ["a", f"'{text}"]]


@pytest.mark.parametrize(
    "text", ["Thác Mơ", "", "1-2", "a=b", "-5", "−5", "-1.234,5", "+3%", "(=1)", "x@y.vn"]
)
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert cells(as_csv(pl.DataFrame({"a": [text], "b": ["."]}))) == [["a", "b"], [text, "."]]


def test_numbers_dates_and_nothing_stay_what_they_are() -> None:
    table = pl.DataFrame(
        {"a": [-5, None], "b": [-0.5, 1.0], "c": [None, "=x"]}, schema_overrides={"c": pl.String}
    )
    assert cells(as_csv(table)) == [["a", "b", "c"], ["-5", "-0.5", ""], ["", "1.0", "'=x"]]


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_any_text_of_a_csv_is_no_formula(text: str) -> None:
    (found,) = cells(as_csv(pl.DataFrame({"a": [text]}, schema={"a": pl.String})))[1:] or [[""]]
    assert not (found[0] if found else "").startswith(SIGNS) or found[0].lstrip("+-")[:1].isdigit()


@pytest.mark.parametrize(
    "text", [*MEANT_ILL, "http://evil.example", "mailto:x@evil.example", "internal:Sheet1!A1", "{=1}"]
)
def test_a_table_of_excel_has_neither_formulas_nor_links(text: str) -> None:
    content = as_excel(pl.DataFrame({"Tên": [text, "a"], "Số": [1, 2]}))
    with ZipFile(BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert not any(
            "_rels/sheet" in name and b"hyperlink" in archive.read(name) for name in archive.namelist()
        )
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    kept = load_workbook(BytesIO(content)).active["A2"]
    assert (kept.data_type, kept.value) in (
        ("s", text),
        ("s", text.replace("\r", "_x000D_")),
        ("s", text.replace("\r", "\n")),
    )
