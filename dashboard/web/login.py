"""The sign-in page: a plain form before Streamlit, so that password managers work and no script is needed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard.actions.errors import SignInRefused
from dashboard.actions.sessions import sign_in, sign_out
from dashboard.i18n import _, in_language, known_language
from dashboard.views.sessions import signed_in
from dashboard.web.assets import files_ahead
from dashboard.web.checking import check_apart, visitor_of
from dashboard.web.cookies import came_over_https, give_marks, give_session, is_secure, request_token
from dashboard.web.hosts import foreign_words, shown
from dashboard.web.origin import HOME, is_forged, safe_next
from dashboard.web.plain import FormRefused, icon, plain_page, style_sheet
from dashboard.web.words import too_many_attempts, wrong_sign_in
from db.base import utc_now

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request

logger = logging.getLogger(__name__)

LARGEST_FORM: Final = 16_384


class KnownAccount(Protocol):
    """An account that the page may show to everyone: of a demonstration."""

    @property
    def login(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def password(self) -> str: ...


KnownAccounts = Callable[[], Sequence[KnownAccount]]


def login_routes(known_accounts: KnownAccounts) -> list[Route]:
    """`known_accounts` gives the accounts of a demonstration, none in a real installation."""
    page = _LoginPage(known_accounts)
    return [
        Route("/login", page.show, methods=["GET"]),
        Route("/login", page.send, methods=["POST"]),
        Route("/login/style.css", style_sheet, methods=["GET"]),
        Route("/favicon.png", icon, methods=["GET"]),
    ]


class _LoginPage:
    def __init__(self, known_accounts: KnownAccounts) -> None:
        self._known_accounts = known_accounts

    async def show(self, request: Request) -> Response:
        person = await to_thread.run_sync(signed_in, request_token(request), utc_now())
        target = safe_next(request.query_params.get("next"))
        language = request.query_params.get("lang", "")
        # Who asks to sign in anew before the session ends is still signed in.
        notice = next((name for name in ("ended", "renew") if name in request.query_params), "")
        if person is not None and notice != "renew":
            return RedirectResponse(with_language(target, language), 303)
        if "tried" in request.query_params:
            # The password was right, and the browser has not brought the cookie that it was given.
            refusal = (
                _https_missing if is_secure(request) and not came_over_https(request) else _cookies_blocked
            )
            return await self._page(target=target, language=language, status=400, refusal=refusal)
        return await self._page(target=target, language=language, notice=notice)

    async def send(self, request: Request) -> Response:
        form = await small_form(request)
        target, language = safe_next(_text(form, "next")), _text(form, "lang")
        login, password = _text(form, "login"), _text(form, "password")
        again = partial(self._page, target=target, language=language, login=login)
        try:
            entry = await check_apart(
                partial(sign_in, login=login, password=password, visitor=visitor_of(request))
            )
        except SignInRefused as refused:
            return await again(
                wait_minutes=refused.wait_minutes,
                status=429 if refused.wait_minutes else 401,
                refusal=partial(_refusal, refused.wait_minutes),
            )
        await _forget_old_session(request)
        response = RedirectResponse(_tried(target, language), 303)
        give_session(response, request, entry.token)
        give_marks(response, request, entry.marks)
        return response

    async def _page(
        self,
        *,
        target: str,
        language: str,
        login: str = "",
        status: int = 200,
        wait_minutes: int = 0,
        notice: str = "",
        refusal: Callable[[], str] | None = None,
    ) -> Response:
        accounts = await to_thread.run_sync(self._known_accounts)
        with in_language(known_language(language or language_of(target))):
            values: dict[str, Any] = {
                "error": refusal() if refusal else "",
                "notice": _session_ended() if notice == "ended" else "",
                "next": target,
                "chosen_language": language,
                "login": login,
                "accounts": accounts,
                "files_ahead": files_ahead(),
                "switch": partial(_switch, target, notice=notice),
            }
            headers = {"Retry-After": str(wait_minutes * 60)} if wait_minutes else None
            return plain_page("login.html", status=status, headers=headers, **values)


async def small_form(request: Request) -> FormData:
    """The form of a page of ours: refuses other hosts' pages, and bodies that no form of ours sends."""
    if is_forged(request):
        logger.warning("refused a form from %s", shown(request.headers.get("sec-fetch-site")))
        raise FormRefused(403, foreign_words())
    length = request.headers.get("content-length", "")
    if not is_small(length):
        raise FormRefused(413, _("Biểu mẫu quá lớn, hệ thống không nhận; chưa có gì thay đổi."))
    try:
        return await request.form(max_files=0, max_fields=20)
    except HTTPException as error:
        raise FormRefused(
            400, _("Hệ thống không hiểu biểu mẫu này; chưa có gì thay đổi. Đề nghị tải lại trang.")
        ) from error


def is_small(length: str) -> bool:
    return length.isascii() and length.isdecimal() and len(length) < 10 and int(length) <= LARGEST_FORM  # noqa: PLR2004


def language_of(target: str) -> str:
    """The language that an address of ours asks for; empty where it asks for none."""
    return dict(parse_qsl(urlsplit(target).query)).get("lang", "")


def with_language(target: str, language: str) -> str:
    """`target` in the language that was chosen here; unchanged where none was chosen."""
    if not language:
        return target
    parts = urlsplit(target)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name != "lang"]
    return parts._replace(query=urlencode([*kept, ("lang", known_language(language))])).geturl()


async def _forget_old_session(request: Request) -> None:
    old = request_token(request)
    if old:
        await to_thread.run_sync(sign_out, old)


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _tried(target: str, language: str) -> str:
    """By way of this page, which notices when the browser keeps no cookie."""
    kept = {
        "tried": "1",
        **({"next": target} if target != HOME else {}),
        **({"lang": language} if language else {}),
    }
    return "/login?" + urlencode(kept)


def _cookies_blocked() -> str:
    return _(
        "Mật khẩu đúng nhưng trình duyệt không giữ cookie của hệ thống, nên chưa vào được. Đề nghị cho phép cookie của "
        "địa chỉ này (hoặc thoát chế độ chặn cookie) rồi đăng nhập lại."
    )


def _https_missing() -> str:
    return _(
        "Mật khẩu đúng nhưng hệ thống được đặt chỉ nhận phiên làm việc qua HTTPS, nên chưa vào được. Đề nghị mở địa chỉ bắt đầu bằng "
        "https://; nếu không có, đề nghị báo người quản trị xem lại DASHBOARD_SECURE_COOKIES."
    )


def _refusal(wait_minutes: int) -> str:
    return too_many_attempts(wait_minutes) if wait_minutes else wrong_sign_in()


def _session_ended() -> str:
    return _(
        "Phiên làm việc đã kết thúc. Số liệu đã báo “đã lưu” vẫn còn nguyên; chữ, số đã gõ mà chưa lưu "
        "được giữ lại trên máy này và sẽ hiện lại sau khi đồng chí đăng nhập."
    )


def _switch(target: str, language: str, *, notice: str = "") -> str:
    """The address of this page in another language."""
    kept = {"next": target} if target != HOME else {}
    noticed = {notice: "1"} if notice else {}
    return "/login?" + urlencode({**noticed, **kept, "lang": language})
