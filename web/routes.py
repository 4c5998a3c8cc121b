"""Every room with pages, in one place. Rooms under /<slug>/ are made by web.tenancy.tenant_pages."""

from flask import Flask
from sqlalchemy import text

from web.database import db
from web.palette import views as palette
from web.settings import log
from web.settings import views as settings
from web.workbench import views as workbench

# Modules that add views to the blueprint of another one are imported before it is registered.
_ = log

ROOMS = (
    palette.pages,
    workbench.pages,
    settings.pages,
)


def init_app(app: Flask) -> None:
    app.add_url_rule("/healthz", "healthz", healthz)
    for room in ROOMS:
        app.register_blueprint(room)


def healthz() -> tuple[str, int]:
    """Alive, and the database answers."""
    db.session.execute(text("SELECT 1"))
    return "ok", 200
