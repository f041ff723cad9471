"""The register of play areas: places with their closures, safety checks and photos."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from dashboard.actions.errors import NotAllowed, PlaceRefused
from dashboard.actions.register import is_demonstration, refuse_conflict, refuse_unless_allowed, touch
from dashboard.clock import business_now
from dashboard.domain.checks import Problem
from dashboard.domain.permissions import Capability
from dashboard.domain.play_areas import POOLS, PlayAreaInput, check_play_area, check_visit
from db.engine import database
from db.tables import ChecklistItem, PlayArea, PlayAreaClosure, PlayPhoto, Quarter, SafetyCheck

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from dashboard.documents.photo import Photo
    from dashboard.domain.permissions import Actor
    from dashboard.domain.play_areas import CheckInput
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

    said: PlayAreaInput
    token: str
    place_id: int | None = None
    base_version: int = 0


def save_place(
    *, actor: Actor, said: PlayAreaInput, token: str, place_id: int | None = None, base_version: int = 0
) -> SavedPlace:
    """Add a place, or change one; raises NotAllowed, PlaceRefused, PlaceConflict.

    `token` names this one attempt to add: the same form sent twice adds one place. For a change,
    `base_version` is the version that the person saw.
    """
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        return _save(transaction, actor, SheetPlace(said, token, place_id, base_version))


def save_places(*, actor: Actor, places: Sequence[SheetPlace]) -> tuple[SavedPlace, ...]:
    """The rows of a sheet, all of them or none; raises as save_place does."""
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        return tuple(_save(transaction, actor, place) for place in places)


def _save(transaction: Transaction, actor: Actor, place: SheetPlace) -> SavedPlace:
    session, said = transaction.session, place.said
    refuse_unless_allowed(session, actor, Capability.edit_play_areas, said.area_id)
    _refuse_description(session, said)
    if place.place_id is None:
        return _add(transaction, actor, place)
    row = _place(session, actor, place.place_id, Capability.edit_play_areas)
    before = _described(row)
    if before == asdict(said):
        return SavedPlace(place.place_id, row.code, row.version)
    refuse_conflict(session, row, place.base_version)
    for name, value in asdict(said).items():
        setattr(row, name, value)
    touch(session, row, actor)
    row.version += 1
    transaction.log(
        "save_place", "play_area", row.id, before=_only_changed(before, said), after=_changed(before, said)
    )
    return SavedPlace(place.place_id, row.code, row.version)


def _add(transaction: Transaction, actor: Actor, place: SheetPlace) -> SavedPlace:
    session = transaction.session
    row = session.scalar(select(PlayArea).where(col(PlayArea.token) == place.token))
    if row is None:
        row = PlayArea(
            **asdict(place.said),
            code=_next_code(session),
            token=place.token,
            is_synthetic=is_demonstration(session),
            registered_on=business_now(session).date(),
            changed_at=business_now(session),
            changed_by=actor.id,
        )
        session.add(row)
        session.flush()
        transaction.log("save_place", "play_area", row.id, after={"code": row.code, **asdict(place.said)})
    return SavedPlace(row.id or 0, row.code, row.version)


def _next_code(session: Session) -> str:
    """Codes are never used again, because nothing is deleted."""
    number = (session.scalar(select(func.max(col(PlayArea.id)))) or 0) + 1
    while session.scalar(select(col(PlayArea.id)).where(col(PlayArea.code) == f"{CODE_PREFIX}{number:02}")):
        number += 1
    return f"{CODE_PREFIX}{number:02}"


def _described(row: PlayArea) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(PlayAreaInput)}


def _changed(before: dict[str, Any], said: PlayAreaInput) -> dict[str, Any]:
    return {name: value for name, value in asdict(said).items() if before[name] != value}


def _only_changed(before: dict[str, Any], said: PlayAreaInput) -> dict[str, Any]:
    return {name: before[name] for name in _changed(before, said)}


def _refuse_description(session: Session, said: PlayAreaInput) -> None:
    problems = check_play_area(said, today=business_now(session).date())
    if said.quarter_id is not None:
        quarter = session.get(Quarter, said.quarter_id)
        if quarter is None or quarter.area_id != said.area_id:
            problems = (*problems, Problem("quarter_elsewhere", "refuse", {}))
    if problems:
        raise PlaceRefused(*problems)


def _place(session: Session, actor: Actor, place_id: int, capability: Capability) -> PlayArea:
    row = session.get(PlayArea, place_id)
    if row is None:
        raise NotAllowed(capability)
    refuse_unless_allowed(session, actor, capability, row.area_id)
    return row


def close_place(*, actor: Actor, place_id: int, day: date, reason: str) -> None:
    """Take a place out of use from `day` on; raises NotAllowed, PlaceRefused. Closed twice is closed once."""
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        row = _place(session, actor, place_id, Capability.edit_play_areas)
        _refuse_future(session, day)
        if _open_closure(session, place_id):
            return
        if not reason.strip():
            raise PlaceRefused(Problem("reason_missing", "refuse", {}))
        last = session.scalar(
            select(func.max(col(PlayAreaClosure.reopened_on))).where(
                col(PlayAreaClosure.play_area_id) == place_id
            )
        )
        if last and day < last:
            raise PlaceRefused(Problem("before_reopening", "refuse", {}))
        session.add(PlayAreaClosure(play_area_id=place_id, closed_on=day, reason=reason.strip()))
        touch(session, row, actor)
        transaction.log("close_place", "play_area", place_id, after={"closed_on": day, "reason": reason})


def reopen_place(*, actor: Actor, place_id: int, day: date, reason: str = "") -> None:
    """Put a closed place back into use from `day` on; raises NotAllowed, PlaceRefused."""
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        row = _place(session, actor, place_id, Capability.edit_play_areas)
        _refuse_future(session, day)
        closure = _open_closure(session, place_id)
        if closure is None:
            return
        if day < closure.closed_on:
            raise PlaceRefused(Problem("before_closing", "refuse", {}))
        closure.reopened_on, closure.reopened_reason = day, reason.strip()
        touch(session, row, actor)
        transaction.log("reopen_place", "play_area", place_id, after={"reopened_on": day, "reason": reason})


def _open_closure(session: Session, place_id: int) -> PlayAreaClosure | None:
    return session.scalar(
        select(PlayAreaClosure).where(
            col(PlayAreaClosure.play_area_id) == place_id, col(PlayAreaClosure.reopened_on).is_(None)
        )
    )


def _refuse_future(session: Session, day: date) -> None:
    if day > business_now(session).date():
        raise PlaceRefused(Problem("date_in_future", "refuse", {}))


def record_check(*, actor: Actor, place_id: int, said: CheckInput, token: str) -> None:
    """Store one safety visit; it counts from its day on. Raises NotAllowed, PlaceRefused.

    The same form sent twice (`token`) is stored once.
    """
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        row = _place(session, actor, place_id, Capability.check_play_areas)
        if session.scalar(select(col(SafetyCheck.id)).where(col(SafetyCheck.token) == token)):
            return
        essentials, pool_essentials = _essentials(session, row.kind)
        today = business_now(session).date()
        problems = check_visit(said, essentials=essentials, pool_essentials=pool_essentials, today=today)
        if problems:
            raise PlaceRefused(*problems)
        stored = SafetyCheck(
            play_area_id=place_id,
            checked_on=said.checked_on,
            checked_by=said.checked_by.strip(),
            result=said.result.value,
            next_due=said.next_due,
            answers=json.dumps(dict(said.answers), sort_keys=True),
            note=said.note.strip(),
            is_synthetic=is_demonstration(session),
            entered_by=actor.id,
            entered_at=business_now(session),
            token=token,
        )
        session.add(stored)
        touch(session, row, actor)
        after = {"checked_on": said.checked_on, "result": said.result, "next_due": said.next_due}
        transaction.log("record_check", "play_area", place_id, after={**after, "checked_by": said.checked_by})


def _essentials(session: Session, kind: str) -> tuple[frozenset[str], frozenset[str]]:
    """Items that a place of this kind must have before children use it, and those of them that are for pools."""
    is_pool = kind in POOLS
    rows = session.execute(
        select(col(ChecklistItem.slug), col(ChecklistItem.for_pools)).where(col(ChecklistItem.is_essential))
    ).all()
    asked = frozenset(slug for slug, for_pools in rows if is_pool or not for_pools)
    return asked, frozenset(slug for slug, for_pools in rows if is_pool and for_pools)


def add_photo(*, actor: Actor, place_id: int, photo: Photo, caption: str = "") -> None:
    """Add a photo, made anew before, to a place; the same picture twice is kept once. Raises NotAllowed."""
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        row = _place(session, actor, place_id, Capability.edit_play_areas)
        known = session.scalar(
            select(PlayPhoto).where(
                col(PlayPhoto.play_area_id) == place_id, col(PlayPhoto.sha256) == photo.sha256
            )
        )
        if known and known.hidden_at is None:
            return
        if known:
            known.hidden_at = known.hidden_by = None
        else:
            session.add(
                PlayPhoto(
                    play_area_id=place_id,
                    **asdict(photo),
                    caption=caption.strip(),
                    added_at=business_now(session),
                    added_by=actor.id,
                )
            )
        touch(session, row, actor)
        transaction.log("add_photo", "play_area", place_id, after={"sha256": photo.sha256})


def hide_photo(*, actor: Actor, photo_id: int) -> None:
    """Take a photo off the screens; it stays in the database. Raises NotAllowed."""
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        photo = session.get(PlayPhoto, photo_id)
        if photo is None:
            raise NotAllowed(Capability.edit_play_areas)
        row = _place(session, actor, photo.play_area_id, Capability.edit_play_areas)
        if photo.hidden_at is not None:
            return
        photo.hidden_at, photo.hidden_by = business_now(session), actor.id
        touch(session, row, actor)
        transaction.log("hide_photo", "play_area", photo.play_area_id, before={"sha256": photo.sha256})
