"""The states that a cell can be in."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    met = "met"
    near = "near"
    off = "off"
    not_reported = "not_reported"
    nil = "nil"
    not_applicable = "not_applicable"
    incomplete = "incomplete"
    no_baseline = "no_baseline"
    no_target = "no_target"
