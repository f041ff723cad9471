"""That a person was here. Pages that a person opens count, and touches that an open page reports; nothing else does."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from dashboard.actions.sessions import touch
from db.base import utc_now

if TYPE_CHECKING:
    from dashboard.views.sessions import SignedIn

logger = logging.getLogger(__name__)


async def keep_awake(person: SignedIn) -> None:
    """Note that the person was here. A database too busy to write it down must not stop the person's work."""
    record_activity = partial(
        touch, token_hash=person.token_hash, last_seen_at=person.last_seen_at, now=utc_now()
    )
    try:
        await to_thread.run_sync(record_activity)
    except SQLAlchemyError:
        logger.warning("could not note that %s is still at work", person.actor.login, exc_info=True)
