"""What several actions ask of an area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from db.tables import Area, CommuneClass

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def is_commune(session: Session, area_id: int) -> bool:
    area = session.get(Area, area_id)
    return area is not None and area.kind == "commune"


def commune_class_of(session: Session, area_id: int) -> CommuneClass | None:
    return session.scalar(select(CommuneClass).where(col(CommuneClass.area_id) == area_id))
