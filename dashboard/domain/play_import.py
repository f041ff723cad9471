"""What a sheet of places would do to the register: each row merged with the stored place and held against the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from dashboard.domain.checks import Problem
from dashboard.domain.folding import folded
from dashboard.domain.permissions import Capability, may
from dashboard.domain.play_areas import check_play_area
from dashboard.domain.positions import check_near

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from dashboard.domain.permissions import Actor
    from dashboard.domain.play_areas import PlayAreaInput
    from dashboard.domain.positions import Commune

_T = TypeVar("_T", str, int)


class RowChange(StrEnum):
    """What a row would do; `none` where it cannot be read."""

    none = "none"
    unchanged = "unchanged"
    add = "add"
    update = "update"


class RowFault(StrEnum):
    """Codes of the problems of a row, beside those of check_play_area and check_near; in brackets their params."""

    unknown_code = "row_unknown_code"  # code
    unknown_version = "row_unknown_version"  # code
    outdated = "row_outdated"  # code, who, when
    namesake = "row_namesake"  # codes
    doubled = "row_doubled"  # lines
    forbidden = "row_forbidden"


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row of a sheet. `line` is its number there; `place` is None where a cell cannot be read.

    `code` is empty for a new place, `version` the one that the row was made from, None where the sheet has none.
    """

    line: int
    code: str
    place: PlayAreaInput | None
    version: int | None


@dataclass(frozen=True, slots=True)
class StoredPlace:
    """A place of the register, and who wrote it last and when."""

    id: int
    code: str
    version: int
    place: PlayAreaInput
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class StoredRegister:
    """What the rows are held against: places, communes by their areas, the agency that leads the register."""

    places: Sequence[StoredPlace]
    communes: Mapping[int, Commune]
    lead_agency_id: int | None
    today: date


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """What would be written of one row: `place` over `stored`, or as a new one.

    `place` is None where the row cannot be read. Nothing is written where there are problems.
    """

    line: int
    name: str
    change: RowChange
    place: PlayAreaInput | None
    stored: StoredPlace | None
    version: int | None
    problems: tuple[Problem, ...] = ()

    @property
    def is_written(self) -> bool:
        return self.change in {RowChange.add, RowChange.update} and not self.problems


@dataclass(frozen=True, slots=True)
class _Names:
    """Who has which name, by commune and folded name: codes of the register, lines of the sheet."""

    codes: Mapping[tuple[int, str], Sequence[str]]
    lines: Mapping[tuple[int, str], Sequence[int]]


def plan_import(
    rows: Sequence[ImportRow], register: StoredRegister, actor: Actor, *, columns: Collection[str]
) -> tuple[PlannedRow, ...]:
    """What the rows would do, in their order.

    `columns` are the fields of PlayAreaInput that the sheet has a column for: a known place keeps all others.
    """
    known = {stored.code: stored for stored in register.places}
    names = _Names(
        _grouped((_name_key(stored.place), stored.code) for stored in register.places),
        _grouped((_name_key(row.place), row.line) for row in rows if row.place),
    )
    return tuple(
        _planned(_merged(row, known.get(row.code), columns), known.get(row.code), register, actor, names)
        for row in rows
    )


def _grouped(pairs: Iterable[tuple[tuple[int, str], _T]]) -> dict[tuple[int, str], list[_T]]:
    groups: dict[tuple[int, str], list[_T]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def _name_key(place: PlayAreaInput) -> tuple[int, str]:
    """What two places have in common that are one and the same to a reader."""
    return place.area_id, folded(place.name)


def _merged(row: ImportRow, stored: StoredPlace | None, columns: Collection[str]) -> ImportRow:
    """A known place keeps everything that the sheet has no column for."""
    if row.place is None or stored is None:
        return row
    return replace(row, place=replace(stored.place, **{name: getattr(row.place, name) for name in columns}))


def _planned(
    row: ImportRow, stored: StoredPlace | None, register: StoredRegister, actor: Actor, names: _Names
) -> PlannedRow:
    place = row.place
    if place is None or (row.code and stored is None):
        name = place.name if place else stored.place.name if stored else row.code
        return PlannedRow(
            row.line, name, RowChange.none, place, stored, row.version, _unreadable(row, stored)
        )
    change = RowChange.add if stored is None else RowChange.update
    problems = _refused(place, register, actor)
    if stored is None:
        problems += _namesakes(row.line, place, names)
    elif stored.place == place:
        change = RowChange.unchanged
    else:
        problems += _outdated(stored, row.version)
    return PlannedRow(row.line, place.name, change, place, stored, row.version, problems)


def _unreadable(row: ImportRow, stored: StoredPlace | None) -> tuple[Problem, ...]:
    if row.code and stored is None:
        return (_problem(RowFault.unknown_code, code=row.code),)
    # Who mends the cells alone would learn only then that the row is too old.
    return _outdated(stored, row.version) if stored and row.version is not None else ()


def _refused(place: PlayAreaInput, register: StoredRegister, actor: Actor) -> tuple[Problem, ...]:
    problems = (
        *check_play_area(place, today=register.today),
        *check_near(place.latitude, place.longitude, register.communes[place.area_id]),
    )
    lead = register.lead_agency_id
    if may(actor, Capability.edit_play_areas, area_id=place.area_id, lead_agency_id=lead):
        return problems
    return (*problems, _problem(RowFault.forbidden))


def _outdated(stored: StoredPlace, version: int | None) -> tuple[Problem, ...]:
    """Why a change must not be written over what stands; empty where it was made from that very version."""
    if version == stored.version:
        return ()
    if version is None or version > stored.version:
        return (_problem(RowFault.unknown_version, code=stored.code),)
    return (_problem(RowFault.outdated, code=stored.code, who=stored.changed_by, when=stored.changed_at),)


def _namesakes(line: int, place: PlayAreaInput, names: _Names) -> tuple[Problem, ...]:
    """Why a row without a code may be a place that is known, or one that the sheet has twice.

    Two known places may share a name: their codes tell them apart.
    """
    key = _name_key(place)
    if codes := names.codes.get(key):
        return (_problem(RowFault.namesake, codes=", ".join(codes)),)
    others = [str(other) for other in names.lines.get(key, ()) if other != line]
    return (_problem(RowFault.doubled, lines=", ".join(others)),) if others else ()


def _problem(fault: RowFault, **params: object) -> Problem:
    return Problem(fault, "refuse", params)
