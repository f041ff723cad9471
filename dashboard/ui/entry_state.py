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
    """The cell of one line of an entry sheet as this screen opened it."""
    cell = Cell(line["split"], line["area"], line["period"])
    key = f"open:{cell.split_id}:{cell.area_id}:{cell.period_id}"
    if key not in st.session_state:
        value = Value(line["answer"], line["numerator"], line["denominator"]) if line["answer"] else None
        st.session_state[key] = OpenedCell(cell, line["version"], value, shown=value)
    found: OpenedCell = st.session_state[key]
    return found


def close_cells() -> None:
    """Open everything afresh at the next run: after a change of commune or period, or when asked to reload."""
    for key in [key for key in st.session_state if str(key).startswith("open:")]:
        del st.session_state[key]
