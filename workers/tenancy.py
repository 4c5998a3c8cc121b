"""The way of a job to its tenant: the engines of the cells, and the tenant's value from the registry. Opened once a process."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from saas.identity.sessions import value_of
from saas.registry.models import Tenant as TenantRow
from saas.registry.states import ENTERABLE
from tenants.wall.engine import make_engine
from tenants.wall.session import inside, landlord_plane, open_session
from tenants.wall.tenant import Tenant
from web.config import Settings
from web.database import FIRST_CELL

LANDLORD = "saas"  # the landlord's name on a bell
POOL_SIZE = 2  # a worker does one thing at a time


@dataclass(frozen=True, slots=True)
class House:
    """`cells`: their engines by name; the first one is also the landlord's."""

    settings: Settings
    cells: Mapping[str, Engine]

    @property
    def landlord(self) -> Engine:
        return self.cells[FIRST_CELL]

    @contextmanager
    def landlord_session(self, cell: str = FIRST_CELL) -> Iterator[Session]:
        """A unit of work as the app itself: in schema saas, or on the bells and schemas of a cell. Committed at the end."""
        with open_session(self.cells[cell], landlord_plane()) as session:
            yield session
            session.commit()

    def tenants(self, keys: Sequence[str]) -> dict[str, Tenant]:
        """By key, those of `keys` that are tenants of ours and not closed."""
        with self.landlord_session() as session:
            rows = session.scalars(select(TenantRow).where(TenantRow.key.in_(keys), TenantRow.state.in_(ENTERABLE)))
            found = [value_of(row) for row in rows]
        return {tenant.key: tenant for tenant in found}

    def close(self) -> None:
        for engine in self.cells.values():
            engine.dispose()


@cache
def house() -> House:
    """This process's, from the environment."""
    settings = Settings()  # type: ignore[call-arg]  # read from the environment
    urls = {FIRST_CELL: settings.database_url} | settings.cells
    return House(settings, {name: make_engine(url, pool_size=POOL_SIZE) for name, url in urls.items()})


@dataclass(frozen=True, slots=True)
class Ring:
    """A bell that is being answered: in `cell`, for a tenant or (None) for the landlord.

    `is_reported`: operators have been told that something of this tenant's could not be sent. Into `unsent` goes how many promises are being
    retried and how many were given up, as far as an answer has counted.
    """

    house: House
    cell: str
    tenant: Tenant | None
    is_reported: bool = False
    unsent: list[tuple[int, int]] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.tenant.key if self.tenant else LANDLORD

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A unit of work in the plane that rang. Committed at the end."""
        if self.tenant is None:
            with self.house.landlord_session(self.cell) as session:
                yield session
        else:
            with inside(self.tenant, self.house.cells[self.cell]) as session:
                yield session


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
