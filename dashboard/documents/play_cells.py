"""One cell of a sheet of play areas: what stands in it, or why it cannot be read."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeVar

from dashboard.documents.cells import (
    Cell,
    Covered,
    DateValue,
    ErrorValue,
    NoResult,
)
from dashboard.documents.play_columns import VERSION
from dashboard.documents.words import condition_word, funding_word, kind_word
from dashboard.domain.folding import clean_name, folded
from dashboard.domain.numbers import LARGEST, NumberProblem, NumberRefused, parse_figure
from dashboard.domain.play_areas import KNOWN_OR_NOT, NUMBER_FIELDS, Condition, Funding, PlayKind
from dashboard.domain.positions import read_position
from dashboard.i18n import LANGUAGES, _, in_language

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


_Word = TypeVar("_Word", bound=StrEnum)


class CellFault(StrEnum):
    """The first are those of a number (see NumberProblem)."""

    not_a_number = "not_a_number"
    negative = "negative"
    ambiguous = "ambiguous"
    too_many_decimals = "too_many_decimals"
    too_large = "too_large"
    not_whole = "not_whole"
    missing = "missing"
    unknown_word = "unknown_word"
    unknown_commune = "unknown_commune"
    unknown_quarter = "unknown_quarter"
    not_yes_no = "not_yes_no"
    not_a_coordinate = "not_a_coordinate"
    error_value = "error_value"
    date_value = "date_value"
    no_result = "no_result"
    covered = "covered"
    code_twice = "code_twice"


@dataclass(frozen=True, slots=True)
class CellProblem:
    """`column` is the name of the field (see column_heading), `text` what stands in the cell."""

    column: str
    code: CellFault
    text: str


_FAULTS: Final = {"commune": CellFault.unknown_commune, **dict.fromkeys(KNOWN_OR_NOT, CellFault.not_yes_no)}


class CellRefused(ValueError):
    def __init__(self, fault: CellFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What each word stands for, by column and its folded writing."""

    words: Mapping[str, Mapping[str, object]]
    quarters: Mapping[tuple[int, str], int]
    ended: Mapping[tuple[str, int, str], int]


def vocabulary_of(
    communes: Mapping[str, int],
    quarters: Mapping[tuple[int, str], int],
    ended: Mapping[tuple[str, int, str], int],
) -> Vocabulary:
    conditions = _words(Condition, condition_word)
    return Vocabulary(
        words={
            "kind": _words(PlayKind, kind_word),
            "funding": _words(Funding, funding_word),
            "condition": conditions,
            "equipment_condition": conditions,
            "commune": {folded(name): area for name, area in communes.items()},
            **dict.fromkeys(KNOWN_OR_NOT, _yes_no_words()),
        },
        quarters=_by_folded_name(quarters),
        ended={(code, area, folded(name)): quarter for (code, area, name), quarter in ended.items()},
    )


def _by_folded_name(quarters: Mapping[tuple[int, str], int]) -> dict[tuple[int, str], int]:
    """Without the names that two of one commune share once they are folded: which is meant cannot be known."""
    keys = [(area, folded(name)) for area, name in quarters]
    return {
        key: quarter for key, quarter in zip(keys, quarters.values(), strict=True) if keys.count(key) == 1
    }


def _words(members: type[_Word], to_word: Callable[[str], str]) -> dict[str, _Word]:
    words: dict[str, _Word] = {}
    for language in LANGUAGES:
        with in_language(language):
            words |= {folded(to_word(member)): member for member in members}
    return words


def _yes_no_words() -> dict[str, bool]:
    words = {"yes": True, "x": True, "1": True, "true": True, "no": False, "0": False, "false": False}
    for language in LANGUAGES:
        with in_language(language):
            words |= {folded(_("Có")): True, folded(_("Không")): False}
    return words


def _refuse_unreadable(name: str, cell: Cell) -> None:
    """What Excel shows in the cell is not what was meant, or nothing that can be known."""
    if isinstance(cell, ErrorValue):
        raise CellRefused(CellFault.error_value)
    if isinstance(cell, NoResult):
        raise CellRefused(CellFault.no_result)
    if isinstance(cell, Covered):
        raise CellRefused(CellFault.covered)
    # "7:30" is a time of day in Excel too; 12/3 as an address is a day only there.
    if isinstance(cell, DateValue) and not (name == "opening_hours" and cell.is_time):
        raise CellRefused(CellFault.date_value)


def read_cell(name: str, cell: Cell, vocabulary: Vocabulary, values: Mapping[str, Any]) -> Any:
    _refuse_unreadable(name, cell)
    text = as_text(cell)
    if name in NUMBER_FIELDS or name == VERSION:
        return _whole(cell)
    if name in vocabulary.words:
        return _known(vocabulary.words[name], folded(text), _FAULTS.get(name, CellFault.unknown_word))
    if name == "quarter":
        return _quarter(folded(text), vocabulary, values)
    return _name(text) if name == "name" else unicodedata.normalize("NFC", text)


def _name(text: str) -> str:
    clean = clean_name(text)
    if not clean:
        raise CellRefused(CellFault.missing)
    return clean


def _quarter(name: str, vocabulary: Vocabulary, values: Mapping[str, Any]) -> int | None:
    area = values.get("commune")
    if area is None:
        # Beside an unknown commune no quarter can be known; that one problem is enough.
        return None
    own = vocabulary.ended.get((values.get("code", ""), area, name))
    return own or _known(vocabulary.quarters, (area, name), CellFault.unknown_quarter)


def _known(known: Mapping[Any, Any], key: Any, fault: CellFault) -> Any:
    if key not in known:
        raise CellRefused(fault)
    return known[key]


def as_text(cell: Cell) -> str:
    if isinstance(cell, ErrorValue | DateValue):
        return cell.text
    if isinstance(cell, NoResult | Covered):
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    # Excel shows no more than fifteen digits of a number: 0,1 + 0,2 is 0,3 there.
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) <= LARGEST else f"{cell:.15g}"
    return cell


def _whole(cell: Cell) -> int:
    if isinstance(cell, float):
        return _whole_number(cell)
    try:
        return parse_figure(as_text(cell))
    except NumberRefused as refused:
        raise CellRefused(_fault(refused.problem)) from refused


def _whole_number(number: float) -> int:
    """Excel keeps every number as a decimal one."""
    if not number.is_integer():
        raise CellRefused(CellFault.not_whole)
    if number < 0:
        raise CellRefused(CellFault.negative)
    if number > LARGEST:
        raise CellRefused(CellFault.too_large)
    return int(number)


def _fault(problem: NumberProblem) -> CellFault:
    return CellFault.missing if problem is NumberProblem.empty else CellFault(problem.value)


def put_position(values: dict[str, Any], name: str, cell: Cell) -> None:
    """Its own degrees, or both of a pair that was pasted into one cell."""
    _refuse_unreadable(name, cell)
    for axis, value in _degrees(name, cell).items():
        if value is not None and values.setdefault(axis, value) != value:
            raise CellRefused(CellFault.not_a_coordinate)


def _degrees(name: str, cell: Cell) -> dict[str, float | None]:
    if isinstance(cell, float):
        return {name: cell}
    text = as_text(cell)
    try:
        latitude, longitude = read_position(*((text, "") if name == "latitude" else ("", text)))
    except NumberRefused as refused:
        raise CellRefused(CellFault.not_a_coordinate) from refused
    return {"latitude": latitude, "longitude": longitude}
