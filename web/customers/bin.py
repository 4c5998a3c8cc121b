"""The bin: customers that were deleted in the last 30 days, and their way back."""

import datetime as dt
import uuid

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tenants.customers.bin import binned
from tenants.customers.customer import Customer
from tenants.customers.rules import days_left
from tenants.team.scope import editable
from web.customers.listing import PAGE
from web.customers.views import pages
from web.ui.htmx import leave, page, tell
from web.ui.paging import Cursor, Page
from web.visit import find, here, permit


@pages.get("/customers/bin")
def bin() -> ResponseReturnValue:
    permit("customer.delete")
    visit = here()
    cursor = Cursor.decode(request.args.get("cursor"), (dt.datetime, uuid.UUID))
    found = binned(visit.session, visit.actor, now=visit.now, before=cursor.values if cursor else None, limit=PAGE)  # type: ignore[arg-type]
    rows, at = found[:PAGE], cursor.at if cursor else 0
    following = Cursor((rows[-1].deleted_at, rows[-1].id), at=at + len(rows)).encode() if len(found) > PAGE else None
    return page(
        "customers/bin.html", page=Page(rows, next=following, at=at), days_left={row.id: days_left(row.deleted_at, visit.now) for row in rows}
    )


@pages.post("/customers/<uuid:customer_id>/removal")
def delete(customer_id: uuid.UUID) -> ResponseReturnValue:
    """Into the bin; the toast takes it out again."""
    visit, customer = here(), find(Customer, customer_id, editable(Customer, here().actor), Customer.deleted_at.is_(None))
    permit("customer.delete")
    customer.discard(visit.session, by=visit.actor, at=visit.now)
    tell(gettext("%(name)s is in the bin.", name=customer.name), undo=url_for(".restore", customer_id=customer.id))
    return leave(url_for(".index"))


@pages.post("/customers/<uuid:customer_id>/restoration")
def restore(customer_id: uuid.UUID) -> ResponseReturnValue:
    visit, customer = here(), find(Customer, customer_id, editable(Customer, here().actor))
    permit("customer.delete")
    customer.restore(visit.session, by=visit.actor, at=visit.now)
    tell(gettext("%(name)s is back.", name=customer.name))
    return leave(url_for("customers.show", customer_id=customer.id))
