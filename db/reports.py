"""The report of one commune for one period: a draft until its officer submits it as a whole."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from db.base import Moment, check, one_of

STATES = ("draft", "submitted")


class Report(SQLModel, table=True):
    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("area_id", "period_id"),
        one_of("state", STATES),
        check("version >= 1", "version_positive"),
        check("(submitted_at IS NULL) = (submitted_by IS NULL)", "submission_whole"),
        check("(state = 'submitted') = (submitted_at IS NOT NULL)", "submission_by_state"),
    )
    id: int | None = Field(default=None, primary_key=True)
    area_id: int = Field(foreign_key="area.id")
    period_id: int = Field(foreign_key="period.id", index=True)
    state: str = Field(default="draft", max_length=20)
    version: int = 1
    data_as_of: date | None = None
    submitted_at: datetime | None = Field(default=None, sa_type=Moment)
    submitted_by: int | None = Field(default=None, foreign_key="account.id")
