"""Play areas taken out of use and put back into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlmodel import col

from dashboard.actions.errors import PlaceRefused, TurnConflict
from dashboard.actions.register import place_for, touch
from dashboard.actions.standing import last_change
from dashboard.clock import business_now
from dashboard.domain.checks import Problem
from dashboard.domain.inputs import DAY, ID, VERSION, Words, takes
from dashboard.domain.permissions import Capability
from db.engine import database
from db.tables import PlayAreaClosure

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from dashboard.domain.permissions import Actor

LONGEST_REASON: Final = 500


@takes(place_id=ID, base_version=VERSION, day=DAY, reason=Words(LONGEST_REASON))
def close_place(*, actor: Actor, place_id: int, base_version: int, day: date, reason: str) -> None:
    """Take a place out of use from `day` on; raises NotAllowed, PlaceRefused, TurnConflict.

    `base_version` is how often it had been closed and opened again when the person looked (`turns` in
    dashboard.views.places). The same sent twice closes once.
    """
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        row = place_for(session, actor, place_id, Capability.edit_play_areas)
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
        row = place_for(session, actor, place_id, Capability.edit_play_areas)
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
