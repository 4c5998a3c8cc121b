"""What the address of a board, a list or a forecast asks for. The address holds the whole state, so that it can be kept and sent."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import BadRequest

from tenants.pipeline.rules import OUTCOMES
from tenants.pipeline.wanted import Wanted
from tenants.team.actor import Actor
from tenants.values.money import BadAmount, parse
from tenants.values.periods import add_months
from web.ui.htmx import tell
from web.visit import here

CLOSING = {
    "overdue": _l("Overdue"),
    "month": _l("This month"),
    "next_month": _l("Next month"),
    "quarter": _l("This quarter"),
    "next_quarter": _l("Next quarter"),
    "year": _l("This year"),
    "none": _l("No date"),
}
WHO = {"": _l("All"), "mine": _l("Mine"), "subordinates": _l("Subordinates'")}
KEPT = ("pipeline", "q", "who", "owner", "team", "close", "from", "to", "min", "max", "customer", "stage", "outcome")


@dataclass(frozen=True, slots=True)
class Filters:
    """`wanted` for the domain; `args` for links that keep what is asked for."""

    wanted: Wanted
    args: dict[str, Any]

    @property
    def is_narrow(self) -> bool:
        """More than the pipeline is asked for."""
        return bool(self.args.keys() - {"pipeline", "view"})

    def of_pipeline(self, pipeline_id: uuid.UUID) -> "Filters":
        return Filters(replace(self.wanted, pipeline_id=pipeline_id), self.args | {"pipeline": str(pipeline_id)})


def read_filters(query: Mapping[str, str] | None = None) -> Filters:
    """From the query string, by default this request's. What no page of ours writes (a damaged id or date) is 400; an amount
    that a person mistyped is told and left out."""
    visit, given = here(), request.args if query is None else query
    args = {key: value.strip()[:100] for key in KEPT if (value := given.get(key, "")).strip()}
    first, last, undated = _closing(args, visit.today)
    wanted = Wanted(
        pipeline_id=_key(args, "pipeline"),
        stage_id=_key(args, "stage"),
        outcome=_one_of(args, "outcome", OUTCOMES) if args.get("close") != "overdue" else "open",
        query=args.get("q", ""),
        owners=_owners(args, visit.actor),
        team_id=_key(args, "team") if args.get("team") != "none" else None,
        teamless=args.get("team") == "none",
        customer_id=_key(args, "customer"),
        closing_from=first,
        closing_to=last,
        undated=undated,
        amount_from=_amount(args, "min"),
        amount_to=_amount(args, "max"),
    )
    return Filters(wanted, args)


def span(preset: str, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """First and last day, both included."""
    if preset == "overdue":
        return None, today - dt.timedelta(days=1)
    quarter = (today.month - 1) // 3 * 3 + 1
    month, ahead, length = {
        "month": (today.month, 0, 1),
        "next_month": (today.month, 1, 1),
        "quarter": (quarter, 0, 3),
        "next_quarter": (quarter, 3, 3),
        "year": (1, 0, 12),
    }[preset]
    first = add_months(today.replace(month=month, day=1), ahead)
    return first, add_months(first, length) - dt.timedelta(days=1)


def _closing(args: Mapping[str, str], today: dt.date) -> tuple[dt.date | None, dt.date | None, bool]:
    preset = _one_of(args, "close", CLOSING)
    if preset == "none":
        return None, None, True
    if preset is not None:
        return *span(preset, today), False
    return _day(args, "from"), _day(args, "to"), False


def _owners(args: Mapping[str, str], actor: Actor) -> tuple[uuid.UUID | None, ...] | None:
    if args.get("owner") == "nobody":
        return (None,)
    owner, who = _key(args, "owner"), _one_of(args, "who", WHO)
    if owner is not None:
        return (owner,)
    if who == "subordinates":
        return tuple(key for key in actor.subordinates if key != actor.id)
    return (actor.id,) if who == "mine" else None


def _key(args: Mapping[str, str], name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(args[name]) if name in args else None
    except ValueError as error:
        raise BadRequest from error


def _day(args: Mapping[str, str], name: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(args[name]) if name in args else None
    except ValueError as error:
        raise BadRequest from error


def _one_of(args: Mapping[str, str], name: str, known: Mapping[str, object]) -> str | None:
    if name in args and args[name] not in known:
        raise BadRequest
    return args.get(name)


def _amount(args: dict[str, str], name: str) -> Decimal | None:
    try:
        return parse(args[name]) if name in args else None
    except BadAmount as refusal:
        tell(gettext(refusal.sentence, **refusal.params), kind="wait")
        del args[name]
        return None
