"""The states that a cell can be in.

`not_reported`: nobody has answered. `no_figure`: somebody answered that there is no figure yet. `masked`: a small
number that this reader is not shown.
"""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    met = "met"
    near = "near"
    off = "off"
    not_reported = "not_reported"
    no_figure = "no_figure"
    nil = "nil"
    not_applicable = "not_applicable"
    incomplete = "incomplete"
    no_baseline = "no_baseline"
    no_target = "no_target"
    masked = "masked"
