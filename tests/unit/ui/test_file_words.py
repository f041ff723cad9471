"""Whatever may be wrong with a file has a sentence of its own, in both languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from dashboard.documents.cells import SheetProblem, SheetRefused
from dashboard.documents.outlines import OutlineProblem, OutlinesRefused
from dashboard.documents.photo import PhotoProblem, PhotoRefused
from dashboard.documents.play_cells import CellFault, CellProblem
from dashboard.i18n import LANGUAGES, in_language
from dashboard.ui.file_words import cell_problem, outlines_refusal, photo_refusal, sheet_refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.i18n import Language

# What each refusal may carry, all of it at once.
OF_OUTLINES = {
    "name": "Thác Mơ",
    "other": "Phường [A](http://x)",
    "most_bytes": 5_242_880,
    "most_features": 20_000,
    "most_points": 50_000,
    "most_parts": 2_000,
    "found_km2": 71.9,
    "known_km2": 3.97,
}
SENTENCES: dict[str, Callable[[], str]] = {
    **{
        f"photo {each}": lambda each=each: photo_refusal(PhotoRefused(each, most_bytes=10_485_760))
        for each in PhotoProblem
    },
    **{
        f"sheet {each}": lambda each=each: sheet_refusal(
            SheetRefused(each, most_bytes=5_242_880, most_rows=5000, names=("name", "Trang *1*"))
        )
        for each in SheetProblem
    },
    **{
        f"outlines {each}": lambda each=each: outlines_refusal(OutlinesRefused(each, **OF_OUTLINES))
        for each in OutlineProblem
    },
    **{
        f"cell {each}": lambda each=each: cell_problem(CellProblem("name", each, "12/03/2025"), "Tên")
        for each in CellFault
    },
}


@pytest.mark.parametrize("name", SENTENCES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_a_whole_sentence(name: str, language: Language) -> None:
    with in_language(language):
        told = SENTENCES[name]()
    assert not re.search(r"[{}]|None|\b0 MB", told)
    assert len(told) > 10


@pytest.mark.parametrize("name", SENTENCES)
def test_every_refusal_is_translated(name: str) -> None:
    told = {language: in_the_language(language, SENTENCES[name]) for language in LANGUAGES}
    assert len(set(told.values())) == len(LANGUAGES)


def in_the_language(language: Language, sentence: Callable[[], str]) -> str:
    with in_language(language):
        return sentence()


@pytest.mark.parametrize("kind", ["photo", "sheet", "outlines", "cell"])
def test_no_two_causes_share_a_sentence(kind: str) -> None:
    told = [sentence() for name, sentence in SENTENCES.items() if name.startswith(f"{kind} ")]
    assert len(set(told)) == len(told)


def test_a_size_is_told_as_people_write_it() -> None:
    assert "rộng khoảng 71,9 km²" in SENTENCES["outlines wrong_size"]()
