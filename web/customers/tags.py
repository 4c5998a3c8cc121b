"""Tags of one customer: added by their name, made on the way."""

import uuid

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from tenants.customers.tag import CustomerTag, Tag
from tenants.customers.tagging import add_tag, remove_tag
from web import pieces
from web.customers.views import pages
from web.visit import find, here, permit


@pages.post("/customers/<uuid:customer_id>/tags")
def tag(customer_id: uuid.UUID) -> ResponseReturnValue:
    visit, customer = here(), pieces.find_editable(customer_id)
    permit("customer.edit")
    add_tag(visit.session, customer, request.form.get("name", ""), by=visit.actor, at=visit.now)
    return pieces.answer(customer_id, pieces.TAGS, anchor="tags")


@pages.post("/customers/<uuid:customer_id>/tags/<uuid:tag_id>/removal")
def untag(customer_id: uuid.UUID, tag_id: uuid.UUID) -> ResponseReturnValue:
    visit, customer = here(), pieces.find_editable(customer_id)
    permit("customer.edit")
    borne = find(Tag, tag_id, Tag.id.in_(select(CustomerTag.tag_id).where(CustomerTag.customer_id == customer_id)))
    remove_tag(visit.session, customer, borne, by=visit.actor, at=visit.now)
    return pieces.answer(customer_id, pieces.TAGS, anchor="tags")
