"""What people type and read goes through our own readers and writers, not through the framework's guesses."""

from __future__ import annotations

import ast

import pytest
from catalogue import ROOT

SCREENS = sorted([*(ROOT / "pages").glob("*.py"), *(ROOT / "dashboard").rglob("*.py")])
# They keep the value before where they cannot use what was typed, or read "12,5" as 125; see deploy/decisions/0603.
GUESSING = {"date_input", "datetime_input", "time_input", "number_input", "data_editor"}


def attributes(source: str) -> set[str]:
    return {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_widget_reads_dates_or_numbers_for_us(path: object) -> None:
    assert not attributes(path.read_text(encoding="utf-8")) & GUESSING  # type: ignore[attr-defined]


# Calls of Streamlit that read Markdown in their texts (lists of options, placeholders and st.text do not).
MARKDOWN = {
    "badge", "button", "caption", "checkbox", "download_button", "error", "expander", "file_uploader",
    "form_submit_button", "header", "info", "link_button", "markdown", "metric", "page_link", "pills", "popover", "radio",
    "segmented_control", "selectbox", "spinner", "status", "subheader", "success", "tabs", "text_area", "text_input",
    "title", "toast", "toggle", "warning", "write",
}  # fmt: skip
ESCAPING = {"as_written", "lines_as_written"}
# Fields that hold words of a person, a document or a file, as rows and refusals name them.
PEOPLES_FIELDS = {
    "name", "full_name", "short", "area_name", "quarter_name", "split_name", "class_name", "lead_name", "rule_set_name",
    "definition", "source", "note", "notes", "text", "basis", "document", "reason", "caption", "evidence", "by",
    "checked_by", "entered_by", "changed_by", "added_by", "taken_by", "numerator_label", "denominator_label", "unit",
    "address", "manager", "sentence", "sentences", "title",
}  # fmt: skip


def unescaped(source: str) -> list[str]:
    """Texts of people that go straight into a call that reads Markdown. What comes by way of a variable or of a
    function is not found here: tests/pages/test_words_as_written.py looks at what is shown."""
    found = []
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Attribute) and call.func.attr in MARKDOWN:
            texts = [*call.args[:1], *(each.value for each in call.keywords if each.arg in ("help", "label"))]
            found += [ast.unparse(text) for text in texts if _holds_words(text)]
    return found


def _holds_words(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in ESCAPING:
            return False
        # Headings of forms are words of our own, by the field that they stand over.
        case ast.Subscript(value=ast.Name(id="headings") | ast.Call(func=ast.Name(id="column_headings"))):
            return False
        case ast.Subscript(slice=ast.Constant(value=str(field))) | ast.Attribute(attr=field) if (
            field in PEOPLES_FIELDS
        ):
            return True
    return any(_holds_words(child) for child in ast.iter_child_nodes(node))


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: str(path.relative_to(ROOT)))
def test_people_s_words_are_escaped_where_markdown_is_read(path: object) -> None:
    assert unescaped(path.read_text(encoding="utf-8")) == []  # type: ignore[attr-defined]


def test_an_unescaped_word_would_be_found() -> None:
    assert unescaped("st.caption(f\"{row['note']} x\")")
    assert unescaped('st.error(_("{who}").format(who=refused.by))')
    assert unescaped("st.button('x', help=row['source'])")
    assert not unescaped("st.caption(as_written(row['note']))")
    assert not unescaped("st.markdown(f\"**{as_written(row['name'])}**\")")
