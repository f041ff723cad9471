"""The list of thôn and khu phố of each commune, and how many children live in them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlmodel import col

from dashboard.actions.errors import InputProblem, InputRefused, NotAllowed, PlaceRefused
from dashboard.actions.register import (
    is_demonstration,
    problems_of_place,
    refuse_conflict,
    refuse_unless_allowed,
    touch,
)
from dashboard.clock import business_now
from dashboard.domain.checks import Problem
from dashboard.domain.folding import folded
from dashboard.domain.inputs import ID, LONG, NUMBER, VERSION, WHOLE, Form, Maybe, Name, OneOf, takes
from dashboard.domain.permissions import Capability
from dashboard.domain.play_areas import MOST_CHILDREN, QuarterKind, check_position
from db.engine import database
from db.tables import PlayArea, PlayAreaClosure, Quarter

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dashboard.domain.permissions import Actor
    from db.engine import Transaction

LONGEST_NAME: Final = 120


@dataclass(frozen=True)
class QuarterInput:
    """What a person says of one thôn or khu phố; None is "not known"."""

    area_id: int
    name: str
    kind: str
    children: int | None = None
    latitude: float | None = None
    longitude: float | None = None


QUARTER: Final = Form(
    QuarterInput,
    area_id=ID,
    name=Name(LONG.longest),
    kind=OneOf(QuarterKind),
    children=Maybe(WHOLE),
    latitude=Maybe(NUMBER),
    longitude=Maybe(NUMBER),
)


@takes(description=QUARTER, quarter_id=Maybe(ID), base_version=VERSION)
def save_quarter(
    *, actor: Actor, description: QuarterInput, quarter_id: int | None = None, base_version: int = 0
) -> int:
    """Add a thôn or khu phố, or change one; returns its id. Raises NotAllowed, PlaceRefused, PlaceConflict."""
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        refuse_unless_allowed(session, actor, Capability.edit_play_areas, description.area_id)
        _refuse_impossible(session, description)
        namesake = _namesake(session, description)
        row = session.get(Quarter, quarter_id) if quarter_id else None
        if quarter_id and row is None:
            raise InputRefused("quarter_id", InputProblem.unknown)
        if row is None and namesake and (namesake.ended_on or _values(namesake) == asdict(description)):
            # Sent twice, or ended by mistake and wanted back.
            return _change(transaction, actor, namesake, description)
        if namesake and namesake is not row:
            raise PlaceRefused(Problem("quarter_taken", "refuse", {"name": namesake.name}))
        if row is None:
            return _add(transaction, actor, description)
        if row.area_id != description.area_id:
            raise NotAllowed(Capability.edit_play_areas)
        if row.ended_on or _values(row) != asdict(description):
            refuse_conflict(session, row, base_version)
        return _change(transaction, actor, row, description)


def _namesake(session: Session, description: QuarterInput) -> Quarter | None:
    """The one of the same name to a reader, however it is spelled; the same letters first, then a living one."""
    rows = session.scalars(select(Quarter).where(col(Quarter.area_id) == description.area_id)).all()
    same = [row for row in rows if folded(row.name) == folded(description.name)]
    return min(same, key=lambda row: (row.name != description.name, row.ended_on is not None), default=None)


def _change(transaction: Transaction, actor: Actor, row: Quarter, description: QuarterInput) -> int:
    """The row as it is described, living; nothing is written where it stands so already."""
    before = {**_values(row), "ended_on": row.ended_on}
    after = {**asdict(description), "ended_on": None}
    if before != after:
        for name, value in after.items():
            setattr(row, name, value)
        row.version += 1
        touch(transaction.session, row, actor)
        transaction.log("save_quarter", "quarter", row.id, before=before, after=after)
    return row.id or 0


def _refuse_impossible(session: Session, description: QuarterInput) -> None:
    problems = [] if description.name else [Problem("name_missing", "refuse", {})]
    if len(description.name) > LONGEST_NAME:
        problems.append(
            Problem("too_long", "refuse", {"text": description.name[:30], "longest": LONGEST_NAME})
        )
    if description.children is not None and not 0 <= description.children <= MOST_CHILDREN:
        problems.append(Problem("children_impossible", "refuse", {"most": MOST_CHILDREN}))
    problems += check_position(description.latitude, description.longitude)
    problems += problems_of_place(session, description.area_id, description.latitude, description.longitude)
    if problems:
        raise PlaceRefused(*problems)


def _values(row: Quarter) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(QuarterInput)}


def _add(transaction: Transaction, actor: Actor, description: QuarterInput) -> int:
    session = transaction.session
    row = Quarter(
        **asdict(description),
        listed_on=business_now(session).date(),
        is_synthetic=is_demonstration(session),
        changed_at=business_now(session),
        changed_by=actor.id,
    )
    session.add(row)
    session.flush()
    transaction.log("save_quarter", "quarter", row.id, after=asdict(description))
    return row.id or 0


@takes(quarter_id=ID, base_version=VERSION)
def end_quarter(*, actor: Actor, quarter_id: int, base_version: int) -> None:
    """A thôn or khu phố that was merged away is no longer counted; its row stays. Raises as save_quarter."""
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        row = session.get(Quarter, quarter_id)
        if row is None:
            raise NotAllowed(Capability.edit_play_areas)
        refuse_unless_allowed(session, actor, Capability.edit_play_areas, row.area_id)
        if row.ended_on and row.version == base_version + 1:
            return
        refuse_conflict(session, row, base_version)
        _refuse_inhabited(session, row)
        row.ended_on = business_now(session).date()
        row.version += 1
        touch(session, row, actor)
        transaction.log("end_quarter", "quarter", quarter_id, after={"ended_on": row.ended_on})


def _refuse_inhabited(session: Session, quarter: Quarter) -> None:
    """Places in use belong to some thôn or khu phố: they move before theirs goes, or they would cover nobody."""
    closed = select(col(PlayAreaClosure.play_area_id)).where(col(PlayAreaClosure.reopened_on).is_(None))
    codes = session.scalars(
        select(col(PlayArea.code))
        .where(col(PlayArea.quarter_id) == quarter.id, col(PlayArea.id).not_in(closed))
        .order_by(col(PlayArea.code))
    ).all()
    if codes:
        raise PlaceRefused(Problem("quarter_has_places", "refuse", {"codes": ", ".join(codes)}))
