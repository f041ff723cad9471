"""What as_written makes of people's words, for any words at all; how it looks is tried in tests/browser."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.ui.as_written import APART, as_written

SIGNS = [
    *"*_~`:[](){}<>#+-.!|&$@=\\/^;\"'\n\t 1a",
    "www.",
    "http://",
    "smile",
    "&amp;",
    "&#58;",
    "->",
    "1.",
    "\n\n",
]
WORDS = st.one_of(st.lists(st.sampled_from(SIGNS), max_size=20).map("".join), st.text(max_size=40))
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]"
DIRECTION = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@given(WORDS)
def test_every_letter_is_still_there(text: str) -> None:
    kept = "".join(sign for sign in text if sign not in DIRECTION)
    shown = html.unescape(as_written(text).replace(APART, ""))
    assert re.sub(CONTROL, "�", shown) == re.sub(CONTROL, "�", kept)


@given(WORDS)
@example(":\n\n")
def test_nothing_is_left_that_markdown_could_read(text: str) -> None:
    bare = re.sub(r"&#\d+;", "¤", as_written(text).replace(APART, ""))
    assert not re.search(r"[\\`*_{}\[\]<>#~|&$@\t\n\r]|:\S|:$", bare)
    assert not re.search(r"^\s|\s$|^\d*[-+=.)]", bare)


@pytest.mark.parametrize(
    "text", ["http://vi.du", "www.vi.du", "a@vi.du", ":smile:", "a -> b", "a <-> b", "a -- b"]
)
def test_what_is_looked_for_in_plain_text_is_kept_apart(text: str) -> None:
    assert APART in as_written(text)


@pytest.mark.parametrize("sign", DIRECTION)
def test_words_cannot_turn_round_what_stands_after_them(sign: str) -> None:
    assert as_written(f"Sân{sign}A") == "SânA"


@pytest.mark.parametrize(
    "name", ["Nguyễn Văn A", "Phòng Nội vụ - LĐTB", "KP-3", "12/3, hẻm 5 (cũ)", "12,5%", "Chưa lưu: xong!"]
)
def test_usual_words_stay_readable_in_tests_and_logs(name: str) -> None:
    assert as_written(name) == name
