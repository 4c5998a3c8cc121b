"""Handed to a colleague; put into the bin, and out of it."""

import datetime as dt
import uuid

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tenants.pipeline.opportunity import Opportunity
from tenants.pipeline.queries import BIN_DAYS, bin_rows
from tenants.team.models import Member
from tenants.team.queries import assignable
from tenants.team.scope import editable
from web.opportunities.forms import TransferForm
from web.opportunities.views import found_to_change, pages
from web.ui.htmx import form_again, leave, page, tell
from web.visit import find, here, permit


@pages.route("/opportunities/<uuid:opportunity_id>/handover", methods=["GET", "POST"])
def hand_over(opportunity_id: uuid.UUID) -> ResponseReturnValue:
    visit, opportunity = here(), found_to_change(opportunity_id)
    permit("opportunity.transfer")
    form = TransferForm()
    others = [(str(key), name) for key, name in assignable(visit.session) if key != opportunity.owner_id]
    form.owner_id.choices = [("", gettext("Choose")), *others]
    if not form.validate_on_submit():
        answer = form_again if form.is_submitted() else page
        return answer("opportunities/handover.html", opportunity=opportunity, form=form)
    to = visit.session.get_one(Member, uuid.UUID(form.owner_id.data))
    opportunity.transfer(visit.session, to, by=visit.actor, at=visit.now)
    visit.session.flush()
    tell(gettext("“%(name)s” is now looked after by %(owner)s.", name=opportunity.name, owner=to.name))
    still_mine = to.id == visit.actor.id or visit.actor.scope("opportunity") == "all" or to.id in visit.actor.subordinates
    return leave(url_for(".show", opportunity_id=opportunity.id) if still_mine else url_for(".board"))


@pages.post("/opportunities/<uuid:opportunity_id>/deletion")
def delete(opportunity_id: uuid.UUID) -> ResponseReturnValue:
    visit, opportunity = here(), found_to_change(opportunity_id)
    permit("opportunity.delete")
    opportunity.discard(visit.session, by=visit.actor, at=visit.now)
    visit.session.flush()
    tell(gettext("“%(name)s” is in the bin.", name=opportunity.name), undo=url_for(".restore", opportunity_id=opportunity.id))
    return leave(url_for(".board", pipeline=opportunity.pipeline_id))


@pages.post("/opportunities/<uuid:opportunity_id>/restoration")
def restore(opportunity_id: uuid.UUID) -> ResponseReturnValue:
    visit = here()
    recent = Opportunity.deleted_at.is_(None) | (Opportunity.deleted_at >= visit.now - dt.timedelta(days=BIN_DAYS))
    opportunity = find(Opportunity, opportunity_id, editable(Opportunity, visit.actor), recent)
    permit("opportunity.delete")
    opportunity.restore(visit.session, by=visit.actor, at=visit.now)
    visit.session.flush()
    tell(gettext("“%(name)s” is back.", name=opportunity.name))
    return leave(url_for(".show", opportunity_id=opportunity.id))


@pages.get("/opportunities/bin")
def bin() -> ResponseReturnValue:
    permit("opportunity.delete")
    visit = here()
    rows = bin_rows(visit.session, visit.actor, since=visit.now - dt.timedelta(days=BIN_DAYS))
    return page("opportunities/bin.html", rows=rows, days=BIN_DAYS)
