"""What the office counts as a play area, and by which outlines the communes are drawn."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from dashboard.actions.errors import NotAllowed, PlaceRefused, RulesRefused
from dashboard.actions.register import is_demonstration
from dashboard.clock import business_now
from dashboard.domain.checks import Problem
from dashboard.domain.permissions import Capability, may
from dashboard.domain.play_areas import is_possible
from db.engine import database
from db.tables import Outlines, PlayStandard

if TYPE_CHECKING:
    from datetime import date

    from dashboard.domain.permissions import Actor
    from dashboard.domain.play_areas import Standard


def set_standard(
    *,
    actor: Actor,
    standard: Standard,
    walking_m: int,
    valid_from: date,
    document: str = "",
    seen: int | None = None,
) -> date | None:
    """State what counts as a play area from `valid_from` on; earlier days keep theirs.

    Returns the day from which another standard holds that was stated for later; None where there is none.
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
        later = select(func.min(col(PlayStandard.valid_from))).where(
            col(PlayStandard.valid_from) > valid_from
        )
        until = session.scalar(later)
        newest = session.scalar(select(PlayStandard).order_by(col(PlayStandard.id).desc()).limit(1))
        if newest and _stated(newest) == stated:
            return until
        if seen is not None and seen != (newest.id if newest else 0):
            raise RulesRefused("changed_meanwhile")
        session.add(
            PlayStandard(
                **stated,
                is_synthetic=is_demonstration(session),
                set_by=actor.id,
                set_at=business_now(session),
            )
        )
        transaction.log("set_standard", "play_standard", valid_from, after=stated)
        return until


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
