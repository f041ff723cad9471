"""The register of play areas: places added and changed, one by one or by a sheet."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select
from sqlmodel import col

from dashboard.actions.errors import InputProblem, InputRefused, PlaceRefused
from dashboard.actions.namesakes import refuse_namesake
from dashboard.actions.register import (
    is_demonstration,
    place_for,
    problems_of_place,
    refuse_conflict,
    refuse_unless_allowed,
    touch,
)
from dashboard.clock import business_now
from dashboard.domain.checks import Problem
from dashboard.domain.folding import folded
from dashboard.domain.inputs import ID, LONGEST_TOKEN, TOKEN, VERSION, Form, Many, Maybe, Words, takes
from dashboard.domain.permissions import Capability
from dashboard.domain.play_areas import PlayAreaInput, check_play_area
from dashboard.domain.play_inputs import PLACE
from db.changes import Change, as_json
from db.engine import database
from db.tables import PlayArea, Quarter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from dashboard.domain.permissions import Actor
    from db.engine import Transaction

CODE_PREFIX = "VC-"


@dataclass(frozen=True)
class SavedPlace:
    id: int
    code: str
    version: int


@dataclass(frozen=True)
class SheetPlace:
    """One row of a sheet that was looked through: a new place, or a change of one that is known."""

    description: PlayAreaInput
    token: str
    place_id: int | None = None
    base_version: int = 0


# Of a place that is known already the token says nothing.
SHEET_TOKEN: Final = Words(LONGEST_TOKEN)
SHEET_PLACE: Final = Form(
    SheetPlace, description=PLACE, token=SHEET_TOKEN, place_id=Maybe(ID), base_version=VERSION
)


@takes(description=PLACE, token=SHEET_TOKEN, place_id=Maybe(ID), base_version=VERSION)
def save_place(
    *,
    actor: Actor,
    description: PlayAreaInput,
    token: str,
    place_id: int | None = None,
    base_version: int = 0,
) -> SavedPlace:
    """Add a place, or change one; raises NotAllowed, PlaceRefused, PlaceConflict.

    `token` names this one attempt to add: the same form sent twice adds one place. For a change,
    `base_version` is the version that the person saw.
    """
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        return _save(transaction, actor, SheetPlace(description, token, place_id, base_version))


@takes(places=Many(SHEET_PLACE))
def save_places(*, actor: Actor, places: Sequence[SheetPlace]) -> tuple[SavedPlace, ...]:
    """The rows of a sheet, all of them or none; raises as save_place does."""
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        return tuple(_save(transaction, actor, place) for place in places)


def _save(transaction: Transaction, actor: Actor, place: SheetPlace) -> SavedPlace:
    session, description = transaction.session, place.description
    refuse_unless_allowed(session, actor, Capability.edit_play_areas, description.area_id)
    if place.place_id is None:
        _refuse_description(session, description, None)
        TOKEN.read(place.token, "token")
        return _add(transaction, actor, place)
    row = place_for(session, actor, place.place_id, Capability.edit_play_areas)
    _refuse_description(session, description, row.quarter_id)
    before = _described(row)
    if before == asdict(description):
        return SavedPlace(place.place_id, row.code, row.version)
    refuse_conflict(session, row, place.base_version)
    if folded(row.name) != folded(description.name) or row.area_id != description.area_id:
        refuse_namesake(session, description, but=place.place_id)
    for name, value in asdict(description).items():
        setattr(row, name, value)
    touch(session, row, actor)
    row.version += 1
    transaction.log(
        "save_place",
        "play_area",
        row.id,
        before=_only_changed(before, description),
        after=_changed(before, description),
    )
    return SavedPlace(place.place_id, row.code, row.version)


def _add(transaction: Transaction, actor: Actor, place: SheetPlace) -> SavedPlace:
    session = transaction.session
    row = session.scalar(select(PlayArea).where(col(PlayArea.token) == place.token))
    if row is not None:
        _refuse_other_attempt(session, actor, row, place)
    else:
        refuse_namesake(session, place.description)
        row = PlayArea(
            **asdict(place.description),
            code=_next_code(session),
            token=place.token,
            is_synthetic=is_demonstration(session),
            registered_on=business_now(session).date(),
            changed_at=business_now(session),
            changed_by=actor.id,
        )
        session.add(row)
        session.flush()
        transaction.log(
            "save_place", "play_area", row.id, after={"code": row.code, **asdict(place.description)}
        )
    return SavedPlace(row.id or 0, row.code, row.version)


def _refuse_other_attempt(session: Session, actor: Actor, row: PlayArea, place: SheetPlace) -> None:
    """A repeated attempt answers for its own place, person and description alone."""
    added = session.scalar(
        select(Change)
        .where(
            col(Change.subject) == "play_area",
            col(Change.subject_id) == str(row.id),
            col(Change.action) == "save_place",
        )
        .order_by(col(Change.id))
        .limit(1)
    )
    if added is None or added.actor_id != actor.id or added.after != _as_added(row.code, place.description):
        raise InputRefused("token", InputProblem.other_attempt)
    if _described(row) != asdict(place.description):
        refuse_conflict(session, row, 1)


def _as_added(code: str, description: PlayAreaInput) -> str | None:
    return as_json({"code": code, **asdict(description)})


def _next_code(session: Session) -> str:
    """Codes are never used again, because nothing is deleted."""
    number = (session.scalar(select(func.max(col(PlayArea.id)))) or 0) + 1
    while session.scalar(select(col(PlayArea.id)).where(col(PlayArea.code) == f"{CODE_PREFIX}{number:02}")):
        number += 1
    return f"{CODE_PREFIX}{number:02}"


def _described(row: PlayArea) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(PlayAreaInput)}


def _changed(before: dict[str, Any], description: PlayAreaInput) -> dict[str, Any]:
    return {name: value for name, value in asdict(description).items() if before[name] != value}


def _only_changed(before: dict[str, Any], description: PlayAreaInput) -> dict[str, Any]:
    return {name: before[name] for name in _changed(before, description)}


def _refuse_description(session: Session, description: PlayAreaInput, stays_in: int | None) -> None:
    """`stays_in` is the thôn or khu phố that the place is in already: that one may have ended meanwhile."""
    problems = check_play_area(description, today=business_now(session).date())
    problems += problems_of_place(session, description.area_id, description.latitude, description.longitude)
    if description.quarter_id is not None:
        quarter = session.get(Quarter, description.quarter_id)
        if quarter is None or quarter.area_id != description.area_id:
            problems = (*problems, Problem("quarter_elsewhere", "refuse", {}))
        elif quarter.ended_on and quarter.id != stays_in:
            problems = (*problems, Problem("quarter_ended", "refuse", {"name": quarter.name}))
    if problems:
        raise PlaceRefused(*problems)
