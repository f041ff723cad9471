"""Plain HTML pages of our own: no script, one style sheet, both languages."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import FileResponse, HTMLResponse, Response

from dashboard.i18n import LANGUAGES, _, current_language, in_language, known_language
from dashboard.web.assets import TEXT, font
from dashboard.web.headers import PLAIN_POLICY

if TYPE_CHECKING:
    from starlette.requests import Request

HERE: Final = Path(__file__).parent
ICON: Final = HERE.parent / "static" / "favicon.png"
LANGUAGE_NAMES: Final = {"vi": "Tiếng Việt", "en": "English"}


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(HERE / "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["_"] = _
    return environment


def plain_page(
    template: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: Any
) -> HTMLResponse:
    """The page in the current language. Never kept by the browser: the next person may sit at the same computer."""
    shared = {"language": current_language(), "languages": {code: LANGUAGE_NAMES[code] for code in LANGUAGES}}
    html = _templates().get_template(template).render(**shared, **values)
    fixed = {"Content-Security-Policy": PLAIN_POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(html, status, {**fixed, **(headers or {})})


def unavailable_page(request: Request, mark: str) -> HTMLResponse:
    with in_language(known_language(request.query_params.get("lang"))):
        return plain_page("unavailable.html", status=503, mark=mark)


@cache
def _style() -> str:
    """With the very font that the application uses after signing in."""
    text = (HERE / "static" / "style.css").read_text(encoding="utf-8")
    return text.replace("SOURCE_SANS", font(TEXT))


async def icon(_request: Request) -> FileResponse:
    return FileResponse(ICON, headers={"Cache-Control": "max-age=86400"})


async def style_sheet(_request: Request) -> Response:
    return Response(_style(), media_type="text/css", headers={"Cache-Control": "max-age=3600"})
