"""Streamlit's program files that the first page will need: fetched ahead while the password is typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

import streamlit

STATIC: Final = Path(streamlit.__file__).with_name("static")
IN_PAGE: Final = re.compile(r"""(?:src|href)="\./(static/(?:js|css|media)/[^"]+)\"""")
IMPORT: Final = re.compile(r"""(?:from|import)\s*["'`]\./([\w.@~-]+\.js)["'`]""")
# Drawn by our pages and loaded by Streamlit only once it meets them; a name without a file is passed over.
DRAWN: Final = (
    "ArrowVegaLiteChart",
    "loadVegaEmbed",
    "embed",
    "vega-interpreter",
    "BidiComponent",
    "Button",
    "ButtonGroup",
    "Checkbox",
    "DateInput",
    "DownloadButton",
    "FileUploader",
    "Html",
    "LinkButton",
    "Metric",
    "Selectbox",
    "TextArea",
    "TextInput",
)
ICONS: Final = "MaterialSymbols-Rounded"
TEXT: Final = "SourceSansVF-Upright"

Kind = Literal["script", "style", "font"]
KINDS: Final[dict[str, Kind]] = {".js": "script", ".css": "style", ".woff2": "font"}


@dataclass(frozen=True, slots=True)
class FileAhead:
    path: str
    kind: Kind


@cache
def files_ahead() -> tuple[FileAhead, ...]:
    """What Streamlit's page names itself, then the parts that our pages draw with all that these import."""
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    named = (f"/{path}" for path in IN_PAGE.findall(page))
    drawn = (f"/static/js/{name}" for name in sorted(_with_imports(_drawn_parts())))
    paths = dict.fromkeys((*named, *drawn, font(ICONS)))
    return tuple(FileAhead(path, KINDS[_suffix(path)]) for path in paths if _suffix(path) in KINDS)


@cache
def program_files() -> frozenset[str]:
    """The addresses of all files of Streamlit's program."""
    folder = STATIC / "static"
    return frozenset(
        f"/static/{path.relative_to(folder).as_posix()}" for path in folder.rglob("*") if path.is_file()
    )


def font(name: str) -> str:
    """The address of one of Streamlit's fonts; empty where it has none of that name."""
    found = next((STATIC / "static" / "media").glob(f"{name}*.woff2"), None)
    return f"/static/media/{found.name}" if found else ""


def _suffix(path: str) -> str:
    return Path(path).suffix


def _drawn_parts() -> set[str]:
    files = (STATIC / "static" / "js").glob("*.js")
    return {file.name for file in files if file.name.split(".")[0] in DRAWN}


def _with_imports(names: set[str]) -> set[str]:
    known: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        known.add(name)
        waiting |= set(IMPORT.findall(_source(name))) - known
    return known


def _source(name: str) -> str:
    path = STATIC / "static" / "js" / name
    return path.read_text(encoding="utf-8") if path.exists() else ""
