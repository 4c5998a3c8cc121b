"""The rooms that a visit looked into, as people call them."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

NAMES = {
    "workbench": _l("Workbench"),
    "customers": _l("Customers"),
    "contacts": _l("Contacts"),
    "followups": _l("Follow-ups"),
    "plans": _l("To do"),
    "opportunities": _l("Opportunities"),
    "imports": _l("Import"),
    "exports": _l("Export"),
    "jobs": _l("Jobs"),
    "settings": _l("Settings"),
    "support": _l("Support access"),
    "subscription": _l("Subscription"),
    "team": _l("Members and teams"),
    "stages": _l("Stages"),
    "scoring": _l("Scoring"),
    "palette": _l("Search"),
}


def room_names(rooms: Iterable[str]) -> list[str]:
    return [str(NAMES[room]) for room in rooms if room in NAMES]
