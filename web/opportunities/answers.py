"""What a move answers: on the board the card and the heads of both columns, elsewhere the page of the opportunity."""

import uuid
from typing import Any

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tenants.pipeline.opportunity import Opportunity
from tenants.pipeline.pipeline import Stage
from tenants.pipeline.queries import card_above, one_card, stays
from web.opportunities.board import heads
from web.opportunities.filters import read_filters
from web.ui.htmx import is_htmx, leave, piece, tell
from web.visit import here


def is_on_board() -> bool:
    return request.args.get("view") == "board" and is_htmx()


def kept() -> dict[str, Any]:
    """What links of this answer carry on: the board's filters and that it was the board."""
    return read_filters().args | ({"view": "board"} if request.args.get("view") == "board" else {})


def dragged(opportunity: Opportunity, former_stage_id: uuid.UUID) -> ResponseReturnValue:
    """The browser has put the card in its place already: the card anew, and the heads that changed."""
    if not is_on_board():
        return leave(url_for(".show", opportunity_id=opportunity.id))
    changed = {former_stage_id, opportunity.stage_id} if former_stage_id != opportunity.stage_id else set()
    return _pieces(opportunity, changed, placed=True)


def moved(opportunity: Opportunity, former_stage_id: uuid.UUID, *, status: int = 200) -> ResponseReturnValue:
    """The card is taken from where it is shown and put where it stands."""
    if not is_on_board():
        return leave(url_for(".show", opportunity_id=opportunity.id))
    return _pieces(opportunity, {former_stage_id, opportunity.stage_id}, placed=False, status=status)


def clash(opportunity: Opportunity) -> ResponseReturnValue:
    """409: somebody moved it meanwhile. Says who, and shows where it stands now."""
    last = stays(here().session, opportunity.id)[-1]
    sentence = gettext(
        "%(name)s changed it meanwhile. It is in “%(stage)s” now.", name=last.member_name or gettext("Somebody"), stage=last.stage_name
    )
    tell(sentence, kind="wait")
    shown_in = request.args.get("seen", type=uuid.UUID)
    if is_on_board():
        return moved(opportunity, shown_in or opportunity.stage_id, status=409)
    if is_htmx():
        return leave(url_for(".show", opportunity_id=opportunity.id))
    template = render_template("errors/page.html", status=409, sentence=sentence, frame="layouts/workspace.html")
    return make_response(template, 409)


def _pieces(opportunity: Opportunity, stage_ids: set[uuid.UUID], *, placed: bool, status: int = 200) -> ResponseReturnValue:
    visit, filters = here(), read_filters()
    visit.session.flush()
    card = one_card(visit.session, opportunity.id, visit.actor)
    return piece(
        "opportunities/_moved.html",
        status=status,
        card=card,
        stage=visit.session.get_one(Stage, opportunity.stage_id),
        heads=heads(stage_ids, filters),
        filters=filters,
        placed=placed,
        above_id=None if placed else card_above(visit.session, card, filters.wanted, visit.actor, visit.zone),
        may_move=visit.actor.may("opportunity.edit"),
    )
