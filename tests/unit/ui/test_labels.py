"""Figures as short texts."""

from __future__ import annotations

import pytest

from dashboard.i18n import Language, in_language
from dashboard.ui.labels import gap_label


@pytest.mark.parametrize(
    ("language", "gap", "unit", "label"),
    [
        ("vi", 1, "xã, phường", "còn thiếu 1 xã, phường"),
        ("vi", 1234, "trẻ em", "còn thiếu 1.234 trẻ em"),
        ("en", 1, "communes", "1 short (communes)"),
        ("en", 1, "children", "1 short (children)"),
        ("en", 2, "communes", "2 communes short"),
        ("en", 1234, "children", "1,234 children short"),
        ("en", 0, "children", ""),
    ],
)
def test_what_is_missing_is_counted_in_the_grammar_of_its_language(
    language: Language, gap: int, unit: str, label: str
) -> None:
    with in_language(language):
        assert gap_label({"gap": gap, "unit": unit}) == label
