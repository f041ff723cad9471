"""Photos of places, to those who are signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard.views.play_areas import photo_bytes

if TYPE_CHECKING:
    from starlette.requests import Request


def photo_routes() -> list[Route]:
    return [
        Route("/photos/{photo:int}", show_photo, methods=["GET"]),
        Route("/photos/{photo:int}/small", show_thumbnail, methods=["GET"]),
    ]


async def show_photo(request: Request) -> Response:
    return await _answer(request.path_params["photo"], thumbnail=False)


async def show_thumbnail(request: Request) -> Response:
    return await _answer(request.path_params["photo"], thumbnail=True)


async def _answer(photo: int, *, thumbnail: bool) -> Response:
    content = await to_thread.run_sync(lambda: photo_bytes(photo, thumbnail=thumbnail))
    if content is None:
        return PlainTextResponse("Not Found", 404)
    # A photo's content never changes under its number.
    return Response(content, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})
