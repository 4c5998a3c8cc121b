"""设置: the firm arranges its own room. Each entry is shown to those who may open it."""

from dataclasses import dataclass

from flask import current_app, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TelField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from saas.registry.models import Tenant
from tenants.demo.furnish import is_furnished
from tenants.notifications.bells import DIGEST
from tenants.timeline.log import record
from tenants.wall.bells import GRACE, ring
from tenants.workspace import settings
from web.database import db
from web.languages import LOCALES
from web.tenancy import tenant_pages
from web.ui.htmx import leave, page, tell
from web.visit import SHOWN, here, permit

pages = tenant_pages("settings", __name__)

# The zones that our first customers work in; a stored one that is not here stays choosable.
ZONES = (
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "UTC",
)


@dataclass(frozen=True, slots=True)
class Entry:
    permission: str
    endpoint: str
    icon: str
    name: LazyString
    what: LazyString
    feature: str | None = None


ENTRIES = (
    Entry("settings.company", "settings.company", "company", _l("Company"), _l("Name, address, tax number, time zone, language")),
    Entry(
        "settings.members", "team.members", "member", _l("Members and teams"), _l("Invite colleagues, give them a role, arrange teams and leaders")
    ),
    Entry("settings.roles", "team.roles", "role", _l("Roles and permissions"), _l("What each role may do, and whose records it sees")),
    Entry("settings.company", "notifications.bots", "message", _l("Group bots"), _l("What is due is told in groups of WeCom, DingTalk or Feishu")),
    Entry("settings.territories", "team.territories", "territory", _l("Territories"), _l("Sales areas, and who works them"), "territories"),
    Entry("settings.stages", "stages.index", "opportunity", _l("Stages"), _l("Pipelines, their stages and probabilities, reasons for losing")),
    Entry("settings.scoring", "scoring.start", "score", _l("Scoring"), _l("Rules that give customers and opportunities a score, and the grade")),
    Entry("settings.subscription", "subscription.show", "rent", _l("Subscription"), _l("What you rent, what it costs, invoices and their title")),
    Entry(
        "settings.company", "support.show", "shelter", _l("Support access"), _l("Let Zuke's support look in for some days; who looked in, and why")
    ),
    Entry("settings.jobs", "jobs.index", "todo", _l("Jobs"), _l("Imports, exports and other long work; mails that could not be sent")),
    Entry("settings.log", "settings.log", "log", _l("Log"), _l("Who changed the team and its rights, who exported data, and when")),
)


class CompanyForm(FlaskForm):
    name = StringField(_l("Company name"), [DataRequired(_l("Please fill this in.")), Length(max=120)], filters=[lambda text: (text or "").strip()])
    industry = StringField(_l("Industry"), [Length(max=120)])
    address = StringField(_l("Address"), [Length(max=200)])
    phone = TelField(_l("Phone"), [Length(max=30)])
    tax_number = StringField(_l("Tax number"), [Length(max=30)])
    timezone = SelectField(_l("Time zone"))
    locale = SelectField(_l("Language"), choices=[SelectChoice(key, name) for key, name in LOCALES.items()])


@pages.get("/settings")
def index() -> ResponseReturnValue:
    actor = here().actor
    entries = [entry for entry in ENTRIES if actor.may(entry.permission) and entry.endpoint in current_app.view_functions and _is_here(entry)]
    if not entries:
        permit("settings.company")
    has_sample = is_furnished(here().session) if actor.may("settings.company") else None
    return page("settings/index.html", entries=entries, has_sample=has_sample)


def _is_here(entry: Entry) -> bool:
    """Where nothing can be rented there is nothing to see of it; nor is there of what the plan lacks, or what our staff may not see."""
    if here().support is not None and entry.endpoint.partition(".")[0] not in SHOWN:
        return False
    if entry.feature is not None and entry.feature not in here().tenant.entitlements.features:
        return False
    return entry.endpoint != "subscription.show" or current_app.extensions["gateway"] is not None


@pages.route("/settings/company", methods=["GET", "POST"])
def company() -> ResponseReturnValue:
    permit("settings.company")
    visit = here()
    known = settings.read(visit.session, "company")
    form = CompanyForm(data=known | {"name": visit.tenant.name, "timezone": visit.tenant.timezone, "locale": visit.tenant.locale})
    form.timezone.choices = [SelectChoice(zone) for zone in dict.fromkeys((*ZONES, visit.tenant.timezone))]
    if form.validate_on_submit():
        _keep(form)
        tell(gettext("Saved."))
        return leave(url_for(".index"))
    return page("settings/company.html", form=form, status=422 if form.is_submitted() else 200)


def _keep(form: CompanyForm) -> None:
    visit = here()
    profile = {key: form[key].data for key in ("name", "industry", "address", "phone", "tax_number")} | {"completed": True}
    settings.write(visit.session, "company", profile, at=visit.now)
    record(visit.session, "company.changed", by=visit.actor, at=visit.now)
    tenant = db.session.get_one(Tenant, visit.tenant.id)
    if form.timezone.data != tenant.timezone:
        ring(visit.session, DIGEST, visit.now + GRACE)  # mornings come at another moment now
    tenant.name, tenant.timezone, tenant.locale = form.name.data or tenant.name, form.timezone.data, form.locale.data
