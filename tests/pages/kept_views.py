"""What Streamlit's caches hold of the demonstration, kept from test to test while nobody has written to it.

Each test begins with empty caches, as a server does, and most only look: they would all read the same figures and draw
the same charts again. From a test's first write on, and in a test that patches something, everything is worked out as
in the program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streamlit.runtime.caching.cache_utils import CachedFunc

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from streamlit.runtime.caching.cache_utils import Cache, CachedResult

_compute = CachedFunc._handle_cache_miss


class KeptViews:
    """Stands before the functions that `st.cache_resource` wraps."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, str], CachedResult[Any]] = {}
        self._log: Path | None = None

    def begin(self, database: Path, request: pytest.FixtureRequest) -> None:
        """A test begins with `database`, a fresh copy of the demonstration."""
        self._log = None if patches(request) else database.with_name(f"{database.name}-wal")

    def end(self) -> None:
        self._log = None

    def is_untouched(self) -> bool:
        """Whether this test's database is still the demonstration: whatever is written goes to SQLite's log first."""
        return self._log is not None and (not self._log.exists() or self._log.stat().st_size == 0)

    def compute(
        self,
        cached: CachedFunc[..., Any],
        cache: Cache[Any],
        key: str,
        arguments: tuple[Any, ...],
        names: dict[str, Any],
    ) -> Any:
        place = (cached._info.func, key)
        if not self.is_untouched():
            return _compute(cached, cache, key, arguments, names)
        if place not in self._kept:
            value = _compute(cached, cache, key, arguments, names)
            if self.is_untouched():
                self._kept[place] = cache.read_result(key)
            return value
        kept = self._kept[place]
        cache.write_result(key, kept.value, kept.messages)
        return kept.value


def patches(request: pytest.FixtureRequest) -> bool:
    """Whether a test, or a fixture of its own, changes the program: then nothing of it is kept or taken over."""
    fixtures = request.node._fixtureinfo.name2fixturedefs
    asking = {name for name, found in fixtures.items() if "monkeypatch" in found[-1].argnames}
    direct = request.node._fixtureinfo.argnames
    return "monkeypatch" in direct or bool(asking - {"open_page"})
