"""The change log: who, when, what, before, after; each row sealed with the hash of the one before it.

It has no foreign keys: the log never stands in the way of live data, and outlives what it speaks of.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Index, Text, func, select
from sqlmodel import Field, SQLModel, col

from db.base import Moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

FIRST_HASH = "0" * 64


class Head(NamedTuple):
    """The end of the log: the last change's number and seal, which stands for all before it."""

    id: int
    hash: str


NOTHING_LOGGED = Head(0, FIRST_HASH)


class Change(SQLModel, table=True):
    __tablename__ = "change"
    # Who changed something last is asked at every conflict, and what became of a place on each of its pages.
    __table_args__ = (Index("ix_change_subject", "subject", "subject_id", "id"),)
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Moment)
    actor_id: int | None = None
    actor_login: str = Field(max_length=60)
    action: str = Field(max_length=60)
    subject: str = Field(max_length=60)
    subject_id: str = Field(max_length=80)
    before: str | None = Field(default=None, sa_type=Text)
    after: str | None = Field(default=None, sa_type=Text)
    previous_hash: str = Field(default="", max_length=64)
    hash: str = Field(default="", max_length=64, unique=True)


def as_json(value: dict[str, Any] | None) -> str | None:
    """The one way in which a before or an after is written, so that its hash can be computed again."""
    if value is None:
        return None
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def seal(change: Change) -> str:
    moment = change.at.astimezone(UTC).isoformat(timespec="microseconds")
    parts = (change.previous_hash, moment, change.actor_id, change.actor_login, change.action)
    content = json.dumps([*parts, change.subject, change.subject_id, change.before, change.after])
    return hashlib.sha256(content.encode()).hexdigest()


def append_change(session: Session, change: Change) -> int:
    """Seal and store the change. The caller holds the write lock, so the chain cannot fork."""
    change.previous_hash = log_head(session).hash
    change.hash = seal(change)
    session.add(change)
    session.flush()
    if change.id is None:
        message = "the database gave the change no id"
        raise RuntimeError(message)
    return change.id


def log_head(session: Session) -> Head:
    statement = select(col(Change.id), col(Change.hash)).order_by(col(Change.id).desc()).limit(1)
    last = session.execute(statement).first()
    return Head(last[0] or 0, last[1]) if last else NOTHING_LOGGED


def holds(session: Session, head: Head) -> bool:
    """Whether the log went through `head`: it may have gone on since, but not back, and not another way."""
    found = session.scalar(select(col(Change.hash)).where(col(Change.id) == head.id))
    return head == NOTHING_LOGGED or found == head.hash


def newest_moment(session: Session) -> datetime | None:
    """The latest moment that any change carries, by the clock of then."""
    return session.scalar(select(func.max(col(Change.at))))


def data_version(session: Session) -> int:
    """The id of the last change: equal versions mean equal data."""
    return session.scalar(select(func.max(col(Change.id)))) or 0


def broken_links(session: Session) -> Iterator[int]:
    """Ids of changes whose seal or predecessor does not fit: rows edited, removed or slipped in by hand."""
    previous = FIRST_HASH
    for change in session.scalars(select(Change).order_by(col(Change.id)).execution_options(yield_per=500)):
        if change.previous_hash != previous or change.hash != seal(change):
            yield change.id or 0
        previous = change.hash
