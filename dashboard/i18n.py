"""Words in two languages. The Vietnamese text is the message id, so a missing translation still reads Vietnamese.

The language belongs to the running thread or task: set it once where a request or a script run begins.
"""

from __future__ import annotations

import gettext as gettext_module
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from collections.abc import Iterator

Language = Literal["vi", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("vi", "en")
DEFAULT: Final[Language] = "vi"
CATALOGUES = Path(__file__).with_name("locale")

_language: ContextVar[Language] = ContextVar("language", default=DEFAULT)


def known_language(text: str | None) -> Language:
    """`text` where it names one of our languages, the default otherwise: it comes from an address bar."""
    return next((language for language in LANGUAGES if language == text), DEFAULT)


def current_language() -> Language:
    return _language.get()


def set_language(language: Language) -> None:
    _language.set(language)


@contextmanager
def in_language(language: Language) -> Iterator[None]:
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def _translations(language: Language) -> gettext_module.NullTranslations:
    # Compiled in memory from the readable file: no compiled catalogue can be older than its source.
    path = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return gettext_module.NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext_module.GNUTranslations(compiled)


def _(message: str) -> str:
    return _translations(current_language()).gettext(message)


def pgettext(context: str, message: str) -> str:
    return _translations(current_language()).pgettext(context, message)


def ngettext(singular: str, plural: str, n: int) -> str:
    return _translations(current_language()).ngettext(singular, plural, n)
