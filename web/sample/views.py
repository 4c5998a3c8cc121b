"""Furnish the workspace with sample data, and take just that away again. For whoever may arrange the company."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from tenants.demo.clear import clear
from tenants.demo.furnish import AlreadyFurnished, furnish
from web.tenancy import tenant_pages
from web.ui.htmx import leave, tell
from web.visit import here, permit

pages = tenant_pages("sample", __name__)


@pages.post("/sample")
def furnishing() -> ResponseReturnValue:
    permit("settings.company")
    visit = here()
    try:
        furnished = furnish(visit.session, locale=visit.tenant.locale, zone=visit.zone, by=visit.actor, at=visit.now)
    except AlreadyFurnished as refusal:
        tell(gettext(refusal.sentence), kind="bad")
        return leave(url_for("workbench.show"))
    tell(ngettext("%(num)s sample customer moved in.", "%(num)s sample customers moved in.", furnished.customers), undo=url_for(".removal"))
    return leave(url_for("workbench.show"))


@pages.post("/sample/removal")
def removal() -> ResponseReturnValue:
    permit("settings.company")
    visit = here()
    cleared = clear(visit.session, by=visit.actor, at=visit.now)
    tell(ngettext("%(num)s sample customer is gone.", "%(num)s sample customers are gone.", cleared.customers))
    if cleared.kept:
        tell(ngettext("%(num)s stays, because you have worked on it.", "%(num)s stay, because you have worked on them.", cleared.kept), kind="news")
    return leave(url_for("workbench.show"))
