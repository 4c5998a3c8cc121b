"""What the frame round every workspace page shows: where one is, who one is, and the ways from there."""

from dataclasses import dataclass, field

from flask import g, request
from flask_babel import gettext

from web.ui.links import way
from web.ui.people import initial


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    icon: str = ""


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
    return Frame(
        company=visit.tenant.name,
        person=visit.actor.name,
        mail=visit.actor.mail,
        scope=f"{visit.tenant.id}:{visit.actor.id}",
        theme=theme,
        theme_address=way("account.theme"),
        keys=visitor is None or visitor.shortcuts,
        home=f"/{visit.tenant.slug}/",
        palette=way("palette.find_anything"),
        todo=way("plans.index"),
        bell=way("notifications.index"),
        unread=visit.actor.unread,
        account=way("account.show"),
        companies=way("identity.companies"),
        sign_out=way("identity.sign_out"),
        more=[Link(gettext("What reaches me"), url, "bell")] if (url := way("notifications.preferences")) else [],
    )
