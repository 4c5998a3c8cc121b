"""The engine room in tests: the test's database and store, a mail server that keeps what it is sent, a worker that runs dry."""

from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import Engine

from sandbox.machine.ports import free_port
from tests.world.database import Database
from tests.world.door import SECRET
from web.config import Settings
from workers import boot, queues, tenancy
from workers.tenancy import House


class Inbox:
    """A mail server's handler. `refuse` is what it answers instead of taking the mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuse: str | None = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(BytesParser(policy=default).parsebytes(envelope.content))
        return "250 OK"


@pytest.fixture
def inbox(loopback: None) -> Inbox:
    return Inbox()


@pytest.fixture
def mail_port(inbox: Inbox) -> Iterator[int]:
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller.port
    controller.stop()


@pytest.fixture
def house(database: Database, engine: Engine, redis: Redis, mail_port: int, monkeypatch: pytest.MonkeyPatch) -> House:
    """What a worker finds in its environment."""
    settings = Settings(
        zuke_env="test",
        database_url=database.app_url,
        owner_database_url=database.owner_url,
        redis_url=_url(redis),
        secret_key=SECRET,
        smtp_url=f"smtp://127.0.0.1:{mail_port}",
        mail_from="Zuke <no-reply@zuke.example>",
    )
    house = House(settings, {"main": engine})
    monkeypatch.setattr(tenancy, "house", lambda: house)
    return house


@pytest.fixture
def short(house: House, redis: Redis) -> Queue:
    return queues.queue(queues.SHORT, redis)


@pytest.fixture
def run_dry(house: House) -> Callable[..., None]:
    """Lets a worker do all the jobs that are in the queue: in this process, of whichever queue."""

    def work(queue: str = queues.SHORT) -> None:
        worker = boot.ShortWorker([queues.queue(queue, queues.connect(house.settings))], serializer=JSONSerializer)
        worker.work(burst=True, logging_level="WARNING")
        worker.connection.close()

    return work


def _url(redis: Redis) -> str:
    kwargs = redis.connection_pool.connection_kwargs
    return f"redis://:{kwargs['password']}@{kwargs['host']}:{kwargs['port']}/{kwargs['db']}"
