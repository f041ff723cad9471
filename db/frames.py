"""From a select to a typed Polars frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.orm import Session

Schema = Mapping[str, pl.DataType | type[pl.DataType]]


def read_frame(session: Session, statement: Select[*tuple[Any, ...]], schema: Schema) -> pl.DataFrame:
    """Rows of `statement` as a frame of exactly `schema`, for an empty result and late first values too.

    Guessing types from the first rows gives columns of type Null, or fails at row 101: so nothing is guessed.
    """
    rows = session.execute(statement).all()
    return pl.DataFrame(rows, schema=dict(schema), orient="row")
