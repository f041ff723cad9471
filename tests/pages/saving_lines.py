"""The saving lines of a page, as the server hands them to the browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest


def parts(app: AppTest) -> list[dict[str, Any]]:
    """The facts of every part of ours that runs in the browser."""
    return [json.loads(_facts(element.proto)) for element in app.get("bidi_component")]


def _facts(proto: Any) -> str:
    return proto.mixed.json if proto.WhichOneof("data") == "mixed" else proto.json or "{}"


def lines(app: AppTest) -> dict[str, dict[str, Any]]:
    """By name of the form: state, lead, text, and the fields as a list."""
    found = {part["form"]: part for part in parts(app) if "form" in part}
    return {name: {**line, "fields": json.loads(line["fields"])} for name, line in found.items()}


def noted(app: AppTest) -> str:
    """What all lines of the page say."""
    return "\n".join(f"{line['lead']} · {line['text']}".strip(" ·") for line in lines(app).values())


def said(app: AppTest) -> str:
    """Every sentence on the page that tells what became of something."""
    others = (*app.error, *app.warning, *app.success, *app.info, *app.caption, *app.markdown)
    return "\n".join([noted(app), *(element.value for element in others)])


def refused(app: AppTest) -> str:
    """Why something on the page is not stored; empty where nothing waits."""
    waiting = [line["text"] for line in lines(app).values() if line["state"] not in ("saved", "idle")]
    return "\n".join([*waiting, *(element.value for element in app.error)])
