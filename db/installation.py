"""The one row that says what this installation is: whose plan it keeps, and whether its figures are made up."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from db.base import Moment, check, possible_day


class Installation(SQLModel, table=True):
    __tablename__ = "installation"
    __table_args__ = (
        check("id = 1", "only_one"),
        possible_day("demonstration_day"),
        check("is_demonstration OR demonstration_day IS NULL", "day_only_in_demonstration"),
    )
    id: int = Field(default=1, primary_key=True)
    area_id: int = Field(foreign_key="area.id")
    is_demonstration: bool = False
    # The business day of a demonstration; a real installation goes by the clock on the wall.
    demonstration_day: date | None = None
    created_at: datetime = Field(sa_type=Moment)
