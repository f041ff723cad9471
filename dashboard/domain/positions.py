"""Where a place lies: read from whatever map programs, devices and papers write, and held against its commune.

One wrong digit puts a place a thousand kilometres away, where it counts for no child, and nothing on the screen shows
it. So a pair is read whole, wherever it was pasted, and a place is no farther from the middle of its commune than any
commune reaches.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING, Final, Literal
from unicodedata import category
from urllib.parse import unquote

from dashboard.domain.checks import Problem
from dashboard.domain.folding import unmarked, without_unseen
from dashboard.domain.numbers import NumberProblem, NumberRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

Axis = Literal["latitude", "longitude"]
EARTH_KM: Final = 6371.0
# The half degree that an uploaded outline may lie away from its commune, for a commune whose size is not known.
FARTHEST_KM: Final = 55.0
# No commune is longer than six sides of a square of its size; and the middle of a small one is known roughly only.
LONGEST_BY_SIDE: Final = 6
NEAREST_KM: Final = 15.0
DECIMALS: Final = 7  # a centimetre
MOST: Final = {"latitude": 90, "longitude": 180}
MINUTES: Final = 60
_FORMS: Final = (1, 2, 3)  # degrees; degrees and minutes; degrees, minutes and seconds
_MARKS: Final = {"degrees": 1, "minutes": 2, "seconds": 3}  # after how many numbers each of them stands

# Vietnamese and English letters and words; "N" is north: papers that mean nam write the word.
_HALVES: Final[dict[str, tuple[Axis, int]]] = {
    **dict.fromkeys(("n", "b", "bac", "north"), ("latitude", 1)),
    **dict.fromkeys(("s", "nam", "south"), ("latitude", -1)),
    **dict.fromkeys(("e", "d", "dong", "east"), ("longitude", 1)),
    **dict.fromkeys(("w", "t", "tay", "west"), ("longitude", -1)),
}
_LABELS: Final[dict[str, Axis]] = {
    **dict.fromkeys(("vi do", "vi tuyen", "latitude", "lat"), "latitude"),
    **dict.fromkeys(("kinh do", "kinh tuyen", "longitude", "long", "lng", "lon"), "longitude"),
}
_TOKEN: Final = re.compile(
    r"(?P<number>[-+]?[0-9]{1,3}(?:[.,][0-9]{1,20})?)|(?P<degrees>°|do(?![a-z]))|(?P<seconds>\"|'')|(?P<minutes>')"
    rf"|(?P<label>{'|'.join(_LABELS)})(?![a-z]) ?[:=]?"
    rf"|(?:(?:vi|kinh) )?(?P<half>{'|'.join(sorted(_HALVES, key=len, reverse=True))})(?![a-z])\.?"
    r"|(?P<parting>[,;/|])|[ ()\[\]{}]"
)
_BEFORE_NUMBERS: Final = re.compile(r"^(?:toa do|vi tri|gps)\b ?:?")
_NUMBER = r"([-+]?[0-9]{1,3}(?:\.[0-9]+)?)"
_LINKS: Final = tuple(
    re.compile(pattern.replace("NUMBER", _NUMBER))
    for pattern in (
        r"!3dNUMBER!4dNUMBER",
        r"[?&]mlat=NUMBER&mlon=NUMBER",
        r"[?&](?:q|query|ll|sll|center|destination|daddr|viewpoint)=(?:loc:)?NUMBER,[ +]?NUMBER",
        r"/(?:place|search|dir)/NUMBER,[ +]?NUMBER",
        r"@NUMBER,NUMBER",
        r"#map=[0-9.]+/NUMBER/NUMBER",
        r"^geo:NUMBER,NUMBER",
    )
)
_LINK: Final = re.compile(r"^(?:https?://|www\.|geo:|maps\.|goo\.gl)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Commune:
    """The middle of a commune and its size, as far as they are known."""

    name: str
    latitude: float | None
    longitude: float | None
    area_km2: float | None

    @property
    def reach_km(self) -> float:
        """How far from its middle a place in it may lie."""
        if not self.area_km2:
            return FARTHEST_KM
        return min(FARTHEST_KM, max(NEAREST_KM, LONGEST_BY_SIDE * sqrt(self.area_km2)))


@dataclass
class _Angle:
    axis: Axis | None = None
    sign: int | None = None
    parts: list[str] = field(default_factory=list)
    awaits_part: bool = False
    is_full: bool = False
    is_closed: bool = False

    def takes(self, number: str) -> bool:
        """Whether the number after a mark is its minutes or seconds; 107 and 49,5 after "11.8°" are not."""
        whole = all(part.isdecimal() for part in self.parts)
        return self.awaits_part and whole and 0 <= _number(number) < MINUTES


def read_position(latitude: str, longitude: str) -> tuple[float | None, float | None]:
    """The position in two fields, into either of which a pair may have been pasted; raises NumberRefused.

    Decimal degrees with a point or a comma, degrees with minutes and seconds, letters or words for the half of the
    globe, addresses of map pages, "geo:". None for what was left empty.
    """
    typed: tuple[tuple[Axis, str], ...] = (("latitude", latitude), ("longitude", longitude))
    found: dict[Axis, float] = {}
    for own, text in typed:
        for axis, value in _read(text, own):
            if found.get(axis, value) != value:
                raise NumberRefused(NumberProblem.two_positions, text)
            found[axis] = value
    return found.get("latitude"), found.get("longitude")


def _read(text: str, own: Axis) -> tuple[tuple[Axis, float], ...]:
    """The angles in one field: none, its own, or both of a pair."""
    clean = without_unseen(text).strip()
    if not clean:
        return ()
    if _LINK.match(clean):
        return _from_link(clean, text)
    angles = list(_angles(_plain(clean), text))
    values = [_value(angle, text) for angle in angles]
    axes = [angle.axis for angle in angles]
    if len({"," in "".join(angle.parts) for angle in angles}) > 1:
        # “11,8,107” has one comma for two meanings.
        raise NumberRefused(NumberProblem.not_a_position, text)
    if len(values) == 1:
        return ((axes[0] or own, values[0]),)
    if axes in ([None, None], ["latitude", "longitude"]):
        return ("latitude", values[0]), ("longitude", values[1])
    if axes == ["longitude", "latitude"]:
        return ("latitude", values[1]), ("longitude", values[0])
    raise NumberRefused(NumberProblem.not_a_position, text)


def _plain(clean: str) -> str:
    """One sign for each mark of degrees, minutes and seconds, no tones and marks, small letters."""
    if any(category(sign) == "No" for sign in clean):
        return "?"
    marks = str.maketrans({"º": "°", "˚": "°", "′": "'", "″": '"', "”": '"', "“": '"', "’": "'", "‘": "'"})
    return _BEFORE_NUMBERS.sub("", unmarked(clean.translate(marks)))


def _from_link(clean: str, text: str) -> tuple[tuple[Axis, float], ...]:
    """From an address of a map page; of a place in it rather than of the middle of the view."""
    address = unquote(clean)
    for pattern in _LINKS:
        if found := pattern.search(address):
            return ("latitude", float(found[1])), ("longitude", float(found[2]))
    raise NumberRefused(NumberProblem.link_without_position, text)


def _angles(plain: str, text: str) -> Iterator[_Angle]:
    spaced = _is_spaced(plain)
    angle, at = _Angle(), 0
    while at < len(plain):
        token = _TOKEN.match(plain, at)
        if token is None:
            raise NumberRefused(NumberProblem.not_a_position, text)
        at = token.end()
        if _begins_another(angle, token, spaced=spaced):
            yield angle
            angle = _Angle()
        _take(angle, token, text)
    if angle.parts or angle.axis:
        yield angle


def _is_spaced(plain: str) -> bool:
    """Whether minutes and seconds follow their degrees without any mark: "11 49 06.3 N"."""
    halves = len([token for token in _TOKEN.finditer(plain) if token["half"]])
    numbers = len([token for token in _TOKEN.finditer(plain) if token["number"]])
    return 0 < halves < numbers and "°" not in plain


def _begins_another(angle: _Angle, token: re.Match[str], *, spaced: bool) -> bool:
    if not angle.parts:
        return False
    if token["number"]:
        return angle.is_closed or angle.is_full or not (spaced or angle.takes(token["number"]))
    if token["half"]:
        return angle.is_closed or angle.sign is not None
    return bool(token["label"])


def _take(angle: _Angle, token: re.Match[str], text: str) -> None:
    if token["number"]:
        angle.parts.append(token["number"])
        angle.awaits_part = False
    elif token["half"]:
        axis, angle.sign = _HALVES[token["half"]]
        if angle.axis not in (None, axis):
            raise NumberRefused(NumberProblem.not_a_position, text)
        angle.axis, angle.is_closed = axis, bool(angle.parts)
    elif token["label"]:
        angle.axis = _LABELS[token["label"]]
    elif mark := next((name for name in _MARKS if token[name]), None):
        if len(angle.parts) != _MARKS[mark]:
            raise NumberRefused(NumberProblem.not_a_position, text)
        angle.awaits_part, angle.is_full = mark != "seconds", mark == "seconds"
    elif token["parting"]:
        angle.is_closed = bool(angle.parts)


def _value(angle: _Angle, text: str) -> float:
    numbers = [_number(part) for part in angle.parts]
    is_written_so = (
        len(numbers) in _FORMS
        and all(part.is_integer() for part in numbers[:-1])
        and all(0 <= part < MINUTES for part in numbers[1:])
        and not (angle.sign is not None and numbers[0] < 0)
    )
    if not is_written_so:
        raise NumberRefused(NumberProblem.not_a_position, text)
    size: float = sum(abs(part) / MINUTES**power for power, part in enumerate(numbers))
    sign: int = angle.sign or (-1 if angle.parts[0].startswith("-") else 1)
    return round(sign * size, DECIMALS)


def _number(text: str) -> float:
    number: float = float(text.replace(",", "."))
    return number


def check_near(latitude: float | None, longitude: float | None, commune: Commune) -> tuple[Problem, ...]:
    """Whether a position can lie in its commune: `position_swapped`, `position_far`; empty where it can.

    Half a position, or one on no globe, is for dashboard.domain.play_areas.check_position.
    """
    if None in (latitude, longitude, commune.latitude, commune.longitude):
        return ()
    middle = (commune.latitude or 0.0, commune.longitude or 0.0)
    here = (latitude or 0.0, longitude or 0.0)
    if abs(here[1]) <= MOST["latitude"] and distance_km((here[1], here[0]), middle) <= commune.reach_km:
        return (Problem("position_swapped", "refuse", {"commune": commune.name}),)
    if abs(here[0]) > MOST["latitude"]:
        is_swapped = distance_km((here[1], here[0]), middle) <= commune.reach_km
        return (Problem("position_swapped", "refuse", {"commune": commune.name}),) if is_swapped else ()
    away = distance_km(here, middle)
    if away <= commune.reach_km:
        return ()
    return (Problem("position_far", "refuse", {"commune": commune.name, "km": round(away)}),)


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Between two (latitude, longitude) on the globe, as the crow flies."""
    (lat1, lon1), (lat2, lon2) = (map(radians, one), map(radians, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))
