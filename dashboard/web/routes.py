"""All that stands before Streamlit, in one place: for the server, and for tests that need no Streamlit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.middleware import Middleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from dashboard.settings import settings
from dashboard.web.account import account_routes
from dashboard.web.addresses import KnownPages
from dashboard.web.events import event_routes
from dashboard.web.faults import Faults
from dashboard.web.headers import SecurityHeaders
from dashboard.web.health import health_routes
from dashboard.web.hosts import OwnHosts
from dashboard.web.limits import FewConnections
from dashboard.web.login import login_routes
from dashboard.web.media import MediaGuard
from dashboard.web.middleware import RequireSession
from dashboard.web.photos import photo_routes
from dashboard.web.shell import OwnShell
from dashboard.web.uploads import UploadGuard

if TYPE_CHECKING:
    from starlette.routing import Route

    from dashboard.web.hub import Hub
    from dashboard.web.login import KnownAccounts


def routes(hub: Hub, known_accounts: KnownAccounts) -> list[Route]:
    return [
        *login_routes(known_accounts),
        *account_routes(),
        *event_routes(hub),
        *photo_routes(),
        *health_routes(),
    ]


def middleware() -> list[Middleware]:
    """The first is the outermost: who the visitor is comes before what the visitor may."""
    proxies = [address.strip() for address in settings().trusted_proxies.split(",") if address.strip()]
    return [
        Middleware(ProxyHeadersMiddleware, trusted_hosts=proxies),
        Middleware(SecurityHeaders),
        Middleware(OwnHosts),
        Middleware(Faults),
        Middleware(RequireSession),
        Middleware(FewConnections),
        Middleware(OwnShell),
        Middleware(UploadGuard),
        Middleware(MediaGuard),
        Middleware(KnownPages),
    ]
