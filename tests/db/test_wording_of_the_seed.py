"""New words of the seed reach installations that are in use, unless an office has words of its own there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from dashboard.domain.permissions import Actor, Role
from dashboard.views.entry import entry_sheet
from db.changes import data_version
from db.tables import ChecklistItem, Split
from seed.catalogue import FOLDER
from seed.demonstration import load_demonstration
from seed.plan import load_plan
from seed.registers import read_registers

if TYPE_CHECKING:
    from db.engine import Database

REWORDED = [item for item in read_registers(FOLDER).checklist if item.formerly_vi]


def checklist(database: Database) -> dict[str, tuple[str, str]]:
    with database.read() as session:
        rows = session.execute(select(ChecklistItem.slug, ChecklistItem.text_vi, ChecklistItem.text_en)).all()  # type: ignore[call-overload]
    return {slug: (vi, en) for slug, vi, en in rows}


def age(database: Database) -> None:
    """Put the words of the version before into an installation."""
    with database.write() as transaction:
        session = transaction.session
        for item in REWORDED:
            former = {"text_vi": item.formerly_vi, "text_en": item.formerly_en}
            session.execute(update(ChecklistItem).where(col(ChecklistItem.slug) == item.slug).values(former))
        labels = dict.fromkeys(("numerator_vi", "numerator_en", "denominator_vi", "denominator_en"), "")
        session.execute(update(Split).values(labels))


def test_an_installation_in_use_gets_the_new_words_once(database: Database) -> None:
    load_plan()
    new = checklist(database)
    age(database)
    assert checklist(database) != new
    load_plan()
    assert checklist(database) == new
    with database.read() as session:
        version = data_version(session)
        split = session.scalars(select(Split).where(col(Split.slug) == "hiv-aids")).one()
    assert split.numerator_vi == "Số trẻ em nhiễm HIV/AIDS"
    load_plan()
    with database.read() as session:
        assert data_version(session) == version


def test_words_of_an_office_s_own_stay(sqlite_database: Database) -> None:
    load_plan()
    age(sqlite_database)
    own = REWORDED[0].slug
    with sqlite_database.write() as transaction:
        transaction.session.execute(
            update(ChecklistItem).where(col(ChecklistItem.slug) == own).values(text_vi="Sân phẳng")
        )
        transaction.session.execute(
            update(Split).where(col(Split.slug) == "hiv-aids").values(numerator_vi="Số em có HIV")
        )
    load_plan()
    assert checklist(sqlite_database)[own][0] == "Sân phẳng"
    with sqlite_database.read() as session:
        split = session.scalars(select(Split).where(col(Split.slug) == "hiv-aids")).one()
    assert split.numerator_vi == "Số em có HIV"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_field_of_a_part_asks_for_the_whole(sqlite_database: Database, language: str) -> None:
    load_demonstration()
    office = Actor(1, "x", "x", Role.town_officer)
    sheet = entry_sheet(office, 2021, "year", language)  # type: ignore[arg-type]
    assert sheet is not None
    lines = sheet.lines.unique(["code", "slug"]).to_dicts()
    wholes = {line["code"]: line for line in lines if line["slug"] == "all"}
    parts = [line for line in lines if line["slug"] != "all"]
    assert len(parts) > 30
    for line in parts:
        named = [line["numerator_label"], line["denominator_label"]]
        assert line["split_name"] not in named
        whole = wholes.get(line["code"])
        assert whole is None or named != [whole["numerator_label"], whole["denominator_label"]]
    asked = [(line["code"], line["numerator_label"]) for line in parts]
    assert len(set(asked)) == len(asked)
    labels = {line["numerator_label"] for line in parts if line["code"] == "M3"}
    word = "nhiễm HIV/AIDS" if language == "vi" else "children with HIV/AIDS"
    assert any(word in label for label in labels)
    assert not any("Tổng số" in label or "All children" in label for label in labels)
