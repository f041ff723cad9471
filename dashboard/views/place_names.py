"""What the register keeps by number, by name: communes, and thôn and khu phố, those that have ended too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from db.engine import database
from db.tables import Area, Quarter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.i18n import Language


@dataclass(frozen=True)
class PlaceNames:
    """`ended` are the numbers of the thôn and khu phố that are no more."""

    areas: Mapping[int, str]
    quarters: Mapping[int, str]
    ended: frozenset[int]


def place_names(language: Language) -> PlaceNames:
    with database().read() as session:
        areas = session.execute(select(col(Area.id), getattr(Area, f"full_name_{language}")))
        quarters = session.execute(select(col(Quarter.id), col(Quarter.name)))
        ended = session.scalars(select(col(Quarter.id)).where(col(Quarter.ended_on).is_not(None)))
        return PlaceNames(
            areas={number or 0: name for number, name in areas},
            quarters={number or 0: name for number, name in quarters},
            ended=frozenset(number or 0 for number in ended),
        )
