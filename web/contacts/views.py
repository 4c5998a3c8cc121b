"""The people at all customers that one sees."""

import uuid
from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tenants.customers.people import ContactRow, Order, Wanted, contacts, count_contacts
from web.tenancy import tenant_pages
from web.ui.htmx import page, wants
from web.ui.links import here_with
from web.ui.paging import Cursor, Page
from web.visit import here, permit

pages = tenant_pages("contacts", __name__)

PAGE = 50


@pages.get("/contacts")
def index() -> ResponseReturnValue:
    permit("contact.read", "customer.read")
    visit, args = here(), request.args
    wanted = Wanted(
        q=" ".join(args.get("q", "").replace("\0", "").split())[:100],
        decides=args.get("decides") == "1",
        has_left=args.get("left") == "1",
        birthday_this_month=args.get("birthday") == "month",
    )
    sort: Order = "-created" if args.get("sort") == "-created" else "name"
    cursor = Cursor.decode(args.get("cursor"), (str, uuid.UUID))
    found = contacts(
        visit.session, visit.actor, wanted, sort=sort, edge=_edge(cursor), backwards=bool(cursor and cursor.backwards), today=visit.today
    )
    total, is_all = count_contacts(visit.session, visit.actor, wanted, today=visit.today)
    told: dict[str, Any] = {"page": _turn(found, cursor, total), "is_all": is_all, "wanted": wanted, "sort": sort, "filters": _filters(wanted)}
    return page("contacts/index.html", piece="contacts/_rows.html" if wants("rows") else None, **told)


def _filters(wanted: Wanted) -> list[dict[str, object]]:
    """Each a switch: its label, its address, whether it is on."""
    return [
        {"label": gettext("Decision makers"), "on": wanted.decides, "url": here_with(decides=None if wanted.decides else "1", cursor=None)},
        {
            "label": gettext("Birthday this month"),
            "on": wanted.birthday_this_month,
            "url": here_with(birthday=None if wanted.birthday_this_month else "month", cursor=None),
        },
        {"label": gettext("Have left"), "on": wanted.has_left, "url": here_with(left=None if wanted.has_left else "1", cursor=None)},
    ]


def _edge(cursor: Cursor | None) -> tuple[str, uuid.UUID] | None:
    if cursor is None:
        return None
    name_key, key = cursor.values
    if not isinstance(name_key, str) or not isinstance(key, uuid.UUID):
        abort(400)
    return name_key, key


def _turn(found: list[ContactRow], cursor: Cursor | None, total: int) -> Page[ContactRow]:
    backwards, more = cursor is not None and cursor.backwards, len(found) > PAGE
    rows = found[-PAGE:] if backwards else found[:PAGE]
    at = cursor.at if cursor else 0
    if backwards:
        at = max(0, at - len(rows)) if more else 0
    before, after = (more, True) if backwards else (cursor is not None, more)
    return Page(
        rows,
        next=Cursor((rows[-1].name_key, rows[-1].id), at=at + len(rows)).encode() if rows and after else None,
        previous=Cursor((rows[0].name_key, rows[0].id), backwards=True, at=at).encode() if rows and before else None,
        at=at,
        total=total,
    )
