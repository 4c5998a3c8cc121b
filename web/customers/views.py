"""The list of customers, and the blueprint of all their pages."""

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tenants.customers.criteria import SCENES, Scene
from tenants.customers.options import GRADES, SIZES, SOURCES, STATUSES
from tenants.customers.queries import count, rows, scene_counts
from tenants.values import phones
from tenants.workspace.views import saved_views
from web.customers.chips import chips
from web.customers.listing import COLUMNS, STATE, Listing, edge, is_clean, midnight, read_cursor, read_listing, turn
from web.tenancy import tenant_pages
from web.ui.htmx import page, wants
from web.ui.links import here_with
from web.visit import here, permit

pages = tenant_pages("customers", __name__)

VIEWS_OF = "customers"
BULK_MOST = 10_000  # rows that one bulk action takes
FALLING_FIRST = {"created", "last", "score", "amount"}  # what is new or large comes first when their headers are clicked
STATUS_KINDS = {"target": "", "potential": "", "prospective": "accent", "regular": "news", "vip": "good", "lapsed": "bad"}


@pages.get("/customers")
def index() -> ResponseReturnValue:
    permit("customer.read")
    if not is_clean(request.args) and not wants("rows"):
        return redirect(url_for(".index", **_without_empty()), 303)
    visit = here()
    views, columns = saved_views(visit.session, visit.actor, VIEWS_OF)
    listing = read_listing(request.args, columns=columns)
    if wants("rows"):
        return page("customers/index.html", piece="customers/_rows.html", **_rows(listing, *_counted(listing)))
    counts = scene_counts(visit.session, visit.actor)
    total = (counts[listing.criteria.scene], True) if not listing.criteria.narrows else _counted(listing)
    return page("customers/index.html", **_rows(listing, *total), scenes=_scenes(listing, counts), views=views, is_new=not counts["all"])


def _rows(listing: Listing, total: int, is_all: bool) -> dict[str, Any]:
    """What the region of rows shows: the page, how many there are, what is asked."""
    visit, cursor = here(), read_cursor(listing)
    shown: dict[str, Any] = {"sort": listing.sort, "with_tags": "tags" in listing.columns, "finds_many": not is_all if listing.criteria.q else None}
    found = rows(visit.session, visit.actor, listing.criteria, edge=edge(cursor), today=midnight(), **shown)
    return {
        "listing": listing,
        "actor": visit.actor,
        "page": turn(found, listing, cursor, total),
        "is_all": is_all,
        "chips": chips(listing),
        "columns": listing.columns,
        "heads": [_head(listing, "name", gettext("Customer name"), "name")]
        + [_head(listing, column.order, str(column.label), column.kind) for column in map(COLUMNS.__getitem__, listing.columns)],
        "orders": _orders(listing),
        "statuses": {code: (gettext(label), STATUS_KINDS[code]) for code, label in STATUSES.items()},
        "words": {code: gettext(label) for options in (SOURCES, SIZES, GRADES) for code, label in options.items()},
        "pretty_phone": phones.pretty,
        "may_change": any(visit.actor.may(f"customer.{verb}") for verb in ("edit", "transfer", "delete")),
        "total_for_bulk": total if is_all and total <= BULK_MOST else None,
    }


def _head(listing: Listing, order: str, label: str, kind: str) -> dict[str, Any]:
    """A header: its label, the address that sorts by it (the other way when it is sorted by already), how it is sorted now."""
    if not order:
        return {"label": label, "kind": kind, "url": "", "aria": ""}
    falls, rises = listing.sort == f"-{order}", listing.sort == order
    starts_falling = order in FALLING_FIRST
    following = order if falls else f"-{order}" if rises or starts_falling else order
    aria = "descending" if falls else "ascending" if rises else ""
    return {"label": label, "kind": kind, "url": here_with(sort=following, cursor=None), "aria": aria}


def _orders(listing: Listing) -> list[dict[str, Any]]:
    """Every way to sort, for phones, which show no heads."""
    named = [(column.order, str(column.label)) for column in COLUMNS.values() if column.order]
    return [_head(listing, order, label, "") for order, label in [("name", gettext("Customer name")), *named]]


def _counted(listing: Listing) -> tuple[int, bool]:
    return count(here().session, here().actor, listing.criteria, today=midnight())


def _scenes(listing: Listing, counts: dict[Scene, int]) -> list[dict[str, Any]]:
    """The tabs: an address of each, keeping how the list is sorted and its columns. Subordinates' only for who has some."""
    labels = {
        "all": gettext("All"),
        "mine": gettext("Mine"),
        "subordinates": gettext("Subordinates'"),
        "shared": gettext("Shared with me"),
        "watched": gettext("Watched"),
    }
    kept: dict[str, Any] = {key: value for key, value in listing.pairs if key in ("sort", "columns")}
    return [
        {
            "label": labels[scene],
            "url": url_for(".index", **kept, scene=None if scene == "all" else scene),
            "on": scene == listing.criteria.scene,
            "count": counts[scene],
        }
        for scene in SCENES
        if scene != "subordinates" or here().actor.is_leader
    ]


def _without_empty() -> dict[str, Any]:
    return {key: full for key, values in request.args.lists() if key in STATE and (full := [value for value in values if value])}
