"""What time it is for the plan: the wall clock, or the fixed day of a demonstration at the wall's hour."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from db.base import utc_now
from db.tables import Installation

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def business_now(session: Session) -> datetime:
    """Now, in local time. A demonstration lives on one day for ever, so its deadlines stay ahead of it."""
    return on_the_plans_day(session, utc_now())


def on_the_plans_day(session: Session, moment: datetime) -> datetime:
    """A moment of the wall clock, as those of the change log are, in the time that the plan lives in."""
    here = moment.astimezone(LOCAL)
    day = session.scalar(select(col(Installation.demonstration_day)))
    return on_day(here, day) if day else here


def on_day(moment: datetime, day: date) -> datetime:
    return datetime.combine(day, moment.timetz())


def local(moment: datetime) -> datetime:
    return moment.astimezone(LOCAL)
