"""What the server hands the saving line, without a page: which state, which words, and texts that come back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import streamlit as st
from hypothesis import given, strategies

from dashboard.ui.opened import Conflict, Failed, Kept, Over, Refused
from dashboard.ui.saving import Field, Form, note_sentence, take_texts

if TYPE_CHECKING:
    from dashboard.ui.opened import Note


class Theirs:
    version, value, by, at = 2, "theirs", "Cán bộ", datetime(2021, 11, 5, tzinfo=UTC)


@pytest.mark.parametrize("note", [Failed("ab12"), Over(), Conflict(Theirs(), "mine")])
def test_what_is_not_stored_says_so_first(note: Note) -> None:
    assert note_sentence(note).startswith("Chưa lưu")


def test_what_is_stored_says_when_and_what_follows() -> None:
    note = Kept(datetime(2021, 11, 5, 7, 2, tzinfo=UTC), "Đã có kỳ đánh giá năm 2024.")
    assert note_sentence(note) == "✓ đã lưu 14:02 Đã có kỳ đánh giá năm 2024."


@given(strategies.lists(strategies.text(min_size=1), min_size=1, max_size=3))
def test_sentences_of_a_refusal_stay_letter_by_letter(sentences: list[str]) -> None:
    assert note_sentence(Refused(tuple(sentences))) == "\n".join(sentences)


@given(
    strategies.dictionaries(
        strategies.sampled_from(["number", "answer", "elsewhere"]),
        strategies.one_of(strategies.text(), strategies.sampled_from(["Có", "Chưa"]), strategies.integers()),
    )
)
def test_only_texts_that_a_field_can_hold_come_back(texts: dict[str, object]) -> None:
    """They come from a browser's storage: anything may stand there."""
    st.session_state.clear()
    saved = []
    fields = (
        Field("number", "key:number", "Số", "", ""),
        Field("answer", "key:answer", "Trả lời", "", "", {"Có": "yes", "Chưa": "no"}),
    )
    take_texts(Form("form", fields, again=lambda: saved.append(True)), json.dumps({"texts": texts}))
    number, answer = texts.get("number"), texts.get("answer")
    expected = {"key:number": number} if isinstance(number, str) else {}
    if answer in ("Có", "Chưa"):
        expected["key:answer"] = {"Có": "yes", "Chưa": "no"}[str(answer)]
    assert {key: st.session_state[key] for key in st.session_state} == expected
    assert saved == [True]


@pytest.mark.parametrize("payload", ["", "{", "[]", "7", '{"texts": 7}', '{"text": {}}', "null"])
def test_what_no_page_of_ours_sends_saves_nothing(payload: str) -> None:
    saved = []
    take_texts(Form("form", again=lambda: saved.append(True)), payload)
    assert saved == []
