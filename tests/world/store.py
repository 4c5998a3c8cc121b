"""Real Valkey for the tests of the workers: one server for all, a numbered database for each process."""

from collections.abc import Iterator

import pytest
from redis import Redis

from sandbox.machine.valkey import shared_valkey
from tests.world.database import VAR

DATABASES = 256  # as sandbox.machine.valkey sets it; number 0 holds the count


@pytest.fixture(scope="session")
def _valkey_url() -> Iterator[str]:
    with shared_valkey(VAR / "valkey") as store:
        with Redis.from_url(store.url()) as counter:
            number = 1 + int(counter.incr("tests")) % (DATABASES - 1)
        yield store.url(number)


@pytest.fixture
def redis(_valkey_url: str) -> Iterator[Redis]:
    """An empty store; emptied again after the test."""
    with Redis.from_url(_valkey_url) as redis:
        redis.flushdb()
        yield redis
        redis.flushdb()
