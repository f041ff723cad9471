"""The agencies to which the plan gives work (section V), with the time during which each exists."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field, SQLModel

from db.base import check


class Agency(SQLModel, table=True):
    __tablename__ = "agency"
    __table_args__ = (check("valid_to IS NULL OR valid_to > valid_from", "valid_order"),)
    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(max_length=60, unique=True)
    position: int
    clause: str = Field(max_length=20)
    name_vi: str = Field(max_length=200)
    name_en: str = Field(max_length=200)
    short_vi: str = Field(max_length=60)
    short_en: str = Field(max_length=60)
    is_standing: bool = False
    valid_from: date
    valid_to: date | None = None
