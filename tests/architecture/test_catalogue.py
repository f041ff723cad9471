"""Both languages are complete: nothing untranslated, nothing left over, nothing outside the catalogue."""

from __future__ import annotations

import ast
import re
from string import Formatter

import pytest
from catalogue import ROOT, english, messages_in_source

VIETNAMESE = re.compile(r"[À-ÖØ-öø-ỹ]")
# Calls of Streamlit that show their first text to people.
SHOWING = {
    "badge", "button", "caption", "checkbox", "code", "download_button", "error", "expander", "header", "info",
    "link_button", "markdown", "metric", "multiselect", "popover", "radio", "segmented_control", "selectbox",
    "subheader", "success", "text", "text_area", "text_input", "title", "toast", "toggle", "warning", "write",
}  # fmt: skip
SCREENS = sorted(
    [*(ROOT / "pages").glob("*.py"), *(ROOT / "dashboard" / "ui").glob("*.py"), ROOT / "dashboard" / "app.py"]
)


def test_every_message_has_an_english_translation() -> None:
    catalogue = english()
    missing = []
    for (context, message), file in messages_in_source().items():
        found = catalogue.get(message if isinstance(message, str) else message[0], context)
        texts = [] if found is None else [found.string] if isinstance(found.string, str) else found.string
        if not texts or not all(texts) or (found is not None and found.fuzzy):
            missing.append(f"{file}: {message}")
    assert missing == []


def test_the_catalogue_holds_no_message_that_nobody_says() -> None:
    said = {(context, m if isinstance(m, str) else m[0]) for context, m in messages_in_source()}
    left = [
        m.id
        for m in english()
        if m.id and (m.context, m.id if isinstance(m.id, str) else m.id[0]) not in said
    ]
    assert left == []
    assert not english().obsolete


# "{n} communes" said of one; a number of which there are never one, or a letter's count in a rule, stands alone.
ONE_OF_MANY = re.compile(r"\{(?:n|number|count)\} (?:\w+ )?\w+s\b(?<!ss)(?<!has)(?<!was)(?<!is)")
ALWAYS_MANY = (
    "Xem đủ {n} thôn, khu phố",
    "ít nhất {n} ký tự",
    "nhất {n} chữ",
    "{names} và {n} xã, phường khác",
)


def test_what_is_counted_has_a_sentence_for_one() -> None:
    """English tells one from many: such a sentence goes by ngettext, or names the number after the things."""
    found = [
        message.id
        for message in english()
        if isinstance(message.id, str)
        and ONE_OF_MANY.search(message.string)
        and not any(each in message.id for each in ALWAYS_MANY)
    ]
    assert found == []


def fields(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name}


def test_translations_fill_in_the_same_values() -> None:
    different = []
    for message in english():
        if not message.id:
            continue
        source = message.id if isinstance(message.id, str) else message.id[0]
        texts = [message.string] if isinstance(message.string, str) else message.string
        different += [source for text in texts if fields(text) != fields(source)]
    assert different == []


def translated_nodes(tree: ast.AST) -> set[int]:
    """Ids of the text nodes inside a call of the catalogue."""
    calls = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("_", "ngettext", "pgettext")
    )
    return {id(child) for call in calls for child in ast.walk(call)}


def documentation(tree: ast.AST) -> set[int]:
    owners = (
        node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
    )
    first = (node.body[0] for node in owners if node.body)
    return {
        id(line.value)
        for line in first
        if isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)
    }


# The two languages are named in themselves, so that each is found by who reads only that one.
NAMES_OF_LANGUAGES = {"Tiếng Việt", "English", "Ngôn ngữ · Language"}


def stray_texts(source: str) -> list[str]:
    tree = ast.parse(source)
    known = translated_nodes(tree) | documentation(tree)
    found = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in known
        and VIETNAMESE.search(node.value)
    ]
    shown = [
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in SHOWING
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
        and re.search(r"[A-Za-z]{2}", call.args[0].value)
    ]
    return [text for text in found + shown if text not in NAMES_OF_LANGUAGES]


def asked_for(source: str) -> set[str]:
    """First texts of all calls of the catalogue, inside f-strings too, where extraction does not look."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    named = ((call.func.id, call.args) for call in calls if isinstance(call.func, ast.Name) and call.args)
    texts = (
        args[1] if name == "pgettext" else args[0]
        for name, args in named
        if name in ("_", "ngettext", "pgettext")
    )
    return {text.value for text in texts if isinstance(text, ast.Constant) and isinstance(text.value, str)}


def test_every_text_asked_of_the_catalogue_can_be_extracted() -> None:
    known = {
        message if isinstance(message, str) else message[0] for _context, message in messages_in_source()
    }
    sources = [*(ROOT / "dashboard").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
    asked = {text for path in sources for text in asked_for(path.read_text(encoding="utf-8"))}
    assert asked - known == set()


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: path.stem)
def test_no_text_for_people_stands_outside_the_catalogue(path: object) -> None:
    assert stray_texts(path.read_text(encoding="utf-8")) == []  # type: ignore[attr-defined]


def test_a_stray_text_would_be_found() -> None:
    assert stray_texts('st.title("Tổng quan")') == ["Tổng quan", "Tổng quan"]
    assert stray_texts('st.button("Save")') == ["Save"]
    assert stray_texts('st.title(_("Tổng quan"))') == []
