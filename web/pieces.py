"""The customer's page in pieces, for whichever room changes something that it shows.

Each piece is a template in customers/page/ whose root element bears the piece's name as its id, so that the page includes it and an answer to
htmx replaces it.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from flask import abort, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from tenants.customers import page as customers
from tenants.customers.called import called
from tenants.customers.customer import Customer
from tenants.customers.page import Portrait
from tenants.followups.models import Plan
from tenants.followups.queries import plans_of
from tenants.followups.rules import may_change
from tenants.pipeline.by_customer import opportunities_of
from tenants.team.actor import Actor
from tenants.team.scope import editable, visible
from tenants.timeline.queries import PAGE, Entry, Only, edge, log, timeline
from web.timeline.fields import ids_in
from web.ui.choices import offered_of
from web.ui.htmx import done, is_htmx
from web.ui.paging import Cursor
from web.visit import find, here

HEAD, HISTORY, PLANS, FACTS, PEOPLE, OPPORTUNITIES = "head", "history", "plans", "facts", "people", "opportunities"
TAGS, ATTACHMENTS, TEAM, EVALUATIONS, WRITE = "tags", "attachments", "team", "evaluations", "write"
LIVE_CUSTOMERS = select(Customer.id).where(Customer.deleted_at.is_(None))
KINDS = (dt.datetime, uuid.UUID)  # of a timeline's cursor


@dataclass(frozen=True, slots=True)
class Doable:
    """What the member may do with this customer: the page shows no button for the rest."""

    edit: bool = False
    transfer: bool = False
    delete: bool = False
    share: bool = False
    create_contact: bool = False
    edit_contact: bool = False
    delete_contact: bool = False
    write: bool = False
    edit_followup: bool = False
    delete_followup: bool = False
    open_opportunity: bool = False


def doable(customer: Portrait, actor: Actor) -> Doable:
    if not customer.is_writable or customer.deleted_at is not None:
        return Doable()
    edit = actor.may("customer.edit")
    return Doable(
        edit=edit,
        transfer=actor.may("customer.transfer"),
        delete=actor.may("customer.delete"),
        share=edit and may_share(customer.owner_id, actor),
        create_contact=actor.may("contact.create"),
        edit_contact=actor.may("contact.edit"),
        delete_contact=actor.may("contact.delete"),
        write=actor.may("followup.create"),
        edit_followup=actor.may("followup.edit"),
        delete_followup=actor.may("followup.delete"),
        open_opportunity=actor.may("opportunity.create"),
    )


def may_share(owner_id: uuid.UUID | None, actor: Actor) -> bool:
    """Who collaborates is for the owner to say, for who leads the owner, and for who sees everything; not for other collaborators."""
    return actor.scope("customer") == "all" or owner_id in actor.subordinates


def find_visible(customer_id: uuid.UUID) -> Customer:
    return find(Customer, customer_id, visible(Customer, here().actor), Customer.deleted_at.is_(None))


def find_editable(customer_id: uuid.UUID) -> Customer:
    return find(Customer, customer_id, editable(Customer, here().actor), Customer.deleted_at.is_(None))


def portrait(customer_id: uuid.UUID) -> Portrait:
    return customers.portrait(here().session, here().actor, customer_id) or abort(404)


def context(customer_id: uuid.UUID, *names: str, only: Only = "all", before: str | None = None) -> dict[str, Any]:
    """What the templates of these pieces need. `only` and `before` are the history's."""
    visit = here()
    shown = portrait(customer_id)
    told: dict[str, Any] = {"customer": shown, "may": doable(shown, visit.actor)}
    if HISTORY in names:
        told |= history(customer_id, told["may"], only=only, before=before)
    if PLANS in names or WRITE in names:
        told |= {"plans": plans_of(visit.session, customer_id), "offer": g.get("offer")}
    if {PEOPLE, WRITE, HEAD} & {*names}:
        told["people"] = customers.people(visit.session, customer_id) if visit.actor.may("contact.read") else []
    if OPPORTUNITIES in names or WRITE in names:
        told["opportunities"] = opportunities_of(visit.session, visit.actor, customer_id)
    return told


def history(customer_id: uuid.UUID, may: Doable, *, only: Only = "all", before: str | None = None) -> dict[str, Any]:
    visit = here()
    entries = timeline(visit.session, visit.actor, customer_id=customer_id, only=only, before=_edge(before), limit=PAGE + 1)
    changeable = {one.id for one in entries if one.is_followup and may.edit_followup and may_change(one.member_id, visit.actor)}
    return _days(entries, before) | {"only": only, "changeable": changeable}


def journal(customer_id: uuid.UUID, *, before: str | None = None) -> dict[str, Any]:
    """操作记录: every event."""
    visit = here()
    return _days(log(visit.session, visit.actor, customer_id=customer_id, before=_edge(before), limit=PAGE + 1), before)


def answer(customer_id: uuid.UUID, *names: str, anchor: str = "", finished: Plan | None = None) -> ResponseReturnValue:
    """Done, and stay: the changed pieces for htmx, the customer's page for a plain browser. `finished`: a plan whose result is to be written."""
    address = url_for("customers.show", customer_id=customer_id, _anchor=anchor or None)
    return done(address, render(customer_id, *names, finished=finished) if is_htmx() else "")


def render(customer_id: uuid.UUID, *names: str, finished: Plan | None = None) -> str:
    here().session.flush()
    return render_template("customers/page/_pieces.html", names=names, finished=finished, **context(customer_id, *names))


def _days(entries: list[Entry], before: str | None) -> dict[str, Any]:
    """Entries by day, the latest first; a page that goes on within a day repeats no heading."""
    shown, more = entries[:PAGE], len(entries) > PAGE
    days: list[tuple[dt.date, list[Entry]]] = []
    for entry in shown:
        day = entry.at.astimezone(here().zone).date()
        if not days or days[-1][0] != day:
            days.append((day, []))
        days[-1][1].append(entry)
    last, visit = _edge(before), here()
    return {
        "days": days,
        "more": Cursor(edge(shown)).encode() if more else None,
        "day_before": last[0].astimezone(visit.zone).date() if last else None,
        "id_names": called(visit.session, visit.actor, {key for entry in shown for key in ids_in(entry.data)}),
    }


def _edge(text: str | None) -> tuple[dt.datetime, uuid.UUID] | None:
    cursor = Cursor.decode(text, KINDS)
    if cursor is None:
        return None
    at, key = cursor.values
    return (at, key) if isinstance(at, dt.datetime) and isinstance(key, uuid.UUID) else abort(400)


def offering(form: Any, told: dict[str, Any]) -> Any:
    """The selects offer this customer's people in post and its opportunities, and what was chosen before."""
    _offer(form.contact_id, [one for one in told["people"] if one.left_at is None])
    _offer(form.opportunity_id, told["opportunities"])
    return form


def _offer(field: Any, records: list[Any]) -> None:
    field.data = str(field.data) if field.data else ""
    pairs = {str(one.id): one.name for one in records}
    if field.object_data:
        pairs.setdefault(str(field.object_data), gettext("The one chosen before"))
    field.choices = offered_of(pairs.items(), empty=True)


def key_or_none(value: Any) -> uuid.UUID | None:
    """An id out of a select; anything else is none, and the select itself refuses what it did not offer."""
    try:
        return uuid.UUID(str(value)) if value else None
    except ValueError:
        return None
