"""How soon a password is guessed: by lists of common ones, keyboard walks, dates, and words that everybody here knows."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dashboard.domain.folding import unmarked

if TYPE_CHECKING:
    from collections.abc import Iterable

# Guesses as a power of ten. A guesser that the throttling lets through a hundred times an hour needs 360 years for it;
# of what people here choose, words with a year or a run of digits stay below 7, four unrelated words exceed 12.
LEAST_POWER: Final = 8.5
# More letters than this add nothing to what is judged here.
LONGEST_JUDGED: Final = 72
# A family name, a middle name, a name: as many words of the lists as a guesser puts together.
MOST_WORDS_IN_A_ROW: Final = 3
LONGEST_WORD: Final = 24
# How people write letters by signs.
LEET: Final = str.maketrans("@4031!$57", "aaoeiisst")
EDGES: Final = re.compile(r"^([\d\W_]*)(.*?)([\d\W_]*)$", re.DOTALL)
SEPARATORS: Final = re.compile(r"[\W_]+")


@cache
def common_words() -> tuple[str, ...]:
    lines = Path(__file__).with_name("common_words.txt").read_text(encoding="utf-8").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())


def letters_of(password: str) -> int:
    """How many letters and signs a reader sees: marks that stand on a letter and signs that nobody sees count for none."""
    composed = unicodedata.normalize("NFC", password)
    return sum(not unicodedata.category(letter).startswith(("M", "Cf", "Cc")) for letter in composed)


def joined(text: str) -> str:
    """In small letters without marks: letters and digits alone."""
    return SEPARATORS.sub("", unmarked(text))


def is_soon_guessed(password: str, own_words: Iterable[str] = ()) -> bool:
    """Whether one of the ways in which a guesser would write this password comes early.

    `own_words` are those that a guesser knows of this account and this town.
    """
    from zxcvbn_rs_py import zxcvbn  # noqa: PLC0415 - 4 MB of lists, for the few who set a password

    known = [word for own in own_words for word in {joined(own), *unmarked(own).split()} if len(word) > 1]
    words = [*dict.fromkeys(known), *common_words()]
    if fewest_words(password, frozenset(words)) <= MOST_WORDS_IN_A_ROW:
        return True
    return any(zxcvbn(each, words).guesses_log10 < LEAST_POWER for each in writings(password) if each)


def fewest_words(password: str, words: frozenset[str]) -> float:
    """Of how many of these words the letters of a password are made, digits and signs around them left out."""
    letters = "".join(each for each in joined(password)[:LONGEST_JUDGED] if each.isalpha())
    fewest = [0.0, *(inf for _letter in letters)]
    for end in range(1, len(letters) + 1):
        starts = range(max(0, end - LONGEST_WORD), end)
        fewest[end] = min((fewest[at] + 1 for at in starts if letters[at:end] in words), default=inf)
    return fewest[-1] or inf


def writings(password: str) -> set[str]:
    """The password as it is, and as it would be without marks, separators and signs that stand for letters."""
    # A terminal of another encoding hands over halves of letters, which the judge cannot read.
    readable = password.encode("utf-8", "replace").decode("utf-8")
    composed = unicodedata.normalize("NFC", readable)[:LONGEST_JUDGED]
    bare = unmarked(composed)
    found = EDGES.match(bare)
    before, core, after = found.groups() if found else ("", bare, "")
    spelled = before + core.translate(LEET) + after
    return {composed, bare, SEPARATORS.sub("", bare), SEPARATORS.sub("", spelled)}


def is_only_digits(password: str) -> bool:
    """A telephone number, a day, a card's number: written with or without separators."""
    return joined(password).isdecimal()
