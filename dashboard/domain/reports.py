"""A commune's report of one period: its lines, and when it counts as handed in."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A line by the code of its indicator and the slug of its split; `grouping` is its indicator's."""

    code: str
    slug: str
    grouping: str


def was_in_time() -> pl.Expr:
    """Whether a report was handed in strictly before its deadline; null while it never was, or without a deadline.

    The first submission counts: a report that is returned, or taken back, and submitted again later is not late.
    Needs first_submitted_at (local time) and before (Date).
    """
    return pl.col("first_submitted_at").dt.date() < pl.col("before")
