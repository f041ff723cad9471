"""Every page, for each role that sees other things, over a database in which all words hold signs of Markdown.

Each text column that a person or a document fills carries the same signs with the column's own name; what reaches
the browser to be read as Markdown is searched for them. A sentence that shows one unescaped names the column.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf.descriptor import FieldDescriptor
from sqlalchemy import CheckConstraint, String, delete, select, text, update
from sqlmodel import AutoString, SQLModel, col

from dashboard.actions.figures import Cell, Value, record_figure
from dashboard.domain.permissions import Actor, Role
from dashboard.ui.as_written import as_written
from db.tables import Account, Area, Figure, Indicator, Period, Split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from google.protobuf.message import Message
    from streamlit.testing.v1 import AppTest

    from db.engine import Database

# Words of the program itself and marks of its own making: nobody can put another word there.
CODES = {
    *(
        "agency.slug",
        "area.slug",
        "area.kind",
        "area.code",
        "checklist_item.slug",
        "split.slug",
        "period.part",
    ),
    *("account.login", "account.role", "account.password_hash", "account.language"),
    *(
        "sign_in_attempt.login",
        "sign_in_attempt.address",
        "login_session.token_hash",
        "login_session.address",
    ),
    *("indicator.code", "indicator.kind", "indicator.grouping", "indicator.scope", "indicator.direction"),
    *(
        "indicator.splits_rule",
        "indicator.derived_from",
        "indicator.lead_certainty",
        "criterion_item.indicator_code",
        "target.kind",
    ),
    *(
        "commune_class.commune_class",
        "recognition_threshold.commune_class",
        "assessment.state",
        "report.state",
    ),
    *("assessment_step.step", "figure_entry.answer", "figure_entry.token", "figure.answer"),
    *("play_area.code", "play_area.kind", "play_area.funding", "play_area.condition", "play_area.token"),
    *("play_area.equipment_condition", "quarter.kind", "play_photo.sha256", "safety_check.result"),
    *("safety_check.token", "score.side", "score_entry.side", "score_entry.token", "outlines.content"),
    *("change.actor_login", "change.action", "change.subject", "change.subject_id", "change.previous_hash"),
    # JSON of the log and of a visit: shown in tables alone, which escape what they hold.
    *("change.hash", "change.before", "change.after", "safety_check.answers"),
}
# What Streamlit shows without reading Markdown in it, or does not show.
PLAIN = {
    *("id", "form_id", "query_param_key", "type", "url", "icon", "tag", "anchor", "divider", "element_id"),
    *("alt", "alt_text", "spec", "default", "value", "raw_value", "raw_values", "placeholder", "page", "key"),
    *("page_script_hash", "query_string", "deferred_file_id", "autocomplete", "css", "validate_message"),
    *("html_content", "js_content", "css_content", "selection_mode", "content_icon", "json", "theme"),
}
# (kind of element, field): the same name is Markdown elsewhere.
PLAIN_OF = {
    ("selectbox", "options"),
    ("multiselect", "options"),
    ("html", "body"),
    ("text", "body"),
    ("bidi_component", "*"),
}
SEEN = (
    *(("overview", login, {}) for login in ("lanhdao", "songiang", "tonghop")),
    *(("entry", login, {}) for login in ("songiang", "giaoduc", "tonghop")),
    *(("child_friendly", login, {}) for login in ("lanhdao", "longgiang")),
    *(("scoring", login, {}) for login in ("songiang", "longgiang", "tonghop")),
    *(("play_areas", login, {}) for login in ("lanhdao", "vanhoa")),
    *(("play_register", "songiang", {"part": part}) for part in ("places", "quarters", "excel")),
    *(("play_register", "vanhoa", {"part": "places"}), ("rules", "tonghop", {}), ("rules", "quantri", {})),
    ("scoring", "tonghop", {"side": "appraised", "round": "2019"}),
    ("overview", "tonghop", {"lang": "en"}),
    ("play_register", "thacmo", {"lang": "en"}),
)


def columns() -> list[str]:
    return [
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, AutoString | String)
    ]


def listed() -> set[str]:
    """Columns whose words the database itself holds to a list."""
    return {
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        for rule in table.constraints
        if isinstance(rule, CheckConstraint) and re.match(rf"{column.name} IN \(", str(rule.sqltext))
    }


WORDS = [name for name in columns() if name not in CODES | listed()]


def signs(column: str) -> str:
    return f" *{column}* [{column}](http://vi.du) :red[{column}] ${column}$ `{column}` ~{column}~ <b>{column}</b>"


RAW = re.compile(r"(?:\*|\[|:red\[|\$|`|~|<b>)(?P<column>\w+\.\w+)(?:\*|\]|\$|`|~|</b>)")


def test_every_column_with_words_is_known() -> None:
    """A new column holds words until somebody says that it holds a code."""
    assert set(columns()) >= CODES
    assert len(WORDS) > 60


@pytest.fixture
def signed(demonstration: Database) -> Database:
    """The demonstration with signs in every word. Its guards are taken away first: nothing may be rewritten else."""
    with demonstration.engine.begin() as connection:
        guards = (
            connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        )
        for guard in guards:
            connection.exec_driver_sql(f'DROP TRIGGER "{guard}"')
        for name in WORDS:
            table, column = name.split(".")
            written = SQLModel.metadata.tables[table].c[column]
            connection.execute(update(written.table).values({column: written + signs(name)}))
    return demonstration


def markdown(message: Message, kind: str = "") -> Iterator[tuple[str, str]]:
    """(kind.field, text) of everything in an element that the browser reads as Markdown."""
    for field, value in message.ListFields():
        if field.name in PLAIN or {(kind, field.name), (kind, "*")} & PLAIN_OF:
            continue
        values = value if field.is_repeated else [value]
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            if field.message_type.GetOptions().map_entry:
                continue
            for each in values:
                yield from markdown(each, kind or field.name)
        elif field.type == FieldDescriptor.TYPE_STRING:
            yield from ((f"{kind}.{field.name}", each) for each in values)


def read_as_markdown(app: AppTest) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []

    def look(node: Any) -> None:
        proto = getattr(node, "proto", None)
        if proto is not None:
            found.extend(markdown(proto, getattr(node, "type", "")))
        for child in getattr(node, "children", {}).values():
            look(child)

    look(app._tree)
    return found


def unescaped(app: AppTest) -> set[str]:
    return {
        f"{match['column']} in {place}: {body[:90]!r}"
        for place, body in read_as_markdown(app)
        for match in RAW.finditer(body)
    }


@pytest.mark.parametrize(("page", "login", "query"), SEEN, ids=str)
def test_no_page_reads_people_s_words_as_markdown(
    page: str, login: str, query: dict[str, str], signed: Database, open_page: Callable[..., AppTest]
) -> None:
    app = open_page(login, page, **query)
    shown = read_as_markdown(app)
    assert any("." in body for _place, body in shown)
    assert unescaped(app) == set()


def test_those_who_have_not_answered_are_named_letter_by_letter_in_a_key_figure(
    signed: Database, open_page: Callable[..., AppTest]
) -> None:
    """In 2020 play areas were reported by the communes; what stands behind the question mark is Markdown too."""
    places = select(Split.id).join(Indicator).where(Indicator.derived_from == "play_areas")  # type: ignore[call-overload]
    years = select(Period.id).where(Period.year == 2020)  # type: ignore[call-overload,arg-type]
    with signed.engine.begin() as connection:
        connection.execute(
            delete(Figure).where(col(Figure.split_id).in_(places), col(Figure.period_id).in_(years))
        )
    app = open_page("lanhdao", "overview", year="2020")
    notes = [metric.proto.help for metric in app.metric]
    assert any(as_written(signs("area.name").strip()) in note for note in notes), notes
    assert unescaped(app) == set()


def test_whoever_saved_first_is_named_letter_by_letter(
    signed: Database, open_page: Callable[..., AppTest]
) -> None:
    app = open_page("longgiang", "entry")
    upper, lower = app.text_input[:2]
    with signed.read() as session:
        account = session.scalars(select(Account).where(col(Account.login) == "tonghop")).one()
        area = session.scalars(select(col(Area.id)).where(col(Area.slug) == "long-giang")).one()
        split = session.scalars(
            select(col(Split.id))
            .join(Indicator)
            .where(col(Indicator.code) == "T2a", col(Split.slug) == "all")
        ).one()
        period = session.scalars(
            select(col(Period.id)).where(col(Period.year) == 2021, col(Period.part) == "year")
        ).one()
    record_figure(
        actor=Actor(account.id or 0, account.login, account.name, Role.town_officer),
        cell=Cell(split or 0, area or 0, period or 0),
        value=Value("figure", 470, 490),
        base_version=0,
        token="other",
    )
    upper.set_value("485").run()
    app.text_input(key=lower.key).set_value("490").run()
    assert as_written(account.name) in app.warning[-1].value
    assert unescaped(app) == set()


@pytest.mark.parametrize("login", ["lanhdao", "tonghop"])
def test_no_explanation_of_a_cell_reads_people_s_words_as_markdown(
    login: str, signed: Database, open_page: Callable[..., AppTest]
) -> None:
    """Reasons of figures, names of places, the standard, definitions, references: for a commune and for the town."""
    app = open_page(login, "overview")
    codes = app.selectbox(key="explain:indicator").options
    areas = app.selectbox(key="explain:area").options
    found: set[str] = set()
    shown = ""
    for code in codes:
        for area in (areas[2], areas[-1]):
            app.selectbox(key="explain:indicator").select(code)
            app.selectbox(key="explain:area").select(area).run()
            assert not app.exception
            found |= unescaped(app)
            shown += "".join(body for _place, body in read_as_markdown(app))
    assert found == set()
    told = ("figure_entry.reason", "play_area.name", "play_standard.document", "reference.source_vi")
    assert [name for name in told if as_written(name) not in shown] == []
