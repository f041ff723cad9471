"""Under which names this installation answers, and that its forms and scripts come from its own pages."""

from __future__ import annotations

import ipaddress
import logging
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from dashboard.i18n import _
from dashboard.settings import settings
from dashboard.web.origin import is_foreign
from dashboard.web.plain import refuse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

logger = logging.getLogger(__name__)

# A name or an address with its port; names of machines in an office have underscores.
HOST: Final = re.compile(r"([A-Za-z0-9](?:[\w.-]*[\w.])?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?", re.ASCII)
LONGEST_HOST: Final = 260
LONGEST_SHOWN: Final = 120


class OwnHosts:
    """Before anything else is asked: a page of another host, and a name that is not ours, get nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        host = request.headers.get("host")
        if host is not None and not is_well_formed(host):
            await refuse(scope, receive, send, 400, _("Địa chỉ không hợp lệ."))
        elif not is_our_name(host):
            logger.warning("refused a request for host %s: it is not named in DASHBOARD_HOSTS", shown(host))
            await refuse(scope, receive, send, 421, _wrong_name())
        elif is_foreign(request):
            origin = request.headers.get("origin")
            logger.warning("refused a request from origin %s: this host is %s", shown(origin), shown(host))
            await refuse(scope, receive, send, 403, foreign_words())
        else:
            await self.app(scope, receive, send)


def is_well_formed(host: str) -> bool:
    return len(host) <= LONGEST_HOST and HOST.fullmatch(host) is not None


def is_our_name(host: str | None) -> bool:
    """Whether the installation may be called so; all names where none are set, and the machine itself always."""
    names = our_names()
    if not names:
        return True
    name = hostname(host or "")
    return name in names or is_loopback(name)


def our_names() -> frozenset[str]:
    return frozenset(hostname(name.strip()) for name in settings().hosts.split(",") if name.strip())


def hostname(host: str) -> str:
    """Without port and final dot, in small letters."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def shown(value: str | None) -> str:
    """A value of a stranger's, for one line of the log."""
    return repr((value or "")[:LONGEST_SHOWN])


def foreign_words() -> str:
    return _(
        "Yêu cầu này được gửi từ một địa chỉ khác, nên hệ thống không nhận; chưa có gì thay đổi. Đề nghị mở lại hệ thống "
        "bằng địa chỉ thường dùng. Nếu vẫn gặp trang này, đề nghị báo người quản trị xem nhật ký máy chủ: máy chủ trung gian "
        "cần chuyển nguyên tên máy kèm cổng."
    )


def _wrong_name() -> str:
    return _("Hệ thống không phục vụ dưới tên này. Đề nghị mở bằng địa chỉ mà cơ quan đã thông báo.")
