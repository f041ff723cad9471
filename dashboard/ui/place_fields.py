"""The fields of one place: from what is stored to text in a field, and from what was typed back."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from dashboard.documents.play_columns import column_headings
from dashboard.domain.folding import without_unseen
from dashboard.domain.numbers import NumberProblem, NumberRefused, format_number, parse_figure
from dashboard.domain.play_areas import KNOWN_OR_NOT, Condition, Funding, PlayAreaInput, PlayKind
from dashboard.domain.positions import read_position
from dashboard.ui.words import naming_field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

WHOLE_NUMBERS: Final = ("area_m2", "equipment_count", "age_from", "age_to")
POSITION: Final = ("latitude", "longitude")
TEXTS: Final = ("name", "address", "manager", "equipment_note", "opening_hours", "notes")
# The address of a map page may be long, and what is longer is cut without a word.
LONGEST_POSITION: Final = 2000
# A list of choices shows an empty choice as something to clear away, so what is not known has a word of its own.
UNKNOWN: Final = "unknown"
YES, NO = "yes", "no"
KNOWN_CHOICES: Final = (UNKNOWN, YES, NO)
_KNOWN: Final = {UNKNOWN: None, YES: True, NO: False}
_YEAR = re.compile(r"[0-9]{4}")


def place_input(row: Mapping[str, Any]) -> PlayAreaInput:
    """A row of dashboard.views.places.PLACE as a person would have said it."""
    said = {name: row[name] for name in (*TEXTS, *WHOLE_NUMBERS, *POSITION, *KNOWN_OR_NOT, "opened_year")}
    return PlayAreaInput(
        **said,
        kind=PlayKind(row["kind"]),
        area_id=row["area"],
        quarter_id=row["quarter"],
        funding=Funding(row["funding"]) if row["funding"] else None,
        equipment_condition=Condition(row["equipment_condition"]) if row["equipment_condition"] else None,
        condition=Condition(row["condition"]),
    )


def shown_text(said: PlayAreaInput, name: str) -> str:
    """What stands in a text field: numbers in Vietnamese writing whatever the language, degrees and years plain."""
    value = getattr(said, name)
    if value is None:
        return ""
    if name in WHOLE_NUMBERS:
        return format_number(value, language="vi")
    return str(value)


def shown_choice(said: PlayAreaInput, name: str) -> str | int:
    """What is chosen in a list: the code that is stored, or the word for not known."""
    value = getattr(said, name)
    if name in KNOWN_OR_NOT:
        return next(word for word, known in _KNOWN.items() if known is value)
    return UNKNOWN if value is None else value


def _chosen(choice: Any) -> Any:
    return None if choice == UNKNOWN else choice


def read_place(typed: Callable[[str], Any], area_id: int) -> PlayAreaInput:
    """What the fields say; raises NumberRefused for a number that cannot be read."""
    said: dict[str, Any] = {
        **{name: str(typed(name) or "").strip() for name in TEXTS},
        **{name: _in_field(name, _whole, typed) for name in WHOLE_NUMBERS},
        **dict(zip(POSITION, position(typed), strict=True)),
        **{name: _KNOWN[typed(name) or UNKNOWN] for name in KNOWN_OR_NOT},
    }
    return PlayAreaInput(
        **said,
        opened_year=_in_field("opened_year", _year, typed),
        kind=PlayKind(typed("kind")),
        area_id=area_id,
        quarter_id=_chosen(typed("quarter_id")),
        funding=_chosen(typed("funding")),
        equipment_condition=_chosen(typed("equipment_condition")),
        condition=Condition(typed("condition")),
    )


def _in_field(name: str, read: Callable[[str], int | None], typed: Callable[[str], Any]) -> int | None:
    with naming_field(column_headings()[name]):
        return read(str(typed(name) or ""))


def _whole(text: str) -> int | None:
    return parse_figure(text) if text.strip() else None


def _year(text: str) -> int | None:
    clean = unicodedata.normalize("NFKC", without_unseen(text)).strip()
    if not clean:
        return None
    if not _YEAR.fullmatch(clean):
        raise NumberRefused(NumberProblem.not_a_number, text)
    return int(clean)


def position(typed: Callable[[str], Any]) -> tuple[float | None, float | None]:
    """Both fields together: a pair may have been pasted into either of them; raises NumberRefused."""
    latitude, longitude = (str(typed(name) or "") for name in POSITION)
    return read_position(latitude, longitude)


def is_pasted_pair(typed: Callable[[str], Any]) -> bool:
    """Whether one field holds what belongs into both; what was typed into each stays as it was typed."""
    return not all(str(typed(name) or "").strip() for name in POSITION)
