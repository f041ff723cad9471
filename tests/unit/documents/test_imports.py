"""What screens import on every visit loads no large library: the memory of a small server is measured."""

from __future__ import annotations

import subprocess
import sys

import pytest

LARGE = ("shapely", "PIL", "docx", "openpyxl", "xlsxwriter")


def loaded_after(code: str, large: tuple[str, ...] = LARGE) -> list[str]:
    """Which of the large libraries a fresh interpreter has loaded once it has run `code`."""
    ended = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sorted(set({large!r}) & set(sys.modules)))"],
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout.split()


@pytest.mark.parametrize("name", ["outlines", "play_sheet", "play_writing", "words", "handed_in", "photo"])
def test_importing_it_loads_no_large_library(name: str) -> None:
    assert loaded_after(f"import dashboard.documents.{name}") == []


def test_kept_outlines_are_read_without_shapely() -> None:
    kept = '{"rings": {"thac-mo": [[[107.0, 11.8], [107.1, 11.8], [107.1, 11.9], [107.0, 11.8]]]}, "missing": []}'
    code = f"from dashboard.documents.outlines import Outlines\nOutlines.from_json({kept!r})"
    assert loaded_after(code) == []


def test_the_look_finds_what_is_loaded() -> None:
    assert loaded_after("import dashboard.documents.outline_files") == ["shapely"]


def test_the_process_that_reads_a_sheet_starts_with_next_to_nothing() -> None:
    code = "import dashboard.documents.apart_worker, dashboard.documents.workbook"
    others = ("polars", "babel", "streamlit", "sqlalchemy", "numpy")
    assert loaded_after(code, (*LARGE, *others)) == []
