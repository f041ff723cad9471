"""The register of play areas: places with their closures, safety checks and photos."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select
from sqlmodel import col

from dashboard.actions.errors import (
    InputProblem,
    InputRefused,
    NotAllowed,
    PhotoConflict,
    PlaceRefused,
    TurnConflict,
)
from dashboard.actions.namesakes import refuse_namesake
from dashboard.actions.register import (
    is_demonstration,
    problems_of_place,
    refuse_conflict,
    refuse_unless_allowed,
    touch,
)
from dashboard.actions.standing import last_change, name_of
from dashboard.clock import business_now
from dashboard.domain.checks import Problem
from dashboard.domain.folding import folded
from dashboard.domain.inputs import (
    DAY,
    ID,
    LONGEST_TOKEN,
    TOKEN,
    VERSION,
    Form,
    Many,
    Maybe,
    Words,
    takes,
)
from dashboard.domain.permissions import Capability
from dashboard.domain.play_areas import POOLS, PlayAreaInput, check_play_area, check_visit
from dashboard.domain.play_inputs import PHOTO, PLACE, VISIT
from db.changes import Change, as_json
from db.engine import database
from db.tables import ChecklistItem, PlayArea, PlayAreaClosure, PlayPhoto, Quarter, SafetyCheck

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from dashboard.domain.permissions import Actor
    from dashboard.domain.pictures import Photo
    from dashboard.domain.play_areas import CheckInput
    from db.engine import Transaction

CODE_PREFIX = "VC-"
LONGEST_REASON: Final = 500
LONGEST_CAPTION: Final = 200
# What a visit is told apart by from every other one, whoever sends it.
OF_A_VISIT = (
    "play_area_id",
    "checked_on",
    "checked_by",
    "result",
    "next_due",
    "answers",
    "note",
    "entered_by",
)


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


# Of a place that is known already the token says nothing.
SHEET_TOKEN: Final = Words(LONGEST_TOKEN)
SHEET_PLACE: Final = Form(SheetPlace, said=PLACE, token=SHEET_TOKEN, place_id=Maybe(ID), base_version=VERSION)


@takes(said=PLACE, token=SHEET_TOKEN, place_id=Maybe(ID), base_version=VERSION)
def save_place(
    *, actor: Actor, said: PlayAreaInput, token: str, place_id: int | None = None, base_version: int = 0
) -> SavedPlace:
    """Add a place, or change one; raises NotAllowed, PlaceRefused, PlaceConflict.

    `token` names this one attempt to add: the same form sent twice adds one place. For a change,
    `base_version` is the version that the person saw.
    """
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        return _save(transaction, actor, SheetPlace(said, token, place_id, base_version))


@takes(places=Many(SHEET_PLACE))
def save_places(*, actor: Actor, places: Sequence[SheetPlace]) -> tuple[SavedPlace, ...]:
    """The rows of a sheet, all of them or none; raises as save_place does."""
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        return tuple(_save(transaction, actor, place) for place in places)


def _save(transaction: Transaction, actor: Actor, place: SheetPlace) -> SavedPlace:
    session, said = transaction.session, place.said
    refuse_unless_allowed(session, actor, Capability.edit_play_areas, said.area_id)
    if place.place_id is None:
        _refuse_description(session, said, None)
        TOKEN.read(place.token, "token")
        return _add(transaction, actor, place)
    row = _place(session, actor, place.place_id, Capability.edit_play_areas)
    _refuse_description(session, said, row.quarter_id)
    before = _described(row)
    if before == asdict(said):
        return SavedPlace(place.place_id, row.code, row.version)
    refuse_conflict(session, row, place.base_version)
    if folded(row.name) != folded(said.name) or row.area_id != said.area_id:
        refuse_namesake(session, said, but=place.place_id)
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
    if row is not None:
        _refuse_other_attempt(session, actor, row, place)
    else:
        refuse_namesake(session, place.said)
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
    if added is None or added.actor_id != actor.id or added.after != _as_added(row.code, place.said):
        raise InputRefused("token", InputProblem.other_attempt)
    if _described(row) != asdict(place.said):
        refuse_conflict(session, row, 1)


def _as_added(code: str, said: PlayAreaInput) -> str | None:
    return as_json({"code": code, **asdict(said)})


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


def _refuse_description(session: Session, said: PlayAreaInput, stays_in: int | None) -> None:
    """`stays_in` is the thôn or khu phố that the place is in already: that one may have ended meanwhile."""
    problems = check_play_area(said, today=business_now(session).date())
    problems += problems_of_place(session, said.area_id, said.latitude, said.longitude)
    if said.quarter_id is not None:
        quarter = session.get(Quarter, said.quarter_id)
        if quarter is None or quarter.area_id != said.area_id:
            problems = (*problems, Problem("quarter_elsewhere", "refuse", {}))
        elif quarter.ended_on and quarter.id != stays_in:
            problems = (*problems, Problem("quarter_ended", "refuse", {"name": quarter.name}))
    if problems:
        raise PlaceRefused(*problems)


def _place(session: Session, actor: Actor, place_id: int, capability: Capability) -> PlayArea:
    row = session.get(PlayArea, place_id)
    if row is None:
        raise NotAllowed(capability)
    refuse_unless_allowed(session, actor, capability, row.area_id)
    return row


@takes(place_id=ID, base_version=VERSION, day=DAY, reason=Words(LONGEST_REASON))
def close_place(*, actor: Actor, place_id: int, base_version: int, day: date, reason: str) -> None:
    """Take a place out of use from `day` on; raises NotAllowed, PlaceRefused, TurnConflict.

    `base_version` is how often it had been closed and opened again when the person looked (`turns` in
    dashboard.views.places). The same sent twice closes once.
    """
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        row = _place(session, actor, place_id, Capability.edit_play_areas)
        _refuse_future(session, day)
        if not reason:
            raise PlaceRefused(Problem("reason_missing", "refuse", {}))
        last, turns = _last_turn(session, place_id)
        stands = last and (last.closed_on, last.reason, last.reopened_on)
        if turns == base_version + 1 and stands == (day, reason, None):
            return
        if turns != base_version or (last and last.reopened_on is None):
            raise _turned(session, place_id, last, turns)
        if last and last.reopened_on and day < last.reopened_on:
            raise PlaceRefused(Problem("before_reopening", "refuse", {}))
        session.add(PlayAreaClosure(play_area_id=place_id, closed_on=day, reason=reason))
        touch(session, row, actor)
        transaction.log("close_place", "play_area", place_id, after={"closed_on": day, "reason": reason})


@takes(place_id=ID, base_version=VERSION, day=DAY, reason=Words(LONGEST_REASON))
def reopen_place(*, actor: Actor, place_id: int, base_version: int, day: date, reason: str = "") -> None:
    """Put a closed place back into use from `day` on; `base_version` and refusals as for close_place."""
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        row = _place(session, actor, place_id, Capability.edit_play_areas)
        _refuse_future(session, day)
        last, turns = _last_turn(session, place_id)
        stands = last and (last.reopened_on, last.reopened_reason)
        if turns == base_version + 1 and stands == (day, reason):
            return
        if last is None or turns != base_version or last.reopened_on:
            raise _turned(session, place_id, last, turns)
        if day < last.closed_on:
            raise PlaceRefused(Problem("before_closing", "refuse", {}))
        last.reopened_on, last.reopened_reason = day, reason
        touch(session, row, actor)
        transaction.log("reopen_place", "play_area", place_id, after={"reopened_on": day, "reason": reason})


def _last_turn(session: Session, place_id: int) -> tuple[PlayAreaClosure | None, int]:
    """The last closure, and how often the place was closed and opened again up to now."""
    closures = session.scalars(
        select(PlayAreaClosure)
        .where(col(PlayAreaClosure.play_area_id) == place_id)
        .order_by(col(PlayAreaClosure.id))
    ).all()
    turns = len(closures) + sum(each.reopened_on is not None for each in closures)
    return (closures[-1] if closures else None), turns


def _turned(session: Session, place_id: int, last: PlayAreaClosure | None, turns: int) -> TurnConflict:
    names = ("closed_on", "reason", "reopened_on", "reopened_reason")
    stands = {name: getattr(last, name) for name in names} if last else {}
    by, at = last_change(session, "play_area", place_id, ("close_place", "reopen_place"))
    return TurnConflict(by, at, turns, stands)


def _refuse_future(session: Session, day: date) -> None:
    if day > business_now(session).date():
        raise PlaceRefused(Problem("date_in_future", "refuse", {}))


@takes(place_id=ID, said=VISIT, token=TOKEN)
def record_check(*, actor: Actor, place_id: int, said: CheckInput, token: str) -> None:
    """Store one safety visit; it counts from its day on. Raises NotAllowed, PlaceRefused.

    The same form sent twice (`token`) is stored once.
    """
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        row = _place(session, actor, place_id, Capability.check_play_areas)
        repeated = session.scalar(select(SafetyCheck).where(col(SafetyCheck.token) == token))
        stored = SafetyCheck(
            play_area_id=place_id,
            checked_on=said.checked_on,
            checked_by=said.checked_by,
            result=said.result.value,
            next_due=said.next_due,
            answers=json.dumps(dict(said.answers), sort_keys=True),
            note=said.note,
            is_synthetic=is_demonstration(session),
            entered_by=actor.id,
            entered_at=business_now(session),
            token=token,
        )
        if repeated:
            if any(getattr(repeated, name) != getattr(stored, name) for name in OF_A_VISIT):
                raise InputRefused("token", InputProblem.other_attempt)
            return
        essentials, pool_essentials = _essentials(session, row.kind)
        today = business_now(session).date()
        problems = check_visit(said, essentials=essentials, pool_essentials=pool_essentials, today=today)
        if problems:
            raise PlaceRefused(*problems)
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


@takes(place_id=ID, photo=PHOTO, base_version=VERSION, caption=Words(LONGEST_CAPTION))
def add_photo(*, actor: Actor, place_id: int, photo: Photo, base_version: int = 0, caption: str = "") -> None:
    """Add a photo, made anew before, to a place; the same picture twice is kept once.

    `base_version` is 0 for a picture that the person does not know to be there; one that somebody took off the
    screens comes back only to who knows it (the version that the conflict tells). Raises NotAllowed, PhotoConflict.
    """
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        row = _place(session, actor, place_id, Capability.edit_play_areas)
        known = session.scalar(
            select(PlayPhoto).where(
                col(PlayPhoto.play_area_id) == place_id, col(PlayPhoto.sha256) == photo.sha256
            )
        )
        if known and known.hidden_at is None and known.caption == caption:
            return
        if known and (known.hidden_at is None or known.version != base_version):
            raise _photo_conflict(session, known)
        if known:
            known.hidden_at = known.hidden_by = None
            known.caption, known.version = caption, known.version + 1
        else:
            session.add(
                PlayPhoto(
                    play_area_id=place_id,
                    **asdict(photo),
                    caption=caption,
                    added_at=business_now(session),
                    added_by=actor.id,
                )
            )
        touch(session, row, actor)
        transaction.log("add_photo", "play_area", place_id, after={"sha256": photo.sha256})


@takes(photo_id=ID, base_version=VERSION)
def hide_photo(*, actor: Actor, photo_id: int, base_version: int) -> None:
    """Take a photo off the screens; it stays in the database. Raises NotAllowed, PhotoConflict."""
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        photo = session.get(PlayPhoto, photo_id)
        if photo is None:
            raise NotAllowed(Capability.edit_play_areas)
        row = _place(session, actor, photo.play_area_id, Capability.edit_play_areas)
        if photo.hidden_at is not None and photo.version == base_version + 1:
            return
        if photo.hidden_at is not None or photo.version != base_version:
            raise _photo_conflict(session, photo)
        photo.hidden_at, photo.hidden_by = business_now(session), actor.id
        photo.version += 1
        touch(session, row, actor)
        transaction.log("hide_photo", "play_area", photo.play_area_id, before={"sha256": photo.sha256})


def _photo_conflict(session: Session, photo: PlayPhoto) -> PhotoConflict:
    by = name_of(session, photo.hidden_by or photo.added_by)
    stands = {"is_hidden": photo.hidden_at is not None, "caption": photo.caption}
    return PhotoConflict(by, photo.hidden_at or photo.added_at, photo.version, stands)
