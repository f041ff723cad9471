"""Two writings of one word are equal, two words are not, and a name on its way in keeps its letters."""

from __future__ import annotations

import itertools
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.folding import clean_name, folded, unmarked, with_unseen_named, without_unseen

TONES = "\u0300\u0301\u0303\u0309\u0323"
UNSEEN = [
    "\u200b",
    "\u200c",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u200e",
    "\u200f",
    "\u202a",
    "\u202c",
    "\u2066",
    "\u2069",
]
UNSEEN += ["\u00ad", "\u061c", "\u180e", "\u034f", "\u3164", "\ufe0f", "\U000e0041"]
BLANKS = ["\u00a0", "\u2007", "\u202f", "\u3000", "\u2003", "\t", "\n", "  "]
# What the rules are about, thrown together: no order of it may make folding go on and on.
HARD = st.text(
    alphabet="qouaeyơêòỏụhнВаÐðɖƉßİ\u0301\u0300\u0302\u031b\u0323\u0303 \u200b\u00ad’–", max_size=12
)
TEXTS = st.text() | HARD
NAMES = ["Phường Thác Mơ", "Xã Long Giang", "Đường Nguyễn Huệ", "Khu phố 3-A", "Trường tiểu học Sơn Giang"]


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize(("first", "second"), ["oa", "oe", "uy", ("u", "ê"), ("u", "ơ")])
@pytest.mark.parametrize("around", [("h", ""), ("kh", ""), ("x", "i"), ("Phường Th", " 2"), ("T", "")])
def test_a_tone_on_either_vowel_is_one_word(
    tone: str, first: str, second: str, around: tuple[str, str]
) -> None:
    before, after = around
    old, new = f"{before}{first}{tone}{second}{after}", f"{before}{first}{second}{tone}{after}"
    assert folded(old) == folded(new)
    assert folded(normalize("NFC", old).upper()) == folded(new)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoà Bình", "Hòa Bình"), ("Long Thuỷ", "Long Thủy"), ("văn hoá", "văn hóa"), ("khoẻ", "khỏe"),
        ("quý", "qúy"), ("quả", "qủa"), ("Ðịa chỉ", "Địa chỉ"), ("Ɖịa chỉ", "Địa chỉ"), ("ðường", "đường"),
        ("Sоn Giаng", "Son Giang"), ("ТНАC MO", "THAC MO"), ("Ηòa", "Hòa"),
        ("Khu phố 3–A", "Khu phố 3-A"), ("“Hoa Sen”", '"Hoa Sen"'), ("D’Ran", "D'Ran"), ("Ｔhác Mơ", "Thác Mơ"),
    ],
)  # fmt: skip
def test_two_writings_of_one_word_are_equal(one: str, other: str) -> None:
    assert folded(one) == folded(other)
    assert unmarked(one) == unmarked(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("của", "cua"), ("mùa", "muà"), ("hòa", "hóa"), ("hoa", "hòa"), ("hai", "hay"), ("Lý", "Lí"), ("tuy", "tui"),
        ("Khu phố 1", "Khu phố 11"), ("Khu phố 3-A", "Khu phố 3A"), ("Sơn", "Son"), ("Đa", "Da"), ("chùa", "chuà"),
    ],
)  # fmt: skip
def test_two_words_stay_two(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("sign", UNSEEN)
def test_signs_that_nobody_sees_make_no_other_name(name: str, sign: str) -> None:
    for at in (0, 3, len(name)):
        marked = name[:at] + sign + name[at:]
        assert folded(marked) == folded(name)
        assert clean_name(marked) == name
        assert f"‹U+{ord(sign):04X}›" in with_unseen_named(marked)


@pytest.mark.parametrize("blank", BLANKS)
def test_any_blank_is_a_blank(blank: str) -> None:
    assert folded(f"{blank}Thác{blank}Mơ{blank}") == folded("Thác Mơ")
    assert clean_name(f"{blank}Thác{blank}Mơ{blank}") == "Thác Mơ"


@pytest.mark.parametrize("letter", "ấầẫẩậắằẵẳặếềễểệốồỗổộớờỡởợứừữửự")
def test_marks_beside_a_letter_are_read_in_any_order(letter: str) -> None:
    base, *marks = normalize("NFD", letter)
    for order in itertools.permutations(marks):
        assert folded(base + "".join(order)) == letter
        assert clean_name(base + "".join(order)) == letter


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("long thuy", "Phường Long Thủy"), ("thac mo", "Phường Thác Mơ"), ("phuoc tin", "Xã Phước Tín"),
        ("son gi", "Phường Sơn Giang"), ("duong", "Đường số 3"), ("Long Thuỷ", "Phường Long Thủy"),
    ],
)  # fmt: skip
def test_a_search_needs_no_marks(typed: str, name: str) -> None:
    assert unmarked(typed) in unmarked(name)


@given(TEXTS)
def test_folding_once_is_enough(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert unmarked(folded(text)) == unmarked(text)


@given(TEXTS)
def test_a_cleaned_name_is_clean_and_still_matches(text: str) -> None:
    clean = clean_name(text)
    assert clean_name(clean) == clean
    assert without_unseen(clean) == clean
    assert clean == " ".join(clean.split())


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])) | HARD)
def test_a_cleaned_name_is_the_same_name(text: str) -> None:
    assert folded(clean_name(text)) == folded(text)


def test_a_name_keeps_its_owner_s_spelling() -> None:
    assert [clean_name(name) for name in ("Hoà Bình", "Hòa Bình", "LÊ Thị Lý")] == [
        "Hoà Bình",
        "Hòa Bình",
        "LÊ Thị Lý",
    ]
