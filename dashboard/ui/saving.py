"""The saving line: what became of what was typed, beside the fields of every form.

The server says what it last received and what it did with it; the browser (saving.js) holds that against what stands
in the fields now. So “✓ đã lưu” is never read beside a text that is not stored, whatever happens to the line, the
server, the database or the session in between.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from dashboard.clock import local
from dashboard.i18n import _
from dashboard.ui.opened import Conflict, Failed, Kept, Over, Refused, Unfinished, settled_count

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dashboard.ui.opened import Note

HERE: Final = Path(__file__).parent
# All of the work is done once for the page (saving.js); a line brings no more than its place and its facts.
LINE_SCRIPT: Final = """
export default function (part) {
  const keeper = (window.dashboardSaving ??= { waiting: [] });
  if (keeper.line) return keeper.line(part);
  keeper.waiting.push(part);
  return () => keeper.leave?.(part.parentElement);
}
"""

_line = st.components.v2.component(
    "saving_line", html='<div class="saving-place"></div>', js=LINE_SCRIPT, isolate_styles=False
)
_keeper = st.components.v2.component(
    "saving_keeper",
    html="<span hidden></span>",
    js=HERE.joinpath("saving.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form as the browser finds it.

    `name` is the same for every generation of the form, `key` the widget's. `received` is the text that the server
    knows of the field, `stored` the text that it shows for what is stored. `choices` leads from the words of a list
    to what the list means.
    """

    name: str
    key: str
    heading: str
    received: str
    stored: str
    choices: Mapping[str, Any] | None = None

    def put(self, text: str) -> None:
        """Put `text` into the field: before it is drawn, and only what the field can hold."""
        if self.choices is None:
            st.session_state[self.key] = text
        elif text in self.choices:
            st.session_state[self.key] = self.choices[text]


@dataclass(frozen=True, slots=True)
class Form:
    """What a line must know of its form.

    `name` tells it from all other forms of the installation and stays the same over restarts: drafts are kept under
    it. `base` is the version that the person sees. `send` is the key of the button that sends the fields together;
    empty where each field is saved when it is left. `again` saves what stands in the fields. `also` names forms whose
    fields are gone from the screen once they are stored.
    """

    name: str
    fields: Sequence[Field] = ()
    base: int = 0
    send: str = ""
    again: Callable[[], None] | None = None
    also: Sequence[str] = ()


def begin(key: str, value: Any) -> None:
    """Give a field its first value, by way of the session state.

    After a lost session the browser sends again what stood in the fields. This value wins over it: such a text was
    typed over an older version, and is offered as a draft instead.
    """
    if key not in st.session_state:
        st.session_state[key] = value


def text_field(name: str, key: str, heading: str, stored: str) -> Field:
    """A text field or text area that `begin` has begun."""
    return Field(name, key, heading, str(st.session_state.get(key) or ""), stored)


def choice_field(name: str, key: str, heading: str, choices: Mapping[str, Any], stored: Any) -> Field:
    """A list, a row of buttons or a tick; `choices` from the words on the screen to the values."""
    words = {value: word for word, value in choices.items()}
    chosen = st.session_state.get(key)
    return Field(name, key, heading, words.get(chosen, ""), words.get(stored, ""), choices)


def show_saving(form: Form, note: Note | None, *, lead: str = "", text: str = "") -> None:
    """Draw the line. `lead` and `text` say what is stored, and hold where nothing waits to be stored."""
    key = f"saving:{form.name}"
    state, lead, text = _state(note, lead, text)

    def put() -> None:
        payload = (st.session_state.get(key) or {}).get("put")
        if payload:
            take_texts(form, payload)

    run = st.session_state["saving:run"] = st.session_state.get("saving:run", 0) + 1
    _line(
        key=key,
        data={
            "form": form.name,
            "state": state,
            "lead": lead,
            "text": text,
            "base": form.base,
            "send": form.send,
            "run": run,
            "noted": note is not None,
            "can_ask": form.again is not None,
            # Texts, because for a value that is no plain word or number Streamlit loads Pandas, 80 MB.
            "fields": json.dumps([_facts(field) for field in form.fields], ensure_ascii=False),
            "settled": json.dumps({name: settled_count(name) for name in (form.name, *form.also)}),
        },
        on_put_change=put if form.again else _nothing,
    )


def take_texts(form: Form, payload: str) -> None:
    """Put the texts that the browser kept into the fields of `form`, and save them as if they had been left."""
    try:
        texts = dict(json.loads(payload)["texts"])
    except (ValueError, KeyError, TypeError):
        # No page of ours sends that.
        return
    for field in form.fields:
        if isinstance(texts.get(field.name), str):
            field.put(texts[field.name])
    if form.again:
        form.again()


def note_sentence(note: Note) -> str:
    """What a note says, for what is no form of its own."""
    return " ".join(filter(None, _state(note, "", "")[1:]))


def _facts(field: Field) -> dict[str, str]:
    return {
        "name": field.name,
        "key": field.key,
        "heading": field.heading,
        "received": field.received,
        "stored": field.stored,
    }


def _state(note: Note | None, lead: str, text: str) -> tuple[str, str, str]:
    """The state as the browser knows it, and its words."""
    if isinstance(note, Refused | Unfinished):
        return ("refused" if isinstance(note, Refused) else "unfinished"), "", "\n".join(note.sentences)
    if isinstance(note, Conflict):
        return "conflict", "", _("Chưa lưu: đang chờ đồng chí chọn một trong hai bản.")
    if isinstance(note, Failed):
        sentence = _("Chưa lưu: hệ thống chưa ghi được; chữ vừa nhập vẫn còn trong ô (mã {mark}).")
        return "failed", "", sentence.format(mark=note.mark)
    if isinstance(note, Over):
        return "over", "", _("Chưa lưu: phiên làm việc đã hết; chữ vừa nhập được giữ trên máy này.")
    if isinstance(note, Kept):
        return "saved", lead or _("✓ đã lưu {time}").format(time=f"{local(note.at):%H:%M}"), note.text or text
    return ("saved" if lead else "idle"), lead, text


def mount_keeper(*, installation: str, account: int) -> None:
    """Once on each page, before its forms: the browser's part, with the words that it says by itself."""
    words = {
        "edited": _("đã sửa, chưa lưu"),
        "sending": _("đang lưu…"),
        "silent": _("Chưa lưu: máy chủ chưa trả lời; chữ vừa nhập vẫn giữ trên máy này."),
        "lost": _("Chưa lưu: mất kết nối; chữ vừa nhập vẫn giữ trên máy này."),
        "again": _("Lưu lại"),
        "offer": _("Chữ đã nhập lúc {when}, chưa được lưu:"),
        "offered": _("{heading}: “{typed}” (đã lưu: “{stored}”)"),
        "use": _("Dùng lại chữ đã nhập"),
        "drop": _("Bỏ"),
    }
    _keeper(key="saving:keeper", data={"owner": f"{installation}:{account}", **words})


def _nothing() -> None:
    """Streamlit wants a callback to know the name of a trigger."""
