"""What people type and read goes through our own readers and writers, not through the framework's guesses."""

from __future__ import annotations

import ast

import pytest
from catalogue import ROOT

SCREENS = sorted([*(ROOT / "pages").glob("*.py"), *(ROOT / "dashboard").rglob("*.py")])
# They keep the value before where they cannot use what was typed, or read "12,5" as 125; see deploy/decisions/0603.
GUESSING = {"date_input", "datetime_input", "time_input", "number_input", "data_editor"}


def attributes(source: str) -> set[str]:
    return {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_widget_reads_dates_or_numbers_for_us(path: object) -> None:
    assert not attributes(path.read_text(encoding="utf-8")) & GUESSING  # type: ignore[attr-defined]
