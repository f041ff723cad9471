"""Why an action was refused. The screen turns each of these into a sentence; none is a fault of the program."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from dashboard.acting import acting_login
from dashboard.domain.refusals import ActionRefused, InputProblem, InputRefused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from dashboard.actions.figures import Saved
    from dashboard.actions.recognition import SavedScore
    from dashboard.domain.checks import Problem
    from dashboard.domain.permissions import Capability
    from dashboard.domain.reports import ReportLine


logger = logging.getLogger(__name__)

__all__ = [
    "AccountConflict",
    "AccountRefused",
    "ActionRefused",
    "Conflict",
    "FigureConflict",
    "FigureRefused",
    "InputProblem",
    "InputRefused",
    "NotAllowed",
    "PhotoConflict",
    "PlaceConflict",
    "PlaceRefused",
    "ReportConflict",
    "ReportIncomplete",
    "ReportLocked",
    "RulesConflict",
    "RulesRefused",
    "ScoreConflict",
    "ScoreRefused",
    "SignInRefused",
    "StepConflict",
    "StepRefused",
    "TurnConflict",
]


class Conflict(ActionRefused):
    """What the person saw stands no longer: `by` whom and `at` when it was changed ("" is the system), its
    `version` now, and what `stands` there, by the names of the fields that were to be changed.
    """

    def __init__(
        self, by: str, at: datetime, version: int, stands: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(by, at, version, stands)
        self.by, self.at, self.version, self.stands = by, at, version, dict(stands or {})


class NotAllowed(ActionRefused):
    def __init__(self, capability: Capability) -> None:
        super().__init__(capability)
        self.capability = capability
        logger.warning("%s may not do this: %s", acting_login(), capability)


class FigureRefused(ActionRefused):
    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems


class FigureConflict(ActionRefused):
    """Someone saved the cell since this person opened it; `theirs` is what stands there now."""

    def __init__(self, theirs: Saved | None) -> None:
        super().__init__(theirs)
        self.theirs = theirs


class ReportLocked(ActionRefused):
    """The report has been submitted: it must be taken back before its figures change."""


class ReportConflict(ActionRefused):
    """The report's state is not the one that this person saw."""


class ReportIncomplete(ActionRefused):
    """Lines of the plan's indicators have no answer."""

    def __init__(self, missing: tuple[ReportLine, ...]) -> None:
        super().__init__(missing)
        self.missing = missing


class ReportHasEmptyLines(ActionRefused):
    """Lines that do not hold a report back are empty, and nobody has said that they may be."""

    def __init__(self, empty: tuple[ReportLine, ...]) -> None:
        super().__init__(empty)
        self.empty = empty


class ReturnNeedsReason(ActionRefused):
    """The commune has to know what to change."""


class AccountRefused(ActionRefused):
    """`problem`: login_taken, unknown_login, old_password_wrong, or a PasswordProblem."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class AccountConflict(Conflict):
    """Somebody changed the account since this person looked at it. Stands: disabled (bool)."""


class SignInRefused(ActionRefused):
    """`wait_minutes` is 0 for a wrong login or password, else how long to wait after too many attempts."""

    def __init__(self, wait_minutes: int = 0) -> None:
        super().__init__(wait_minutes)
        self.wait_minutes = wait_minutes


class ScoreRefused(ActionRefused):
    """`problem`: closed_side, maximum_unknown, above_maximum (params: maximum)."""

    def __init__(self, problem: str, **params: object) -> None:
        super().__init__(problem, params)
        self.problem, self.params = problem, params


class ScoreConflict(ActionRefused):
    """Someone saved this score since the person opened it; `theirs` is what stands there now."""

    def __init__(self, theirs: SavedScore) -> None:
        super().__init__(theirs)
        self.theirs = theirs


class StepRefused(ActionRefused):
    """`problem`: document_missing, date_in_future, date_too_early (params: earliest), note_missing, maxima_missing, scores_missing (params: numbers),
    threshold_unknown, threshold_missing, conditions_not_met."""

    def __init__(self, problem: str, **params: object) -> None:
        super().__init__(problem, params)
        self.problem, self.params = problem, params


class StepConflict(StepRefused, Conflict):
    """The assessment is not where the person saw it (problem state_changed). Stands: state, step."""

    def __init__(self, by: str, at: datetime, version: int, stands: Mapping[str, object]) -> None:
        Conflict.__init__(self, by, at, version, stands)
        self.problem, self.params = "state_changed", {"state": stands["state"]}


class RulesRefused(ActionRefused):
    """`problem`: in_use, wrong_sum (params: sum, total), below_scores, least_above_maximum,
    points_not_positive, class_unknown, round_taken, set_not_in_force (both params: year). Parameter `number` names the criterion."""

    def __init__(self, problem: str, **params: object) -> None:
        super().__init__(problem, params)
        self.problem, self.params = problem, params


class RulesConflict(RulesRefused, Conflict):
    """Somebody set the same rule since the person looked (problem changed_meanwhile). Stands: what is set now."""

    def __init__(self, by: str, at: datetime, version: int, stands: Mapping[str, object]) -> None:
        Conflict.__init__(self, by, at, version, stands)
        self.problem, self.params = "changed_meanwhile", {}


class PlaceRefused(ActionRefused):
    """`problems` as dashboard.domain.play_areas finds them, or one of: quarter_elsewhere, quarter_taken,
    quarter_has_places (params: codes), children_impossible, reason_missing, date_in_future, before_closing, before_reopening, standard_impossible."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems)
        self.problems = problems


class PlaceConflict(Conflict):
    """Somebody changed the place, or the thôn or khu phố, since this person opened it."""


class TurnConflict(PlaceConflict):
    """Somebody closed the place, or opened it again, since this person looked. Stands: closed_on, reason,
    reopened_on, reopened_reason of the last closure; nothing where it was never closed."""


class PhotoConflict(PlaceConflict):
    """Somebody took the picture off the screens, or put it back, since this person looked. Stands: is_hidden,
    caption."""
