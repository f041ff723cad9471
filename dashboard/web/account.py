"""The own account: who is signed in, another password or language, signing out here or everywhere."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard.actions.accounts import set_language, set_password
from dashboard.actions.errors import AccountRefused, InputRefused, SignInRefused
from dashboard.actions.passwords import LEAST_LENGTH
from dashboard.actions.sessions import confirm_password, new_session, sign_out, sign_out_everywhere
from dashboard.clock import local
from dashboard.domain.numbers import format_moment
from dashboard.i18n import DEFAULT, _, current_language, in_language, known_language
from dashboard.views.sessions import open_sessions
from dashboard.web.checking import check_apart, visitor_of
from dashboard.web.cookies import give_marks, give_session, request_token, take_session
from dashboard.web.faults import first_line
from dashboard.web.login import small_form
from dashboard.web.plain import FormRefused, plain_page
from dashboard.web.words import refusal, too_many_attempts
from db.base import utc_now

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request

    from dashboard.i18n import Language
    from dashboard.views.sessions import SignedIn

logger = logging.getLogger(__name__)
SECONDS_OF_OLD_SECRET: Final = 2.0
# Where the database does not take a sign-out: for two minutes.
TIMES_TRIED_AGAIN: Final = 24
SECONDS_BETWEEN: Final = 5.0


def account_routes() -> list[Route]:
    return [
        Route("/account", show_account, methods=["GET"]),
        Route("/account", change_account, methods=["POST"]),
        Route("/logout", log_out, methods=["POST"]),
    ]


def form_key(token: str) -> str:
    """Proves that a form comes from a page of this very session: only who has the cookie's secret can tell it."""
    return hmac.new(token.encode(), b"account form", hashlib.sha256).hexdigest()


async def show_account(request: Request) -> Response:
    return await _page(request, done=request.query_params.get("done", ""))


async def change_account(request: Request) -> Response:
    form = await _own_form(request)
    if form.get("do") == "password":
        return await _change_password(request, form)
    if form.get("do") == "language":
        return await _change_language(request, form)
    if form.get("do") == "everywhere":
        await to_thread.run_sync(sign_out_everywhere, _person(request).actor.id)
        logger.info("%s signed out everywhere", _person(request).actor.login)
        return _signed_out(request)
    raise FormRefused(400, _("Hệ thống không hiểu biểu mẫu này; chưa có gì thay đổi. Đề nghị tải lại trang."))


async def log_out(request: Request) -> Response:
    """The browser loses the session's secret in any case: the next person here must not find it."""
    await _own_form(request)
    response = _signed_out(request)
    try:
        await to_thread.run_sync(sign_out, _token(request))
    except SQLAlchemyError as fault:
        logger.warning(
            "the sign-out of %s waits for the database: %s", _person(request).actor.login, first_line(fault)
        )
        response.background = BackgroundTask(_sign_out_later, _token(request))
        return response
    logger.info("%s signed out", _person(request).actor.login)
    return response


async def _sign_out_later(token: str) -> None:
    """Other tabs of this browser still hold their streams, which end as soon as this is stored."""
    for _time in range(TIMES_TRIED_AGAIN):
        await asyncio.sleep(SECONDS_BETWEEN)
        with suppress(SQLAlchemyError):
            await to_thread.run_sync(sign_out, token)
            return
    logger.error("a session that was signed out of could not be ended")


async def _change_password(request: Request, form: FormData) -> Response:
    person = _person(request)
    new = str(form.get("new", ""))
    if new != form.get("again"):
        return await _page(request, error="again_differs", status=422)
    confirm = partial(
        confirm_password,
        login=person.actor.login,
        password=str(form.get("current", "")),
        visitor=visitor_of(request),
    )
    change = partial(
        set_password,
        actor=person.actor,
        login=person.actor.login,
        password=new,
        keep_token_hash=person.token_hash,
    )
    try:
        await check_apart(confirm)
        await check_apart(change)
    except SignInRefused as refused:
        return await _page(request, error="current_wrong", wait_minutes=refused.wait_minutes, status=422)
    except AccountRefused as refused:
        return await _page(request, error=refused.problem, status=422)
    except InputRefused:
        return await _page(request, error="unwritable", status=422)
    logger.info("%s changed the own password", person.actor.login)
    return await _with_new_secret(request)


async def _with_new_secret(request: Request) -> Response:
    """Whoever has got hold of the old secret shall not keep it by the change of the password."""
    opened = partial(new_session, account_id=_person(request).actor.id, visitor=visitor_of(request))
    entry = await to_thread.run_sync(opened)
    response = RedirectResponse(
        f"/account?done=password&lang={_language(request)}",
        303,
        background=BackgroundTask(_end_later, _token(request)),
    )
    give_session(response, request, entry.token)
    give_marks(response, request, entry.marks)
    return response


async def _end_later(token: str) -> None:
    """Once the browser has the new secret: its other tabs would find themselves signed out before."""
    await asyncio.sleep(SECONDS_OF_OLD_SECRET)
    await to_thread.run_sync(sign_out, token)


async def _change_language(request: Request, form: FormData) -> Response:
    language = known_language(str(form.get("language", "")))
    await to_thread.run_sync(partial(set_language, actor=_person(request).actor, language=language))
    return RedirectResponse(f"/account?done=language&lang={language}", 303)


async def _page(
    request: Request, *, done: str = "", error: str = "", wait_minutes: int = 0, status: int = 200
) -> Response:
    person = _person(request)
    sessions = await to_thread.run_sync(open_sessions, person, utc_now())
    with in_language(_language(request)):
        return plain_page(
            "account.html",
            status=status,
            person=person,
            sessions=sessions,
            moment=lambda at: format_moment(local(at), current_language()),
            form_key=form_key(_token(request)),
            least_length=LEAST_LENGTH,
            done=_done(done),
            error=_error(error, wait_minutes),
        )


def _done(done: str) -> str:
    sentences = {
        "password": _("Đã đổi mật khẩu. Các thiết bị khác đã được đăng xuất."),
        "language": _("Đã lưu ngôn ngữ. Các trang mở từ bây giờ dùng ngôn ngữ này."),
    }
    return sentences.get(done, "")


def _error(error: str, wait_minutes: int) -> str:
    if not error:
        return ""
    if wait_minutes:
        return too_many_attempts(wait_minutes)
    own = {
        "again_differs": _(
            "Hai lần nhập mật khẩu mới không giống nhau. Mật khẩu chưa đổi; đề nghị nhập lại."
        ),
        "unwritable": _(
            "Mật khẩu mới quá dài hoặc có ký tự không ghi được. Mật khẩu chưa đổi; đề nghị nhập lại."
        ),
        "current_wrong": _("Mật khẩu hiện tại không đúng. Mật khẩu chưa đổi; đề nghị nhập lại."),
    }
    return own.get(error) or refusal(error) + " " + _("Mật khẩu chưa đổi.")


async def _own_form(request: Request) -> FormData:
    form = await small_form(request)
    if not hmac.compare_digest(str(form.get("key", "")).encode(), form_key(_token(request)).encode()):
        raise FormRefused(403, _("Biểu mẫu thuộc về một phiên làm việc khác. Đề nghị tải lại trang."))
    return form


def _signed_out(request: Request) -> Response:
    language = _person(request).language
    # Named only where it is not the usual one: the next person here may have another.
    response = RedirectResponse("/login" if language == DEFAULT else f"/login?lang={language}", 303)
    take_session(response, request)
    # Not the storage: there lies what was typed and not saved.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _person(request: Request) -> SignedIn:
    person: SignedIn = request.state.person
    return person


def _token(request: Request) -> str:
    return request_token(request) or ""


def _language(request: Request) -> Language:
    return known_language(request.query_params.get("lang") or _person(request).language)
