"""Every room with pages, in one place. Rooms under /<slug>/ are made by web.tenancy.tenant_pages."""

from flask import Flask
from sqlalchemy import text

from web.account import views as account
from web.contacts import record as contact_record
from web.contacts import views as contacts
from web.customers import arranging, attachments, bulk, create, edit, evaluations, inline, tags
from web.customers import bin as customer_bin
from web.customers import page as customer_page
from web.customers import team as customer_team
from web.customers import views as customers
from web.database import db
from web.followups import views as followups
from web.identity import oidc, recovery
from web.identity import views as identity
from web.invitations import views as invitations
from web.landing import views as landing
from web.opportunities import board, creation, facts, forecast, keeping, moves, record, tools
from web.opportunities import list as opportunity_list
from web.opportunities import views as opportunities
from web.palette import views as palette
from web.plans import views as plans
from web.sample import views as sample
from web.settings import log
from web.settings import views as settings
from web.signup import views as signup
from web.stages import reasons
from web.stages import views as stages
from web.style import views as style
from web.team import invitations as team_invitations
from web.team import members as team
from web.team import roles, teams, territories
from web.timeline import sentences
from web.workbench import views as workbench

# Modules that add views to the blueprint of another one are imported before it is registered.
_ = (
    arranging,
    attachments,
    bulk,
    contact_record,
    create,
    customer_bin,
    edit,
    customer_page,
    customer_team,
    evaluations,
    inline,
    tags,
    log,
    oidc,
    recovery,
    roles,
    team_invitations,
    teams,
    territories,
)
_ = board, creation, facts, forecast, keeping, moves, opportunity_list, reasons, record, tools

ROOMS = (landing.pages, identity.pages, invitations.pages, account.pages, signup.pages, palette.pages, workbench.pages, sample.pages, settings.pages, team.pages)
ROOMS += (opportunities.pages, stages.pages, contacts.pages, customers.pages, followups.pages, plans.pages)


def init_app(app: Flask) -> None:
    app.add_url_rule("/healthz", "healthz", healthz)
    sentences.init_app(app)
    for room in ROOMS:
        app.register_blueprint(room)
    if app.extensions["settings"].is_development:
        app.register_blueprint(style.pages)


def healthz() -> tuple[str, int]:
    """Alive, and the database answers."""
    db.session.execute(text("SELECT 1"))
    return "ok", 200
