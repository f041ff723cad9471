"""The way to recognition: which step follows which, who may take it, and the three conditions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.permissions import Capability
from dashboard.domain.recognition import (
    DECIDED,
    SIDE_OPEN,
    STAGES,
    Band,
    CriterionRule,
    Side,
    State,
    Step,
    is_whole_scale,
    judge_scores,
    open_steps,
    points_for_share,
    way,
)

THREE = (CriterionRule(1, 100), CriterionRule(2, 50), CriterionRule(3, None, 10))
BANDS = (Band(9000, 45), Band(9500, 60), Band(9800, 75))


def test_the_way_forward_leads_through_every_stage_to_recognition() -> None:
    state = State.not_registered
    for step in (Step.register, Step.submit_scores, Step.appraise, Step.recognise):
        taken = way(step, state)
        assert taken is not None
        assert STAGES[taken.after] == STAGES[state] + 1
        state = taken.after
    assert state is State.recognised


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_a_step_is_open_only_from_the_state_before_it(state: State, step: Step) -> None:
    taken = way(step, state)
    assert (taken is not None) == (step in open_steps(state))
    if taken and step is not Step.revoke_decision:
        assert taken.before is state


@pytest.mark.parametrize("state", DECIDED)
def test_a_decision_entered_by_mistake_goes_back_to_the_appraisal_with_a_reason(state: State) -> None:
    assert open_steps(state) == (Step.revoke_decision,)
    back = way(Step.revoke_decision, state)
    assert back is not None
    assert back.after is State.appraised
    assert back.needs_note


@pytest.mark.parametrize("step", [Step.withdraw, Step.take_back, Step.reopen_appraisal])
def test_every_step_back_says_why(step: Step) -> None:
    back = next(taken for state in State if (taken := way(step, state)))
    assert back.needs_note
    assert STAGES[back.after] < STAGES[back.before]


@pytest.mark.parametrize("step", [Step.register, Step.appraise, Step.recognise, Step.refuse])
def test_what_is_decided_on_paper_names_the_paper(step: Step) -> None:
    taken = next(taken for state in State if (taken := way(step, state)))
    assert taken.needs_document


def test_communes_register_and_score_while_the_office_appraises_and_decides() -> None:
    needed = {step: taken.capability for state in State for step in Step if (taken := way(step, state))}
    assert needed[Step.submit_scores] is Capability.score_own_commune
    assert needed[Step.appraise] is Capability.appraise
    assert needed[Step.recognise] is needed[Step.refuse] is Capability.decide


def test_no_score_can_change_after_the_appraisal() -> None:
    open_states = {state for states in SIDE_OPEN.values() for state in states}
    assert open_states.isdisjoint({State.appraised, *DECIDED})
    assert set(SIDE_OPEN[Side.own]).isdisjoint(SIDE_OPEN[Side.appraised])


def test_all_three_conditions_hold_together() -> None:
    verdict = judge_scores(THREE, {1: 90, 2: 40, 3: 20}, 150)
    assert (verdict.all_met, verdict.none_zero, verdict.is_enough, verdict.is_met) == (True,) * 4
    assert verdict.points_missing == 0


def test_one_criterion_at_zero_fails_whatever_the_total_is() -> None:
    verdict = judge_scores(THREE, {1: 100, 2: 0, 3: 60}, 150)
    assert verdict.is_enough is True
    assert verdict.zero == (2,)
    assert (verdict.none_zero, verdict.all_met, verdict.is_met) == (False, False, False)


def test_a_criterion_below_its_own_least_is_not_met_though_it_is_not_zero() -> None:
    verdict = judge_scores(THREE, {1: 100, 2: 50, 3: 9}, 150)
    assert verdict.unmet == (3,)
    assert (verdict.none_zero, verdict.all_met, verdict.is_met) == (True, False, False)


def test_what_is_not_scored_yet_is_open_and_neither_met_nor_failed() -> None:
    verdict = judge_scores(THREE, {1: 100}, 150)
    assert verdict.unscored == (2, 3)
    assert (verdict.all_met, verdict.none_zero, verdict.is_enough, verdict.is_met) == (None,) * 4
    assert verdict.points_missing == 50


def test_without_a_threshold_nobody_is_told_that_the_total_suffices() -> None:
    verdict = judge_scores(THREE, {1: 100, 2: 50, 3: 60}, None)
    assert verdict.is_enough is None
    assert verdict.is_met is None
    assert verdict.points_missing is None


@given(st.dictionaries(st.sampled_from([1, 2, 3]), st.integers(0, 100)), st.integers(1, 300))
def test_recognition_is_never_promised_while_a_condition_is_open(
    points: dict[int, int], threshold: int
) -> None:
    verdict = judge_scores(THREE, points, threshold)
    if verdict.is_met:
        assert set(points) == {1, 2, 3}
        assert min(points.values()) > 0
        assert sum(points.values()) >= threshold
    assert verdict.total == sum(points.values())


@pytest.mark.parametrize(
    ("numerator", "points"), [(100, 75), (98, 75), (97, 60), (95, 60), (94, 45), (89, None), (0, None)]
)
def test_a_share_earns_the_points_of_the_highest_band_it_reaches(numerator: int, points: int | None) -> None:
    assert points_for_share(BANDS, numerator, 100) == points


def test_a_share_is_compared_exactly_and_not_as_it_is_rounded() -> None:
    assert points_for_share((Band(9800, 50),), 97_999, 100_000) is None
    assert points_for_share((Band(9800, 50),), 98_000, 100_000) == 50


def test_below_the_lowest_known_band_the_points_are_unknown_unless_the_scale_is_whole() -> None:
    assert not is_whole_scale(BANDS)
    whole = (*BANDS, Band(0, 0))
    assert is_whole_scale(whole)
    assert points_for_share(whole, 89, 100) == 0


def test_nothing_is_proposed_without_bands_or_without_a_share() -> None:
    assert points_for_share((), 1, 1) is None
    assert points_for_share(BANDS, 0, 0) is None
