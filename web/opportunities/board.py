"""The board: one column a stage, the first cards of each, count and sum of the whole column."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue

from tenants.pipeline.pipeline import Pipeline, Stage, stages_in_use
from tenants.pipeline.queries import CARDS, Card, Sum, column_sums, first_cards, more_cards
from web.opportunities.filters import Filters, read_filters
from web.opportunities.views import pages
from web.ui.htmx import page
from web.ui.paging import Cursor
from web.visit import here, permit


@dataclass(frozen=True, slots=True)
class Column:
    """`more` is the address of the cards that follow."""

    stage: Stage
    sum: Sum
    cards: list[Card] = field(default_factory=list)
    more: str = ""


@pages.get("/opportunities")
def board() -> ResponseReturnValue:
    permit("opportunity.read")
    visit, all_stages = here(), stages_in_use(here().session)
    pipeline, filters = chosen_pipeline([*all_stages], read_filters())
    stages = all_stages[pipeline]
    cards = first_cards(visit.session, [stage.id for stage in stages], filters.wanted, visit.actor, visit.zone)
    sums = column_sums(visit.session, filters.wanted, visit.actor, visit.zone)
    columns = [_column(stage, sums.get(stage.id, Sum()), cards.get(stage.id, []), filters) for stage in stages]
    hoped = sum((column.sum for column in columns if column.stage.is_open), Sum())
    return page(
        "opportunities/board.html",
        piece="columns",
        pipelines=[*all_stages],
        pipeline=pipeline,
        columns=columns,
        hoped=hoped,
        filters=filters,
        may_move=visit.actor.may("opportunity.edit"),
    )


@pages.get("/opportunities/columns/<uuid:stage_id>")
def column(stage_id: uuid.UUID) -> ResponseReturnValue:
    """The cards of one column after a cursor; with scripts they come while scrolling."""
    permit("opportunity.read")
    visit, filters = here(), read_filters()
    stage = visit.session.get(Stage, stage_id) or abort(404)
    cursor = Cursor.decode(request.args.get("cursor"), (str, uuid.UUID))
    after = (str(cursor.values[0]), uuid.UUID(str(cursor.values[1]))) if cursor and all(cursor.values) else None
    cards = more_cards(visit.session, stage.id, filters.wanted, visit.actor, visit.zone, after=after)
    return page(
        "opportunities/column.html",
        piece="opportunities/_cards.html",
        stage=stage,
        column=_column(stage, Sum(), cards, filters),
        filters=filters,
        may_move=visit.actor.may("opportunity.edit"),
    )


def chosen_pipeline(pipelines: Sequence[Pipeline], filters: Filters) -> tuple[Pipeline, Filters]:
    """The one that is asked for, or the first."""
    wanted = filters.wanted.pipeline_id
    pipeline = next((one for one in pipelines if wanted in (None, one.id)), None) or abort(404)
    return pipeline, filters.of_pipeline(pipeline.id)


def heads(stage_ids: set[uuid.UUID], filters: Filters) -> list[Column]:
    """The heads of these columns, as they are now."""
    visit = here()
    visit.session.flush()
    sums = column_sums(visit.session, filters.wanted, visit.actor, visit.zone, only=stage_ids)
    return [Column(visit.session.get_one(Stage, key), sums.get(key, Sum())) for key in stage_ids]


def _column(stage: Stage, total: Sum, cards: list[Card], filters: Filters) -> Column:
    shown, more = cards[:CARDS], ""
    if len(cards) > CARDS:
        cursor = Cursor((shown[-1].rank, shown[-1].id)).encode()
        more = url_for("opportunities.column", stage_id=stage.id, cursor=cursor, **filters.args)
    return Column(stage, total, shown, more)
