"""People's words where Streamlit reads Markdown: what is shown is what was written, letter by letter."""

from __future__ import annotations

import re
from unicodedata import category

# An element without text and without style, which keeps what stands before it and after it apart. Some signs are
# looked for after Markdown has been read, in every run of plain text (addresses to link, `:emoji:`,
# `:material/icon:`, arrows made of "->"), so that no way of writing one sign hides them.
APART = ":color[]"
_INSIDE = re.compile(r"(?<=:)(?![^\S\t\n\r])|(?<=@)|(?<=www)(?=\.)|(?<=[-<>=~])(?=[-<>=~])", re.IGNORECASE)
# A list, a number of a list, a code block or the line under a heading begins with these at the start of a line;
# blanks at the end of a word keep `**…**` around it from being bold.
_EDGES = re.compile(r"\A\s*\d*[-+=.)]?|\s+\Z")
_SIGNS = "\\`*_{}[]<>#~|&$@\t\n\r"
# Would turn round the order of the letters after them as well: of the next person's number.
_DIRECTION = frozenset(map(chr, (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))


def _written(sign: str) -> str:
    """One sign as Markdown takes it for nothing but itself."""
    if sign in _DIRECTION:
        return ""
    if sign in _SIGNS:
        return _reference(sign)
    return "\N{REPLACEMENT CHARACTER}" if category(sign) in ("Cc", "Cs") else sign


def _reference(sign: str) -> str:
    return f"&#{ord(sign)};"


def as_written(text: str) -> str:
    """Words of a person, a document or a file, for st.markdown, a label, a help text: shown as they were written.

    No link, formula, colour, icon, list, heading or emphasis comes of them, whatever stands round them in the
    sentence. A line break is shown as a blank, signs of control as "�"; signs that turn the direction of writing
    are left out. Not for st.badge, which escapes our brackets; not for what is shown without Markdown (options of a
    select box, placeholders, tables, charts), where these signs would be seen. Sentences are kept plain until they are
    shown: whoever shows one escapes it as a whole.
    """
    return _EDGES.sub(_bare_edge, APART.join(map(_piece, _INSIDE.split(text))))


def lines_as_written(*sentences: str) -> str:
    """Several of them, each on a line of its own."""
    return "  \n".join(map(as_written, sentences))


def _piece(text: str) -> str:
    words = "".join(map(_written, text))
    # A colon before a blank is one; before anything else, where the text was parted, it might begin a name.
    return f"{words[:-1]}{_reference(':')}" if words.endswith(":") else words


def _bare_edge(found: re.Match[str]) -> str:
    return "".join(sign if sign.isdigit() else _reference(sign) for sign in found[0])
