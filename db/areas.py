"""Areas in a tree. Official codes are reused after reorganisations, so a row is known by its own id."""

from __future__ import annotations

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from db.base import check, one_of

AREA_KINDS = ("country", "province", "town", "commune")


class Area(SQLModel, table=True):
    __tablename__ = "area"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        one_of("kind", AREA_KINDS),
        check("valid_to IS NULL OR valid_to > valid_from", "valid_order"),
        check("(latitude IS NULL) = (longitude IS NULL)", "position_whole"),
        check("latitude BETWEEN -90 AND 90", "latitude_range"),
        check("longitude BETWEEN -180 AND 180", "longitude_range"),
        check("(tile_row IS NULL) = (tile_column IS NULL)", "tile_whole"),
        check("parent_id IS NULL OR parent_id <> id", "parent_other"),
    )
    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(max_length=60, unique=True)
    kind: str = Field(max_length=20)
    parent_id: int | None = Field(default=None, foreign_key="area.id", index=True)
    code: str = Field(max_length=10)
    name: str = Field(max_length=120)
    full_name_vi: str = Field(max_length=160)
    full_name_en: str = Field(max_length=160)
    valid_from: date
    valid_to: date | None = None
    position: int = 0
    tile_row: int | None = None
    tile_column: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    area_km2: float | None = None
