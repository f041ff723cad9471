from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from play_town import Town, inhabited_town
from rows import Registers, World, small_registers, small_world

if TYPE_CHECKING:
    from db.engine import Database


@pytest.fixture
def world(database: Database) -> World:
    with database.write() as transaction:
        return small_world(transaction.session)


@pytest.fixture
def registers(database: Database, world: World) -> Registers:
    with database.write() as transaction:
        return small_registers(transaction.session, world)


@pytest.fixture
def town(database: Database, world: World) -> Town:
    return inhabited_town(database, world)
