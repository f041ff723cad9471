"""What one screen knows of the fields it has opened: the only door to that part of the session state.

The version that a person saw is kept from the moment of opening. Reading it anew on each run would let a
later save pass the version check and overwrite a colleague's work unseen.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar, cast
from uuid import uuid4

import streamlit as st

if TYPE_CHECKING:
    from datetime import datetime

Cell = TypeVar("Cell")
Value = TypeVar("Value")
Held = TypeVar("Held", covariant=True)  # noqa: PLC0105 - named for what it is


class SavedValue(Protocol[Held]):
    """A value as it stands in the database, with who put it there and when."""

    @property
    def version(self) -> int: ...
    @property
    def value(self) -> Held: ...
    @property
    def by(self) -> str: ...
    @property
    def at(self) -> datetime: ...


@dataclass(frozen=True)
class Kept:
    """Saved at this moment; `text` says what follows from it."""

    at: datetime
    text: str = ""


@dataclass(frozen=True)
class Refused:
    """Not saved, and why. `asks_reason` opens a field for the reason that would let it pass."""

    sentences: tuple[str, ...]
    asks_reason: bool = False


@dataclass(frozen=True)
class Unfinished:
    """Not sent yet, because another field of the same value is still empty."""

    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Conflict(Generic[Value]):
    """Somebody else saved first: theirs stands, mine waits."""

    theirs: SavedValue[Value]
    mine: Value


@dataclass(frozen=True)
class Failed:
    """Not saved: the database did not take it. `mark` finds the reason in the log."""

    mark: str


@dataclass(frozen=True)
class Over:
    """Not saved: the session of who typed it has ended."""


Note: TypeAlias = Kept | Refused | Unfinished | Conflict[Any] | Failed | Over


@dataclass
class Opened(Generic[Cell, Value]):
    """`name` tells this place from all others on the screen; `cell` is how an action is told of it."""

    cell: Cell
    name: str
    version: int
    value: Value | None
    note: Note | None = None
    # What the fields began with; it changes with the generation alone, so that no field is drawn anew under
    # the hands of who types in it.
    shown: Value | None = None
    # A new generation gives the fields new keys: the only way to put other text into them after a choice. It begins
    # with the version that was opened, so that after a lost session the fields of an older version, which the browser
    # sends again, never meet a newer one.
    generation: int = 0
    attempt: str = field(default_factory=lambda: uuid4().hex)
    # What is newer may open the place afresh, although a form shows it.
    is_let_go: bool = False
    # Under this name the browser keeps what is typed and not stored; it outlives the session.
    form: str = ""

    @property
    def is_waiting(self) -> bool:
        """Something typed is not saved yet, and must not be drawn over."""
        return isinstance(self.note, Refused | Unfinished | Conflict | Failed | Over)

    def key(self, field_name: str) -> str:
        return f"fld:{self.name}:{field_name}:{self.generation}"

    @property
    def send_key(self) -> str:
        """Of the button that sends a form: by it `opened_form` knows that the form is still on the screen."""
        return self.key("btn-send")

    def let_go(self) -> None:
        """The choice of who reads that something newer stands: the next run opens that."""
        self.is_let_go = True

    def typed(self, field_name: str, default: Any = "") -> Any:
        return st.session_state.get(self.key(field_name), default)

    def token(self, value: Value) -> str:
        """The same attempt at the same value has the same name, however often it is sent."""
        digest = hashlib.blake2s(repr(value).encode(), digest_size=12).hexdigest()
        return f"{self.attempt}:{digest}"

    def accept(self, saved: SavedValue[Value]) -> None:
        self.version, self.value, self.attempt = saved.version, saved.value, uuid4().hex
        self.note = Kept(saved.at)
        settle(self.form)

    def show(self, saved: SavedValue[Value]) -> None:
        """Put `saved` into the fields, in the place of what was typed."""
        self.accept(saved)
        self.shown = saved.value
        self.generation += 1

    def take_theirs(self) -> None:
        """The choice in a conflict: what the other person saved stands."""
        if isinstance(self.note, Conflict):
            self.show(self.note.theirs)

    def insist(self) -> Value | None:
        """The other choice: mine is to be saved on top of theirs. None where there is no conflict (any more)."""
        if not isinstance(self.note, Conflict):
            return None
        mine: Value = self.note.mine
        theirs = self.note.theirs
        # A choice made anew is an attempt of its own, even where the first one was stored unnoticed.
        self.version, self.value, self.attempt = theirs.version, theirs.value, uuid4().hex
        return mine


def opened(cell: Cell, name: str, version: int, value: Value | None, form: str = "") -> Opened[Cell, Value]:
    """The fields of one place as this screen opened them, with `version` and `value` as they were read just now.

    What was read anew and is newer opens the place afresh, unless something typed waits there. `form` names its
    drafts where `name` does not outlive the session.
    """
    found = _known(name)
    if found is None or (version > found.version and not found.is_waiting):
        generation = max(version, found.generation + 1) if found else version
        found = Opened(cell, name, version, value, generation=generation, shown=value, form=form or name)
        st.session_state[f"open:{name}"] = found
    return found


def opened_form(
    cell: Cell, name: str, version: int, value: Value | None, form: str = ""
) -> Opened[Cell, Value]:
    """As `opened`, for fields that are sent together: what is newer opens them when the person comes back to them.

    What is being typed into a form is unknown here until it is sent, so a form that is on the screen keeps its
    fields and its version; saving it then tells of the newer one. A button that one run does not draw is gone from
    the session state: so it is known that the person was elsewhere meanwhile.
    """
    found = _known(name)
    if found is None or found.is_let_go or found.send_key not in st.session_state:
        return opened(cell, name, version, value, form)
    return found


def settle(form: str) -> None:
    """What was typed into `form` up to now is stored or given up: the browser forgets its draft."""
    counts = st.session_state.setdefault("saving:settled", {})
    counts[form] = counts.get(form, 0) + 1


def settled_count(form: str) -> str:
    """Tells the browser that a form was settled: differs after each time, and from every other session's."""
    session: str = st.session_state.setdefault("saving:session", secrets.token_hex(8))
    count = st.session_state.get("saving:settled", {}).get(form, 0)
    return f"{session}:{count}"


def _known(name: str) -> Opened[Any, Any] | None:
    return cast("Opened[Any, Any] | None", st.session_state.get(f"open:{name}"))
