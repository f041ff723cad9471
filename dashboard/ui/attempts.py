"""One way for every save of every form: whatever it meets becomes a note beside the fields."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard.actions.errors import ActionRefused
from dashboard.ui.opened import Failed, Kept, Over, Refused, settle
from dashboard.ui.refusals import refusal
from dashboard.ui.session import SessionOver, actor_now
from dashboard.views import installation

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.domain.permissions import Actor
    from dashboard.ui.opened import Note

logger = logging.getLogger(__name__)
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Done(Generic[Result]):
    """The action was carried out, with this result."""

    result: Result


def attempt(
    act: Callable[[Actor], Result],
    *,
    forbidden: str = "",
    conflict: Callable[[ActionRefused], Note | None] | None = None,
) -> Done[Result] | Note:
    """Carry out `act` as whoever sits before the screen; what stops it comes back as a note.

    `forbidden` says what this account may not do here. `conflict` turns a refusal into the form's own note, for
    example both versions; where it gives None the sentence for that refusal is shown. A fault of the database is
    written into the log under the mark that the note shows.
    """
    try:
        try:
            return Done(act(actor_now()))
        except ActionRefused as refused:
            return (conflict(refused) if conflict else None) or refusal(refused, forbidden)
    except SessionOver:
        return Over()
    except SQLAlchemyError:
        mark = secrets.token_hex(4)
        logger.exception("a save failed [%s]", mark)
        return Failed(mark)


class Outcome:
    """What became of a form whose fields are sent together, and begin anew once they are stored."""

    def __init__(self, form: str) -> None:
        self.form = form

    @property
    def note(self) -> Note | None:
        note: Note | None = st.session_state.get(f"note:{self.form}")
        return note

    def take(self, outcome: Done[Result] | Note) -> Done[Result] | None:
        """Remember what `attempt` gave; the result where the form was stored."""
        if isinstance(outcome, Done):
            self.forget()
            settle(self.form)
            return outcome
        st.session_state[f"note:{self.form}"] = outcome
        return None

    def refuse(self, *sentences: str) -> None:
        st.session_state[f"note:{self.form}"] = Refused(sentences)

    def keep(self, text: str) -> None:
        """Say until the form is sent again that it was stored, and what follows from it."""
        st.session_state[f"note:{self.form}"] = Kept(installation.now(), text)

    def forget(self) -> None:
        st.session_state.pop(f"note:{self.form}", None)
