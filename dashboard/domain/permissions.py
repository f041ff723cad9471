"""Who may do what, in one table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Role(StrEnum):
    viewer = "viewer"
    commune_officer = "commune_officer"
    agency_officer = "agency_officer"
    town_officer = "town_officer"
    administrator = "administrator"


class Capability(StrEnum):
    see_small_counts = "see_small_counts"
    enter_figures = "enter_figures"
    submit_report = "submit_report"
    take_back_report = "take_back_report"
    return_report = "return_report"
    register_commune = "register_commune"
    score_own_commune = "score_own_commune"
    appraise = "appraise"
    decide = "decide"
    edit_play_areas = "edit_play_areas"
    check_play_areas = "check_play_areas"
    set_standard = "set_standard"
    set_rules = "set_rules"
    manage_accounts = "manage_accounts"


class Scope(StrEnum):
    everywhere = "everywhere"
    own_area = "own_area"
    own_indicators = "own_indicators"
    nowhere = "nowhere"


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who acts. An area belongs to commune officers, an agency to agency officers."""

    id: int
    login: str
    name: str
    role: Role
    area_id: int | None = None
    agency_id: int | None = None


# Whoever is signed in reads all pages and takes their tables with them: that needs no capability. What a child could
# be guessed from does (see_small_counts).
_REGISTERS: Final = (
    Capability.register_commune,
    Capability.score_own_commune,
    Capability.edit_play_areas,
    Capability.check_play_areas,
)
_FIGURES: Final = (Capability.see_small_counts, Capability.enter_figures, Capability.submit_report)
_COMMUNE: Final = (*_FIGURES, Capability.take_back_report, *_REGISTERS)
# The standing office returns reports, appraises and writes down what the chairman decided.
_DECIDES: Final = (Capability.appraise, Capability.decide, Capability.set_standard)
_OFFICE: Final = (*_FIGURES, Capability.return_report, *_REGISTERS, *_DECIDES)
# To take back is the commune's own act: whoever acts from above returns, and says why.
_ADMINISTRATOR: Final = tuple(each for each in Capability if each is not Capability.take_back_report)

# What is not in the table is allowed nowhere.
RULES: Final[Mapping[tuple[Role, Capability], Scope]] = {
    **{(Role.commune_officer, capability): Scope.own_area for capability in _COMMUNE},
    (Role.agency_officer, Capability.enter_figures): Scope.own_indicators,
    # Who types a count must be able to read it back.
    (Role.agency_officer, Capability.see_small_counts): Scope.own_indicators,
    # The agency that leads T7 looks after the play areas of all communes.
    (Role.agency_officer, Capability.edit_play_areas): Scope.own_indicators,
    (Role.agency_officer, Capability.check_play_areas): Scope.own_indicators,
    **{(Role.town_officer, capability): Scope.everywhere for capability in _OFFICE},
    **{(Role.administrator, capability): Scope.everywhere for capability in _ADMINISTRATOR},
}


def scope(role: Role, capability: Capability) -> Scope:
    return RULES.get((role, capability), Scope.nowhere)


def may(
    actor: Actor, capability: Capability, *, area_id: int | None = None, lead_agency_id: int | None = None
) -> bool:
    """Whether `actor` may do it here: to this area, for an indicator that this agency leads."""
    reach = scope(actor.role, capability)
    if reach is Scope.own_area:
        return area_id is not None and area_id == actor.area_id
    if reach is Scope.own_indicators:
        return lead_agency_id is not None and lead_agency_id == actor.agency_id
    return reach is Scope.everywhere


def can_somewhere(actor: Actor, capability: Capability) -> bool:
    """Whether there is any place at all where `actor` may do it: what menus go by."""
    return scope(actor.role, capability) is not Scope.nowhere


@dataclass(frozen=True, slots=True)
class Sight:
    """Where somebody may see what others may not: hashable, so that views can be kept by it."""

    is_everywhere: bool = False
    area_id: int | None = None
    agency_id: int | None = None


def sight(actor: Actor, capability: Capability) -> Sight:
    """Where `actor` has a `capability` to see something, for dashboard.domain.small_counts."""
    reach = scope(actor.role, capability)
    return Sight(
        is_everywhere=reach is Scope.everywhere,
        area_id=actor.area_id if reach is Scope.own_area else None,
        agency_id=actor.agency_id if reach is Scope.own_indicators else None,
    )
