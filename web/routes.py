"""Every room with pages, in one place. Rooms under /<slug>/ are made by web.tenancy.tenant_pages."""

from flask import Flask
from sqlalchemy import text

from web.database import db
from web.settings import log, views as settings

# Modules that add views to the blueprint of another one are imported before it is registered.
_ = log

ROOMS = (settings.pages,)


def init_app(app: Flask) -> None:
    app.add_url_rule("/healthz", "healthz", healthz)
    for room in ROOMS:
        app.register_blueprint(room)


def healthz() -> tuple[str, int]:
    """Alive, and the database answers."""
    db.session.execute(text("SELECT 1"))
    return "ok", 200
