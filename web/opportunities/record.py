"""The page of one opportunity: where it stands, how long it stood where, what happened, its facts."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tenants.customers.customer import Customer
from tenants.followups.writing import write_followup
from tenants.pipeline.page import Portrait, portrait
from tenants.pipeline.pipeline import Stage, stages_in_use
from tenants.pipeline.queries import Stay, stays
from tenants.pipeline.rules import days_in_stage
from tenants.team.scope import editable
from tenants.timeline.queries import PAGE, Entry, edge, timeline
from web.opportunities.forms import NoteForm
from web.opportunities.views import found, pages
from web.ui.htmx import form_again, is_htmx, leave, page, piece, tell, wants
from web.ui.paging import Cursor
from web.visit import find, here, permit


@dataclass(frozen=True, slots=True)
class Doable:
    """What the page offers this actor to do."""

    edit: bool
    transfer: bool
    delete: bool
    write: bool


@dataclass(frozen=True, slots=True)
class Time:
    """How long it has been in one stage, all stays together."""

    stage: str
    days: int
    share: float  # of the longest, 0 to 1
    is_now: bool


@pages.get("/opportunities/<uuid:opportunity_id>")
def show(opportunity_id: uuid.UUID) -> ResponseReturnValue:
    permit("opportunity.read")
    shown = _portrait(opportunity_id)
    if wants("more"):
        return piece("opportunities/_days.html", shown=shown, **history(shown))
    return page("opportunities/show.html", shown=shown, form=NoteForm(), **top(shown), **history(shown))


@pages.post("/opportunities/<uuid:opportunity_id>/followups")
def write(opportunity_id: uuid.UUID) -> ResponseReturnValue:
    """A follow-up about this opportunity: it is one of its customer's as well."""
    visit, opportunity = here(), found(opportunity_id)
    customer = find(Customer, opportunity.customer_id, editable(Customer, visit.actor), Customer.deleted_at.is_(None))
    permit("followup.create")
    form, shown = NoteForm(), _portrait(opportunity_id)
    if not form.validate_on_submit():
        return form_again("opportunities/show.html", piece="write", shown=shown, form=form, **top(shown), **history(shown))
    said = {"means": form.means.data, "content": form.content.data, "next_contact_at": form.next_contact_at.data}
    write_followup(visit.session, customer, by=visit.actor, at=visit.now, contact_id=opportunity.contact_id, opportunity_id=opportunity.id, **said)
    visit.session.flush()
    tell(gettext("Follow-up written."))
    if not is_htmx():
        return leave(url_for(".show", opportunity_id=opportunity.id))
    return piece("opportunities/_written.html", shown=shown, form=NoteForm(formdata=None), **top(shown), **history(shown))


def top(shown: Portrait) -> dict[str, Any]:
    """For the head and the line of stages."""
    visit, opportunity = here(), shown.opportunity
    in_use = stages_in_use(visit.session)
    stages = next((some for one, some in in_use.items() if one.id == opportunity.pipeline_id), [])
    been = stays(visit.session, opportunity.id)
    may = visit.actor.may
    writable = shown.is_writable
    return {
        "stages": stages,
        "line": _line(shown, stages, been),
        "others": [(one, some[0]) for one, some in in_use.items() if one.id != opportunity.pipeline_id],
        "times": times(been, visit.now, visit.zone),
        "may": Doable(
            edit=writable and may("opportunity.edit"),
            transfer=writable and may("opportunity.transfer"),
            delete=writable and may("opportunity.delete"),
            write=shown.customer_is_visible and may("followup.create"),
        ),
    }


def history(shown: Portrait) -> dict[str, Any]:
    """Its timeline by day, the latest first; a page that goes on within a day repeats no heading."""
    visit, before = here(), Cursor.decode(request.args.get("before"), (dt.datetime, uuid.UUID))
    last = (before.values[0], before.values[1]) if before else None
    entries = timeline(visit.session, visit.actor, opportunity_id=shown.opportunity.id, before=last, limit=PAGE + 1)  # type: ignore[arg-type]
    days: list[tuple[dt.date, list[Entry]]] = []
    for entry in entries[:PAGE]:
        day = entry.at.astimezone(visit.zone).date()
        if not days or days[-1][0] != day:
            days.append((day, []))
        days[-1][1].append(entry)
    return {"days": days, "more": Cursor(edge(entries[:PAGE])).encode() if len(entries) > PAGE else None}


def times(been: list[Stay], now: dt.datetime, zone: dt.tzinfo) -> list[Time]:
    """Days in each stage, in the order in which it first came there. Where it was closed it does not grow older."""
    days: dict[str, int] = {}
    for stay in been:
        if stay.kind == "open":
            days[stay.stage_name] = days.get(stay.stage_name, 0) + days_in_stage(stay.entered_at, stay.left_at or now, zone)
    longest = max(days.values(), default=0) or 1
    at = been[-1].stage_name if been and been[-1].left_at is None else ""
    return [Time(stage, count, count / longest, stage == at) for stage, count in days.items()]


def _line(shown: Portrait, stages: list[Stage], been: list[Stay]) -> list[dict[str, Any]]:
    """The line of stages: the open ones, and the end that it has come to, or won as the one to come."""
    opportunity, visited = shown.opportunity, {stay.stage_id for stay in been}
    ends = "won" if opportunity.is_open else opportunity.outcome
    return [
        {
            "label": stage.name,
            "kind": _kind(stage, opportunity.stage_id, stages, visited),
            "note": f"{stage.probability}%" if stage.is_open else "",
            "value": stage.id,
        }
        for stage in stages
        if stage.is_open or stage.kind == ends
    ]


def _kind(stage: Stage, at: uuid.UUID, stages: list[Stage], visited: set[uuid.UUID]) -> str:
    if stage.id == at:
        return {"open": "now", "won": "won"}.get(stage.kind, "lost")
    here_now = next((one for one in stages if one.id == at), None)
    is_before = here_now is not None and (stage.position < here_now.position if here_now.kind in ("open", "won") else stage.id in visited)
    return "done" if stage.is_open and is_before else ""


def _portrait(opportunity_id: uuid.UUID) -> Portrait:
    return portrait(here().session, here().actor, opportunity_id) or abort(404)
