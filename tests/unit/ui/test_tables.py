"""Tables for reading: on a telephone a row of many texts becomes a card."""

from __future__ import annotations

import pytest
import streamlit as st

from dashboard.ui.tables import show_table


@pytest.mark.parametrize(
    ("texts", "numbers", "is_cards"),
    [(3, 0, False), (4, 0, True), (2, 2, False), (1, 5, False), (3, 2, True)],
)
def test_a_row_of_many_texts_becomes_a_card(
    texts: int, numbers: int, *, is_cards: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code, name and author beside two figures left 30 points for the name and cut the author off."""
    drawn: list[str] = []
    monkeypatch.setattr(st, "html", drawn.append)
    headings = [f"cột {number}" for number in range(texts + numbers)]
    show_table(headings, [headings], numbers=range(texts, texts + numbers))
    assert ('<table class="cards">' in drawn[0]) is is_cards
