"""Every page there is, after the matrix of tests/wall: which address, and who looks at it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tenants.wall.session import inside, landlord_plane, open_session
from tenants.wall.tenant import Tenant
from tests.wall.routes import Look, Of, Route, every_route
from tests.world.stage import prop
from tests.world.windows import Window

# GETs that answer something else than a page: JSON, a file, a piece that only htmx asks for, another site.
NO_PAGES = frozenset(
    {
        "healthz",
        "asset",
        "landing.robots",
        "signup.slug",
        "subscription.total",
        "identity.oidc_start",
        "identity.oidc_back",
        "customers.attachment",
        "jobs.file",
        "imports.template",
        "imports.rejects",
        "imports.of_job",
        "customers.customer_names",
        "customers.regions",
        "opportunities.choose_contact",
        "opportunities.find_customers",
        "palette.find_anything",
        "notifications.count",
        "notifications.show",
    }
)
FACES = {"tenant": "alice", "person": "alice", "public": "anonymous", "operator": "olga"}


@dataclass(frozen=True, slots=True)
class PageOf:
    name: str
    address: str
    player: str
    is_there: bool = True


def unanswered(one: PageOf, window: Window) -> list[str]:
    """A page that is not there, or that breaks, shows nothing, and what is found on it proves nothing."""
    return [f"answered {window.status}"] if (window.status == 404 and one.is_there) or window.status >= 500 else []


def page_routes() -> dict[str, Route]:
    """By endpoint."""
    found = {key.removeprefix("GET "): route for key, route in every_route().items() if key.startswith("GET ")}
    return {endpoint: route for endpoint, route in found.items() if endpoint not in NO_PAGES}


def rooms() -> list[str]:
    return sorted({endpoint.partition(".")[0] for endpoint in page_routes()})


def pages_of(room: str, app: Flask, engine: Engine, alpha: Tenant) -> list[PageOf]:
    """The room's pages; the cases that the matrix makes for them are made in alpha, and at the landlord's."""
    routes = {endpoint: route for endpoint, route in page_routes().items() if endpoint.partition(".")[0] == room}
    with open_session(engine, landlord_plane()) as landlord, inside(alpha, engine) as session:
        _make(landlord, [statement for route in routes.values() for statement in route.before_saas], routes)
        _make(session, [statement for route in routes.values() for statement in route.before], routes)
        planes = {"saas": landlord, "tenant": session}
        return [PageOf(endpoint, _address(app, endpoint, route, planes), FACES[route.kind]) for endpoint, route in routes.items()]


def _make(session: Session, statements: list[str], routes: dict[str, Route]) -> None:
    for statement in dict.fromkeys(statements):
        session.execute(text(statement), _names_in(statement, routes))
    session.commit()


def _names_in(statement: str, routes: dict[str, Route]) -> dict[str, object]:
    args = {name: value for route in routes.values() if statement in (*route.before, *route.before_saas) for name, value in route.args.items()}
    return {name: prop(args[name].kind, args[name].owner) for name in re.findall(r"(?<!:):([a-z]\w*)", statement)}


def _address(app: Flask, endpoint: str, route: Route, planes: Mapping[str, Session]) -> str:
    values = {name: _value(value, planes) for name, value in route.args.items()}
    if route.kind == "tenant":
        values["slug"] = "alpha"
    return app.url_map.bind("localhost").build(endpoint, values)


def _value(value: object, planes: Mapping[str, Session]) -> object:
    if isinstance(value, Of):
        return prop(value.kind, value.owner)
    if not isinstance(value, Look):
        return value
    return planes[value.plane].execute(text(value.sql), {"company": "alpha"} if ":company" in value.sql else {}).scalar()
