"""What an open connection still sees of a database whose files were removed under it."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from db.base import utc_now
from db.files import PRIVATE, unused

if TYPE_CHECKING:
    from pathlib import Path

logger = logging.getLogger(__name__)


def rescue(connection: Any, path: Path) -> Path | None:
    """Copy all that `connection` sees, saves in a removed log included; None where that is no longer possible."""
    target = unused(path.with_name(f"{path.stem}-rescued-{utc_now():%Y%m%d%H%M%S}{path.suffix}"))
    try:
        target.touch(PRIVATE, exist_ok=False)
        with closing(sqlite3.connect(target)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    except (OSError, sqlite3.Error):
        logger.exception("what %s held could not be copied", path)
        return None
    return target
