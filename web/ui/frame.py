"""What the frame round every workspace page shows: where one is, who one is, and the ways from there."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from flask import g, request

from web.ui.days import said_day
from web.ui.links import way
from web.ui.people import initial
from web.ui.say import gettext
from web.visit import Visit


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence above the page, and where one can do something about it: label and address."""

    kind: str
    sentence: str
    way: tuple[str, str | None] | None


@dataclass(frozen=True, slots=True)
class Guest:
    """One of our own staff looks in: above every page stands in which company, and until when."""

    id: uuid.UUID
    company: str
    ends_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Frame:
    """`scope` names tenant and person for what the browser keeps (drafts). `keys` off: no single-letter shortcuts."""

    company: str = ""
    person: str = ""
    mail: str = ""
    scope: str = ""
    theme: str = ""
    theme_address: str | None = None
    keys: bool = True
    home: str = "/"
    palette: str | None = None
    todo: str | None = None
    bell: str | None = None
    unread: int = 0
    account: str | None = None
    companies: str | None = None
    sign_out: str | None = None
    rent: Notice | None = None
    guest: Guest | None = None
    more: list[Link] = field(default_factory=list)

    @property
    def initial(self) -> str:
        return initial(self.person)


THEMES = ("light", "dark")


def around() -> Frame:
    visit, visitor = g.get("visit"), g.get("visitor")
    chosen = (visitor and visitor.theme) or request.cookies.get("theme")
    theme = chosen if chosen in THEMES else "auto"
    if visit is None:
        return Frame(theme=theme, theme_address=way("account.theme") if visitor else None, sign_out=way("identity.sign_out") if visitor else None)
    is_open = visit.tenant.state != "closed"
    return Frame(
        company=visit.tenant.name,
        person=visit.actor.name,
        mail=visit.visitor.mail if visit.support else visit.actor.mail,
        scope=f"{visit.tenant.id}:{visit.actor.id}",
        theme=theme,
        theme_address=way("account.theme"),
        keys=visitor is None or visitor.shortcuts,
        home=f"/{visit.tenant.slug}/",
        palette=way("palette.find_anything") if is_open else None,
        todo=way("plans.index") if is_open else None,
        bell=way("notifications.index") if is_open and not visit.support else None,
        unread=visit.actor.unread,
        account=way("account.show"),
        companies=way("identity.companies"),
        sign_out=way("identity.sign_out"),
        rent=_rent(visit),
        guest=Guest(visit.support.id, visit.tenant.name, visit.support.ends_at) if visit.support else None,
        more=_more(visit),
    )


def _more(visit: Visit) -> list[Link]:
    if visit.tenant.state == "closed":
        return []
    if visit.support:
        return [Link(gettext("Operator"), url, "shelter")] if (url := way("operator.tenants")) else []
    return [Link(gettext("What reaches me"), url, "bell")] if (url := way("notifications.preferences")) else []


def _rent(visit: Visit) -> Notice | None:
    """What everybody should know of the rent while it is not paid; who sees to it is led there, and told of the trial's end too."""
    tenant, sees_to_it = visit.tenant, visit.actor.may("settings.subscription")
    if (request.endpoint or "").startswith("subscription.") or (tenant.state != "read_only" and not sees_to_it):
        return None
    day = said_day(tenant.ends_at) if tenant.ends_at else None
    ends = gettext("The trial ends on %(day)s. Rent Zuke before then, and nothing is interrupted.", day=day)
    kind, sentence, way_on = {
        "trial": ("news", ends, gettext("See what it costs")),
        "past_due": ("wait", _overdue(day), gettext("How to pay")),
        "read_only": ("bad", gettext("Read only until the rent is paid. Everything can still be read and exported."), gettext("How to pay")),
    }.get(tenant.state, ("", "", ""))
    if not kind or (tenant.state == "trial" and day is None):
        return None
    return Notice(kind, sentence, (way_on, way("subscription.show")) if sees_to_it else None)


def _overdue(day: str | None) -> str:
    if day is None:
        return gettext("A bill is overdue. Please pay it, or your data can soon only be read.")
    return gettext("A bill is overdue. Please pay it by %(day)s, or your data can then only be read.", day=day)
