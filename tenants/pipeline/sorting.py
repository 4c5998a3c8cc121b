"""The orders of the list of opportunities, and the edge that a page begins after."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Uuid, and_, false, or_
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.customers.queries import place_in
from tenants.customers.scores import SCORES
from tenants.pipeline.opportunity import Opportunity
from tenants.pipeline.pipeline import stages_in_order
from tenants.team.queries import ids_by_name

SORTS: dict[str, Any] = {
    "created": Opportunity.created_at,
    "updated": Opportunity.updated_at,
    "close": Opportunity.expected_close_on,
    "amount": Opportunity.amount,
    "probability": Opportunity.probability,
    "since": Opportunity.stage_since,
    "customer": Customer.name_key,
    "score": SCORES.c.score,
    "stage": Opportunity.stage_id,
    "owner": Opportunity.owner_id,
}
# Of what does not sort by itself: the values in the order they stand in; others stand last.
PLACES: dict[str, Callable[[Session], Sequence[uuid.UUID]]] = {"stage": stages_in_order, "owner": ids_by_name}


@dataclass(frozen=True, slots=True)
class Edge:
    """The row that a page of the list begins after: its sort value and id. `backwards`: the page ends before it."""

    value: Any
    id: uuid.UUID
    backwards: bool = False


def placed(column: Any, places: Sequence[uuid.UUID] | None) -> Any:
    """What is sorted by: the column, or its place."""
    return column if places is None else place_in(places, column, Uuid())


def settled(edge: Edge, places: Sequence[uuid.UUID] | None) -> Edge:
    """A place is worked out anew for each page: the address holds the id, since a colleague may rename or arrange meanwhile."""
    if places is None:
        return edge
    return Edge(places.index(edge.value) + 1 if edge.value in places else len(places) + 1, edge.id, edge.backwards)


def in_order(value: Any, key: Any, *, down: bool, nulls_first: bool) -> tuple[Any, Any]:
    """By value and id; rows without a value stand last, or first when one goes backwards."""
    value, key = (value.desc(), key.desc()) if down else (value.asc(), key.asc())
    return (value.nulls_first() if nulls_first else value.nulls_last()), key


def beyond(column: Any, edge: Edge, *, falling: bool) -> ColumnElement[bool]:
    """The rows after the edge, or before it when going backwards. Rows without a value come after all that have one."""
    descending = falling != edge.backwards
    key = Opportunity.id < edge.id if descending else Opportunity.id > edge.id
    if edge.value is None:
        same = and_(column.is_(None), key)
        return or_(same, column.is_not(None)) if edge.backwards else same
    beyond = column < edge.value if descending else column > edge.value
    return or_(beyond, and_(column == edge.value, key), false() if edge.backwards else column.is_(None))
