"""The people at all customers that one sees."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import abort, request, url_for
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
    visit, (wanted, sort) = here(), read_wanted(request.args)
    cursor = Cursor.decode(request.args.get("cursor"), (str, uuid.UUID))
    found = contacts(
        visit.session, visit.actor, wanted, sort=sort, edge=_edge(cursor), backwards=bool(cursor and cursor.backwards), today=visit.today
    )
    total, is_all = count_contacts(visit.session, visit.actor, wanted, today=visit.today)
    told: dict[str, Any] = {"page": _turn(found, cursor, total), "is_all": is_all, "wanted": wanted, "sort": sort, "filters": _filters(wanted)}
    told["may_import"] = visit.actor.may("customer.import") and visit.actor.may("contact.create")
    told["export"] = _export_of(wanted, sort) if visit.actor.may("customer.export") else None
    return page("contacts/index.html", piece="contacts/_rows.html" if wants("rows") else None, **told)


def read_wanted(args: Mapping[str, str]) -> tuple[Wanted, Order]:
    """What the address asks for, and in which order."""
    wanted = Wanted(
        q=" ".join(args.get("q", "").replace("\0", "").split())[:100],
        decides=args.get("decides") == "1",
        has_left=args.get("left") == "1",
        birthday_this_month=args.get("birthday") == "month",
    )
    return wanted, "-created" if args.get("sort") == "-created" else "name"


def _export_of(wanted: Wanted, sort: Order) -> str:
    """Where what is shown can be exported."""
    asked = {"q": wanted.q, "decides": wanted.decides and "1", "left": wanted.has_left and "1", "birthday": wanted.birthday_this_month and "month"}
    kept: dict[str, Any] = {key: value for key, value in (asked | {"sort": sort if sort != "name" else ""}).items() if value}
    return url_for("exports.new", of="contacts", **kept)


def filter_labels() -> dict[str, str]:
    return {"decides": gettext("Decision makers"), "birthday_this_month": gettext("Birthday this month"), "has_left": gettext("Have left")}


def _filters(wanted: Wanted) -> list[dict[str, object]]:
    """Each a switch: its label, its address, whether it is on."""
    labels = filter_labels()
    return [
        {"label": labels["decides"], "on": wanted.decides, "url": here_with(decides=None if wanted.decides else "1", cursor=None)},
        {
            "label": labels["birthday_this_month"],
            "on": wanted.birthday_this_month,
            "url": here_with(birthday=None if wanted.birthday_this_month else "month", cursor=None),
        },
        {"label": labels["has_left"], "on": wanted.has_left, "url": here_with(left=None if wanted.has_left else "1", cursor=None)},
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
