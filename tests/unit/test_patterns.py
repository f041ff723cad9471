"""No expression of ours runs away: whatever is looked through, twice the text is about twice the work.

Every pattern in the code is found, and put to use as it is used there, on long texts made of its own signs.
"""

from __future__ import annotations

import ast
import gc
import importlib
import re
import signal
from collections import deque
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="there is no clock of a process's work"
)

ROOT = Path(__file__).parents[2]
FOLDERS = ("dashboard", "db", "seed", "pages")
METHODS = ("search", "match", "fullmatch", "findall", "finditer", "sub", "split")
# A pattern that looks through the rest at every sign needs 3,200,000,000 steps here, seconds of work; one that
# does not some 80,000, a tenth of a second at most.
LETTERS = 80_000
GUARD_SECONDS = 1.0


def modules() -> Iterator[tuple[str, ast.Module]]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def compiled_as(tree: ast.Module) -> dict[str, ast.Call]:
    """Name -> the call of re.compile that it stands for."""
    found = {}
    for node in ast.walk(tree):
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.Call) and is_of_re(value, ("compile",)):
            found[target.id] = value
    return found


def is_of_re(call: ast.Call, names: tuple[str, ...]) -> bool:
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
        and function.attr in names
    )


def uses(tree: ast.Module, name: str) -> set[str]:
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name | ast.Attribute)
        and (node.value.id if isinstance(node.value, ast.Name) else node.value.attr) == name
        and node.attr in METHODS
    }


def patterns() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes], str]]:
    """Where it stands, the pattern, and how it is used."""
    everything = list(modules())
    for path, tree in everything:
        for name in compiled_as(tree):
            module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
            pattern = getattr(module, name)
            # Used elsewhere too, under the same name.
            ways = set().union(*(uses(other, name) for _path, other in everything))
            for way in sorted(ways) or ["search"]:
                yield f"{path} {name}", pattern, way
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and is_of_re(node, METHODS)
                and isinstance(node.args[0], ast.Constant)
            ):
                yield f"{path} line {node.lineno}", re.compile(node.args[0].value), node.func.attr  # type: ignore[attr-defined]


FOUND = list(patterns())


def pieces(pattern: re.Pattern[str] | re.Pattern[bytes]) -> list[str]:
    """Signs of the pattern itself, single and in short rows, and some that stand for classes of signs."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    plain = re.sub(r"\\[a-zA-Z]|[\\^$()\[\]{}?*+|]", " ", text)
    words = [word for word in plain.split() if word][:8]
    own = [sign for sign in dict.fromkeys(plain) if sign != " "][:12]
    rows = [f"{a}{b}" for a in words[:4] for b in words[:4] if a != b]
    return [*"a1 .,:-/<\"'[(=\u0300o", "1.", "1,", "a:", "o\u0300", "u\u0300", *own, *words, *rows]


class RunsAwayError(Exception):
    pass


@contextmanager
def guard() -> Iterator[None]:
    """Ends what runs away; counts this process's own work alone, so that a busy machine is no fault."""

    def end(_signal: int, _frame: object) -> None:
        raise RunsAwayError

    before = signal.signal(signal.SIGVTALRM, end)
    # Collecting what other tests left behind may take longer than the work that is counted here.
    gc.disable()
    signal.setitimer(signal.ITIMER_VIRTUAL, GUARD_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        gc.enable()
        signal.signal(signal.SIGVTALRM, before)


def runs_away(pattern: re.Pattern[str] | re.Pattern[bytes], way: str, text: str) -> bool:
    subject: str | bytes = text.encode("utf-8", "replace") if isinstance(pattern.pattern, bytes) else text
    try:
        with guard():
            result = (
                pattern.sub(subject[:0], subject)  # type: ignore[arg-type]
                if way == "sub"
                else getattr(pattern, way)(subject)
            )
            if way == "finditer":
                deque(result, maxlen=0)
    except RunsAwayError:
        return True
    return False


@pytest.mark.parametrize(
    ("place", "pattern", "way"), FOUND, ids=[f"{place}-{way}" for place, _p, way in FOUND]
)
def test_a_pattern_looks_at_each_sign_about_once(
    place: str, pattern: re.Pattern[str] | re.Pattern[bytes], way: str
) -> None:
    for piece in pieces(pattern):
        text = (piece * (LETTERS // len(piece) + 1))[:LETTERS] + "\0"
        assert not runs_away(pattern, way, text), f"{place}: {pattern.pattern!r} on {piece!r}"


def test_the_patterns_of_the_code_are_found() -> None:
    assert len(FOUND) > 20


@pytest.mark.parametrize(
    ("pattern", "piece"),
    [(r"(?:.*[:/])?EPSG(?:[:/].*)?[:/]4326", "EPSG:"), (r"a*b", "a")],
)
def test_a_pattern_that_runs_away_is_noticed(pattern: str, piece: str) -> None:
    assert runs_away(re.compile(pattern), "search", piece * (LETTERS // len(piece)) + "\0")
