"""Who may do what: officers at home, the compiling office everywhere, viewers only look."""

from __future__ import annotations

import pytest

from dashboard.domain.permissions import RULES, Actor, Capability, Role, Scope, can_somewhere, may, scope

HOME, ELSEWHERE = 3, 4
WRITES = (
    Capability.enter_figures,
    Capability.submit_report,
    Capability.register_commune,
    Capability.score_own_commune,
    Capability.edit_play_areas,
    Capability.check_play_areas,
)
STANDING_OFFICE = (
    Capability.appraise,
    Capability.decide,
    Capability.set_standard,
    Capability.return_report,
)


def actor(role: Role, *, area_id: int | None = None, agency_id: int | None = None) -> Actor:
    return Actor(1, "lan", "Lan", role, area_id, agency_id)


@pytest.mark.parametrize("capability", sorted(Capability))
def test_a_viewer_may_only_look(capability: Capability) -> None:
    assert not can_somewhere(actor(Role.viewer), capability)


@pytest.mark.parametrize("capability", [*WRITES, Capability.see_small_counts, Capability.take_back_report])
def test_a_commune_officer_acts_for_the_own_commune_only(capability: Capability) -> None:
    officer = actor(Role.commune_officer, area_id=HOME)
    assert may(officer, capability, area_id=HOME)
    assert not may(officer, capability, area_id=ELSEWHERE)
    assert not may(officer, capability)


def test_only_the_commune_itself_takes_its_report_back() -> None:
    allowed = {role for role in Role if can_somewhere(actor(role), Capability.take_back_report)}
    assert allowed == {Role.commune_officer}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("area_id", "lead"), [(HOME, HOME), (HOME, ELSEWHERE), (ELSEWHERE, HOME), (None, None)]
)
def test_whoever_types_a_count_may_read_it_back(role: Role, area_id: int | None, lead: int | None) -> None:
    """The entry page shows every line as it is to whom it belongs, small counts too."""
    person = actor(
        role,
        area_id=HOME if role is Role.commune_officer else None,
        agency_id=HOME if role is Role.agency_officer else None,
    )
    place = {"area_id": area_id, "lead_agency_id": lead}
    if may(person, Capability.enter_figures, **place):
        assert may(person, Capability.see_small_counts, **place)


def test_an_agency_officer_enters_the_indicators_that_the_agency_leads_for_all_areas() -> None:
    officer = actor(Role.agency_officer, agency_id=HOME)
    assert may(officer, Capability.enter_figures, area_id=ELSEWHERE, lead_agency_id=HOME)
    assert not may(officer, Capability.enter_figures, area_id=HOME, lead_agency_id=ELSEWHERE)
    assert not may(officer, Capability.submit_report, area_id=HOME, lead_agency_id=HOME)


def test_the_agency_that_leads_play_areas_looks_after_them_in_all_communes() -> None:
    officer = actor(Role.agency_officer, agency_id=HOME)
    assert may(officer, Capability.check_play_areas, area_id=ELSEWHERE, lead_agency_id=HOME)
    assert not may(officer, Capability.edit_play_areas, area_id=ELSEWHERE, lead_agency_id=ELSEWHERE)


@pytest.mark.parametrize("capability", STANDING_OFFICE)
def test_only_the_standing_office_appraises_decides_and_sets_the_standard(capability: Capability) -> None:
    allowed = {role for role in Role if can_somewhere(actor(role), capability)}
    assert allowed == {Role.town_officer, Role.administrator}


@pytest.mark.parametrize("role", [Role.commune_officer, Role.agency_officer])
def test_an_officer_without_a_place_may_write_nowhere(role: Role) -> None:
    assert not may(actor(role), Capability.enter_figures, area_id=None, lead_agency_id=None)


@pytest.mark.parametrize("capability", [*WRITES, Capability.see_small_counts])
def test_the_town_officer_acts_everywhere(capability: Capability) -> None:
    assert may(actor(Role.town_officer), capability, area_id=ELSEWHERE)


@pytest.mark.parametrize("capability", [Capability.manage_accounts, Capability.set_rules])
def test_only_the_administrator_manages_accounts_and_sets_of_criteria(capability: Capability) -> None:
    allowed = {role for role in Role if can_somewhere(actor(role), capability)}
    assert allowed == {Role.administrator}


@pytest.mark.parametrize("capability", sorted(set(Capability) - {Capability.take_back_report}))
def test_the_administrator_may_do_everything_that_is_not_the_communes_own_act(capability: Capability) -> None:
    assert may(actor(Role.administrator), capability, area_id=ELSEWHERE, lead_agency_id=ELSEWHERE)


def test_what_the_table_does_not_name_is_allowed_nowhere() -> None:
    unnamed = {(role, capability) for role in Role for capability in Capability} - set(RULES)
    assert unnamed
    assert {scope(*pair) for pair in unnamed} == {Scope.nowhere}
