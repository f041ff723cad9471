"""Whether the data agree with themselves: what stands with its newest entry, entries and rows with the change log.

Whoever edits a table by SQL leaves one of these behind, unless the log is edited to match; that breaks its seals.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlmodel import col

from db.engine import database
from db.noted import STANDING, columns_of, marks_of, noted, rows_of
from db.tables import (
    Account,
    Assessment,
    Change,
    CommuneClass,
    Criterion,
    Figure,
    FigureEntry,
    Installation,
    PlayArea,
    Quarter,
    Report,
    SafetyCheck,
    Score,
    ScoreEntry,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sqlalchemy.orm import Session
    from sqlmodel import SQLModel

Row = dict[str, Any]
# Actions whose `after` says what columns of a row hold from then on.
DESCRIBING: Final = frozenset(
    {"add_account", "set_language", "disable_account", "enable_account"}
    | {"save_place", "save_quarter", "end_quarter", "take_step"}
)
DESCRIBED: Final[dict[str, type[SQLModel]]] = {
    "account": Account,
    "play_area": PlayArea,
    "quarter": Quarter,
    "assessment": Assessment,
}
# Which change speaks of a row, where it may change after it was noted: its subject, and the columns of its key.
TOUCHED_BY: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "account": ("account", ("id",)),
    "assessment": ("assessment", ("id",)),
    "commune_class": ("area", ("area_id",)),
    "criterion": ("rule_set", ("rule_set_id",)),
    "evaluation_round": ("rule_set", ("rule_set_id",)),
    "play_area": ("play_area", ("id",)),
    "play_area_closure": ("play_area", ("play_area_id",)),
    "play_photo": ("play_area", ("play_area_id",)),
    "quarter": ("quarter", ("id",)),
    "report": ("report", ("area_id", "period_id")),
    "rule_set": ("rule_set", ("id",)),
}


@dataclass(frozen=True)
class Disagreement:
    """`kind`: current (what stands is not its newest entry), unlogged, missing (logged, but gone), differs."""

    kind: str
    table: str
    key: str


def disagreements() -> list[Disagreement]:
    with database().read() as session:
        known = _Known(session)
        return [
            *_current(session, Figure, FigureEntry, ("split_id", "area_id", "period_id")),
            *_current(session, Score, ScoreEntry, ("assessment_id", "criterion_id", "side")),
            *_entries(
                known,
                "figure",
                FigureEntry,
                known.figure_key,
                ("answer", "numerator", "denominator", "reason"),
            ),
            *_entries(known, "score", ScoreEntry, known.score_key, ("points", "evidence", "note")),
            *_described(known),
            *_reports(known),
            *_checks(known),
            *_noted(known),
            *_points(known),
            *_classes(known),
        ]


class _Known:
    """The log by what it speaks of, and which rows have no change of their own, but a mark in the last note."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.is_demonstration = bool(session.scalar(select(col(Installation.is_demonstration))))
        numbers = session.execute(select(col(Criterion.id), col(Criterion.number)))
        self._numbers = {row.id: row.number for row in numbers}
        self.changes = list(session.scalars(select(Change).order_by(col(Change.id))))
        self.noted_at, self.marks, columns = noted(session)
        if columns != columns_of(self.marks):
            self.marks = {}  # the next `dashboard migrate` notes the rows of the new shape
        self._touched = {(each.subject, each.subject_id) for each in self.since()}

    def since(self) -> list[Change]:
        """The changes after the rows were noted."""
        return [change for change in self.changes if (change.id or 0) > self.noted_at]

    def is_expected(self, table: str, row: Row) -> bool:
        """Whether the row may be without a change of its own."""
        marks = self.marks.get(table)
        return self.is_demonstration if marks is None else str(row["id"]) in marks

    def is_touched(self, table: str, row: Row) -> bool:
        """Whether a logged change speaks of the row since it was noted."""
        subject, key = TOUCHED_BY.get(table, ("", ()))
        return (subject, "/".join(str(row[name]) for name in key)) in self._touched

    def of(self, *subjects: str) -> Iterator[Change]:
        return (change for change in self.changes if change.subject in subjects)

    def figure_key(self, row: Row) -> str:
        return f"{row['split_id']}/{row['area_id']}/{row['period_id']}"

    def score_key(self, row: Row) -> str:
        return f"{row['assessment_id']}/{self._numbers.get(row['criterion_id'])}/{row['side']}"


def _rows(session: Session, table: type[SQLModel]) -> list[Row]:
    return rows_of(session, str(table.__tablename__))


def _current(
    session: Session, current: type[SQLModel], entry: type[SQLModel], key: tuple[str, ...]
) -> Iterator[Disagreement]:
    name = str(current.__tablename__)
    newest: dict[tuple[Any, ...], Row] = {}
    for row in sorted(_rows(session, entry), key=lambda row: row["version"]):
        newest[tuple(row[part] for part in key)] = row
    standing = {tuple(row[part] for part in key): row for row in _rows(session, current)}
    for place in newest.keys() | standing.keys():
        last_entry, stands = newest.get(place), standing.get(place)
        if (
            last_entry is None
            or stands is None
            or stands["entry_id"] != last_entry["id"]
            or not _same(last_entry, stands)
        ):
            yield Disagreement("current", name, "/".join(map(str, place)))


def _same(entry: Row, stands: Row) -> bool:
    shared = entry.keys() & stands.keys() - {"id"}
    return all(entry[name] == stands[name] for name in shared)


def _entries(
    known: _Known, subject: str, table: type[SQLModel], key_of: Callable[[Row], str], names: tuple[str, ...]
) -> Iterator[Disagreement]:
    """Each entry has its change, by the same person with the same words; each change has its entry."""
    logged = {
        (change.subject_id, after["version"]): (change.actor_id, after)
        for change in known.of(subject)
        if "version" in (after := _content(change.after))
    }
    name = str(table.__tablename__)
    for row in _rows(known.session, table):
        key = key_of(row)
        logged_entry = logged.pop((key, row["version"]), None)
        label = f"{key} (v{row['version']})"
        if logged_entry is None:
            if not known.is_expected(name, row):
                yield Disagreement("unlogged", name, label)
        elif logged_entry[0] != row["entered_by"] or any(
            _plain(row[each]) != logged_entry[1].get(each) for each in names
        ):
            yield Disagreement("differs", name, label)
    yield from (Disagreement("missing", name, f"{key} (v{version})") for key, version in logged)


def _described(known: _Known) -> Iterator[Disagreement]:
    for subject, table in DESCRIBED.items():
        rows = {str(row["id"]): row for row in _rows(known.session, table)}
        if table is Account:
            rows = {key: {**row, "disabled": row["disabled_at"] is not None} for key, row in rows.items()}
        yield from _compared(known, subject, rows, _last_words(known.of(subject)))


def _reports(known: _Known) -> Iterator[Disagreement]:
    rows = {f"{row['area_id']}/{row['period_id']}": row for row in _rows(known.session, Report)}
    yield from _compared(known, "report", rows, _last_words(known.of("report")))


def _last_words(changes: Iterable[Change]) -> dict[str, Row]:
    """What the log last said of each column of each row."""
    from_log: dict[str, Row] = {}
    for change in changes:
        is_report = change.subject == "report" and change.action != "load_demonstration"
        if change.action in DESCRIBING or is_report:
            from_log.setdefault(change.subject_id, {}).update(_content(change.after))
    return from_log


def _compared(
    known: _Known, name: str, rows: Mapping[str, Row], from_log: Mapping[str, Row]
) -> Iterator[Disagreement]:
    for key, words in from_log.items():
        row = rows.get(key)
        if row is None:
            yield Disagreement("missing", name, key)
        elif any(_plain(row[column]) != words[column] for column in words.keys() & row.keys()):
            yield Disagreement("differs", name, key)
    silent = [key for key, row in rows.items() if key not in from_log and row.get("state") != "draft"]
    unexpected = [key for key in silent if not known.is_expected(name, rows[key])]
    yield from (Disagreement("unlogged", name, key) for key in unexpected)


def _checks(known: _Known) -> Iterator[Disagreement]:
    """Safety checks have no version: each is known by what was logged of it."""
    logged: dict[tuple[Any, ...], int] = {}
    for change in known.of("play_area"):
        if change.action == "record_check":
            key = (change.subject_id, *_check_words(_content(change.after)))
            logged[key] = logged.get(key, 0) + 1
    for row in _rows(known.session, SafetyCheck):
        key = (str(row["play_area_id"]), *_check_words({name: _plain(value) for name, value in row.items()}))
        if logged.get(key):
            logged[key] -= 1
        elif not known.is_expected("safety_check", row):
            yield Disagreement("differs", "safety_check", f"{row['play_area_id']}, {row['checked_on']}")
    gone = [key for key, number in logged.items() if number]
    yield from (Disagreement("missing", "safety_check", f"{key[0]}, {key[1]}") for key in gone)


def _noted(known: _Known) -> Iterator[Disagreement]:
    """Rows that the log describes by a mark alone hold what they held, unless a logged change came since."""
    for table, marks in known.marks.items():
        rows = {str(row["id"]): row for row in rows_of(known.session, table)}
        stand = marks_of(table, rows.values())
        for key, mark in marks.items():
            if key not in stand:
                yield Disagreement("missing", table, key)
            elif stand[key] != mark and not known.is_touched(table, rows[key]):
                yield Disagreement("differs", table, key)
        if table in STANDING:
            added = [key for key in stand.keys() - marks.keys() if not known.is_touched(table, rows[key])]
            yield from (Disagreement("unlogged", table, key) for key in added)


def _points(known: _Known) -> Iterator[Disagreement]:
    """What criteria give is what was last filled in."""
    filled_in = {
        each.subject_id: _content(each.after) for each in known.since() if each.action == "set_points"
    }
    for row in _rows(known.session, Criterion):
        points = filled_in.get(str(row["rule_set_id"]), {}).get(str(row["number"]))
        if points is not None and points != [row["max_points"], row["min_points"]]:
            yield Disagreement("differs", "criterion", str(row["id"]))


def _classes(known: _Known) -> Iterator[Disagreement]:
    stated = {
        each.subject_id: _content(each.after) for each in known.since() if each.action == "set_commune_class"
    }
    for row in _rows(known.session, CommuneClass):
        words = stated.get(str(row["area_id"]), {})
        if any(row[name] != words[name] for name in words.keys() & row.keys()):
            yield Disagreement("differs", "commune_class", str(row["id"]))


def _check_words(words: Mapping[str, Any]) -> tuple[Any, ...]:
    return (words.get("checked_on"), words.get("result"), words.get("next_due"))


def _content(text: str | None) -> Row:
    content: Any = json.loads(text) if text else {}
    return content if isinstance(content, dict) else {}


def _plain(value: object) -> Any:
    """As the log's JSON writes it."""
    return json.loads(json.dumps(value, default=str))
