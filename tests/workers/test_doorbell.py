"""After the commit the web tells the workers; a store that is away never fails the request."""

import time
from collections.abc import Callable

from flask import Flask
from redis import Redis
from rq import Queue
from sqlalchemy import Engine

from tenants.wall import outbox
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.database import Database
from tests.world.door import make_app
from tests.world.engine_room import Inbox
from web import doorbell
from workers.tenancy import House, now


def test_what_is_told_is_done(
    house: House, database: Database, alpha: Tenant, engine: Engine, inbox: Inbox, short: Queue, run_dry: Callable[[], None]
) -> None:
    with inside(alpha, engine) as session:
        outbox.promise(session, "mail", {"to": "bob@alpha.example", "subject": "s", "text": "t"}, at=now())
    with make_app(database.app_url, redis_url=house.settings.redis_url).app_context():
        doorbell.tell(alpha.key, ["outbox"])
    assert short.count == 1
    run_dry()
    assert len(inbox.mails) == 1


def test_nobody_there_is_no_error(app: Flask) -> None:
    with app.app_context():
        doorbell.tell("saas", ["outbox"])


def test_a_store_that_hangs_costs_half_a_second_at_most(redis: Redis, house: House, database: Database) -> None:
    app = make_app(database.app_url, redis_url=house.settings.redis_url)
    redis.client_pause(1500)
    began = time.monotonic()
    with app.app_context():
        doorbell.tell("saas", ["outbox"])
    assert time.monotonic() - began < 1
    time.sleep(1.5)
