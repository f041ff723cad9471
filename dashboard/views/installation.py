"""What this installation is, and how far its data have moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from sqlalchemy import select
from sqlmodel import col

from dashboard.clock import business_now
from dashboard.views.catalogue import periods
from db.changes import data_version
from db.engine import database
from db.tables import Installation

if TYPE_CHECKING:
    from datetime import date, datetime


def is_demonstration() -> bool:
    with database().read() as session:
        return bool(session.scalar(select(col(Installation.is_demonstration))))


def mark() -> str:
    """Tells this installation from others that stood or will stand at the same address; empty before a plan."""
    with database().read() as session:
        created = session.scalar(select(col(Installation.created_at)))
    return f"{created.timestamp():.0f}" if created else ""


def current_version() -> int:
    with database().read() as session:
        return data_version(session)


def now() -> datetime:
    with database().read() as session:
        return business_now(session)


def known_periods() -> tuple[tuple[int, str], ...]:
    """(year, part) of every reporting period, in time's order."""
    with database().read() as session:
        return tuple(periods(session).select("year", "part").iter_rows())


def current_period() -> tuple[int, str] | None:
    """The period that is being collected: the first whose town deadline is still ahead, or else the last."""
    with database().read() as session:
        today = business_now(session).date()
        known = periods(session)
    if known.is_empty():
        return None
    ahead = known.filter(pl.col("town_before") > today)
    row = ahead.row(0, named=True) if ahead.height else known.row(-1, named=True)
    return row["year"], row["part"]


def deadlines(year: int, part: str) -> tuple[date | None, date | None]:
    """The days before which communes and the standing office report; None where the plan sets none."""
    with database().read() as session:
        found = periods(session).filter(pl.col("year") == year, pl.col("part") == part)
    return found.select("communes_before", "town_before").row(0) if found.height else (None, None)
