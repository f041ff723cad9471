"""Why an action was refused. The screen turns each of these into a sentence; none is a fault of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from dashboard.actions.figures import Saved
    from dashboard.actions.recognition import SavedScore
    from dashboard.domain.checks import Problem
    from dashboard.domain.permissions import Capability


class ActionRefused(Exception):
    """The action did nothing."""


class NotAllowed(ActionRefused):
    def __init__(self, capability: Capability) -> None:
        super().__init__(capability)
        self.capability = capability


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
    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(missing)
        self.missing = missing


class AccountRefused(ActionRefused):
    """`problem`: login_taken, unknown_login, old_password_wrong, or a PasswordProblem."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


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
    threshold_unknown, threshold_missing, conditions_not_met, state_changed (params: state)."""

    def __init__(self, problem: str, **params: object) -> None:
        super().__init__(problem, params)
        self.problem, self.params = problem, params


class RulesRefused(ActionRefused):
    """`problem`: in_use, wrong_sum (params: sum, total), below_scores, least_above_maximum,
    points_not_positive, class_unknown, round_taken, set_not_in_force (both params: year), changed_meanwhile. Parameter `number` names the criterion."""

    def __init__(self, problem: str, **params: object) -> None:
        super().__init__(problem, params)
        self.problem, self.params = problem, params


class PlaceRefused(ActionRefused):
    """`problems` as dashboard.domain.play_areas finds them, or one of: quarter_elsewhere, quarter_taken,
    quarter_has_places (params: codes), children_impossible, reason_missing, date_in_future, before_closing, before_reopening, standard_impossible."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems)
        self.problems = problems


class PlaceConflict(ActionRefused):
    """Someone changed the row since this person opened it: who, when, and the version that stands now."""

    def __init__(self, by: str, at: datetime, version: int) -> None:
        super().__init__(by, at, version)
        self.by, self.at, self.version = by, at, version
