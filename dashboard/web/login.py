"""The sign-in page: a plain form before Streamlit, so that password managers work and no script is needed."""

from __future__ import annotations

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
from dashboard.web.cookies import give_cookie, request_token
from dashboard.web.origin import HOME, is_forged, safe_next
from dashboard.web.plain import icon, plain_page, style_sheet
from dashboard.web.words import too_many_attempts, wrong_sign_in
from db.base import utc_now

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request

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
        if person is not None:
            return RedirectResponse(with_language(target, language), 303)
        has_ended = "ended" in request.query_params
        return await self._page(target=target, language=language, has_ended=has_ended)

    async def send(self, request: Request) -> Response:
        form = await small_form(request)
        target, language = safe_next(_text(form, "next")), _text(form, "lang")
        login, password = _text(form, "login"), _text(form, "password")
        again = partial(self._page, target=target, language=language, login=login)
        try:
            token = await to_thread.run_sync(
                partial(sign_in, login=login, password=password, address=address_of(request))
            )
        except SignInRefused as refused:
            return await again(wait_minutes=refused.wait_minutes, status=429 if refused.wait_minutes else 401)
        await _forget_old_session(request)
        response = RedirectResponse(with_language(target, language), 303)
        give_cookie(response, request, token)
        return response

    async def _page(
        self,
        *,
        target: str,
        language: str,
        login: str = "",
        status: int = 200,
        wait_minutes: int = 0,
        has_ended: bool = False,
    ) -> Response:
        accounts = await to_thread.run_sync(self._known_accounts)
        with in_language(known_language(language or language_of(target))):
            values: dict[str, Any] = {
                "error": _refusal(wait_minutes) if status != 200 else "",  # noqa: PLR2004
                "notice": _session_ended() if has_ended else "",
                "next": target,
                "chosen_language": language,
                "login": login,
                "accounts": accounts,
                "files_ahead": files_ahead(),
                "switch": partial(_switch, target, has_ended=has_ended),
            }
            headers = {"Retry-After": str(wait_minutes * 60)} if wait_minutes else None
            return plain_page("login.html", status=status, headers=headers, **values)


async def small_form(request: Request) -> FormData:
    """The form of a page of ours: refuses other hosts' pages, and bodies that no form of ours sends."""
    if is_forged(request):
        raise HTTPException(403, _("Biểu mẫu không được gửi từ trang của hệ thống."))
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > LARGEST_FORM:
        raise HTTPException(413)
    return await request.form(max_files=0, max_fields=20)


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


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


def _refusal(wait_minutes: int) -> str:
    return too_many_attempts(wait_minutes) if wait_minutes else wrong_sign_in()


def _session_ended() -> str:
    return _(
        "Phiên làm việc đã kết thúc. Số liệu đã báo “đã lưu” vẫn còn nguyên; chữ, số đã gõ mà chưa lưu "
        "được giữ lại trên máy này và sẽ hiện lại sau khi đồng chí đăng nhập."
    )


def _switch(target: str, language: str, *, has_ended: bool = False) -> str:
    """The address of this page in another language."""
    kept = {"next": target} if target != HOME else {}
    ended = {"ended": "1"} if has_ended else {}
    return "/login?" + urlencode({**ended, **kept, "lang": language})
