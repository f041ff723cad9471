"""The end of the change log, kept outside the database: rows cut off, forged or replaced are found by it.

One small file. Before each commit it takes the change that stands last now and the one about to be stored, so that
whatever a crash leaves in the database is one of the two; after the commit the stored one alone, or else the rows of
the last save could be cut off unnoticed. Whoever can change the database *and* this file is not
found; a copy of it elsewhere (each backup holds the log's end) finds that, too.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from db.changes import Head
from db.files import PRIVATE, put_in_place, sync
from db.locks import held_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

logger = logging.getLogger(__name__)

MOST_BREAKS: Final = 20


class HeadUnreadable(ValueError):
    """The file is no longer what the program wrote."""


@dataclass(frozen=True)
class Break:
    """The database's log ended otherwise than this program had left it."""

    kept: Head
    found: Head


@dataclass(frozen=True)
class Kept:
    before: Head
    after: Head
    breaks: tuple[Break, ...] = ()

    def fits(self, found: Head) -> bool:
        return found in (self.before, self.after)


class HeadFile:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def read(self) -> Kept | None:
        """What was kept; None where nothing was yet. Raises HeadUnreadable, OSError."""
        try:
            return _kept(json.loads(self.path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (KeyError, TypeError, ValueError) as error:
            raise HeadUnreadable(str(self.path)) from error

    def move(self, before: Head, after: Head) -> None:
        """Called before the commit, by who holds the write lock. Never fails: the save matters more than its mark."""
        try:
            with self._alone():
                self._write(Kept(before, after, self._breaks(before)))
        except (OSError, HeadUnreadable):
            logger.exception("the end of the change log could not be kept in %s", self.path)

    def settle(self, stored: Head) -> None:
        """Called after the commit, when others may have come next already: theirs stays. Never fails, as move."""
        try:
            with self._alone():
                kept = self.read()
                if kept and kept.after == stored != kept.before:
                    self._write(Kept(stored, stored, kept.breaks), for_good=False)
        except (OSError, HeadUnreadable):
            logger.exception("the end of the change log could not be settled in %s", self.path)

    def accept(self, head: Head) -> None:
        """From now on `head` is the true end: after a restore, or when somebody who may has looked. Raises OSError."""
        self._write(Kept(head, head))

    def expect(self, before: Head, after: Head) -> None:
        """Either end is true: a restore that is about to put another file in place. Raises OSError."""
        self._write(Kept(before, after))

    def _breaks(self, found: Head) -> tuple[Break, ...]:
        kept = self.read()
        if kept is None:
            return ()
        if kept.fits(found):
            return kept.breaks
        logger.critical("the change log ends at %s, but was left at %s", found.id, kept.after.id)
        return (*kept.breaks, Break(kept.after, found))[-MOST_BREAKS:]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Between reading and writing nobody else writes: no other thread, no other process of this machine."""
        with self._lock, held_folder(self.path.parent):
            yield

    def _write(self, kept: Kept, *, for_good: bool = True) -> None:
        """Without `for_good` a crash may bring back what stood before: one of two ends that were true as well."""
        draft = self.path.with_name(f"{self.path.name}.part")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(_content(kept), file)
        if for_good:
            put_in_place(draft, self.path)
        else:
            sync(draft)
            draft.replace(self.path)

    def forget(self) -> None:
        with suppress(FileNotFoundError):
            self.path.unlink()


def _content(kept: Kept) -> dict[str, Any]:
    breaks = [{"kept": list(each.kept), "found": list(each.found)} for each in kept.breaks]
    return {"before": list(kept.before), "after": list(kept.after), "breaks": breaks}


def _kept(content: dict[str, Any]) -> Kept:
    breaks = tuple(Break(Head(*each["kept"]), Head(*each["found"])) for each in content["breaks"])
    return Kept(Head(*content["before"]), Head(*content["after"]), breaks)
