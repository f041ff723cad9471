"""What stands in the fields of a place, in words: the same for a conflict, a sheet and the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.documents.play_columns import column_headings
from dashboard.documents.words import condition_word, funding_word, kind_word
from dashboard.domain.numbers import format_number
from dashboard.domain.play_areas import KNOWN_OR_NOT
from dashboard.i18n import _, current_language
from dashboard.ui.place_fields import WHOLE_NUMBERS
from dashboard.ui.register_words import known_word
from dashboard.views import installation
from dashboard.views import place_names as names_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.i18n import Language
    from dashboard.views.place_names import PlaceNames


@st.cache_resource(max_entries=4, show_spinner=False)
def _place_names(version: int, language: Language) -> PlaceNames:  # noqa: ARG001
    return names_view.place_names(language)


def _names() -> PlaceNames:
    language = current_language()
    return _place_names(installation.current_version(), language)


def commune_word(area: int) -> str:
    return _names().areas.get(area, str(area))


def quarter_word(quarter: int) -> str:
    """The name, also of a thôn or khu phố that is in no list any more."""
    names = _names()
    name = names.quarters.get(quarter, str(quarter))
    return _("{name} (đã kết thúc)").format(name=name) if quarter in names.ended else name


def place_heading(name: str) -> str:
    headings = column_headings()
    return headings.get({"area_id": "commune", "quarter_id": "quarter"}.get(name, name), name)


def place_value(name: str, value: Any) -> str:
    """One field's value, as a person said it or as the change log has it.

    Which words fit is told by the field: 1 thing of equipment is no "yes".
    """
    if name in KNOWN_OR_NOT:
        return known_word(value)
    if value is None or value == "":
        return "–"
    if name in WHOLE_NUMBERS:
        return format_number(value, language=current_language())
    words: dict[str, Callable[[Any], str]] = {
        "kind": kind_word,
        "condition": condition_word,
        "equipment_condition": condition_word,
        "funding": funding_word,
        "area_id": commune_word,
        "quarter_id": quarter_word,
    }
    return words[name](value) if name in words else str(value)
