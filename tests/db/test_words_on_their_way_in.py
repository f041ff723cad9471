"""Names and positions as people hand them in: cleaned, matched as a reader would, held against the commune."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from play_town import Town, codes, quarter_said
from signing_in import sign_in
from sqlalchemy import update
from sqlmodel import col

from dashboard.actions.accounts import add_account
from dashboard.actions.errors import AccountRefused, InputRefused, PlaceRefused, SignInRefused
from dashboard.actions.quarters import save_quarter
from db.tables import Account, Area, PlayArea, Quarter

if TYPE_CHECKING:
    from db.engine import Database

HERE = (11.818412, 106.994876)
UNSEEN = ["\u200b", "\ufeff", "\u200e", "\u00ad", "\u2066"]
PASSWORD = "mot cau rat dai 7"


@pytest.fixture
def placed(town: Town) -> Town:
    """The commune with a middle, as an installation has it."""
    middle = {"latitude": 11.8243, "longitude": 106.9939, "area_km2": 16.9}
    with town.database.write() as transaction:
        transaction.session.execute(update(Area).values(middle))
    return town


@pytest.mark.parametrize("sign", UNSEEN)
def test_a_name_is_stored_without_what_nobody_sees(town: Town, sign: str) -> None:
    said = replace(town.description, name=f"{sign}Sân\u00a0 chơi{sign} Ðồi ")
    saved = town.save(said, token="a")
    assert town.row(saved.id).name == "Sân chơi Đồi"
    assert town.save(said, token="a") == saved
    with pytest.raises(PlaceRefused) as refused:
        town.save(replace(said, name=sign), token="b")
    assert codes(refused) == ["name_missing"]


@pytest.mark.parametrize(
    "name",
    [
        "KHU PHỐ HÒA BÌNH",
        "Khu phố Hoà Bình",
        "Khu phố\u200b Hòa Bình",
        "Khu phố Ho\u0300a Bình",
        "Khu phố  Hòa\u00a0Bình",
    ],
)
def test_another_spelling_of_a_thon_is_not_another_thon(town: Town, name: str) -> None:
    first = save_quarter(actor=town.own, description=quarter_said(town, name="Khu phố Hòa Bình"))
    before = len(town.all(Quarter))
    if name == "Khu phố  Hòa\u00a0Bình" or "\u200b" in name or "\u0300" in name:
        assert save_quarter(actor=town.own, description=quarter_said(town, name=name)) == first
    else:
        with pytest.raises(PlaceRefused) as refused:
            save_quarter(actor=town.own, description=quarter_said(town, name=name))
        assert codes(refused) == ["quarter_taken"]
        assert refused.value.problems[0].params == {"name": "Khu phố Hòa Bình"}
    assert len(town.all(Quarter)) == before


def test_a_thon_may_be_spelled_in_another_way_by_whoever_keeps_it(town: Town) -> None:
    first = save_quarter(actor=town.own, description=quarter_said(town, name="Khu phố Hòa Bình"))
    said = quarter_said(town, name="Khu phố Hoà Bình")
    assert save_quarter(actor=town.own, description=said, quarter_id=first, base_version=1) == first
    assert town.quarter_row(first).name == "Khu phố Hoà Bình"


@pytest.mark.parametrize(
    ("position", "code"),
    [
        (HERE, ""),
        ((1.818412, 106.994876), "position_far"),
        ((11.818412, 6.9), "position_far"),
        ((106.994876, 11.818412), "position_swapped"),
        ((21.0278, 105.8342), "position_far"),
    ],
)
def test_a_place_and_a_thon_lie_where_their_commune_is(
    placed: Town, position: tuple[float, float], code: str
) -> None:
    latitude, longitude = position
    place = replace(placed.description, name="Sân chơi khu phố 9", latitude=latitude, longitude=longitude)
    quarter = quarter_said(placed, name="Khu phố 9", latitude=latitude, longitude=longitude)
    before = len(placed.all(PlayArea)), len(placed.all(Quarter))
    if not code:
        assert placed.row(placed.save(place, token="a").id).latitude == latitude
        save_quarter(actor=placed.own, description=quarter)
        return
    for deed in (
        lambda: placed.save(place, token="a"),
        lambda: save_quarter(actor=placed.own, description=quarter),
    ):
        with pytest.raises(PlaceRefused) as refused:
            deed()
        assert code in codes(refused)
        problem = next(each for each in refused.value.problems if each.code == code)
        assert problem.params["commune"]
    assert (len(placed.all(PlayArea)), len(placed.all(Quarter))) == before


@pytest.mark.parametrize("typed", ["Cán.Bo\u200b", " can.bo ", "ｃａｎ.ｂｏ", "\ufeffCAN.BO", "can.bo\u00a0"])
def test_a_login_is_found_however_it_was_copied(database: Database, typed: str) -> None:
    add_account(actor=None, login="can.bo", name="Cán bộ\u200b \u00a0Ðoàn", role="viewer", password=PASSWORD)
    with database.read() as session:
        account = session.query(Account).filter(col(Account.login) == "can.bo").one()
    assert account.name == "Cán bộ Đoàn"
    if "á" in typed:
        with pytest.raises(SignInRefused):
            sign_in(login=typed, password=PASSWORD, address="127.0.0.1")
        return
    assert sign_in(login=typed, password=PASSWORD, address="127.0.0.1")
    with pytest.raises((AccountRefused, InputRefused)):
        add_account(actor=None, login=typed, name="x", role="viewer", password=PASSWORD)
