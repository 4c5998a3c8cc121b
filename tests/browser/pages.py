"""Every page there is, after the matrix of tests/wall: which address, and who looks at it."""

import re
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.wall.routes import Look, Of, Route, every_route
from tests.world.stage import prop

# GETs that answer something else than a page: JSON, a file, a piece that only htmx asks for, another site.
NO_PAGES = frozenset(
    {
        "healthz",
        "asset",
        "landing.robots",
        "signup.slug",
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


def page_routes() -> dict[str, Route]:
    """By endpoint."""
    found = {key.removeprefix("GET "): route for key, route in every_route().items() if key.startswith("GET ")}
    return {endpoint: route for endpoint, route in found.items() if endpoint not in NO_PAGES}


def rooms() -> list[str]:
    return sorted({endpoint.partition(".")[0] for endpoint in page_routes()})


def pages_of(room: str, app: Flask, session: Session) -> list[PageOf]:
    """The room's pages; the cases that the matrix makes for them are made in `session`, which lies in alpha."""
    routes = {endpoint: route for endpoint, route in page_routes().items() if endpoint.partition(".")[0] == room}
    for statement in dict.fromkeys(statement for route in routes.values() for statement in route.before):
        session.execute(text(statement), _names_in(statement, routes))
    session.commit()
    return [PageOf(endpoint, _address(app, endpoint, route, session), FACES[route.kind]) for endpoint, route in routes.items()]


def _names_in(statement: str, routes: dict[str, Route]) -> dict[str, object]:
    args = {name: value for route in routes.values() if statement in route.before for name, value in route.args.items()}
    return {name: prop(args[name].kind, args[name].owner) for name in re.findall(r"(?<!:):([a-z]\w*)", statement)}


def _address(app: Flask, endpoint: str, route: Route, session: Session) -> str:
    values = {name: _value(value, session) for name, value in route.args.items()}
    if route.kind == "tenant":
        values["slug"] = "alpha"
    return app.url_map.bind("localhost").build(endpoint, values)


def _value(value: object, session: Session) -> object:
    if isinstance(value, Of):
        return prop(value.kind, value.owner)
    return session.execute(text(value.sql)).scalar() if isinstance(value, Look) else value
