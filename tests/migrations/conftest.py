from collections.abc import Callable, Iterator

import psycopg
import pytest

from migrations import fleet
from saas.cells import upkeep
from sandbox.machine.postgres import Cluster
from tests.world.database import Database, empty_database

# A tenant in small: the fleet does not mind how many tables there are.
SMALL = ["CREATE TABLE customers (id int PRIMARY KEY, name text)"]


@pytest.fixture
def empty(_cluster: Cluster) -> Iterator[Database]:
    with empty_database(_cluster) as database:
        yield database


@pytest.fixture
def fleet_of(empty: Database) -> Callable[[int], list[str]]:
    """fleet_of(100): so many small schemas at revision 0001; returns their keys in the order in which the fleet takes them."""

    def make(count: int) -> list[str]:
        fleet.upgrade_landlord(empty.owner_url)
        with psycopg.connect(empty.owner_url, autocommit=True) as owner:
            return sorted(upkeep.make_vacant(owner, "0001", SMALL) for _ in range(count))

    return make
