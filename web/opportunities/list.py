"""The list: sorted, filtered, page by page by key; count, sum and weighted sum of everything that matches."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tenants.pipeline.pipeline import Stage, stages_in_use
from tenants.pipeline.queries import ROWS, Card, rows, total
from tenants.pipeline.rules import OUTCOMES
from tenants.pipeline.sorting import SORTS, Edge
from web.opportunities.filters import read_filters
from web.opportunities.views import pages
from web.ui.htmx import page
from web.ui.links import here_with
from web.ui.paging import Cursor, Kind, Page
from web.visit import here, permit

DEFAULT_SORT = "-updated"
KINDS: dict[str, Kind] = {
    "created": dt.datetime,
    "updated": dt.datetime,
    "since": dt.datetime,
    "close": dt.date,
    "amount": Decimal,
    "probability": int,
    "customer": str,
    "score": int,
    "stage": uuid.UUID,
    "owner": uuid.UUID,
}
ATTRIBUTES = {
    "created": "created_at",
    "updated": "updated_at",
    "since": "stage_since",
    "close": "expected_close_on",
    "amount": "amount",
    "probability": "probability",
    "customer": "customer_name_key",
    "score": "score",
    "stage": "stage_id",
    "owner": "owner_id",
}


@pages.get("/opportunities/list")
def index() -> ResponseReturnValue:
    permit("opportunity.read")
    visit, filters, sort = here(), read_filters(), request.args.get("sort", DEFAULT_SORT)
    by = sort.removeprefix("-")
    if by not in SORTS:
        abort(400)
    cursor = Cursor.decode(request.args.get("cursor"), (KINDS[by], uuid.UUID))
    edge = _edge(cursor) if cursor else None
    found = rows(visit.session, filters.wanted, visit.actor, visit.zone, sort=sort, edge=edge)
    sums = total(visit.session, filters.wanted, visit.actor, visit.zone)
    pipelines = stages_in_use(visit.session)
    stages = {stage.id: stage for some in pipelines.values() for stage in some}
    _fetch_others(found, stages)
    return page(
        "opportunities/list.html",
        piece="rows",
        page=_page(found, by, cursor, sums.count),
        sums=sums,
        sort=sort,
        filters=filters,
        stages=stages,
        pipelines=[*pipelines],
        pipeline=next((one for one in pipelines if one.id == filters.wanted.pipeline_id), None),
        outcomes=_outcomes(filters.args.get("outcome", "")),
    )


def _edge(cursor: Cursor) -> Edge:
    value, key = cursor.values
    return Edge(value, key, cursor.backwards) if isinstance(key, uuid.UUID) else abort(400)


def _page(found: list[Card], by: str, cursor: Cursor | None, count: int) -> Page[Card]:
    """One row too many says that there are more in the direction of travel."""
    backwards, beyond = cursor is not None and cursor.backwards, len(found) > ROWS
    shown = found[:ROWS][::-1] if backwards else found[:ROWS]
    at = max(cursor.at - len(shown), 0) if cursor and backwards else cursor.at if cursor else 0
    has_previous, has_next = (beyond, True) if backwards else (cursor is not None, beyond)

    def edge(card: Card, *, back: bool) -> str:
        return Cursor((getattr(card, ATTRIBUTES[by]), card.id), back, at if back else at + len(shown)).encode()

    return Page(
        shown,
        next=edge(shown[-1], back=False) if shown and has_next else None,
        previous=edge(shown[0], back=True) if shown and has_previous else None,
        at=at,
        total=count,
    )


def _fetch_others(found: list[Card], stages: dict[uuid.UUID, Stage]) -> None:
    """Closed opportunities may stand in stages and pipelines that are no longer in use."""
    for key in {card.stage_id for card in found} - stages.keys():
        stages[key] = here().session.get_one(Stage, key)


def _outcomes(chosen: str) -> list[dict[str, Any]]:
    return [
        {"label": gettext(label), "url": here_with(outcome=code or None, cursor=None), "on": code == chosen}
        for code, label in {"": "All", **OUTCOMES}.items()
    ]
