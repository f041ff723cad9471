"""The report of one commune for one period: a draft until its officer submits it as a whole.

What happens to a report is kept event by event: who submitted it, took it back, returned it, when and why.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from db.base import Moment, check, one_of, possible_day

STATES = ("draft", "submitted")
# The commune takes back; the office returns, with its reason.
EVENTS = ("submitted", "taken_back", "returned")


class Report(SQLModel, table=True):
    """`submitted_at` is that of the submission in force; `first_submitted_at` stays when a report is changed again."""

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("area_id", "period_id"),
        one_of("state", STATES),
        check("version >= 1", "version_positive"),
        possible_day("data_as_of"),
        check("(submitted_at IS NULL) = (submitted_by IS NULL)", "submission_whole"),
        check("(state = 'submitted') = (submitted_at IS NOT NULL)", "submission_by_state"),
        check("submitted_at IS NULL OR first_submitted_at IS NOT NULL", "first_submission_kept"),
    )
    id: int | None = Field(default=None, primary_key=True)
    area_id: int = Field(foreign_key="area.id")
    period_id: int = Field(foreign_key="period.id", index=True)
    state: str = Field(default="draft", max_length=20)
    version: int = 1
    data_as_of: date | None = None
    submitted_at: datetime | None = Field(default=None, sa_type=Moment)
    submitted_by: int | None = Field(default=None, foreign_key="account.id")
    first_submitted_at: datetime | None = Field(default=None, sa_type=Moment)


class ReportEvent(SQLModel, table=True):
    """One thing that one person did with a report; `version` is the report's after it. Only ever added."""

    __tablename__ = "report_event"
    __table_args__ = (
        UniqueConstraint("report_id", "version"),
        one_of("kind", EVENTS),
        check("version >= 1", "version_positive"),
        check("kind <> 'returned' OR reason <> ''", "return_has_reason"),
    )
    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id")
    version: int
    kind: str = Field(max_length=20)
    reason: str = Field(default="", max_length=1000)
    by: int = Field(foreign_key="account.id")
    at: datetime = Field(sa_type=Moment)
