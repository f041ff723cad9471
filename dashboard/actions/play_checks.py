"""Safety visits to play areas."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from dashboard.actions.errors import InputProblem, InputRefused, PlaceRefused
from dashboard.actions.register import is_demonstration, place_for, touch
from dashboard.clock import business_now
from dashboard.domain.inputs import ID, TOKEN, takes
from dashboard.domain.permissions import Capability
from dashboard.domain.play_areas import POOLS, check_visit
from dashboard.domain.play_inputs import VISIT
from db.engine import database
from db.tables import ChecklistItem, SafetyCheck

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dashboard.domain.permissions import Actor
    from dashboard.domain.play_areas import CheckInput

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


@takes(place_id=ID, visit=VISIT, token=TOKEN)
def record_check(*, actor: Actor, place_id: int, visit: CheckInput, token: str) -> None:
    """Store one safety visit; it counts from its day on. Raises NotAllowed, PlaceRefused.

    The same form sent twice (`token`) is stored once.
    """
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        row = place_for(session, actor, place_id, Capability.check_play_areas)
        repeated = session.scalar(select(SafetyCheck).where(col(SafetyCheck.token) == token))
        stored = SafetyCheck(
            play_area_id=place_id,
            checked_on=visit.checked_on,
            checked_by=visit.checked_by,
            result=visit.result.value,
            next_due=visit.next_due,
            answers=json.dumps(dict(visit.answers), sort_keys=True),
            note=visit.note,
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
        problems = check_visit(visit, essentials=essentials, pool_essentials=pool_essentials, today=today)
        if problems:
            raise PlaceRefused(*problems)
        session.add(stored)
        touch(session, row, actor)
        after = {"checked_on": visit.checked_on, "result": visit.result, "next_due": visit.next_due}
        transaction.log(
            "record_check", "play_area", place_id, after={**after, "checked_by": visit.checked_by}
        )


def _essentials(session: Session, kind: str) -> tuple[frozenset[str], frozenset[str]]:
    """Items that a place of this kind must have before children use it, and those of them that are for pools."""
    is_pool = kind in POOLS
    rows = session.execute(
        select(col(ChecklistItem.slug), col(ChecklistItem.for_pools)).where(col(ChecklistItem.is_essential))
    ).all()
    asked = frozenset(slug for slug, for_pools in rows if is_pool or not for_pools)
    return asked, frozenset(slug for slug, for_pools in rows if is_pool and for_pools)
