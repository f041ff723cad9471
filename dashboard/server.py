"""The ASGI application: Streamlit with our routes and guards around it. What `dashboard serve` starts."""

from __future__ import annotations

import gc
import importlib
import logging
import pkgutil
import secrets
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import streamlit as st
import uvicorn
from sqlalchemy.exc import SQLAlchemyError

from dashboard import ui
from dashboard.documents import apart
from dashboard.i18n import _
from dashboard.logs import limit_lines
from dashboard.settings import head_path, prepare_folder, settings
from dashboard.ui.presence import show_failed
from dashboard.views.installation import is_demonstration
from dashboard.web.collecting import collecting
from dashboard.web.hub import Hub
from dashboard.web.patience import PatientProtocol, allow_many_files, most_connections
from dashboard.web.routes import middleware, routes
from db import engine
from db.head import HeadFile

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncIterator, Sequence

    from dashboard.web.login import KnownAccount
    from db.engine import Database

logger = logging.getLogger(__name__)

PING_SECONDS: Final = 20
STOP_SECONDS: Final = 10
# Bytes in one message of a tab: files come another way.
LARGEST_MESSAGE: Final = 1_000_000
# How long one screen's work may keep all others waiting: of 45 changes 4 took longer than a second to reach another
# screen with Python's usual 5 ms, 1 with this.
TURN_SECONDS: Final = 0.001
SCRIPT: Final = Path(__file__).with_name("app.py")
hub: Final = Hub()


def open_database() -> Database:
    """The database that the command has opened, or, under another ASGI server, that of the settings."""
    try:
        return engine.database()
    except RuntimeError:
        url = settings().database_url
        prepare_folder(url)
        opened = engine.use(url)
        opened.lock.share()
        opened.keep_head(HeadFile(head_path(url)))
        return opened


def demonstration_accounts() -> Sequence[KnownAccount]:
    if not is_demonstration():
        return ()
    from seed.demonstration import DEMONSTRATION_ACCOUNTS  # noqa: PLC0415 - a real installation never loads it

    return DEMONSTRATION_ACCOUNTS


def settle_down() -> None:
    """Load what the pages use, and tell the collector of garbage that it stays.

    Going through the objects of all loaded libraries took 130 to 245 ms each time, during which no screen got an answer.
    """
    for module in pkgutil.iter_modules(ui.__path__, f"{ui.__name__}."):
        importlib.import_module(module.name)
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(TURN_SECONDS)


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    hub.follow(open_database())
    settle_down()
    # By now Streamlit has turned on a line for every request, its hundred program files included.
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
    try:
        async with collecting():
            yield
    finally:
        hub.stop()
        engine.database().stop()


def show_failure(error: Exception) -> bool:
    """A sentence with a mark instead of a traceback; the mark finds the traceback in the log."""
    mark = secrets.token_hex(4)
    logger.error("a page failed [%s]", mark, exc_info=error)
    # Nobody is told to load the page again: a fault of the database passes, and what is typed is still there.
    st.error(
        _(
            "Trang này gặp lỗi và chưa hiện đủ. Những số liệu đã báo “đã lưu” vẫn còn nguyên; chữ chưa lưu được giữ "
            "trên máy này. Nếu còn lỗi, đề nghị gửi mã {mark} cho người quản trị."
        ).format(mark=mark),
        icon=":material/error:",
    )
    if isinstance(error, SQLAlchemyError):
        show_failed(mark)
    return True


class Server(uvicorn.Server):
    """Ends the live streams first: otherwise a stop would wait for every open screen."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        hub.close()
        # Who waits for a file to be read would keep the stop waiting as well.
        apart.stop()
        await super().shutdown(sockets)
        # Also where a second signal cuts the way out short: afterwards one file holds everything.
        engine.database().stop()


def run(listener: socket.socket) -> None:
    """Serve on a socket that is already bound, until a signal asks to stop; one process, one worker."""
    host, port = listener.getsockname()[:2]
    limit_lines()
    PatientProtocol.most_connections = most_connections(allow_many_files())
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,
        log_config=None,
        log_level=settings().log_level,
        # Our own middleware reads the proxy's headers, under any server.
        proxy_headers=False,
        server_header=False,
        http=PatientProtocol,
        ws="websockets-sansio",
        ws_max_size=LARGEST_MESSAGE,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    Server(config).run(sockets=[listener])


app = st.App(
    SCRIPT,
    routes=routes(hub, demonstration_accounts),
    middleware=middleware(),
    lifespan=lifespan,
    on_script_error=show_failure,
)
