"""What an officer can answer about a cell."""

from __future__ import annotations

from enum import StrEnum


class Answer(StrEnum):
    """Four different things: a figure (0 included), nothing arose, not applicable here, no figure yet.

    A cell that nobody has answered has no answer: null in a frame, no row in the database.
    """

    figure = "figure"
    nil = "nil"
    not_applicable = "not_applicable"
    not_reported = "not_reported"
