"""Two places of one name in one commune are one place to whoever reads the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from dashboard.actions.errors import PlaceRefused
from dashboard.domain.checks import Problem
from dashboard.domain.folding import folded
from db.tables import PlayArea

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dashboard.domain.play_areas import PlayAreaInput


def refuse_namesake(session: Session, place: PlayAreaInput, *, but: int | None = None) -> None:
    """A second place that a reader takes for the first one is not added; looked at where it is written, so that
    nobody comes in between.

    Raises PlaceRefused. Two that share a name from before keep it: their codes tell them apart.
    """
    places = select(col(PlayArea.code), col(PlayArea.name)).where(
        col(PlayArea.area_id) == place.area_id, col(PlayArea.id) != (but or 0)
    )
    known = session.execute(places.order_by(col(PlayArea.id)))
    codes = [code for code, name in known if folded(name) == folded(place.name)]
    if codes:
        raise PlaceRefused(Problem("namesake", "refuse", {"name": place.name, "codes": ", ".join(codes)}))
