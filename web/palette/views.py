"""Ctrl/⌘K: go anywhere, create, find customers, contacts and opportunities by name, pinyin, initials, phone."""

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tenants.insights.palette import Hit, find, recent
from tenants.values.names import initials, pinyin
from web.menu import menu
from web.settings.views import ENTRIES
from web.tenancy import tenant_pages
from web.ui.links import way
from web.visit import here

pages = tenant_pages("palette", __name__)
LONGEST = 80
PAGES = {
    "customer": ("customers.show", "customer_id"),
    "contact": ("customers.show", "customer_id"),
    "opportunity": ("opportunities.show", "opportunity_id"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    url: str
    icon: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    entries: list[Entry]


@pages.get("/palette")
def find_anything() -> ResponseReturnValue:
    """A list of options, grouped. With nothing typed: recent customers and what can be done."""
    visit = here()
    query = request.args.get("q", "").strip()[:LONGEST]
    hits = find(visit.session, visit.actor, query) if query else recent(visit.session, visit.actor)
    groups = [
        Group(gettext("Recent") if not query else gettext("Customers"), _found(hits, "customer")),
        Group(gettext("Contacts"), _found(hits, "contact")),
        Group(gettext("Opportunities"), _found(hits, "opportunity")),
        Group(gettext("Create"), [entry for entry in _creations() if _is_meant(entry, query)]),
        Group(gettext("Go to"), [entry for entry in _places() if _is_meant(entry, query)]),
    ]
    return render_template("ui/palette_results.html", groups=groups)


def _found(hits: list[Hit], kind: str) -> list[Entry]:
    endpoint, argument = PAGES[kind]
    return [Entry(hit.name, url, kind, hit.note or "") for hit in hits if hit.kind == kind and (url := way(endpoint, **{argument: hit.page_id}))]


def _creations() -> list[Entry]:
    wanted = (
        ("customer.create", "customers.new", gettext("New customer"), "customer"),
        ("opportunity.create", "opportunities.create", gettext("New opportunity"), "opportunity"),
        ("settings.members", "team.invite", gettext("Invite a colleague"), "member"),
    )
    return [Entry(label, url, icon) for permission, endpoint, label, icon in wanted if here().actor.may(permission) and (url := way(endpoint))]


def _places() -> list[Entry]:
    places = [Entry(str(item.label), item.url, item.icon) for top in menu() for item in (top, *top.children)]
    settings = [
        Entry(str(entry.name), url, entry.icon, gettext("Settings"))
        for entry in ENTRIES
        if here().actor.may(entry.permission) and (url := way(entry.endpoint))
    ]
    own = [Entry(label, url, icon) for endpoint, label, icon in _own() if (url := way(endpoint))]
    return [*places, *own, *settings]


def _own() -> tuple[tuple[str, str, str], ...]:
    return (("plans.index", gettext("To do"), "todo"), ("account.show", gettext("My account"), "me"))


def _is_meant(entry: Entry, query: str) -> bool:
    """By a part of the name, its pinyin, or its initials."""
    asked = query.casefold().replace(" ", "")
    name = entry.label.casefold().replace(" ", "")
    return asked in name or pinyin(entry.label).startswith(asked) or initials(entry.label).startswith(asked)
