"""The register of play areas: places, closures, checks, photos, thôn and khu phố, the standard, the outlines."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from dashboard.actions.errors import NotAllowed, PlaceConflict, PlaceRefused, RulesRefused
from dashboard.actions.places import is_commune
from dashboard.clock import business_now, on_the_plans_day
from dashboard.domain.checks import Problem
from dashboard.domain.permissions import Capability, may
from dashboard.domain.play_areas import (
    MOST_CHILDREN,
    POOLS,
    PlayAreaInput,
    check_play_area,
    check_position,
    check_visit,
    is_possible,
)
from db.changes import Change
from db.engine import database
from db.tables import (
    Account,
    ChecklistItem,
    Indicator,
    Installation,
    Outlines,
    PlayArea,
    PlayAreaClosure,
    PlayPhoto,
    PlayStandard,
    Quarter,
    SafetyCheck,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from dashboard.documents.photos import Photo
    from dashboard.domain.permissions import Actor
    from dashboard.domain.play_areas import CheckInput, Standard
    from db.engine import Transaction

CODE_PREFIX = "VC-"
# What gives a place or a quarter a new version.
DESCRIBING = ("save_place", "save_quarter", "end_quarter")


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


@dataclass(frozen=True)
class QuarterInput:
    area_id: int
    name: str
    kind: str
    children: int | None = None
    latitude: float | None = None
    longitude: float | None = None


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
    _refuse_unless_allowed(session, actor, Capability.edit_play_areas, said.area_id)
    _refuse_description(session, said)
    if place.place_id is None:
        return _add(transaction, actor, place)
    row = _place(session, actor, place.place_id, Capability.edit_play_areas)
    before = _described(row)
    if before == asdict(said):
        return SavedPlace(place.place_id, row.code, row.version)
    _refuse_conflict(session, row, place.base_version)
    for name, value in asdict(said).items():
        setattr(row, name, value)
    _touch(session, row, actor)
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
            is_synthetic=_is_demonstration(session),
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


def _refuse_unless_allowed(session: Session, actor: Actor, capability: Capability, area_id: int) -> None:
    """Only communes have a register, whatever reach the person has."""
    allowed = may(actor, capability, area_id=area_id, lead_agency_id=_lead(session))
    if not allowed or not is_commune(session, area_id):
        raise NotAllowed(capability)


def _lead(session: Session) -> int | None:
    """The agency that answers for play areas in the plan."""
    return session.scalar(
        select(col(Indicator.lead_agency_id)).where(col(Indicator.derived_from) == "play_areas")
    )


def _is_demonstration(session: Session) -> bool:
    return bool(session.scalar(select(col(Installation.is_demonstration))))


def _place(session: Session, actor: Actor, place_id: int, capability: Capability) -> PlayArea:
    row = session.get(PlayArea, place_id)
    if row is None:
        raise NotAllowed(capability)
    _refuse_unless_allowed(session, actor, capability, row.area_id)
    return row


def _refuse_conflict(session: Session, row: PlayArea | Quarter, base_version: int) -> None:
    if row.version != base_version:
        raise PlaceConflict(*_last_described(session, row), row.version)


def _last_described(session: Session, row: PlayArea | Quarter) -> tuple[str, datetime]:
    """Who and when. Visits, photos and closures touch the row too, but give it no new version."""
    subject = "play_area" if isinstance(row, PlayArea) else "quarter"
    logged = session.scalar(
        select(Change)
        .where(
            col(Change.subject) == subject,
            col(Change.subject_id) == str(row.id),
            col(Change.action).in_(DESCRIBING),
        )
        .order_by(col(Change.id).desc())
        .limit(1)
    )
    by, at = row.changed_by, row.changed_at
    if logged:
        by, at = logged.actor_id or 0, on_the_plans_day(session, logged.at)
    return session.scalar(select(col(Account.name)).where(col(Account.id) == by)) or "", at


def _touch(session: Session, row: PlayArea | Quarter, actor: Actor) -> None:
    row.changed_at, row.changed_by = business_now(session), actor.id


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
        _touch(session, row, actor)
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
        _touch(session, row, actor)
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
            is_synthetic=_is_demonstration(session),
            entered_by=actor.id,
            entered_at=business_now(session),
            token=token,
        )
        session.add(stored)
        _touch(session, row, actor)
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
        _touch(session, row, actor)
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
        _touch(session, row, actor)
        transaction.log("hide_photo", "play_area", photo.play_area_id, before={"sha256": photo.sha256})


def save_quarter(
    *, actor: Actor, said: QuarterInput, quarter_id: int | None = None, base_version: int = 0
) -> int:
    """Add a thôn or khu phố, or change one; returns its id. Raises NotAllowed, PlaceRefused, PlaceConflict."""
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        _refuse_unless_allowed(session, actor, Capability.edit_play_areas, said.area_id)
        _refuse_quarter(said)
        namesake = session.scalar(
            select(Quarter).where(
                col(Quarter.area_id) == said.area_id, col(Quarter.name) == said.name.strip()
            )
        )
        row = session.get(Quarter, quarter_id) if quarter_id else None
        if (
            row is None
            and namesake
            and (namesake.ended_on or _quarter_values(namesake) == _quarter_said(said))
        ):
            # Sent twice, or ended by mistake and wanted back.
            return _change_quarter(transaction, actor, namesake, said)
        if namesake and namesake is not row:
            raise PlaceRefused(Problem("quarter_taken", "refuse", {"name": said.name.strip()}))
        if row is None:
            return _add_quarter(transaction, actor, said)
        if row.area_id != said.area_id:
            raise NotAllowed(Capability.edit_play_areas)
        if row.ended_on or _quarter_values(row) != _quarter_said(said):
            _refuse_conflict(session, row, base_version)
        return _change_quarter(transaction, actor, row, said)


def _change_quarter(transaction: Transaction, actor: Actor, row: Quarter, said: QuarterInput) -> int:
    """The row as it was said, living; nothing is written where it stands so already."""
    before = {**_quarter_values(row), "ended_on": row.ended_on}
    after = {**_quarter_said(said), "ended_on": None}
    if before != after:
        for name, value in after.items():
            setattr(row, name, value)
        row.version += 1
        _touch(transaction.session, row, actor)
        transaction.log("save_quarter", "quarter", row.id, before=before, after=after)
    return row.id or 0


def _refuse_quarter(said: QuarterInput) -> None:
    problems = [] if said.name.strip() else [Problem("name_missing", "refuse", {})]
    if said.children is not None and not 0 <= said.children <= MOST_CHILDREN:
        problems.append(Problem("children_impossible", "refuse", {"most": MOST_CHILDREN}))
    problems += check_position(said.latitude, said.longitude)
    if problems:
        raise PlaceRefused(*problems)


def _quarter_said(said: QuarterInput) -> dict[str, Any]:
    return {**asdict(said), "name": said.name.strip()}


def _quarter_values(row: Quarter) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(QuarterInput)}


def _add_quarter(transaction: Transaction, actor: Actor, said: QuarterInput) -> int:
    session = transaction.session
    row = Quarter(
        **_quarter_said(said),
        listed_on=business_now(session).date(),
        is_synthetic=_is_demonstration(session),
        changed_at=business_now(session),
        changed_by=actor.id,
    )
    session.add(row)
    session.flush()
    transaction.log("save_quarter", "quarter", row.id, after=_quarter_said(said))
    return row.id or 0


def end_quarter(*, actor: Actor, quarter_id: int, base_version: int) -> None:
    """A thôn or khu phố that was merged away is no longer counted; its row stays. Raises as save_quarter."""
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        row = session.get(Quarter, quarter_id)
        if row is None:
            raise NotAllowed(Capability.edit_play_areas)
        _refuse_unless_allowed(session, actor, Capability.edit_play_areas, row.area_id)
        if row.ended_on:
            return
        _refuse_conflict(session, row, base_version)
        _refuse_inhabited(session, row)
        row.ended_on = business_now(session).date()
        row.version += 1
        _touch(session, row, actor)
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


def set_standard(
    *,
    actor: Actor,
    standard: Standard,
    walking_m: int,
    valid_from: date,
    document: str = "",
    seen: int | None = None,
) -> None:
    """State what counts as a play area from `valid_from` on; earlier days keep theirs.

    `seen` is the id of the newest standard that the person saw (0 for none); None puts it on top of any.
    Raises NotAllowed, PlaceRefused, RulesRefused.
    """
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        if not may(actor, Capability.set_standard):
            raise NotAllowed(Capability.set_standard)
        if not is_possible(standard, walking_m):
            raise PlaceRefused(Problem("standard_impossible", "refuse", {}))
        stated = {**asdict(standard), "walking_m": walking_m, "valid_from": valid_from, "document": document}
        newest = session.scalar(select(PlayStandard).order_by(col(PlayStandard.id).desc()).limit(1))
        if newest and _stated(newest) == stated:
            return
        if seen is not None and seen != (newest.id if newest else 0):
            raise RulesRefused("changed_meanwhile")
        session.add(
            PlayStandard(
                **stated,
                is_synthetic=_is_demonstration(session),
                set_by=actor.id,
                set_at=business_now(session),
            )
        )
        transaction.log("set_standard", "play_standard", valid_from, after=stated)


def _stated(row: PlayStandard) -> dict[str, Any]:
    names = ("min_area_m2", "needs_equipment", "needs_open_to_all", "max_check_age_months")
    return {name: getattr(row, name) for name in (*names, "walking_m", "valid_from", "document")}


def set_outlines(*, actor: Actor, content: str, source: str = "") -> None:
    """Draw the communes by these outlines from now on (JSON as dashboard.documents.outlines makes it)."""
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        if not may(actor, Capability.set_rules):
            raise NotAllowed(Capability.set_rules)
        session.add(
            Outlines(
                content=content,
                source=source.strip(),
                uploaded_at=business_now(session),
                uploaded_by=actor.id,
            )
        )
        transaction.log("set_outlines", "outlines", "current", after={"source": source})


def withdraw_outlines(*, actor: Actor) -> None:
    """Go back to the tile map; the files stay in the database. Raises NotAllowed."""
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        if not may(actor, Capability.set_rules):
            raise NotAllowed(Capability.set_rules)
        drawn = session.scalars(select(Outlines).where(col(Outlines.withdrawn_at).is_(None))).all()
        for row in drawn:
            row.withdrawn_at, row.withdrawn_by = business_now(session), actor.id
        if drawn:
            transaction.log("withdraw_outlines", "outlines", "current", before={"number": len(drawn)})
