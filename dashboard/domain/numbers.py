"""Numbers and dates as people write them. Reading is Vietnamese whatever the language of the screen.

What could mean two things is refused: a figure read ten or a thousand times too large is worse than none.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from dashboard.domain.folding import without_unseen

if TYPE_CHECKING:
    from datetime import date, datetime

LARGEST: Final = 10**12
BASIS: Final = 10_000
GROUP: Final = 3
_SPACES = re.compile(r" +")
_DIGITS = re.compile(r"[0-9]+")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+")
_SPACED = re.compile(r"[1-9][0-9]{0,2}( [0-9]{3})+")
_NUMERIC = re.compile(r"[0-9][0-9.,]*")
_ENGLISH_GROUPS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_ENGLISH_DECIMALS = re.compile(r"[0-9]+\.[0-9]+")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class NumberProblem(StrEnum):
    empty = "empty"
    not_a_number = "not_a_number"
    negative = "negative"
    ambiguous = "ambiguous"
    too_many_decimals = "too_many_decimals"
    too_large = "too_large"
    not_whole = "not_whole"
    # Of a position, see dashboard.domain.positions.
    not_a_position = "not_a_position"
    link_without_position = "link_without_position"
    two_positions = "two_positions"


class NumberRefused(ValueError):
    """`text` as typed; `reading` holds what it could have meant, in Vietnamese writing.

    `heading` names the field where a form has several, in the form's own words.
    """

    heading: str = ""

    def __init__(self, problem: NumberProblem, text: str, reading: tuple[str, ...] = ()) -> None:
        super().__init__(problem, text)
        self.problem, self.text, self.reading = problem, text, reading


def parse_figure(text: str, *, scale: int = 1) -> int:
    """The integer that `text` stands for, times `scale` (1.000.000 where money is typed in triệu đồng).

    "." groups thousands in strict threes, "," is the decimal mark, spaces may group; signs that nobody sees, which
    come along with copied numbers, are no part of it. Raises NumberRefused.
    """
    # NFKC turns no-break and thin spaces into plain ones. A tab stays: it parts two cells of a sheet.
    clean = _SPACES.sub(" ", unicodedata.normalize("NFKC", without_unseen(text))).strip()
    if not clean:
        raise NumberRefused(NumberProblem.empty, text)
    if _has_note_mark(text):
        raise NumberRefused(NumberProblem.not_a_number, text)
    if clean[0] in "-−–" and _NUMERIC.fullmatch(clean[1:].replace(" ", "")):
        raise NumberRefused(NumberProblem.negative, text)
    whole, comma, decimals = clean.partition(",")
    if not _is_whole(whole) or (comma and not _DIGITS.fullmatch(decimals)):
        raise _unreadable(text, clean)
    # "1,234" is 1,234 to one reader and 1.234 to another.
    if len(decimals) == GROUP and _DIGITS.fullmatch(whole) and len(whole) <= GROUP and whole != "0":
        raise NumberRefused(NumberProblem.ambiguous, text, (clean, f"{whole}.{decimals}"))
    return _scaled(text, re.sub(r"[. ]", "", whole), decimals, scale)


def _has_note_mark(text: str) -> bool:
    """Raised, circled and fraction digits: NFKC would join the note mark of "12³" to the number as 123."""
    return any(unicodedata.category(sign) == "No" for sign in text)


def _is_whole(text: str) -> bool:
    return any(pattern.fullmatch(text) for pattern in (_DIGITS, _GROUPED, _SPACED))


def _unreadable(text: str, clean: str) -> NumberRefused:
    """A number written in another way is told apart from what is no number at all."""
    if _ENGLISH_GROUPS.fullmatch(clean):
        return NumberRefused(NumberProblem.ambiguous, text, (clean.replace(",", "").replace(".", ","),))
    if _ENGLISH_DECIMALS.fullmatch(clean):
        joined = clean.replace(".", "").lstrip("0") or "0"
        return NumberRefused(NumberProblem.ambiguous, text, (clean.replace(".", ","), joined))
    return NumberRefused(NumberProblem.not_a_number, text)


def _scaled(text: str, whole: str, decimals: str, scale: int) -> int:
    digits, significant = whole.lstrip("0"), decimals.rstrip("0")
    if significant and scale == 1:
        raise NumberRefused(NumberProblem.not_whole, text)
    # Before int(), which refuses very long texts with an error of its own.
    if len(digits) > len(str(LARGEST)):
        raise NumberRefused(NumberProblem.too_large, text)
    if len(significant) > len(str(scale)):
        raise NumberRefused(NumberProblem.too_many_decimals, text)
    parts: int = 10 ** len(significant)
    value, rest = divmod(int(digits + significant or "0") * scale, parts)
    if rest:
        raise NumberRefused(NumberProblem.too_many_decimals, text)
    if value > LARGEST:
        raise NumberRefused(NumberProblem.too_large, text)
    return value


def format_number(value: float | Decimal, *, language: str, decimals: int = 0) -> str:
    """vi 1.234,5 and en 1,234.5; rounded half up."""
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    english = f"{exact + 0:,f}"  # + 0: what rounds to nothing has no minus sign
    return english if language == "en" else english.translate(str.maketrans(",.", ".,"))


def format_share(numerator: int, denominator: int, *, language: str, target_bp: int | None = None) -> str:
    """A share in per cent with one decimal, exact to the unit.

    A share below its target never prints as the target, nor one below 100 % as 100 %, nor one above 0 as 0.
    """
    if denominator == 0:
        return "–"
    tenths = (2 * 1000 * numerator + denominator) // (2 * denominator)
    for limit_bp in (target_bp, BASIS):
        is_below = limit_bp is not None and numerator * BASIS < limit_bp * denominator
        if is_below and limit_bp is not None and tenths * 10 >= limit_bp:
            return f"<{_percent(limit_bp, language)}"
    if tenths == 0 and numerator > 0:
        return f"<{format_number(Decimal('0.1'), language=language, decimals=1)}%"
    return f"{format_number(Decimal(tenths) / 10, language=language, decimals=1)}%"


def _percent(basis_points: int, language: str) -> str:
    decimals = 0 if basis_points % 100 == 0 else 2 if basis_points % 10 else 1
    return f"{format_number(Decimal(basis_points) / 100, language=language, decimals=decimals)}%"


def format_money(dong: int, *, language: str, scale: int) -> str:
    """Đồng in units of `scale`, with as many decimals as the amount needs: 12,5 for 12.500.000 đồng."""
    exact = Decimal(dong) / scale
    decimals = max(0, -int(exact.normalize().as_tuple().exponent))
    return format_number(exact, language=language, decimals=decimals)


def format_date(day: date, language: str) -> str:
    if language == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day:%d/%m/%Y}"


def format_moment(moment: datetime, language: str) -> str:
    return f"{moment:%H:%M} {format_date(moment.date(), language)}"
