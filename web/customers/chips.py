"""The filters that are on, as chips that take them away."""

import uuid
from typing import NamedTuple

from flask_babel import gettext, ngettext

from tenants.customers.options import INDUSTRIES, SOURCES, STATUSES
from tenants.customers.queries import labels
from web.customers.listing import FILTERS, Listing
from web.ui.links import here_without
from web.visit import here


class Chip(NamedTuple):
    label: str
    value: str
    off: str


def chips(listing: Listing) -> list[Chip]:
    """In the order of the address; what is typed in the search box has no chip."""
    criteria = listing.criteria
    ids = {one for one in (*criteria.owner, *criteria.tag, criteria.team, criteria.territory) if one}
    names = labels(here().session, ids) if ids else {}
    told = _titles()
    return [Chip(told[key], _value(key, value, names), here_without(key, value)) for key, value in listing.pairs if key in FILTERS and key != "q"]


def _titles() -> dict[str, str]:
    return {
        "status": gettext("Status"),
        "grade": gettext("Grade"),
        "source": gettext("Source"),
        "industry": gettext("Industry"),
        "region": gettext("Region"),
        "owner": gettext("Account owner"),
        "team": gettext("Team"),
        "territory": gettext("Territory"),
        "tag": gettext("Tag"),
        "next": gettext("Next contact"),
        "idle": gettext("Not contacted for"),
        "from": gettext("Created from"),
        "until": gettext("Created until"),
        "open": gettext("With open opportunities"),
        "given": gettext("Handed to me this week"),
        "forgotten": gettext("Forgotten"),
        "score": gettext("Score of at least"),
        "below": gettext("Score below"),
    }


def next_labels() -> dict[str, str]:
    return {"today": gettext("Today"), "overdue": gettext("Overdue"), "week": gettext("This week"), "none": gettext("Not planned")}


def _value(key: str, value: str, names: dict[uuid.UUID, str]) -> str:
    if key in ("team", "territory", "tag", "owner"):
        return gettext("Nobody") if value == "none" else names.get(uuid.UUID(value), "?")
    if key in ("status", "source"):
        label = {"status": STATUSES, "source": SOURCES}[key][value]
        return str(gettext(label))
    if key == "industry":
        return gettext(value) if value in INDUSTRIES else value
    if key == "next":
        return next_labels()[value]
    if key == "idle":
        return str(ngettext("%(num)s day", "%(num)s days", int(value)))
    return "" if key in ("open", "given", "forgotten") else value
