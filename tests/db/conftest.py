from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rows import World, small_world

if TYPE_CHECKING:
    from db.engine import Database


@pytest.fixture
def world(database: Database) -> World:
    with database.write() as transaction:
        return small_world(transaction.session)
