"""Garbage is collected now and then, and not after each run of a page as Streamlit does it.

Each collection holds Python's lock: one account that had twenty tabs run at once made everybody wait for ten seconds,
two thirds of which were collections.
"""

from __future__ import annotations

import asyncio
import gc
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

COLLECTED_EVERY_SECONDS: Final = 30.0


@asynccontextmanager
async def collecting(every: float = COLLECTED_EVERY_SECONDS) -> AsyncIterator[None]:
    """Collect every so many seconds, as long as the server runs. In .streamlit/config.toml `postScriptGC` is off."""
    task = asyncio.create_task(_collect(every))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _collect(every: float) -> None:
    while True:
        await asyncio.sleep(every)
        gc.collect()
