"""An operator on a visit, generated from the route map: every page may be looked at, nothing changed, nothing taken along, nothing secret seen."""

import datetime as dt
import json
import re

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from werkzeug.test import TestResponse

from saas.identity.models import Session as SignIn
from saas.operator.models import SupportVisit
from tenants.wall.session import inside, landlord_plane, open_session
from tenants.wall.tenant import Tenant
from tests.wall.asking import Asker, plain
from tests.wall.routes import every_route
from tests.world.cast import Player, fixed_id
from tests.world.door import Guest, guest
from tests.world.snapshot import Snapshot
from web.routes import COMPANY_ROOMS
from web.visit import SAFE, SHOWN

ROUTES = {key: route for key, route in every_route().items() if route.kind == "tenant"}
PERSONAL = {"notifications"}
# What is carried off: a file, whichever room gives it.
FILES = {"customers.attachment", "jobs.file", "imports.template", "imports.rejects"}
SECRET = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=canary-of-a-bot"
OTHERS = re.compile("canary-of-a-bot|canary-of-a-browser|channel=")


def keys(*, safe: bool) -> list[str]:
    return [key for key in ROUTES if (key.partition(" ")[0] in SAFE) is safe]


@pytest.fixture
def visiting(asker: Asker, app: Flask, engine: Engine, players: dict[str, Player], alpha: Tenant) -> Asker:
    """The asker's Olga is on a visit to alpha, each time she is asked for."""

    def client_of(name: str) -> Guest:
        client = guest(app, engine, players[name])
        begin(engine, alpha)
        return client

    asker.client_of = client_of
    return asker


def begin(engine: Engine, tenant: Tenant) -> None:
    now = dt.datetime.now(dt.UTC)
    with open_session(engine, landlord_plane()) as landlord:
        mine = landlord.query(SignIn.id).where(SignIn.person_id == fixed_id("olga")).order_by(SignIn.created_at.desc()).limit(1)
        landlord.add(
            SupportVisit(
                tenant_id=tenant.id,
                person_id=fixed_id("olga"),
                session_id=mine.scalar(),
                name="Olga",
                reason="A payment failed.",
                began_at=now,
                ends_at=now + dt.timedelta(hours=1),
                rooms=[],
            )
        )
        landlord.commit()


def is_refused(answer: TestResponse) -> bool:
    return answer.status_code == 403 and "A visit only looks" in answer.text


def test_every_room_is_shown_or_closed_on_purpose() -> None:
    assert set(COMPANY_ROOMS) - SHOWN == PERSONAL, "say in web.visit.SHOWN whether our staff may look into the new room"


@pytest.mark.parametrize("key", keys(safe=False))
def test_nothing_is_changed(visiting: Asker, _snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, alpha: Tenant, key: str) -> None:
    touched: list[str] = []
    restore = _snapshot.restore

    def noting() -> list[str]:
        touched.extend(_snapshot.touched())
        return restore()

    monkeypatch.setattr(_snapshot, "restore", noting)
    assert is_refused(visiting.ask(key, "olga"))
    made = {table for statement in ROUTES[key].before for table in re.findall(r"(?:INTO|UPDATE|FROM) (\w+)", statement)}
    assert {table for table in touched if table.startswith(alpha.key)} <= {f"{alpha.key}.{table}" for table in made}


@pytest.mark.parametrize("key", keys(safe=True))
def test_everything_is_seen_but_what_is_personal_or_a_file(visiting: Asker, engine: Engine, alpha: Tenant, key: str) -> None:
    if not ROUTES[key].before:  # some make a bot of their own
        keep_secrets(engine, alpha)
    answer = visiting.ask(key, "olga")
    endpoint = key.partition(" ")[2]
    if endpoint in FILES or endpoint.partition(".")[0] in PERSONAL:
        assert is_refused(answer)
        return
    assert answer.status_code in ROUTES[key].answers or endpoint == "subscription.referrals"
    assert "Content-Disposition" not in answer.headers
    assert not OTHERS.search(answer.text)
    assert answer.status_code != 200 or "<html" not in answer.text or "as Zuke support until" in answer.text


def keep_secrets(engine: Engine, tenant: Tenant) -> None:
    bot = {"bots": [{"id": "b", "brand": "wecom", "name": "Sales", "url": SECRET, "secret": "canary-of-a-bot", "kinds": ["plan.due"], "is_on": True}]}
    with inside(tenant, engine) as session:
        session.execute(
            text("INSERT INTO settings (key, value, updated_at) VALUES ('bots', cast(:value AS jsonb), now()) ON CONFLICT DO NOTHING"),
            {"value": json.dumps(bot)},
        )
    with open_session(engine, landlord_plane()) as landlord:
        landlord.execute(text("UPDATE saas.sessions SET agent = 'canary-of-a-browser'"))
        landlord.commit()


@pytest.mark.parametrize("key", {key.partition(".")[0]: key for key in keys(safe=True)}.values())
def test_a_visit_to_alpha_never_opens_beta(visiting: Asker, key: str) -> None:
    """Beta answers as a company that does not exist."""
    status, page = plain(visiting.ask(key, "olga", slug="beta"))
    assert status == 404
    assert (status, page.replace("/beta/", "/<slug>/")) == plain(visiting.ask(key, "olga", slug="no-such-company"))


@pytest.mark.parametrize("key", sorted(f"GET {endpoint}" for endpoint in FILES))
def test_a_part_of_a_file_is_a_file(visiting: Asker, key: str) -> None:
    """Browsers that go on with a download ask for a range, and are answered 206."""
    assert is_refused(visiting.ask(key, "olga", headers={"Range": "bytes=0-"}))
