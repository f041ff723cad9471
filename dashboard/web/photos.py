"""Photos of places, to those who keep the register: its page alone shows them."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from anyio import to_thread
from starlette.convertors import IntegerConvertor
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard.domain.permissions import Capability, can_somewhere
from dashboard.views.play_areas import photo_bytes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from dashboard.views.sessions import SignedIn

MOST_DIGITS: Final = 20


class PhotoNumber(IntegerConvertor):
    """As many digits as tell a photo from none: of thousands Python makes no number, but a fault."""

    def convert(self, value: str) -> int:
        return super().convert(value[:MOST_DIGITS])


def photo_routes() -> list[Route]:
    return [
        _route("/photos/{photo:int}", show_photo),
        _route("/photos/{photo:int}/small", show_thumbnail),
    ]


def _route(path: str, endpoint: Callable[[Request], Awaitable[Response]]) -> Route:
    route = Route(path, endpoint, methods=["GET"])
    route.param_convertors = {"photo": PhotoNumber()}
    return route


async def show_photo(request: Request) -> Response:
    return await _answer(request, thumbnail=False)


async def show_thumbnail(request: Request) -> Response:
    return await _answer(request, thumbnail=True)


async def _answer(request: Request, *, thumbnail: bool) -> Response:
    person: SignedIn = request.state.person
    if not can_somewhere(person.actor, Capability.edit_play_areas):
        # As if there were none: children may be on them, and their numbers are easily counted through.
        return PlainTextResponse("Not Found", 404)
    photo: int = request.path_params["photo"]
    content = await to_thread.run_sync(lambda: photo_bytes(photo, thumbnail=thumbnail))
    if content is None:
        return PlainTextResponse("Not Found", 404)
    tag = f'"{sha256(content).hexdigest()}"'
    # The browser may keep a photo but has to ask each time, so that one that was hidden is gone at once.
    headers = {"Cache-Control": "private, no-cache", "ETag": tag}
    if tag in request.headers.get("If-None-Match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="image/jpeg", headers=headers)
