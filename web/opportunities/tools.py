"""The tool row that board, list and forecast share: whose opportunities, the filters that are on, and the form that sets them."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from tenants.customers.customer import Customer
from tenants.customers.options import SOURCES
from tenants.pipeline.pipeline import Stage
from tenants.pipeline.queries import Card
from tenants.pipeline.rules import OUTCOMES, days_in_stage, is_slow
from tenants.team.models import Member, Team
from tenants.team.queries import assignable
from tenants.team.scope import visible
from web.opportunities.filters import CLOSING, WHO, Filters, read_filters
from web.opportunities.views import pages
from web.ui.htmx import page
from web.ui.links import here_with
from web.ui.money import money
from web.visit import here, permit

PAGES = {"board": "opportunities.board", "index": "opportunities.index", "forecast": "opportunities.forecast"}


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    value: str
    off: str


@pages.context_processor
def words() -> dict[str, Any]:
    may = here().actor.may if "visit" in g else lambda _: False
    return {
        "whose": whose,
        "chips_of": chips_of,
        "days_of": days_of,
        "is_slow": slow,
        "SOURCES": SOURCES,
        "may_create": may("opportunity.create"),
        "may_import": may("opportunity.create") and may("customer.import"),
        "may_delete": may("opportunity.delete"),
        "may_export": may("opportunity.export"),
    }


@pages.get("/opportunities/filter")
def filter_form() -> ResponseReturnValue:
    """The form is sent by GET to the page that it was opened from."""
    permit("opportunity.read")
    back = PAGES.get(request.args.get("page", "board")) or abort(400)
    people = assignable(here().session) if here().actor.scope("opportunity") != "own" else []
    return page("opportunities/filter.html", filters=read_filters(), back=url_for(back), people=people, CLOSING=CLOSING)


def days_of(card: Card) -> int:
    return days_in_stage(card.stage_since, card.closed_at or here().now, here().zone)


def slow(card: Card, stage: Stage) -> bool:
    return is_slow(days_of(card), stage.slow_after, card.outcome)


def whose(filters: Filters) -> list[dict[str, Any]]:
    """All, mine, my subordinates': as far as the actor has any."""
    actor, chosen = here().actor, filters.args.get("who", "")
    shown = [code for code in WHO if code != "subordinates" or actor.is_leader] if actor.scope("opportunity") != "own" else []
    return [
        {"label": WHO[code], "url": here_with(who=code or None, owner=None, cursor=None), "on": code == chosen and "owner" not in filters.args}
        for code in shown
    ]


def chips_of(filters: Filters) -> list[Chip]:
    """The filters that are on, each with the address without it."""
    args = filters.args
    said: dict[str, Callable[[str], tuple[str, object]]] = {
        "close": lambda code: ("", CLOSING[code]),
        "from": lambda day: (gettext("Closing from"), day),
        "to": lambda day: (gettext("Closing to"), day),
        "min": lambda _: (gettext("Amount from"), money(filters.wanted.amount_from)),
        "max": lambda _: (gettext("Amount to"), money(filters.wanted.amount_to)),
        "owner": lambda key: (gettext("Owner"), gettext("Nobody") if key == "nobody" else _name_of(Member, key)),
        "team": lambda key: ("", gettext("In no team") if key == "none" else _name_of(Team, key)),
        "customer": lambda key: (gettext("Customer"), _name_of(Customer, key)),
        "stage": lambda key: (gettext("Stage"), _name_of(Stage, key)),
        "outcome": lambda code: ("", gettext(OUTCOMES[code])),
    }
    return [_chip(name, *said[name](args[name])) for name in said if name in args]


def _chip(name: str, label: str, value: object) -> Chip:
    return Chip(label or str(value), str(value) if label else "", here_with(**{name: None, "cursor": None}))


def _name_of(model: Any, key: str) -> str:
    """A dash for what is not there, or not to be seen by this actor."""
    query = select(model.name).where(model.id == uuid.UUID(key))
    if model is Customer:
        query = query.where(visible(Customer, here().actor))
    return here().session.scalar(query) or "—"
