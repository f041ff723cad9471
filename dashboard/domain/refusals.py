"""That an action did nothing, and why: what the rules themselves refuse, before anything is looked up."""

from __future__ import annotations

from enum import StrEnum


class ActionRefused(Exception):
    """The action did nothing."""


class InputProblem(StrEnum):
    """What is wrong with a single value, whatever it stands for."""

    not_whole = "not_whole"
    not_a_number = "not_a_number"
    out_of_range = "out_of_range"  # least, most
    not_text = "not_text"
    missing = "missing"
    too_long = "too_long"  # longest
    unwritable = "unwritable"
    not_a_day = "not_a_day"
    day_out_of_range = "day_out_of_range"  # first, last
    not_a_choice = "not_a_choice"
    not_yes_no = "not_yes_no"
    not_a_form = "not_a_form"
    too_many = "too_many"  # most
    unknown = "unknown"
    no_report = "no_report"
    not_begun = "not_begun"
    other_attempt = "other_attempt"


class InputRefused(ActionRefused):
    """`name` is the field's in the action's own words, `problem` what is wrong with it, `params` its limits."""

    def __init__(self, name: str, problem: InputProblem, **params: object) -> None:
        super().__init__(name, problem, params)
        self.name, self.problem, self.params = name, problem, params
