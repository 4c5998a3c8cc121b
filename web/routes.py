"""Every room with pages. Rooms under /<slug>/ are made by web.tenancy.tenant_pages."""

from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint, Flask
from sqlalchemy import text

from web.database import db
from web.jobs import words as job_words
from web.timeline import sentences

PUBLIC_ROOMS = ("landing", "identity", "invitations", "account", "signup", "operator", "webhooks")
COMPANY_ROOMS = (
    *("workbench", "palette", "customers", "contacts", "followups", "plans", "opportunities"),
    *("settings", "subscription", "support", "team", "stages", "sample", "jobs", "exports", "imports", "scoring", "notifications"),
)


def init_app(app: Flask) -> None:
    app.add_url_rule("/healthz", "healthz", healthz)
    sentences.init_app(app)
    job_words.init_app(app)
    for room in PUBLIC_ROOMS + COMPANY_ROOMS:
        app.register_blueprint(pages_of(room))
    if app.extensions["settings"].is_development:
        app.register_blueprint(pages_of("style"))


def pages_of(room: str) -> Blueprint:
    """The blueprint in the room's `views`, filled by all modules beside it."""
    for module in iter_modules(import_module(f"web.{room}").__path__):
        import_module(f"web.{room}.{module.name}")
    pages: Blueprint = import_module(f"web.{room}.views").pages
    return pages


def healthz() -> tuple[str, int]:
    """Alive, and the database answers."""
    db.session.execute(text("SELECT 1"))
    return "ok", 200
