"""What every write to the register of play areas asks first, and leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from dashboard.actions.errors import NotAllowed, PlaceConflict
from dashboard.actions.places import is_commune
from dashboard.actions.standing import last_change, name_of
from dashboard.clock import business_now
from dashboard.domain.permissions import Capability, may
from dashboard.domain.positions import Commune, check_near
from db.tables import Area, Indicator, Installation, PlayArea, Quarter

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from dashboard.domain.checks import Problem
    from dashboard.domain.permissions import Actor

# What gives a place or a quarter a new version.
DESCRIBING = ("save_place", "save_quarter", "end_quarter")


def refuse_unless_allowed(session: Session, actor: Actor, capability: Capability, area_id: int) -> None:
    """Only communes have a register, whatever reach the person has. Raises NotAllowed."""
    allowed = may(actor, capability, area_id=area_id, lead_agency_id=_lead(session))
    if not allowed or not is_commune(session, area_id):
        raise NotAllowed(capability)


def place_for(session: Session, actor: Actor, place_id: int, capability: Capability) -> PlayArea:
    """The place, for somebody who may do this with it; raises NotAllowed."""
    row = session.get(PlayArea, place_id)
    if row is None:
        raise NotAllowed(capability)
    refuse_unless_allowed(session, actor, capability, row.area_id)
    return row


def problems_of_place(
    session: Session, area_id: int, latitude: float | None, longitude: float | None
) -> tuple[Problem, ...]:
    """Why a position cannot lie in this commune; empty where it can, or where the commune's middle is not known."""
    area = session.get(Area, area_id)
    if area is None:
        return ()
    commune = Commune(area.name, area.latitude, area.longitude, area.area_km2)
    return check_near(latitude, longitude, commune)


def _lead(session: Session) -> int | None:
    """The agency that answers for play areas in the plan."""
    return session.scalar(
        select(col(Indicator.lead_agency_id)).where(col(Indicator.derived_from) == "play_areas")
    )


def is_demonstration(session: Session) -> bool:
    """Whether what is written now is made up, and has to be marked so."""
    return bool(session.scalar(select(col(Installation.is_demonstration))))


def refuse_conflict(session: Session, row: PlayArea | Quarter, base_version: int) -> None:
    """Raises PlaceConflict where somebody described the row anew since `base_version`."""
    if row.version != base_version:
        raise PlaceConflict(*_last_described(session, row), row.version)


def _last_described(session: Session, row: PlayArea | Quarter) -> tuple[str, datetime]:
    """Who and when. Visits, photos and closures touch the row too, but give it no new version."""
    subject = "play_area" if isinstance(row, PlayArea) else "quarter"
    by, at = last_change(session, subject, row.id, DESCRIBING)
    # What the demonstration brought along is in the log as a whole.
    return (by, at) if by else (name_of(session, row.changed_by), row.changed_at)


def touch(session: Session, row: PlayArea | Quarter, actor: Actor) -> None:
    """The row was changed just now, by this person."""
    row.changed_at, row.changed_by = business_now(session), actor.id
