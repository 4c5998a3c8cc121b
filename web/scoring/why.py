"""Why a customer or an opportunity has its score: every rule that gave points, with the figure behind it; and who decides the grade."""

import uuid
from typing import Any

from flask import abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from tenants.customers.customer import Customer
from tenants.customers.tag import Tag
from tenants.pipeline.opportunity import Opportunity
from tenants.pipeline.pipeline import Stage
from tenants.scoring.explaining import Explanation, explain
from tenants.scoring.grades import follows, keep_by_hand, let_rules_decide
from tenants.scoring.keeping import cuts_of, read_state
from tenants.scoring.kinds import Subject
from tenants.scoring.models import Score
from tenants.scoring.schemes import scheme_of
from tenants.scoring.sources import Day
from tenants.team.scope import editable, visible
from web import pieces
from web.scoring.views import pages
from web.scoring.words import Names, ids_in, reason, sentence
from web.ui.htmx import leave, page, tell
from web.visit import find, here, permit


@pages.get("/customers/<uuid:customer_id>/score")
def of_customer(customer_id: uuid.UUID) -> ResponseReturnValue:
    permit("customer.read")
    customer = pieces.find_visible(customer_id)
    told = explained("customer", customer_id)
    return page("scoring/why.html", record=customer, back=url_for("customers.show", customer_id=customer_id), **told, **_graded(customer))


@pages.get("/opportunities/<uuid:opportunity_id>/score")
def of_opportunity(opportunity_id: uuid.UUID) -> ResponseReturnValue:
    permit("opportunity.read")
    opportunity = find(Opportunity, opportunity_id, visible(Opportunity, here().actor), Opportunity.deleted_at.is_(None))
    told = explained("opportunity", opportunity_id)
    return page("scoring/why.html", record=opportunity, back=url_for("opportunities.show", opportunity_id=opportunity_id), cuts=None, **told)


@pages.post("/customers/<uuid:customer_id>/grade/release")
def release_grade(customer_id: uuid.UUID) -> ResponseReturnValue:
    """The rules decide from now on."""
    visit, customer = here(), pieces.find_editable(customer_id)
    permit("customer.edit")
    cuts = cuts_of(visit.session, read_state(visit.session))
    if cuts is not None:
        let_rules_decide(visit.session, customer, cuts, by=visit.actor, at=visit.now)
        tell(gettext("The grade follows the score again: %(grade)s.", grade=customer.grade or "—"))
    return leave(url_for("customers.show", customer_id=customer_id))


@pages.post("/customers/<uuid:customer_id>/grade/pin")
def pin_grade(customer_id: uuid.UUID) -> ResponseReturnValue:
    """It stays as it is, whatever the score."""
    visit, customer = here(), pieces.find_editable(customer_id)
    permit("customer.edit")
    if customer.grade is not None:
        keep_by_hand(visit.session, customer)
        tell(gettext("Grade %(grade)s stays, whatever the score says.", grade=customer.grade))
    return leave(url_for("customers.show", customer_id=customer_id))


def explained(subject: Subject, subject_id: uuid.UUID) -> dict[str, Any]:
    visit = here()
    told = explain(visit.session, scheme_of(visit.session, subject), Day.of(visit.now, visit.zone), subject_id)
    if told is None:
        abort(404)
    names = names_of(told)
    return {
        "told": told,
        "gave": [(one, reason(one.rule, one.figure, names), sentence(one.rule, names)) for one in told.gave],
        "silent": [sentence(one.rule, names) for one in told.silent],
        "may_edit_rules": visit.actor.may("settings.scoring"),
        "subject": subject,
    }


def names_of(told: Explanation) -> Names:
    return named(ids_in(told.scheme.rules))


def named(ids: set[uuid.UUID]) -> Names:
    """Of stages and tags."""
    if not ids:
        return {}
    both = select(Stage.id, Stage.name).where(Stage.id.in_(ids)).union_all(select(Tag.id, Tag.name).where(Tag.id.in_(ids)))
    return {row.id: row.name for row in here().session.execute(both)}


def _graded(customer: Customer) -> dict[str, Any]:
    """The cuts that hold (None: grades do not follow scores), and whether this customer's grade is the rules' to give."""
    visit = here()
    cuts = cuts_of(visit.session, read_state(visit.session))
    ours = select(Score.subject_id).join(Customer, Customer.id == Score.subject_id)
    by_rules = ours.where(Score.subject_id == customer.id, follows(Day.of(visit.now, visit.zone)))
    is_ours = select(Customer.id).where(Customer.id == customer.id, editable(Customer, visit.actor))
    may_edit = visit.actor.may("customer.edit") and visit.session.scalar(is_ours) is not None
    return {"cuts": cuts, "by_rules": visit.session.scalar(by_rules) is not None, "may_grade": may_edit}
