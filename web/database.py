"""Flask-SQLAlchemy holds the engines and the landlord's session of a request; a tenant's session is opened by the wall (web.tenancy)."""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Engine

from tenants.wall.engine import OPTIONS, driver_url, retiring
from tenants.wall.session import WallSession, landlord_plane
from web.config import Settings

FIRST_CELL = "main"


class LandlordSession(WallSession, FlaskSession):
    """The request's session on schema saas."""


# Our tables stand on bases of their own (saas.base, tenants.wall.base), which know nothing of Flask; `db.Model` is not used.
db = SQLAlchemy(disable_autonaming=True, session_options={"class_": LandlordSession, "info": {"plane": landlord_plane()}, "expire_on_commit": False})


def connect(app: Flask, settings: Settings) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = driver_url(settings.database_url)
    app.config["SQLALCHEMY_BINDS"] = {name: driver_url(url) for name, url in settings.cells.items()}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = OPTIONS | {"pool_size": settings.pool_size}
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            retiring(engine)


def engine_of(cell: str) -> Engine:
    """The engine of the database that a cell names; the first cell is the landlord's own database."""
    return db.engine if cell == FIRST_CELL else db.engines[cell]
