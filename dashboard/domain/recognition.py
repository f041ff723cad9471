"""The way to recognition as a child-friendly commune, after Decision 06/QĐ-TTg of 3 January 2019.

The steps follow the procedure seen for the decrees before it (self-assessment, request, appraisal, decision);
the procedure articles of Decision 06 itself were not found, so offices confirm them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from dashboard.domain.permissions import Capability

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class State(StrEnum):
    not_registered = "not_registered"
    registered = "registered"
    self_scored = "self_scored"
    appraised = "appraised"
    recognised = "recognised"
    refused = "refused"


class Step(StrEnum):
    register = "register"
    withdraw = "withdraw"
    submit_scores = "submit_scores"
    take_back = "take_back"
    appraise = "appraise"
    reopen_appraisal = "reopen_appraisal"
    recognise = "recognise"
    refuse = "refuse"
    revoke_decision = "revoke_decision"


class Side(StrEnum):
    """Whose score it is; "self" would be a confusing name for a member."""

    own = "self"
    appraised = "appraised"


@dataclass(frozen=True, slots=True)
class Way:
    """One arrow between two states: who may take it, and what it needs to be told."""

    before: State
    after: State
    capability: Capability
    needs_document: bool = False
    needs_note: bool = False


WAYS: Final[Mapping[Step, Way]] = {
    Step.register: Way(
        State.not_registered, State.registered, Capability.register_commune, needs_document=True
    ),
    Step.withdraw: Way(State.registered, State.not_registered, Capability.register_commune, needs_note=True),
    Step.submit_scores: Way(State.registered, State.self_scored, Capability.score_own_commune),
    Step.take_back: Way(State.self_scored, State.registered, Capability.score_own_commune, needs_note=True),
    Step.appraise: Way(State.self_scored, State.appraised, Capability.appraise, needs_document=True),
    Step.reopen_appraisal: Way(State.appraised, State.self_scored, Capability.appraise, needs_note=True),
    Step.recognise: Way(State.appraised, State.recognised, Capability.decide, needs_document=True),
    Step.refuse: Way(State.appraised, State.refused, Capability.decide, needs_document=True, needs_note=True),
}
# Whose document comes before: no paper is older than the one that it rests on.
RESTS_ON: Final[Mapping[Step, Step]] = {
    Step.appraise: Step.register,
    Step.recognise: Step.appraise,
    Step.refuse: Step.appraise,
}
# A decision entered by mistake, of either kind, goes back to the appraisal.
DECIDED: Final = (State.recognised, State.refused)
REVOKE: Final = Way(State.recognised, State.appraised, Capability.decide, needs_note=True)
# From the appraisal on a result stands, with the threshold that it was reached under.
FINAL: Final = (State.appraised, State.recognised, State.refused)
SIDE_OPEN: Final[Mapping[Side, tuple[State, ...]]] = {
    Side.own: (State.not_registered, State.registered),
    Side.appraised: (State.self_scored,),
}
SIDE_CAPABILITY: Final[Mapping[Side, Capability]] = {
    Side.own: Capability.score_own_commune,
    Side.appraised: Capability.appraise,
}
STAGES: Final[Mapping[State, int]] = {
    State.not_registered: 0,
    State.registered: 1,
    State.self_scored: 2,
    State.appraised: 3,
    State.recognised: 4,
    State.refused: 4,
}


def way(step: Step, state: State) -> Way | None:
    """The arrow that `step` is from `state`; None where there is none."""
    if step is Step.revoke_decision:
        return REVOKE if state in DECIDED else None
    found = WAYS[step]
    return found if found.before is state else None


def open_steps(state: State) -> tuple[Step, ...]:
    """What can be done next from `state`, in the order of the procedure."""
    return tuple(step for step in Step if way(step, state))


@dataclass(frozen=True, slots=True)
class CriterionRule:
    """`maximum` is None until it was entered from the printed decree; `least` is what makes it met."""

    number: int
    maximum: int | None
    least: int = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands between a commune and recognition. Numbers are those of criteria, in order.

    `total` is that of the `scored` criteria. `zero` have no points at all, `unmet` have some but fewer than they need, `unscored` have no score.
    """

    total: int
    scored: int
    threshold: int | None
    zero: tuple[int, ...]
    unmet: tuple[int, ...]
    unscored: tuple[int, ...]

    @property
    def points_missing(self) -> int | None:
        return None if self.threshold is None else max(self.threshold - self.total, 0)

    @property
    def all_met(self) -> bool | None:
        """None while criteria without a score could still go either way."""
        if self.zero or self.unmet:
            return False
        return None if self.unscored else True

    @property
    def none_zero(self) -> bool | None:
        if self.zero:
            return False
        return None if self.unscored else True

    @property
    def is_enough(self) -> bool | None:
        if self.threshold is None:
            return None
        if self.total >= self.threshold:
            return True
        return None if self.unscored else False

    @property
    def is_met(self) -> bool | None:
        """The three conditions of Decision 06 together: all criteria met, none at zero, the total high enough."""
        conditions = (self.all_met, self.none_zero, self.is_enough)
        if False in conditions:
            return False
        return None if None in conditions else True


def judge_scores(rules: Sequence[CriterionRule], points: Mapping[int, int], threshold: int | None) -> Verdict:
    """`points` by criterion number; a criterion that is not in it has not been scored."""
    scored = [(rule, points[rule.number]) for rule in rules if rule.number in points]
    return Verdict(
        total=sum(score for _rule, score in scored),
        scored=len(scored),
        threshold=threshold,
        zero=tuple(rule.number for rule, score in scored if score == 0),
        unmet=tuple(rule.number for rule, score in scored if 0 < score < rule.least),
        unscored=tuple(rule.number for rule in rules if rule.number not in points),
    )


@dataclass(frozen=True, slots=True)
class Band:
    at_least_bp: int
    points: int


def points_for_share(bands: Sequence[Band], numerator: int, denominator: int) -> int | None:
    """What the bands give for a share; None without a share, and below the lowest band that is known.

    Of some criteria of Decision 06 only the highest band was found: what a smaller share earns is not known.
    """
    if denominator == 0:
        return None
    reached = [band for band in bands if numerator * 10_000 >= band.at_least_bp * denominator]
    return max((band.points for band in reached), default=None)


def is_whole_scale(bands: Sequence[Band]) -> bool:
    """Whether the bands say what every share earns, so that the criterion can give no other points."""
    return any(band.at_least_bp == 0 for band in bands)
