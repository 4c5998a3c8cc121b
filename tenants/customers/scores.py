"""Scores as lists and pages read them. They are reckoned in a room above this one, so it knows only the names of the columns it needs."""

import uuid
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Text, Uuid, and_, column, literal_column, select, table, tuple_
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer

SCORES = table("scores", column("subject_id", Uuid()), column("kind", Text()), column("score", BigInteger()))
THEIRS = and_(SCORES.c.subject_id == Customer.id, SCORES.c.kind == literal_column("'customer'"))  # as the index says it
score_of: Any = select(SCORES.c.score).where(SCORES.c.subject_id == Customer.id).correlate(Customer).scalar_subquery()


def has_score(least: int | None, below: int | None) -> ColumnElement[bool]:
    """Customers with a score of `least` or more, and less than `below`."""
    ends = [] if least is None else [SCORES.c.score >= least]
    return select(literal_column("1")).where(THEIRS, *ends, *([] if below is None else [SCORES.c.score < below])).correlate(Customer).exists()


def rows_by_score(
    session: Session, query: Select[Any], *, edge: tuple[int | None, uuid.UUID] | None, falling: bool, backwards: bool, limit: int
) -> list[Any]:
    """At most `limit` rows in the order of travel. Customers that nobody has scored yet stand last, whichever way it is sorted.

    `edge`: score (None: it has none) and id of the row beside the page.
    """
    down, found = falling != backwards, list[Any]()
    parts = [_scored(query, edge, down=down), _unscored(query, edge, down=down)]
    skip = edge is not None and (edge[0] is None) != backwards  # the part that lies behind us
    for part in (parts[::-1] if backwards else parts)[int(skip) :]:
        if len(found) < limit:
            found += session.execute(part.limit(limit - len(found))).all()
    return found


def _scored(query: Select[Any], edge: tuple[int | None, uuid.UUID] | None, *, down: bool) -> Select[Any]:
    keys = (SCORES.c.score, SCORES.c.subject_id)
    query = query.join(SCORES, THEIRS)
    if edge is not None and edge[0] is not None:
        query = query.where(tuple_(*keys) < tuple_(*edge) if down else tuple_(*keys) > tuple_(*edge))
    return query.order_by(*(key.desc() if down else key for key in keys))


def _unscored(query: Select[Any], edge: tuple[int | None, uuid.UUID] | None, *, down: bool) -> Select[Any]:
    query = query.where(~select(literal_column("1")).where(THEIRS).correlate(Customer).exists())
    if edge is not None and edge[0] is None:
        query = query.where(Customer.id < edge[1] if down else Customer.id > edge[1])
    return query.order_by(Customer.id.desc() if down else Customer.id)
