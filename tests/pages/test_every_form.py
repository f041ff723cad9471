"""One way of saving for every form: whatever a save meets is said in its line, and nothing typed goes away by it."""

from __future__ import annotations

import ast
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from saving_lines import lines, parts
from sqlalchemy.exc import OperationalError

from dashboard.domain.permissions import Actor, Role
from dashboard.ui import attempts
from dashboard.ui import session as ui_session
from dashboard.views.installation import current_version
from db.engine import Database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streamlit.testing.v1 import AppTest

    OpenPage = Callable[..., AppTest]
    Send = Callable[[AppTest, int], None]

UI = Path(__file__).parents[2] / "dashboard" / "ui"
# Neither a form nor a save of anything that is typed.
NO_FORM = {"set_account_language"}
VIEWER = Actor(1, "lanhdao", "Lãnh đạo", Role.viewer)


def found(controls: Any, start: str, end: str = "") -> Any:
    """The one control of `controls` whose key begins and ends so."""
    fitting = [each for each in controls if str(each.key).startswith(start) and str(each.key).endswith(end)]
    assert fitting, [each.key for each in controls]
    return fitting[0]


def leave(start: str, end: str, text: str) -> Send:
    """Leave a text field that is saved as it is left; each time with another text of the same meaning."""
    return lambda app, n: found((*app.text_input, *app.text_area), start, end).set_value(text + " " * n).run()


def press(fill: Callable[[AppTest], None], start: str) -> Send:
    def send(app: AppTest, _n: int) -> None:
        fill(app)
        found(app.button, start).click().run()

    return send


def fill(**texts: str) -> Callable[[AppTest], None]:
    """Type into the text fields whose keys end with these names."""

    def typed(app: AppTest) -> None:
        for name, text in texts.items():
            fields = (*app.text_input, *app.text_area)
            matching = [
                each
                for each in fields
                if str(each.key).split(":")[-1] == name or f":{name}:" in str(each.key)
            ]
            assert matching, name
            matching[0].set_value(text)

    return typed


def pick(controls: str, start: str, end: str = "") -> Send:
    """Choose in a list or a row of buttons that is saved as it is chosen; each time another option."""

    def send(app: AppTest, n: int) -> None:
        control = found(app.get(controls), start, end)
        if controls == "selectbox":
            control.select_index((control.index or 0) + 1 if n % 2 == 0 else 0).run()
        else:
            control.set_value(("yes", "no", "yes")[n]).run()

    return send


@dataclass(frozen=True)
class Case:
    """A form of `page`, in the line whose name begins with `form`."""

    form: str
    login: str
    page: str
    send: Send
    query: tuple[tuple[str, str], ...] = ()


def visit(app: AppTest) -> None:
    fill(checked_on="1/11/2021", checked_by="Đoàn kiểm tra")(app)
    found(app.selectbox, "visit:", ":result").set_value("failed")


CASES = [
    Case("", "longgiang", "entry", leave("fld:", ":numerator:0", "12"), (("section", "money"),)),
    Case("", "longgiang", "entry", pick("button_group", "fld:", ":answer:0")),
    Case(
        "step:",
        "longgiang",
        "scoring",
        press(fill(number="12/UBND", date="1/11/2021", note="-"), "btn:step:"),
    ),
    Case("class:", "tonghop", "rules", pick("selectbox", "class:")),
    Case("score:", "longgiang", "scoring", leave("fld:score:", ":evidence:0", "Biên bản")),
    Case("place:", "songiang", "play_register", press(fill(address="12 đường Lê Lợi"), "fld:place:")),
    Case("visit:", "songiang", "play_register", press(visit, "btn:visit:")),
    Case("closing:", "songiang", "play_register", press(fill(day="1/11/2021", reason="Sửa"), "btn:closing:")),
    Case(
        "quarter:new:",
        "songiang",
        "play_register",
        press(fill(name="Khu phố 77"), "fld:quarter:"),
        (("part", "quarters"),),
    ),
    Case(
        "standard", "tonghop", "rules", press(fill(valid_from="1/11/2021", document="12/QĐ"), "btn:standard:")
    ),
    Case("report:", "thacmo", "entry", press(fill(), "btn:take-back")),
]


@contextmanager
def no_writing(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every write meets a fault of the database."""

    @contextmanager
    def refused(_self: Database, **_who: object) -> Iterator[None]:
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))
        yield

    with patch.context() as patched:
        patched.setattr(Database, "write", refused)
        yield


def opened(case: Case, open_page: OpenPage) -> AppTest:
    return open_page(case.login, case.page, **dict(case.query))


def states(app: AppTest, form: str) -> set[str]:
    """Of the lines of such forms that have something to say."""
    return {line["state"] for name, line in lines(app).items() if name.startswith(form)}


def typed(app: AppTest) -> list[tuple[str | None, Any]]:
    return [(each.key, str(each.value).strip()) for each in (*app.text_input, *app.text_area)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.form or "figure")
def test_what_stops_a_save_is_said_in_its_line_and_the_next_try_stores_it(
    case: Case, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(case, open_page)
    before = current_version()
    with monkeypatch.context() as patched:
        patched.setattr(attempts, "actor_now", lambda: VIEWER)
        case.send(app, 0)
    assert not app.exception
    assert "refused" in states(app, case.form)
    held = typed(app)
    with no_writing(monkeypatch):
        case.send(app, 1)
    assert not app.exception
    assert "failed" in states(app, case.form)
    assert typed(app) == held
    assert current_version() == before
    case.send(app, 2)
    assert not app.exception
    assert current_version() == before + 1
    assert not states(app, case.form) & {"failed", "refused"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.form or "figure")
def test_an_ended_session_stores_nothing_and_leads_to_the_sign_in_page(
    case: Case, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(case, open_page)
    before = current_version()
    monkeypatch.setattr(ui_session, "session_token", lambda: "nobody")
    case.send(app, 0)
    assert not app.exception
    assert current_version() == before
    assert any(part.get("ended") for part in parts(app))
    assert not app.text_input


def test_every_write_of_a_screen_goes_through_the_one_way() -> None:
    """An action called besides `attempt` would let a fault of the database pass by its form."""
    beside = []
    for path in sorted(UI.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        actions = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("dashboard.actions.")
            for alias in node.names
            if (alias.asname or alias.name)[0].islower()
        } - NO_FORM
        allowed = {id(call) for call in ast.walk(tree) for call in _within_attempt(call)}
        beside += [
            f"{path.name}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in actions
            and id(node) not in allowed
        ]
    assert beside == []


def _within_attempt(node: ast.AST) -> Iterator[ast.AST]:
    """What a call of `attempt` carries out: its lambda, or a function whose first argument is who acts."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "attempt":
        yield from ast.walk(node)
    if isinstance(node, ast.FunctionDef) and node.args.args[:1] and node.args.args[0].arg == "actor":
        yield from ast.walk(node)
