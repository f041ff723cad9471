"""Password checks keep to threads of their own: strangers who guess must not hold those that every page needs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, TypeVar

from anyio import CapacityLimiter, to_thread

from dashboard.actions.sessions import Visitor
from dashboard.i18n import _
from dashboard.web.cookies import request_marks
from dashboard.web.plain import FormRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

T = TypeVar("T")
# Each takes a processor for a tenth of a second, and 64 MiB.
AT_ONCE: Final = 2
MOST_WAITING: Final = 60


@cache
def _limiter() -> CapacityLimiter:
    return CapacityLimiter(AT_ONCE)


async def check_apart(check: Callable[[], T]) -> T:
    """Run `check` in its turn; raises FormRefused where too many wait already."""
    limiter = _limiter()
    if limiter.statistics().tasks_waiting >= MOST_WAITING:
        raise FormRefused(
            503, _("Đang có quá nhiều lượt đăng nhập cùng lúc. Đề nghị chờ một phút rồi thử lại.")
        )
    return await to_thread.run_sync(check, limiter=limiter)


def visitor_of(request: Request) -> Visitor:
    return Visitor(request.client.host if request.client else "", request_marks(request))
