"""The palette holds for colour-blind eyes, a grey print and small text; measured, not judged."""

from __future__ import annotations

import math
from itertools import combinations

import polars as pl
import pytest

from dashboard.charts.palette import (
    CATEGORY_HUES,
    INKS,
    LOOKS,
    NEUTRAL_FILL,
    QUANTITY_RAMP,
    Theme,
    look,
    with_look,
)
from dashboard.domain.status import Status

Triple = tuple[float, float, float]

STATE_FILLS = [LOOKS[state].fill for state in ("met", "near", "off", "improving")] + [NEUTRAL_FILL]
PAIRS = list(combinations(STATE_FILLS, 2))
# Machado, Oliveira and Fernandes (2009), severity 1, for linear RGB.
EYES: dict[str, tuple[Triple, Triple, Triple]] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
TO_XYZ: tuple[Triple, Triple, Triple] = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
WHITE: Triple = (0.95047, 1.0, 1.08883)


def linear(colour: str) -> Triple:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _linear(red), _linear(green), _linear(blue)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def times(matrix: tuple[Triple, Triple, Triple], vector: Triple) -> Triple:
    x, y, z = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return x, y, z


def lab(rgb: Triple) -> Triple:
    seen = (min(1.0, max(0.0, rgb[0])), min(1.0, max(0.0, rgb[1])), min(1.0, max(0.0, rgb[2])))
    x, y, z = (_cube(part / white) for part, white in zip(times(TO_XYZ, seen), WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _cube(part: float) -> float:
    return math.cbrt(part) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116


def luminance(colour: str) -> float:
    return times(TO_XYZ, linear(colour))[1]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _hue(a: float, b: float) -> float:
    return math.degrees(math.atan2(b, a)) % 360


def _hue_step(h1: float, h2: float) -> float:
    return (h2 - h1 + 180) % 360 - 180


def _mean_hue(h1: float, h2: float, product: float) -> float:
    if product == 0:
        return h1 + h2
    return (h1 + _hue_step(h1, h2) / 2) % 360


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))


def ciede2000(one: Triple, other: Triple) -> float:
    """Colour difference by CIE 142-2001 with all weights 1; about 1 is just noticeable."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    chroma7 = ((math.hypot(a1, b1) + math.hypot(a2, b2)) / 2) ** 7
    stretch = 1.5 - 0.5 * math.sqrt(chroma7 / (chroma7 + 25**7))
    c1, c2 = math.hypot(a1 * stretch, b1), math.hypot(a2 * stretch, b2)
    h1, h2 = _hue(a1 * stretch, b1), _hue(a2 * stretch, b2)
    lightness, chroma, hue = (l1 + l2) / 2, (c1 + c2) / 2, _mean_hue(h1, h2, c1 * c2)
    t = 1 - 0.17 * _cos(hue - 30) + 0.24 * _cos(2 * hue) + 0.32 * _cos(3 * hue + 6) - 0.2 * _cos(4 * hue - 63)
    dl = (l2 - l1) / (1 + 0.015 * (lightness - 50) ** 2 / math.sqrt(20 + (lightness - 50) ** 2))
    dc = (c2 - c1) / (1 + 0.045 * chroma)
    step = _hue_step(h1, h2) if c1 * c2 else 0.0
    dh = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(step / 2)) / (1 + 0.015 * chroma * t)
    turn = math.sin(math.radians(60 * math.exp(-(((hue - 275) / 25) ** 2))))
    rotation = -2 * math.sqrt(chroma**7 / (chroma**7 + 25**7)) * turn
    return math.sqrt(dl**2 + dc**2 + dh**2 + rotation * dc * dh)


# Test data of Sharma, Wu and Dalal (2005).
@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 3.1571, -77.2803), (50.0, 0.0, -82.7485), 2.8615),
        ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
        ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_colour_difference_agrees_with_the_published_pairs(
    one: Triple, other: Triple, difference: float
) -> None:
    assert ciede2000(one, other) == pytest.approx(difference, abs=5e-5)


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_states_differ_for_every_kind_of_eyes(eyes: str, one: str, other: str) -> None:
    seen = [lab(times(EYES[eyes], linear(colour))) for colour in (one, other)]
    assert ciede2000(*seen) >= 20


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_states_differ_on_a_grey_print(one: str, other: str) -> None:
    greys = [lab((luminance(colour),) * 3) for colour in (one, other)]
    assert ciede2000(*greys) >= 8


@pytest.mark.parametrize("status", LOOKS)
def test_text_on_a_fill_can_be_read(status: str) -> None:
    assert contrast(LOOKS[status].fill, LOOKS[status].text) >= 4.5


@pytest.mark.parametrize("theme", INKS)
def test_text_on_the_page_can_be_read(theme: Theme) -> None:
    colours = INKS[theme]
    assert min(contrast(colours.page, colours.text), contrast(colours.page, colours.muted)) >= 4.5


@pytest.mark.parametrize("theme", INKS)
def test_the_outline_of_a_recent_change_is_seen_on_the_page(theme: Theme) -> None:
    assert contrast(INKS[theme].page, INKS[theme].recent) >= 3


@pytest.mark.parametrize("theme", INKS)
@pytest.mark.parametrize("status", LOOKS)
def test_a_fill_close_to_the_page_has_an_outline(status: str, theme: Theme) -> None:
    shown = look(status, theme)
    assert contrast(shown.fill, INKS[theme].page) >= 2 or shown.outline


def test_the_kinds_of_absence_are_told_apart_without_colour() -> None:
    absent = [
        LOOKS[status] for status in ("not_reported", "nil", "not_applicable", "incomplete", "no_baseline")
    ]
    assert {shown.fill for shown in absent} == {NEUTRAL_FILL}
    assert len({shown.symbol for shown in absent}) == len(absent)


def test_only_what_somebody_still_owes_has_a_broken_outline() -> None:
    solid = LOOKS["nil"].dash
    assert {status for status, shown in LOOKS.items() if shown.dash != solid} == {
        "not_reported",
        "incomplete",
    }


def test_every_status_of_the_domain_has_a_look() -> None:
    assert {status.value for status in Status} <= LOOKS.keys()


def test_a_status_without_a_look_is_refused() -> None:
    with pytest.raises(pl.exceptions.InvalidOperationError):
        with_look(pl.DataFrame({"status": ["unheard_of"]}))


def test_categories_and_quantities_keep_apart_from_white_paper() -> None:
    assert min(contrast(hue, "#FFFFFF") for hue in CATEGORY_HUES + QUANTITY_RAMP) >= 2
