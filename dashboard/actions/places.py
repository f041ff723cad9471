"""What several actions ask of an area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.tables import Area

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def is_commune(session: Session, area_id: int) -> bool:
    area = session.get(Area, area_id)
    return area is not None and area.kind == "commune"
