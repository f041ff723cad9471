"""One way of saving for every form: whatever a save meets is said in its line, and nothing typed goes away by it."""

from __future__ import annotations

import ast
import json
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from PIL import Image
from saving_lines import lines, parts, refused
from sqlalchemy.exc import OperationalError
from streamlit.testing.v1 import AppTest

from dashboard.domain.permissions import Actor, Role
from dashboard.ui import attempts
from dashboard.ui import session as ui_session
from dashboard.views.installation import current_version
from dashboard.views.play_areas import play_register
from db.engine import Database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Send = Callable[[AppTest, int], None]
    OpenCase = Callable[["Case"], AppTest]

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
UI = APP.with_name("ui")
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
    """A form of `page`, in the line whose name begins with `form`.

    `rival` is what a colleague stores of the same while this page is open; None where two may both be stored.
    """

    form: str
    login: str
    page: str
    send: Send
    query: tuple[tuple[str, str], ...] = ()
    rival: Send | None = None
    prepare: Callable[[AppTest], None] = lambda app: None


def visit(app: AppTest) -> None:
    fill(checked_on="1/11/2021", checked_by="Đoàn kiểm tra")(app)
    found(app.selectbox, "visit:", ":result").set_value("failed")


def choose_file(start: str, name: str, content: Callable[[], bytes]) -> Callable[[AppTest], None]:
    def choose(app: AppTest) -> None:
        found(app.file_uploader, start).set_value((name, content(), "application/octet-stream")).run()

    return choose


def photo() -> bytes:
    file = BytesIO()
    Image.new("RGB", (320, 240), "#2f7d4f").save(file, "JPEG")
    return file.getvalue()


def outlines(size: float = 0.375) -> bytes:
    """A square around the middle of each commune, of somewhat more than half its size."""
    register = play_register("vi")
    assert register is not None
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [_square(row, size) for row in register.communes.to_dicts()],
        }
    ).encode()


def _square(row: dict[str, Any], size: float) -> dict[str, Any]:
    x, y, half = row["longitude"], row["latitude"], size * sqrt(row["area_km2"]) / 111
    ring = [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]
    return {
        "type": "Feature",
        "properties": {"ma": row["code"]},
        "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
    }


def set_point(points: str) -> Send:
    def send(app: AppTest, n: int) -> None:
        found(app.text_input, "points:", ":3:maximum").set_value(points + " " * n)
        found(app.button, "btn:points:").click().run()

    return send


def add_round(year: str) -> Send:
    return press(lambda app: found(app.text_input, "round:").set_value(year), "btn:round:")


def choose_quarter(app: AppTest) -> None:
    register = play_register("vi")
    assert register is not None
    # No play area belongs to it, so that it may end.
    own = register.quarters.filter(pl.col("area_name") == "Sơn Giang", pl.col("name") == "Khu phố 5")
    found(app.selectbox, "quarter:choice:").set_value(own["quarter"][0]).run()


def count_children(children: str) -> Send:
    def send(app: AppTest, n: int) -> None:
        ending = _generation(app)
        found(app.text_input, "fld:quarter:", f":children:{ending}").set_value(children + " " * n)
        found(app.button, "fld:quarter:", f":btn-send:{ending}").click().run()

    return send


def _generation(app: AppTest) -> str:
    return str(found(app.text_input, "fld:quarter:").key).split(":")[-1]


INSTALLED = "installed"  # the administrator of an installation in which nothing is decided yet
QUARTERS = (("part", "quarters"),)
CASES = [
    Case(
        "",
        "longgiang",
        "entry",
        leave("fld:", ":numerator:0", "12"),
        (("section", "money"),),
        rival=leave("fld:", ":numerator:0", "14"),
    ),
    Case(
        "",
        "longgiang",
        "entry",
        pick("button_group", "fld:", ":answer:0"),
        rival=lambda app, _n: found(app.button_group, "fld:", ":answer:0").set_value("not_applicable").run(),
    ),
    Case(
        "step:",
        "longgiang",
        "scoring",
        press(fill(number="12/UBND", date="1/11/2021", note="-"), "btn:step:"),
        rival=press(fill(number="13/UBND", date="2/11/2021", note="-"), "btn:step:"),
    ),
    Case(
        "class:",
        "tonghop",
        "rules",
        pick("selectbox", "class:"),
        rival=lambda app, _n: pick("selectbox", "class:")(app, 1),
    ),
    Case(
        "score:",
        "longgiang",
        "scoring",
        leave("fld:score:", ":evidence:0", "Biên bản"),
        rival=leave("fld:score:", ":evidence:0", "Sổ"),
    ),
    Case(
        "place:",
        "songiang",
        "play_register",
        press(fill(address="12 đường Lê Lợi"), "fld:place:"),
        rival=press(fill(address="Số 9"), "fld:place:"),
    ),
    Case("visit:", "songiang", "play_register", press(visit, "btn:visit:")),
    Case(
        "closing:",
        "songiang",
        "play_register",
        press(fill(day="1/11/2021", reason="Sửa"), "btn:closing:"),
        rival=press(fill(day="2/11/2021", reason="Cây đổ"), "btn:closing:"),
    ),
    Case(
        "quarter:new:",
        "songiang",
        "play_register",
        press(fill(name="Khu phố 77"), "fld:quarter:"),
        QUARTERS,
    ),
    Case(
        "standard",
        "tonghop",
        "rules",
        press(fill(valid_from="1/11/2021", document="12/QĐ"), "btn:standard:"),
        rival=press(fill(valid_from="1/11/2021", document="13/QĐ"), "btn:standard:"),
    ),
    Case("report:", "thacmo", "entry", press(fill(), "btn:take-back")),
    Case("points:", INSTALLED, "rules", set_point("75"), rival=set_point("60")),
    Case("round:", INSTALLED, "rules", add_round("2027"), rival=add_round("2026")),
    Case(
        "quarter:",
        "songiang",
        "play_register",
        count_children("211"),
        QUARTERS,
        count_children("199"),
        choose_quarter,
    ),
    Case(
        "end:quarter:",
        "songiang",
        "play_register",
        press(fill(), "btn:end:quarter:"),
        QUARTERS,
        count_children("199"),
        choose_quarter,
    ),
    Case(
        "photo:",
        "songiang",
        "play_register",
        press(fill(), "btn:photo:"),
        prepare=choose_file("photo:", "san.jpg", photo),
    ),
    Case("photo:", "songiang", "play_register", press(fill(), "btn:hide:")),
    Case(
        "outlines",
        "quantri",
        "rules",
        press(fill(), "btn:outlines"),
        rival=press(
            choose_file("outlines:file", "khac.geojson", lambda: outlines(0.38)),
            "btn:outlines",
        ),
        prepare=choose_file("outlines:file", "ranh-gioi.geojson", outlines),
    ),
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


@pytest.fixture
def opened(request: pytest.FixtureRequest, registered_pages: dict[str, Any]) -> Callable[[Case], AppTest]:
    """Open the page of a case; for each call another screen."""

    def open_screen(case: Case) -> AppTest:
        if case.login == INSTALLED:
            request.getfixturevalue("administrator")
            app = AppTest.from_file(APP, default_timeout=30)
            app._registered_pages = dict(registered_pages)
            app.switch_page(f"../pages/{case.page}.py").run()
        else:
            app = request.getfixturevalue("open_page")(case.login, case.page, **dict(case.query))
        case.prepare(app)
        assert not app.exception
        return app

    return open_screen


def states(app: AppTest, form: str) -> set[str]:
    """Of the lines of such forms that have something to say."""
    return {line["state"] for name, line in lines(app).items() if name.startswith(form)}


def typed(app: AppTest) -> list[tuple[str | None, Any]]:
    return [(each.key, str(each.value).strip()) for each in (*app.text_input, *app.text_area)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.form or "figure")
def test_what_stops_a_save_is_said_in_its_line_and_the_next_try_stores_it(
    case: Case, opened: OpenCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(case)
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


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.rival], ids=lambda case: case.form or "figure"
)
def test_what_a_colleague_stored_meanwhile_is_never_overwritten_unseen(case: Case, opened: OpenCase) -> None:
    app, colleague = opened(case), opened(case)
    assert case.rival
    before = current_version()
    case.rival(colleague, 0)
    assert current_version() == before + 1
    case.send(app, 0)
    assert not app.exception
    assert current_version() == before + 1
    assert refused(app)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.form or "figure")
def test_an_ended_session_stores_nothing_and_leads_to_the_sign_in_page(
    case: Case, opened: OpenCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(case)
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
