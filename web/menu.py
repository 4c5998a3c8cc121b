"""The menu at the left, in the order of the field; an entry that the plan or the role lacks is not shown."""

from dataclasses import dataclass, field

from flask import Flask, g, request
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from tenants.team.actor import Actor
from web.ui.links import way


@dataclass(frozen=True, slots=True)
class Entry:
    """`kind`: shown to whoever may read it (None: to all). `rooms`: blueprints whose pages light it up."""

    key: str
    label: LazyString
    icon: str
    endpoint: str
    kind: str | None = None
    rooms: tuple[str, ...] = ()
    children: tuple["Entry", ...] = ()

    def is_for(self, actor: Actor) -> bool:
        return self.kind is None or actor.may(f"{self.kind}.read") or (self.kind == "settings" and actor.may_any("settings"))


@dataclass(frozen=True, slots=True)
class Item:
    key: str
    label: LazyString
    icon: str
    url: str
    on: bool
    count: int | None = None
    children: list["Item"] = field(default_factory=list)


MENU: tuple[Entry, ...] = (
    Entry("workbench", _l("Workbench"), "workbench", "workbench.show", rooms=("workbench",)),
    Entry(
        "customers",
        _l("Customers"),
        "customer",
        "customers.index",
        kind="customer",
        rooms=("customers", "followups", "imports"),
        children=(Entry("contacts", _l("Contacts"), "contact", "contacts.index", kind="contact", rooms=("contacts",)),),
    ),
    Entry("opportunities", _l("Opportunities"), "opportunity", "opportunities.board", kind="opportunity", rooms=("opportunities",)),
    Entry(
        "settings",
        _l("Settings"),
        "settings",
        "settings.index",
        kind="settings",
        rooms=("settings", "subscription", "support", "team", "stages", "scoring", "jobs"),
    ),
)


def init_app(app: Flask) -> None:
    app.context_processor(lambda: {"menu": menu()})


def menu() -> list[Item]:
    visit = g.get("visit")
    if visit is None or visit.tenant.state == "closed":
        return []
    room = (request.endpoint or "").partition(".")[0]
    return _items(MENU, visit.actor, room)


def _items(entries: tuple[Entry, ...], actor: Actor, room: str) -> list[Item]:
    return [
        Item(entry.key, entry.label, entry.icon, url, on=room in entry.rooms, children=_items(entry.children, actor, room))
        for entry in entries
        if entry.is_for(actor) and (url := way(entry.endpoint))
    ]
