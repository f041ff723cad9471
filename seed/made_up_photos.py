"""Drawn pictures for the demonstration: plain shapes, nobody's photo of any place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = (1200, 800)
THUMBNAIL = (400, 400)
GROUND = 560  # where the grass begins
SKY, GRASS, SUN, LEAVES, TRUNK = "#bfe0f2", "#8fbf6a", "#f6d365", "#5f9a52", "#8a6446"
STEEL, RED, BLUE = "#5b6770", "#c8503c", "#3f78a8"
CAPTION = "Hình vẽ minh họa"


@dataclass(frozen=True)
class Picture:
    jpeg: bytes
    thumbnail: bytes
    width: int
    height: int
    sha256: str


@cache
def picture(name: str) -> Picture:
    """One of "swing", "slide", "seesaw"."""
    image = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(image)
    _landscape(draw)
    SHAPES[name](draw)
    small = image.copy()
    small.thumbnail(THUMBNAIL)
    jpeg = _jpeg(image)
    return Picture(jpeg, _jpeg(small), *image.size, sha256(jpeg).hexdigest())


def _jpeg(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=82, optimize=True)
    return file.getvalue()


def _landscape(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, GROUND, *SIZE), fill=GRASS)
    draw.ellipse((1000, 70, 1110, 180), fill=SUN)
    for left in (60, 930):
        draw.rectangle((left + 75, 400, left + 105, GROUND + 30), fill=TRUNK)
        draw.ellipse((left, 230, left + 180, 440), fill=LEAVES)


def _swing(draw: ImageDraw.ImageDraw) -> None:
    for foot in ((330, 640), (470, 640), (730, 640), (870, 640)):
        draw.line((400 if foot[0] < SIZE[0] / 2 else 800, 260, *foot), fill=STEEL, width=16)
    draw.line((390, 260, 810, 260), fill=STEEL, width=18)
    for left, colour in ((490, RED), (640, BLUE)):
        for rope in (left, left + 70):
            draw.line((rope, 260, rope, 530), fill=STEEL, width=5)
        draw.rectangle((left - 12, 530, left + 82, 548), fill=colour)


def _slide(draw: ImageDraw.ImageDraw) -> None:
    for left in (400, 470):
        draw.line((left, 330, left, 660), fill=STEEL, width=14)
    for rung in range(380, 660, 50):
        draw.line((400, rung, 470, rung), fill=STEEL, width=10)
    draw.polygon(
        ((385, 330), (500, 330), (830, 640), (880, 640), (880, 665), (800, 665), (485, 365)), fill=RED
    )
    draw.polygon(((370, 240), (435, 180), (500, 240)), fill=BLUE)
    for left in (385, 485):
        draw.line((left, 240, left, 330), fill=STEEL, width=8)


def _seesaw(draw: ImageDraw.ImageDraw) -> None:
    draw.polygon(((560, 660), (640, 660), (600, 570)), fill=STEEL)
    draw.line((350, 640, 850, 500), fill=RED, width=22)
    for at, top in ((400, 626), (800, 514)):
        draw.line((at, top, at, top - 60), fill=STEEL, width=8)
        draw.line((at - 25, top - 60, at + 25, top - 60), fill=BLUE, width=10)


SHAPES: dict[str, Callable[[ImageDraw.ImageDraw], None]] = {
    "swing": _swing,
    "slide": _slide,
    "seesaw": _seesaw,
}
