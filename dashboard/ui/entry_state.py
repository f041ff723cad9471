"""What one screen knows of the cells it has opened: the only door to that part of the session state.

The version that a person saw is kept from the moment of opening. Reading it anew on each run would let a
later save pass the version check and overwrite a colleague's figure unseen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import streamlit as st

from dashboard.actions.figures import Cell, Saved, Value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True)
class Kept:
    """Saved at this moment; `again` says that nothing had changed."""

    at: datetime


@dataclass(frozen=True)
class Refused:
    """Not saved, and why. `asks_reason` opens a field for the reason that would let it pass."""

    sentences: tuple[str, ...]
    asks_reason: bool = False


@dataclass(frozen=True)
class Conflict:
    """Somebody else saved first: theirs stands, mine waits."""

    theirs: Saved
    mine: Value


@dataclass
class OpenedCell:
    cell: Cell
    version: int
    value: Value | None
    note: Kept | Refused | Conflict | None = None
    # What the fields began with; it changes with the generation alone, so that no field is drawn anew under
    # the hands of who types in it.
    shown: Value | None = None
    # A new generation gives the fields new keys: the only way to put other text into them after a choice.
    generation: int = 0
    attempt: str = field(default_factory=lambda: uuid4().hex)

    @property
    def is_waiting(self) -> bool:
        """Something typed is not saved yet, and must not be drawn over."""
        return isinstance(self.note, Refused | Conflict)

    def key(self, name: str) -> str:
        cell = self.cell
        return f"fld:{cell.split_id}:{cell.area_id}:{cell.period_id}:{name}:{self.generation}"

    def typed(self, name: str, default: Any = "") -> Any:
        return st.session_state.get(self.key(name), default)

    def token(self, value: Value) -> str:
        """The same attempt at the same value has the same name, however often it is sent."""
        return f"{self.attempt}:{value.answer[:3]}:{value.numerator}:{value.denominator}"[:64]

    def accept(self, saved: Saved) -> None:
        self.version, self.value, self.attempt = saved.version, saved.value, uuid4().hex
        self.note = Kept(saved.at)

    def show(self, saved: Saved) -> None:
        """Put `saved` into the fields, in the place of what was typed."""
        self.accept(saved)
        self.shown = saved.value
        self.generation += 1


def opened_cell(line: Mapping[str, Any]) -> OpenedCell:
    """The cell of one line of an entry sheet as this screen opened it.

    A line that was read anew and is newer opens the cell afresh, unless something typed waits there.
    """
    cell = Cell(line["split"], line["area"], line["period"])
    key = f"open:{cell.split_id}:{cell.area_id}:{cell.period_id}"
    found: OpenedCell | None = st.session_state.get(key)
    if found is None or (line["version"] > found.version and not found.is_waiting):
        value = Value(line["answer"], line["numerator"], line["denominator"]) if line["answer"] else None
        generation = found.generation + 1 if found else 0
        found = OpenedCell(cell, line["version"], value, generation=generation, shown=value)
        st.session_state[key] = found
    return found
