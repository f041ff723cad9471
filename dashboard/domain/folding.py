"""Which writings are one word to a reader: for matching names, and for cleaning them on their way in.

Vietnamese is typed by two rules of where a tone stands (hòa and hoà), by programs that compose letters or leave marks
beside them, and copied from pages that carry signs nobody sees. Equality by code points knows none of that.
"""

from __future__ import annotations

import re
from typing import Final
from unicodedata import category, combining, normalize

GRAVE, ACUTE, TILDE, HOOK, DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
CIRCUMFLEX, BREVE, HORN = "\u0302", "\u0306", "\u031b"
_TONES: Final = GRAVE + ACUTE + TILDE + HOOK + DOT
_MARKS_OF_LETTERS: Final = CIRCUMFLEX + BREVE + HORN
# No format characters by their class, and yet nothing is seen of them: joiner of marks, Hangul fillers, the blank
# pattern of Braille, selectors of variants.
_UNSEEN: Final = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, *range(0xFE00, 0xFE10)}
_D_WITH_STROKE: Final = str.maketrans("ÐƉðɖ", "ĐĐđđ")
_DASHES: Final = re.compile("[\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d]")
_QUOTES: Final = str.maketrans("‘’‚‛′ʹʼ`´“”„‟″«»", "'''''''''" + '"' * 7)
# Letters of other alphabets that nobody can tell from Latin ones; capitals and small letters each by their own look.
_ALIKE: Final = str.maketrans(
    "АВЕЅІЈКМНОРСТУХԚԜ" + "аеѕіјкорсухһԁԛԝ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "ονκα" + "ıɑɡ",
    "ABESIJKMHOPCTYXQW" + "aesijkopcyxhdqw" + "ABEZHIKMNOPTYX" + "ovka" + "iag",
)
_MARKED: Final = re.compile(r"[\u0300-\u036f]{2,}")
# A tone on the first vowel of oa, oe, uy, uê, uơ, or on the u of qu, where others write it on the second.
_EARLY_TONE: Final = re.compile(
    f"(?:(?<=q)(u)([{_TONES}])([aeiy][{_MARKS_OF_LETTERS}]*|o[{_MARKS_OF_LETTERS}]+)"
    f"|(o)([{_TONES}])([ae][{_MARKS_OF_LETTERS}]*)"
    f"|(u)([{_TONES}])(y|e{CIRCUMFLEX}|o{HORN}))(?![\u0300-\u036f])"
)


def folded(text: str) -> str:
    """What all writings of one word have in common: for comparing, never for showing.

    One writing for composed and decomposed letters, capitals and small ones, tones by the old and by the new rule,
    Đ and the letters taken for it, Latin letters and Cyrillic and Greek ones of the same look, all blanks, dashes
    and quotation marks; signs that are not seen are left out. Not i and y: “Lý” and “Lí” are two names to those who
    bear them, “hai” and “hay” two words.
    """
    apart = normalize("NFKD", without_unseen(text)).translate(_ALIKE)
    plain = _DASHES.sub("-", _composed(apart)).translate(_QUOTES).casefold()
    marked = _marks_in_order(normalize("NFD", plain)).translate(_D_WITH_STROKE)
    return " ".join(normalize("NFC", _EARLY_TONE.sub(_late_tone, marked)).split())


def unmarked(text: str) -> str:
    """The same without tones and marks, as people type into a search: “thac mo” for “Thác Mơ”."""
    return "".join(sign for sign in normalize("NFD", folded(text)) if not combining(sign)).replace("đ", "d")


def clean_name(text: str) -> str:
    """A name on its way in: the letters that were meant, single blanks, and nothing that is not seen.

    How its owner spells it stays: neither case nor the place of a tone is changed.
    """
    composed = _composed(normalize("NFC", without_unseen(text))).translate(_D_WITH_STROKE)
    return " ".join("".join(" " if category(sign) == "Cc" else sign for sign in composed).split())


def clean_login(text: str) -> str:
    """The login that was typed or copied: small plain letters, without what nobody sees."""
    return normalize("NFKC", without_unseen(text)).strip().lower()


def without_unseen(text: str) -> str:
    """Without the signs that take no room: marks of direction and order, soft hyphens, joiners, blanks of no width."""
    return "".join(sign for sign in text if not _is_unseen(sign))


def with_unseen_named(text: str) -> str:
    """The same text for showing why it was refused: what is not seen stands as ‹U+200B›."""
    return "".join(f"‹U+{ord(sign):04X}›" if _is_unseen(sign) else sign for sign in text)


def _is_unseen(sign: str) -> bool:
    return category(sign) == "Cf" or ord(sign) in _UNSEEN


def _composed(text: str) -> str:
    return normalize("NFC", _marks_in_order(normalize("NFD", text)))


def _marks_in_order(text: str) -> str:
    """The mark that makes the letter before the tone: some keyboards send them the other way round."""
    return _MARKED.sub(lambda run: "".join(sorted(run[0], key=_TONES.__contains__)), text)


def _late_tone(found: re.Match[str]) -> str:
    first, tone, second = filter(None, found.groups())
    return f"{first}{second}{tone}"
