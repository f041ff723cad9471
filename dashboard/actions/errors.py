"""Why an action was refused. The screen turns each of these into a sentence; none is a fault of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboard.actions.figures import Saved
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
