"""Made-up thôn and khu phố with their children, places to play near them, and what was found on visits."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from seed.catalogue import shipped_catalogue
from seed.made_up import by_weight, under16
from seed.made_up_reports import officer
from seed.office_hours import is_workday, some_moment
from seed.register_story import register_story
from seed.story import Point, chance, story

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from random import Random

    from seed.register_story import CheckTold, PlaceTold

REGISTERED_ON = date(2021, 1, 15)
CHECKING = "vanhoa"
CHECKED_BY = "Phòng Văn hóa và Thông tin cùng UBND và Đoàn xã, phường (minh họa)"
POOLS = ("pool", "mobile_pool")
METRES = 111_320  # in a degree of latitude
COMMUNE_M = 1_200  # how far from the middle of its commune a quarter lies at most
QUARTER_M = 150

Position = tuple[float, float]


@dataclass(frozen=True)
class QuarterRow:
    area: str
    name: str
    kind: str
    children: int
    position: Position
    by: str
    at: datetime


@dataclass(frozen=True)
class CheckRow:
    told: CheckTold
    answers: str
    at: datetime


@dataclass(frozen=True)
class PlaceRow:
    told: PlaceTold
    quarter: str
    address: str
    position: Position
    checks: tuple[CheckRow, ...]
    closed: tuple[datetime, ...]
    by: str
    at: datetime

    @property
    def deeds(self) -> tuple[tuple[datetime, str], ...]:
        """When and by whom it was changed since it was registered, oldest first."""
        visits = [(each.at, CHECKING) for each in self.checks]
        return tuple(sorted([*visits, *((each, self.by) for each in self.closed)]))

    @property
    def changed_at(self) -> datetime:
        return self.deeds[-1][0] if self.deeds else self.at

    @property
    def changed_by(self) -> str:
        return self.deeds[-1][1] if self.deeds else self.by

    @property
    def token(self) -> str:
        return f"demo:{self.told.code}"


def made_up_quarters() -> tuple[QuarterRow, ...]:
    return tuple(row for area in register_story().quarters for row in _quarters(area))


def made_up_places() -> tuple[PlaceRow, ...]:
    quarters = {(row.area, row.name): row for row in made_up_quarters()}
    return tuple(_place(told, quarters) for told in register_story().places)


def _quarters(area: str) -> Iterator[QuarterRow]:
    """Their children add up to those of the commune."""
    told, luck = story(), chance("quarters", area)
    names = [quarter_name(area, number) for number in range(1, register_story().quarters[area] + 1)]
    point = Point(area, told.communes.index(area), REGISTERED_ON.year, "half")
    children = by_weight(under16(point, told), {name: luck.randint(70, 130) for name in names})
    centres = {each.slug: (each.latitude or 0.0, each.longitude or 0.0) for each in shipped_catalogue().areas}
    kind = "thon" if _is_rural(area) else "khu_pho"
    for name in names:
        position = _near(centres[area], COMMUNE_M, luck)
        at = some_moment(REGISTERED_ON, luck)
        yield QuarterRow(area, name, kind, children[name], position, officer(area), at)


def quarter_name(area: str, number: int) -> str:
    return f"{'Thôn' if _is_rural(area) else 'Khu phố'} {number}"


def _is_rural(area: str) -> bool:
    full_names = {each.slug: each.full_name_vi for each in shipped_catalogue().areas}
    return full_names[area].startswith("Xã ")


def _near(centre: Position, at_most: int, luck: Random) -> Position:
    """Somewhere within so many metres, evenly over the circle."""
    metres, angle = at_most * math.sqrt(luck.random()), luck.uniform(0, 2 * math.pi)
    latitude = centre[0] + metres * math.cos(angle) / METRES
    longitude = centre[1] + metres * math.sin(angle) / (METRES * math.cos(math.radians(centre[0])))
    return round(latitude, 5), round(longitude, 5)


def _place(told: PlaceTold, quarters: dict[tuple[str, str], QuarterRow]) -> PlaceRow:
    luck = chance("place", told.code)
    quarter = quarters[told.area, quarter_name(told.area, told.quarter)]
    full_names = {each.slug: each.full_name_vi for each in shipped_catalogue().areas}
    return PlaceRow(
        told=told,
        quarter=quarter.name,
        address=f"{quarter.name}, {_in_a_sentence(full_names[told.area])}",
        position=_near(quarter.position, QUARTER_M, luck),
        checks=tuple(CheckRow(each, _answers(told, each), _typed(each.on, luck)) for each in told.checks),
        closed=tuple(_typed(day, luck) for each in told.closures for day in each.days()),
        by=officer(told.area),
        at=some_moment(REGISTERED_ON, luck),
    )


def _in_a_sentence(full_name: str) -> str:
    """ "Phường Thác Mơ" as it stands behind another word: "phường Thác Mơ"."""
    return full_name[:1].lower() + full_name[1:]


def _answers(place: PlaceTold, check: CheckTold) -> str:
    """Every item that is asked at such a place, as JSON."""
    asked = [
        item.slug
        for item in shipped_catalogue().registers.checklist
        if place.kind in POOLS or not item.for_pools
    ]
    said = dict.fromkeys(asked, "yes") | dict.fromkeys(check.no, "no")
    said |= dict.fromkeys(check.not_applicable, "not_applicable")
    return json.dumps(said, ensure_ascii=False)


def _typed(checked_on: date, luck: Random) -> datetime:
    """On the next workday; visits from before there was a register, when it was begun."""
    day = max(checked_on, REGISTERED_ON) + timedelta(days=1)
    while not is_workday(day):
        day += timedelta(days=1)
    return some_moment(day, luck)
