"""Asks a route as somebody: fills in the arguments, makes the case, sends the request, takes everything back."""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tenants.wall.session import landlord_plane, open_session, tenant_plane
from tenants.wall.tenant import Tenant
from tests.wall.routes import Look, Of, Route, every_route
from tests.world.door import Guest
from tests.world.snapshot import Snapshot
from tests.world.stage import prop

NOBODYS = uuid.UUID("01890000-0000-7000-8000-000000000000")  # an id that does not exist
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# What differs between any two answers: tokens against forgery, and the address that was asked for.
SLUGS = re.compile("/(alpha|no-such-company)/")
TOKENS = re.compile(r'(name="csrf[_-]token"[^>]*(?:value|content)="|X-CSRFToken&#34;: &#34;|X-CSRFToken": ")[^"&]+')


@dataclass(slots=True)
class Asker:
    app: Flask
    engine: Engine
    companies: Mapping[str, Tenant]
    client_of: Callable[[str], Guest]
    snapshot: Snapshot

    def ask(self, key: str, name: str, *, ids: str = "own", slug: str = "alpha", **how: Any) -> TestResponse:
        """`ids`: "own" as the matrix says; "foreign" beta's; "colleague" Alice's in place of Bob's; "none" those of nothing."""
        method, _, endpoint = key.partition(" ")
        route = every_route()[key]
        how.setdefault("token", route.token)
        client = self.client_of(name)
        try:
            self._make_case(route, "own" if ids == "none" else ids)
            args = {name: self._value(value, ids) for name, value in route.args.items()}
            data = how.pop("data", None) or {name: self._value(value, "own") for name, value in route.data.items()}
            path, _, query = self._path(endpoint, args, route, slug).partition("?")
            how.setdefault("query_string", query)
            return client.open(path, method=method, data=data or None, **how)
        finally:
            self.snapshot.restore()

    @contextmanager
    def often(self, key: str, name: str) -> Iterator[Callable[..., TestResponse]]:
        """For many questions of one route: signed in once, and put back only after an answer that may have changed something.

        What everybody may ask counts tries even when it refuses, and is put back each time.
        """
        route, client = every_route()[key], self._begin(key, name)

        def ask(**how: Any) -> TestResponse:
            nonlocal client
            method, _, endpoint = key.partition(" ")
            path, _, _ = self._path(endpoint, self._arguments(route), route, "alpha").partition("?")
            answer = client.open(path, method=method, token=route.token, **how)
            if route.kind == "public" or (method != "GET" and answer.status_code < 400):
                self.snapshot.restore()
                client = self._begin(key, name)
            return answer

        try:
            yield ask
        finally:
            self.snapshot.restore()

    def _begin(self, key: str, name: str) -> Guest:
        client = self.client_of(name)
        self._make_case(every_route()[key], "own")
        return client

    def _arguments(self, route: Route) -> dict[str, Any]:
        return {name: self._value(value, "own") for name, value in route.args.items()}

    def _path(self, endpoint: str, args: Mapping[str, Any], route: Route, slug: str) -> str:
        with self.app.test_request_context():
            adapter = self.app.url_map.bind("localhost")
            values = {name: value for name, value in args.items() if not name.startswith("_")}
            return adapter.build(endpoint, values | ({"slug": slug} if route.kind == "tenant" else {}))

    def _value(self, value: Any, ids: str) -> Any:
        if isinstance(value, list):
            return [self._value(one, ids) for one in value]
        if not isinstance(value, Of | Look):
            return value
        if ids == "none":
            return NOBODYS
        if isinstance(value, Of):
            return prop(value.kind, {"foreign": "Beta", "colleague": "Alice"}.get(ids, value.owner))
        return self._looked_up(value, "beta" if ids == "foreign" else "alpha")

    def _looked_up(self, look: Look, company: str) -> Any:
        """What is not there for whoever asks (nobody has no session, say) is the id of nothing."""
        with self._session(look.plane, company) as session:
            found = session.execute(text(look.sql), {"company": company} if ":company" in look.sql else {}).scalar()
        return NOBODYS if found is None else found

    def _make_case(self, route: Route, ids: str) -> None:
        """Foreign records are made in beta by the same statements, a colleague's in alpha: where they say Bob, somebody else is meant."""
        company = "beta" if ids == "foreign" else "alpha"
        for plane, statements in (("tenant", route.before), ("saas", route.before_saas)):
            if statements:
                with self._session(plane, company) as session:
                    for statement in statements:
                        names = re.findall(r"(?<!:):([a-z]\w*)", statement)
                        session.execute(text(_about(statement, ids)), {name: self._value(route.args[name], ids) for name in names})
                    session.commit()

    def _session(self, plane: str, company: str) -> Session:
        return open_session(self.engine, landlord_plane() if plane == "saas" else tenant_plane(self.companies[company]))


def _about(statement: str, ids: str) -> str:
    if ids == "foreign":
        return statement.replace("C-Bob", "C-Beta").replace("Bob", "Charlie")
    return statement.replace("Bob", "Alice") if ids == "colleague" else statement


def plain(response: TestResponse) -> tuple[int, str]:
    """Status and text of an answer, without what differs between any two of them."""
    body = TOKENS.sub("", IDS.sub("<id>", response.get_data(as_text=True)))
    return response.status_code, SLUGS.sub("/<slug>/", body)


def leads_to_sign_in(response: TestResponse) -> bool:
    target = response.headers.get("Location") or response.headers.get("HX-Redirect") or ""
    return response.status_code in {303, 401} and "/sign-in" in target
