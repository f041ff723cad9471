"""Whether an outline is that of the commune whose code it carries: by its name, its size and where it lies.

Codes are given again: since 1 July 2025 25217 and 25220 are those of other wards, which cover the old ones.
"""

from __future__ import annotations

from itertools import combinations
from math import cos, radians
from typing import TYPE_CHECKING, Any, Final

from shapely import Point  # type: ignore[import-untyped]

from dashboard.documents.outlines import OutlineProblem, OutlinesRefused
from dashboard.domain.folding import unmarked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from shapely.geometry import MultiPolygon  # type: ignore[import-untyped]

    from dashboard.documents.outlines import KnownArea

# Outlines from different sources differ by a quarter; those of another ward by six and more.
MOST_TIMES: Final = 2.0
# How far outside its outline the known centre of a commune may lie (some 3 km): centres are rough, outlines are bent.
FARTHEST_CENTRE: Final = 0.03
# How deep inside another outline a centre must lie (some 500 m) to say that it covers that commune.
DEEP: Final = 0.005
# Of the smaller of two outlines: how much may lie under the other, where both were drawn by different hands.
MOST_OVERLAP: Final = 0.1
KM_PER_DEGREE: Final = 111.2
LONGEST_NAME: Final = 100
# What a commune is called by, in either language, without marks. No province or district begins or ends so.
_BEFORE: Final = ("phuong ", "xa ", "thi tran ", "dac khu ", "p. ", "x. ", "tt. ", "ward ", "commune ")
_BEHIND: Final = (" ward", " commune", " township")


def check_name(values: Iterable[Any], area: KnownArea, known: Iterable[KnownArea]) -> None:
    """Refuse a feature that is named as another commune and nowhere as this one, in whichever property."""
    own = _plain(area.name)
    others = {_plain(each.name) for each in known} - {own}
    texts = [value for value in values if isinstance(value, str) and 0 < len(value) <= LONGEST_NAME]
    names = [(text, _plain(text)) for text in texts]
    if any(name == own for _text, name in names):
        return
    for text, name in names:
        if name in others or _is_named_commune(text):
            raise OutlinesRefused(OutlineProblem.other_name, name=area.name, other=printable(text.strip()))


def _is_named_commune(text: str) -> bool:
    plain = unmarked(text)
    return plain.startswith(_BEFORE) or plain.endswith(_BEHIND)


def _plain(text: str) -> str:
    """Thác Mơ, Phường Thác Mơ, P. THAC MO, Thac Mo Ward are one name."""
    name = unmarked(text)
    for word in _BEFORE:
        name = name.removeprefix(word)
    for word in _BEHIND:
        name = name.removesuffix(word)
    return name.replace(" ", "")


def check_size(shape: MultiPolygon, area: KnownArea) -> None:
    """Refuse an outline far larger than its commune: one of several communes together. A smaller one lacks a part."""
    found = square_kilometres(shape)
    if area.area_km2 and found > area.area_km2 * MOST_TIMES:
        raise OutlinesRefused(
            OutlineProblem.wrong_size, name=area.name, found_km2=round(found, 1), known_km2=area.area_km2
        )


def is_small(shape: MultiPolygon, area: KnownArea) -> bool:
    return bool(area.area_km2) and square_kilometres(shape) < (area.area_km2 or 0) / MOST_TIMES


def square_kilometres(shape: MultiPolygon) -> float:
    """Near enough for a commune: degrees of longitude are taken as long as they are in its middle."""
    latitude = (shape.bounds[1] + shape.bounds[3]) / 2
    size: float = shape.area * KM_PER_DEGREE**2 * cos(radians(latitude))
    return size


def check_centre(shape: MultiPolygon, area: KnownArea) -> None:
    centre = _centre(area)
    if centre is not None and shape.distance(centre) > FARTHEST_CENTRE:
        raise OutlinesRefused(OutlineProblem.off_centre, name=area.name)


def check_against_each_other(
    drawn: Sequence[tuple[KnownArea, MultiPolygon]], known: Collection[KnownArea]
) -> None:
    """Refuse outlines that lie over each other, and one that covers the middle of a commune that is not drawn."""
    for (area, shape), (other, another) in combinations(drawn, 2):
        if shape.intersection(another).area > MOST_OVERLAP * min(shape.area, another.area):
            raise OutlinesRefused(OutlineProblem.overlap, name=area.name, other=other.name)
    slugs = {area.slug for area, _shape in drawn}
    for area, shape in drawn:
        for other in known:
            centre = None if other.slug in slugs else _centre(other)
            if centre is not None and shape.contains(centre) and shape.boundary.distance(centre) > DEEP:
                raise OutlinesRefused(OutlineProblem.holds_another, name=area.name, other=other.name)


def _centre(area: KnownArea) -> Point | None:
    if area.longitude is None or area.latitude is None:
        return None
    return Point(area.longitude, area.latitude)


def printable(text: str) -> str:
    """JSON may hold half of a letter, which cannot be sent to a screen, and signs that turn a sentence round."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
