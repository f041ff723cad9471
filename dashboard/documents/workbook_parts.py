"""The parts of an Excel file as streams of elements: its shared texts, its number formats, and what is small.

Both writings of the standard, transitional and strict, are the same here, since elements are known by their names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol
from xml.parsers import expat

from dashboard.documents.number_formats import DATE_FORMATS, is_date_format
from dashboard.documents.texts import writable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Beyond what one cell of Excel can hold a text is cut: it is refused as too long afterwards.
MOST_LETTERS: Final = 32_768
MOST_FORMAT: Final = 255
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")


class Handler(Protocol):
    """Takes the elements of one part. `start` may raise Enough."""

    def start(self, tag: str, attributes: dict[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    def text(self, letters: str) -> None: ...


class Enough(Exception):
    """Nothing that follows in this part is needed."""


class Declared(Exception):
    """Entities that are declared inside a file can swell without end; Excel declares none."""


def parse_part(chunks: Iterator[bytes], handler: Handler) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    local: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        tag = local.get(name) or local.setdefault(name, name.rpartition(":")[2])
        handler.start(tag, attributes)

    def end(name: str) -> None:
        handler.end(local.get(name) or name)

    def declared(*_of: object) -> None:
        raise Declared

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = handler.text, declared
    try:
        for chunk in chunks:
            parser.Parse(chunk)
        parser.Parse(b"", True)  # noqa: FBT003 - the interface of expat
    except Enough:
        return


def attribute_of(attributes: Mapping[str, str], name: str) -> str:
    """By its local name: relations are named in a namespace of their own, which each program abbreviates as it likes."""
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")


@dataclass
class Elements:
    """All elements of some tags, for parts that are small."""

    tags: tuple[str, ...]
    found: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in self.tags:
            self.found.append((tag, attributes))

    def end(self, tag: str) -> None: ...
    def text(self, letters: str) -> None: ...


class Text:
    """Letters of one cell or of one shared text, without the readings that Japanese programs add."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.is_open = False

    def add(self, letters: str) -> None:
        if self.is_open and self.length < MOST_LETTERS:
            self.pieces.append(letters[: MOST_LETTERS - self.length])
            self.length += len(letters)

    def taken(self) -> str:
        text = "".join(self.pieces)
        self.pieces, self.length, self.is_open = [], 0, False
        return text


class SharedTexts:
    def __init__(self) -> None:
        self.found: list[str] = []
        self._text = Text()
        self._is_reading_aid = False
        self._letters = 0

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        if tag == "rPh":
            self._is_reading_aid = True
        elif tag == "t":
            self._text.is_open = not self._is_reading_aid

    def end(self, tag: str) -> None:
        if tag == "si":
            self.found.append(unescaped(self._text.taken()))
        elif tag == "t":
            self._text.is_open = False
        elif tag == "rPh":
            self._is_reading_aid = False

    def text(self, letters: str) -> None:
        self._text.add(letters)


class Styles:
    """The number format of each style of a cell."""

    def __init__(self) -> None:
        self.cells: list[int] = []
        self._own: dict[int, str] = {}
        self._is_of_cells = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "xf":
            if self._is_of_cells:
                self.cells.append(small_number(attributes.get("numFmtId", "0")))
        elif tag == "cellXfs":
            self._is_of_cells = True
        elif tag == "numFmt":
            self._own[small_number(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")[
                :MOST_FORMAT
            ]

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            raise Enough

    def text(self, letters: str) -> None: ...

    def date_format(self, number: int) -> str:
        own = self._own.get(number)
        if own is None:
            return DATE_FORMATS.get(number, "")
        return own.lower() if is_date_format(own) else ""


def small_number(text: str) -> int:
    """A number of a style or of a text; nothing that Excel writes has more digits."""
    return int(text) if len(text) < 10 else -1  # noqa: PLR2004 - as said


def unescaped(text: str) -> str:
    """Excel writes what XML cannot hold as _x000D_, and the sign _ before such a writing as _x005F_."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return writable(text).replace("\r\n", "\n").replace("\r", "\n")
