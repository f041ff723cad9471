"""What the office counts as a play area, and by which outlines the communes are drawn."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select
from sqlmodel import col

from dashboard.actions.errors import NotAllowed, PlaceRefused, RulesConflict
from dashboard.actions.register import is_demonstration
from dashboard.actions.standing import name_of
from dashboard.clock import business_now
from dashboard.domain.checks import Problem
from dashboard.domain.inputs import DAY, VERSION, WHOLE, Form, Maybe, OutlinesText, Words, YesNo, takes
from dashboard.domain.permissions import Capability, may
from dashboard.domain.play_areas import Standard, is_possible
from db.engine import database
from db.play_areas import outlines_version
from db.tables import Outlines, PlayStandard

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from dashboard.domain.permissions import Actor


STANDARD: Final = Form(
    Standard,
    min_area_m2=Maybe(WHOLE),
    needs_equipment=YesNo(),
    needs_open_to_all=YesNo(),
    max_check_age_months=Maybe(WHOLE),
)


@takes(standard=STANDARD, base_version=VERSION, walking_m=WHOLE, valid_from=DAY, document=Words(300))
def set_standard(
    *,
    actor: Actor,
    standard: Standard,
    base_version: int,
    walking_m: int,
    valid_from: date,
    document: str = "",
) -> date | None:
    """State what counts as a play area from `valid_from` on; earlier days keep theirs.

    Returns the day from which another standard holds that was stated for later; None where there is none.
    `base_version` is the id of the newest standard that the person saw (0 for none).
    Raises NotAllowed, PlaceRefused, RulesConflict.
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
        if base_version != (newest.id if newest else 0):
            raise _stated_meanwhile(session, newest)
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


def _stated_meanwhile(session: Session, newest: PlayStandard | None) -> RulesConflict:
    if newest is None:
        return RulesConflict("", business_now(session), 0, {})
    return RulesConflict(name_of(session, newest.set_by), newest.set_at, newest.id or 0, _stated(newest))


def _stated(row: PlayStandard) -> dict[str, Any]:
    names = ("min_area_m2", "needs_equipment", "needs_open_to_all", "max_check_age_months")
    return {name: getattr(row, name) for name in (*names, "walking_m", "valid_from", "document")}


@takes(content=OutlinesText(), base_version=VERSION, source=Words(300))
def set_outlines(*, actor: Actor, content: str, base_version: int, source: str = "") -> None:
    """Draw the communes by these outlines from now on (JSON as dashboard.documents.outlines makes it).

    `base_version` is that of the outlines that the person saw (dashboard.views.play_areas).
    Raises NotAllowed, RulesConflict.
    """
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        if not may(actor, Capability.set_rules):
            raise NotAllowed(Capability.set_rules)
        last, version = _last_outlines(session)
        if last and version == base_version + 1 and _is_same(last, actor, content):
            return
        if version != base_version:
            raise _drawn_meanwhile(session, last, version)
        session.add(
            Outlines(content=content, source=source, uploaded_at=business_now(session), uploaded_by=actor.id)
        )
        transaction.log("set_outlines", "outlines", "current", after={"source": source})


@takes(base_version=VERSION)
def withdraw_outlines(*, actor: Actor, base_version: int) -> None:
    """Go back to the tile map; the files stay in the database. Raises NotAllowed, RulesConflict."""
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        if not may(actor, Capability.set_rules):
            raise NotAllowed(Capability.set_rules)
        last, version = _last_outlines(session)
        if last is None or last.withdrawn_at is not None:
            # The tile map is what was asked for.
            return
        if version != base_version:
            raise _drawn_meanwhile(session, last, version)
        drawn = session.scalars(select(Outlines).where(col(Outlines.withdrawn_at).is_(None))).all()
        for row in drawn:
            row.withdrawn_at, row.withdrawn_by = business_now(session), actor.id
        transaction.log("withdraw_outlines", "outlines", "current", before={"number": len(drawn)})


def _last_outlines(session: Session) -> tuple[Outlines | None, int]:
    return session.scalar(select(Outlines).order_by(col(Outlines.id).desc()).limit(1)), outlines_version(
        session
    )


def _is_same(row: Outlines, actor: Actor, content: str) -> bool:
    return (row.uploaded_by, row.content, row.withdrawn_at) == (actor.id, content, None)


def _drawn_meanwhile(session: Session, last: Outlines | None, version: int) -> RulesConflict:
    if last is None:
        return RulesConflict("", business_now(session), version, {})
    by, at = last.withdrawn_by or last.uploaded_by, last.withdrawn_at or last.uploaded_at
    stands = {"source": last.source, "is_drawn": last.withdrawn_at is None}
    return RulesConflict(name_of(session, by), at, version, stands)
