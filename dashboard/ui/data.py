"""Views kept by data version: a hundred screens that show the same figures cost one query.

The frames are shared between sessions and never changed in place. What somebody may not see belongs to the key: a
view with small counts is kept for each sight (dashboard.domain.permissions.Sight), never for the page alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.domain.permissions import Capability, may
from dashboard.i18n import current_language
from dashboard.ui.session import visitor
from dashboard.views import cell as cell_view
from dashboard.views import installation
from dashboard.views import overview as overview_view
from dashboard.views import places as places_view
from dashboard.views import play_areas as play_view
from dashboard.views import proposals as proposals_view
from dashboard.views import recognition as recognition_view
from dashboard.views.small_counts import sight_of

if TYPE_CHECKING:
    from datetime import date

    from dashboard.domain.permissions import Actor, Sight
    from dashboard.i18n import Language
    from dashboard.views.cell import CellHistory
    from dashboard.views.overview import Overview, Unmasked
    from dashboard.views.places import PlacesOnDay
    from dashboard.views.play_areas import PlayRegister
    from dashboard.views.proposals import Proposal
    from dashboard.views.recognition import Recognition


@st.cache_resource(max_entries=48, show_spinner=False)
def _unmasked(version: int, day: date, year: int, part: str, language: Language) -> Unmasked | None:  # noqa: ARG001
    return overview_view.unmasked(year, part, language)


@st.cache_resource(max_entries=48, show_spinner=False)
def _overview(
    version: int, day: date, year: int, part: str, language: Language, sight: Sight
) -> Overview | None:
    found = _unmasked(version, day, year, part, language)
    return overview_view.masked(found, sight) if found else None


@st.cache_resource(max_entries=64, show_spinner=False)
def _history(
    version: int,  # noqa: ARG001
    cell: tuple[int, int],
    year: int,
    part: str,
    language: Language,
    sight: Sight,
) -> CellHistory:
    return cell_view.cell_history(cell[0], cell[1], year, part, language, sight)


def overview(year: int, part: str, language: Language) -> Overview | None:
    version, day = installation.current_version(), installation.now().date()
    return _overview(version, day, year, part, language, own_sight())


def cell_history(indicator: int, area: int, *, year: int, part: str, language: Language) -> CellHistory:
    return _history(installation.current_version(), (indicator, area), year, part, language, own_sight())


def own_sight() -> Sight:
    """What the person of this run may see; asked within a run, for a file that is made later too."""
    return sight_of(visitor().actor)


# What falls due by the calendar changes without anybody's doing, so the day belongs to the key.
@st.cache_resource(max_entries=24, show_spinner=False)
def _recognition(version: int, day: date, year: int | None, language: Language) -> Recognition | None:  # noqa: ARG001
    return recognition_view.recognition(year, language)


@st.cache_resource(max_entries=12, show_spinner=False)
def _play_register(version: int, day: date, language: Language) -> PlayRegister | None:  # noqa: ARG001
    return play_view.play_register(language)


@st.cache_resource(max_entries=48, show_spinner=False)
def _proposals(
    version: int,  # noqa: ARG001
    day: date,  # noqa: ARG001
    area: int,
    rule_set: int,
    year: int,
    language: Language,
    sight: Sight,
) -> tuple[Proposal, ...]:
    return proposals_view.proposals(area, rule_set, language, sight, year=year)


@st.cache_resource(max_entries=12, show_spinner=False)
def _places_until(version: int, day: date, last: date) -> PlacesOnDay:  # noqa: ARG001
    return places_view.places_until(last)


def places_until(last: date) -> PlacesOnDay:
    return _places_until(installation.current_version(), installation.now().date(), last)


def recognition(year: int | None, language: Language) -> Recognition | None:
    return _recognition(installation.current_version(), installation.now().date(), year, language)


def play_register(language: Language) -> PlayRegister | None:
    return _play_register(installation.current_version(), installation.now().date(), language)


def can_keep_register(actor: Actor) -> bool:
    """Whether `actor` keeps the play areas of any commune: of the agencies only the one that leads them does."""
    lead = play_view.lead() if actor.agency_id else None
    return may(actor, Capability.edit_play_areas, area_id=actor.area_id, lead_agency_id=lead)


def proposals(
    area: int, rule_set: int, language: Language, *, year: int, sight: Sight
) -> tuple[Proposal, ...]:
    """What figures say for the round of `year`: those of that year, or the newest where it is still ahead."""
    today = installation.now().date()
    last = min(year, today.year)
    return _proposals(installation.current_version(), today, area, rule_set, last, language, sight)


@st.cache_resource(max_entries=48, show_spinner=False)
def _score_history(version: int, area: int, round_id: int, criterion: int) -> pl.DataFrame:  # noqa: ARG001
    return recognition_view.score_history(area, round_id, criterion)


def score_history(area: int, round_id: int, criterion: int) -> pl.DataFrame:
    return _score_history(installation.current_version(), area, round_id, criterion)


def place_row(place: int) -> dict[str, Any]:
    """One place as it stands now, a row of dashboard.views.places.places_on in local time."""
    return _register_now().places.row(by_predicate=pl.col("place") == place, named=True)


def quarter_row(quarter: int) -> dict[str, Any] | None:
    """One thôn or khu phố as it stands now, a row of dashboard.views.play_areas.QUARTER; None once it was ended."""
    found = _register_now().quarters.filter(pl.col("quarter") == quarter)
    return found.row(0, named=True) if found.height else None


def _register_now() -> PlayRegister:
    register = play_register(current_language())
    if register is None:
        message = "the register has no plan to belong to"
        raise LookupError(message)
    return register
