"""What a value must be before a rule may look at it: one kind for each sort of value that people hand in.

Types on paper keep nothing out: a screen, a sheet or a request hands in 12.5, NaN, True or "7" all the same, and
either an exception or, worse, a stored fraction comes of it. Each kind gives back the value as it is kept, or
raises InputRefused. That an action declares a kind for each of its parameters is held by a test.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import wraps
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, ParamSpec, Protocol, TypeVar

from dashboard.domain.folding import clean_name
from dashboard.domain.numbers import LARGEST
from dashboard.domain.refusals import InputProblem, InputRefused

if TYPE_CHECKING:
    from enum import StrEnum

P = ParamSpec("P")
R = TypeVar("R")
LARGEST_ID: Final = 2**31 - 1  # what an integer column of PostgreSQL holds
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_TOKEN: Final = 64
LONGEST_OUTLINES: Final = 20_000_000
LARGEST_PICTURE: Final = 20_000_000
MOST_ROWS: Final = 5000
# PostgreSQL keeps no NUL; half of a surrogate pair is no letter, and no encoding writes it down.
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
# Format characters, controls, separators, and letters that are drawn as nothing.
_UNSEEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"})
_UNSEEN_LETTERS: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u180b\u180c\u180d\ufe0e\ufe0f"
)


class Kind(Protocol):
    """`read` gives the value as it is kept; raises InputRefused with the field's `name`."""

    def read(self, value: object, name: str) -> Any: ...


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing at all: "", spaces, tabs, and characters without a shape."""
    return all(sign in _UNSEEN_LETTERS or unicodedata.category(sign) in _UNSEEN_CATEGORIES for sign in text)


def storable(text: str) -> str:
    """What was typed where every text is allowed, with "�" for what no database and no encoding takes."""
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)


@dataclass(frozen=True, slots=True)
class Whole:
    """An int from `least` to `most`: no bool, no fraction, no text."""

    least: int = 0
    most: int = LARGEST

    def read(self, value: object, name: str) -> int:
        if type(value) is not int:
            raise InputRefused(name, InputProblem.not_whole)
        if not self.least <= value <= self.most:
            raise InputRefused(name, InputProblem.out_of_range, least=self.least, most=self.most)
        return value


@dataclass(frozen=True, slots=True)
class Decimal:
    """A finite number from `least` to `most`."""

    least: float
    most: float

    def read(self, value: object, name: str) -> float:
        if type(value) not in (int, float) or not isfinite(value):  # type: ignore[arg-type]
            raise InputRefused(name, InputProblem.not_a_number)
        if not self.least <= value <= self.most:  # type: ignore[operator]
            raise InputRefused(name, InputProblem.out_of_range, least=self.least, most=self.most)
        return value  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Words:
    """A text of at most `longest` characters, without the spaces around it; one that nobody can see is empty."""

    longest: int
    is_required: bool = False

    def read(self, value: object, name: str) -> str:
        if not isinstance(value, str):
            raise InputRefused(name, InputProblem.not_text)
        if _UNWRITABLE.search(value):
            raise InputRefused(name, InputProblem.unwritable)
        text = "" if is_blank(value) else str(value).strip()
        if self.is_required and not text:
            raise InputRefused(name, InputProblem.missing)
        if len(text) > self.longest:
            raise InputRefused(name, InputProblem.too_long, longest=self.longest, text=text[:30])
        return text


@dataclass(frozen=True, slots=True)
class Name:
    """A name on one line, without anything in it that nobody sees."""

    longest: int

    def read(self, value: object, name: str) -> str:
        Words(LONG.longest).read(value, name)
        return Words(self.longest).read(clean_name(str(value)), name)


@dataclass(frozen=True, slots=True)
class Secret:
    """A password, kept letter for letter: spaces belong to it. A refusal never repeats it: refusals reach logs."""

    longest: int = 1000

    def read(self, value: object, name: str) -> str:
        try:
            Words(self.longest).read(value, name)
        except InputRefused as refused:
            raise InputRefused(name, refused.problem, longest=self.longest) from None
        return str(value)


@dataclass(frozen=True, slots=True)
class Day:
    """A date, without a time of day."""

    first: date = FIRST_DAY
    last: date = LAST_DAY

    def read(self, value: object, name: str) -> date:
        if type(value) is not date:
            raise InputRefused(name, InputProblem.not_a_day)
        if not self.first <= value <= self.last:
            raise InputRefused(name, InputProblem.day_out_of_range, first=self.first, last=self.last)
        return value


@dataclass(frozen=True, slots=True)
class OneOf:
    """A member of `words`, or the text that it stands for."""

    words: type[StrEnum]

    def read(self, value: object, name: str) -> StrEnum:
        if not isinstance(value, str) or value not in tuple(self.words):
            raise InputRefused(name, InputProblem.not_a_choice)
        return self.words(value)


@dataclass(frozen=True, slots=True)
class YesNo:
    def read(self, value: object, name: str) -> bool:
        if not isinstance(value, bool):
            raise InputRefused(name, InputProblem.not_yes_no)
        return value


@dataclass(frozen=True, slots=True)
class Picture:
    """The bytes of one picture, as they are stored."""

    def read(self, value: object, name: str) -> bytes:
        if not isinstance(value, bytes) or not value:
            raise InputRefused(name, InputProblem.not_a_form)
        if len(value) > LARGEST_PICTURE:
            raise InputRefused(name, InputProblem.too_many, most=LARGEST_PICTURE)
        return value


@dataclass(frozen=True, slots=True)
class Maybe:
    """None, or what `kind` takes."""

    kind: Kind

    def read(self, value: object, name: str) -> Any:
        return None if value is None else self.kind.read(value, name)


@dataclass(frozen=True, slots=True)
class Many:
    """A sequence of what `kind` takes, in its order."""

    kind: Kind
    most: int = MOST_ROWS

    def read(self, value: object, name: str) -> tuple[Any, ...]:
        if not isinstance(value, Sequence) or isinstance(value, str | bytes):
            raise InputRefused(name, InputProblem.not_a_form)
        if len(value) > self.most:
            raise InputRefused(name, InputProblem.too_many, most=self.most)
        return tuple(self.kind.read(each, name) for each in value)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of a word and its answer, each word once."""

    key: Kind
    kind: Kind
    most: int = 200

    def read(self, value: object, name: str) -> tuple[tuple[Any, Any], ...]:
        pairs = Many(_Pair(self.key, self.kind), self.most).read(value, name)
        if len(dict(pairs)) < len(pairs):
            raise InputRefused(name, InputProblem.not_a_form)
        return pairs


@dataclass(frozen=True, slots=True)
class _Pair:
    key: Kind
    kind: Kind

    def read(self, value: object, name: str) -> tuple[Any, Any]:
        match value:
            case (key, answer):
                return self.key.read(key, name), self.kind.read(answer, name)
        raise InputRefused(name, InputProblem.not_a_form)


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping from what `key` takes to what `kind` takes."""

    key: Kind
    kind: Kind
    most: int = 1000

    def read(self, value: object, name: str) -> dict[Any, Any]:
        if not isinstance(value, Mapping):
            raise InputRefused(name, InputProblem.not_a_form)
        if len(value) > self.most:
            raise InputRefused(name, InputProblem.too_many, most=self.most)
        return {self.key.read(key, name): self.kind.read(each, name) for key, each in value.items()}


class Form:
    """The fields of a frozen dataclass, each by its own kind; a field without one is a fault of the program."""

    def __init__(self, form: type[Any], **kinds: Kind) -> None:
        if {field.name for field in fields(form)} != set(kinds):
            message = f"kinds and fields of {form.__name__} differ"
            raise TypeError(message)
        self.form, self.kinds = form, kinds

    def read(self, value: object, name: str) -> Any:
        if type(value) is not self.form:
            raise InputRefused(name, InputProblem.not_a_form)
        given = {field: kind.read(getattr(value, field), field) for field, kind in self.kinds.items()}
        return replace(value, **given)  # type: ignore[type-var]


@dataclass(frozen=True, slots=True)
class OutlinesText:
    """The outlines of communes as JSON: {"rings": {slug: [[[longitude, latitude], …], …]}, "missing": [names]}."""

    def read(self, value: object, name: str) -> str:
        text = Words(LONGEST_OUTLINES, is_required=True).read(value, name)
        try:
            stored = json.loads(text, parse_constant=_no_number)
        except (ValueError, RecursionError):
            raise InputRefused(name, InputProblem.not_a_form) from None
        if not _is_outlines(stored):
            raise InputRefused(name, InputProblem.not_a_form)
        return text


def _no_number(text: str) -> float:
    """JSON has no NaN and no Infinity, Python's reader takes them all the same."""
    raise ValueError(text)


def _is_outlines(stored: Any) -> bool:
    match stored:
        case {"rings": dict(rings), "missing": list(missing)}:
            return (
                bool(rings)
                and all(isinstance(each, str) for each in missing)
                and all(
                    isinstance(each, list) and each and all(map(_is_ring, each)) for each in rings.values()
                )
            )
    return False


def _is_ring(ring: Any) -> bool:
    """Closed, with an inside: at least a triangle."""
    triangle = 4
    return (
        isinstance(ring, list) and len(ring) >= triangle and all(map(_is_point, ring)) and ring[0] == ring[-1]
    )


def _is_point(point: Any) -> bool:
    match point:
        case [int() | float() as longitude, int() | float() as latitude]:
            return -180 <= longitude <= 180 and -90 <= latitude <= 90  # noqa: PLR2004 - degrees of the globe
    return False


ID: Final = Whole(1, LARGEST_ID)
VERSION: Final = Whole(0, LARGEST_ID)
# For values whose limits a rule of their own knows and tells better.
WHOLE: Final = Whole(-LARGEST, LARGEST)
NUMBER: Final = Decimal(-LARGEST, LARGEST)
LONG: Final = Words(100_000)
YEAR: Final = Whole(FIRST_YEAR, LAST_YEAR)
TOKEN: Final = Words(LONGEST_TOKEN, is_required=True)
DAY: Final = Day()


def takes(**kinds: Kind) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Read each keyword argument of an action by its kind before the action begins; raises InputRefused.

    `actor` is no input: it comes from the session, never from a form.
    """

    def over(action: Callable[P, R]) -> Callable[P, R]:
        @wraps(action)
        def checked(*args: P.args, **given: P.kwargs) -> R:
            for name, kind in kinds.items():
                if name in given:
                    given[name] = kind.read(given[name], name)
            return action(*args, **given)

        checked.kinds = kinds  # type: ignore[attr-defined]
        return checked

    return over
