"""Who made what stands, and when: what a conflict answers with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from dashboard.clock import business_now, on_the_plans_day
from db.changes import Change
from db.tables import Account

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def last_change(
    session: Session, subject: str, subject_id: object, actions: tuple[str, ...]
) -> tuple[str, datetime]:
    """Name and moment of the last of `actions` on the subject; "" for the system, now where none was logged."""
    logged = session.scalar(
        select(Change)
        .where(
            col(Change.subject) == subject,
            col(Change.subject_id) == str(subject_id),
            col(Change.action).in_(actions),
        )
        .order_by(col(Change.id).desc())
        .limit(1)
    )
    if logged is None:
        return "", business_now(session)
    return name_of(session, logged.actor_id), on_the_plans_day(session, logged.at)


def name_of(session: Session, account_id: int | None) -> str:
    return session.scalar(select(col(Account.name)).where(col(Account.id) == account_id)) or ""
