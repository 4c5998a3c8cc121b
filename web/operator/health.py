"""How the fleet does now: from the database, and from the store as far as it answers."""

import datetime as dt
from dataclasses import dataclass, field

import structlog
from flask import current_app
from redis.exceptions import RedisError

from saas.operator import fleet
from saas.registry.models import Tenant
from tenants.wall.session import landlord_plane, open_session
from web.config import Settings
from web.database import FIRST_CELL, db, engine_of
from web.operator.store import Queue, Worker, queues, workers

log = structlog.get_logger()
SWEEPS_EVERY = dt.timedelta(seconds=30)  # a sweeper that was silent for longer is not at work
LATE = dt.timedelta(seconds=60)  # a bell that is due for longer


@dataclass(frozen=True, slots=True)
class Cell:
    name: str
    bells: fleet.Bells
    vacant: int
    behind: int
    errors: int
    revisions: dict[str, int]
    sweeps: list[fleet.Swept]
    jobs: dict[tuple[str, str], int]
    unsent: list[fleet.Unsent]

    @property
    def last_sweep(self) -> dt.datetime | None:
        return self.sweeps[0].at if self.sweeps else None


@dataclass(frozen=True, slots=True)
class Health:
    """`queues` and `workers` are None while the store is away."""

    at: dt.datetime
    tenants: dict[str, int]
    cells: list[Cell]
    unsent: list[fleet.Unsent]
    names: dict[str, Tenant]
    queues: list[Queue] | None
    workers: list[Worker] | None = field(default=None)

    def is_sweeping(self, cell: Cell) -> bool:
        return cell.last_sweep is not None and self.at - cell.last_sweep < SWEEPS_EVERY

    def is_late(self, moment: dt.datetime | None) -> bool:
        return moment is not None and self.at - moment > LATE

    @property
    def jobs(self) -> dict[str, int]:
        """By state, over all kinds and cells."""
        found: dict[str, int] = {}
        for cell in self.cells:
            for (_, state), number in cell.jobs.items():
                found[state] = found.get(state, 0) + number
        return found


def cells() -> list[str]:
    settings: Settings = current_app.extensions["settings"]
    return [FIRST_CELL, *settings.cells]


def health(at: dt.datetime) -> Health:
    landlord = db.session()
    found = [_cell(name, at) for name in cells()]
    unsent = [fleet.landlord_unsent(landlord), *(one for cell in found for one in cell.unsent)]
    told = [one for one in unsent if one.open or one.failed]
    lines, hands = _store(at)
    return Health(at, fleet.tenants_by_state(landlord), found, told, fleet.names(landlord, [one.tenant for one in told]), lines, hands)


def _cell(name: str, at: dt.datetime) -> Cell:
    with open_session(engine_of(name), landlord_plane()) as session:
        schemas = fleet.schemas(session)
        return Cell(
            name=name,
            bells=fleet.bells(session, at),
            vacant=fleet.vacant(schemas),
            behind=fleet.behind(schemas),
            errors=fleet.schema_errors(session),
            revisions={revision: sum(n for (_, of), n in schemas.items() if of == revision) for _, revision in sorted(schemas)},
            sweeps=fleet.sweeps(session),
            jobs=fleet.jobs_by_state(session),
            unsent=fleet.unsent(session),
        )


def _store(at: dt.datetime) -> tuple[list[Queue] | None, list[Worker] | None]:
    connection = current_app.extensions["doorbell"].connection
    try:
        return queues(connection, at), workers(connection)
    except RedisError as error:
        log.warning("store away", error=str(error))
        return None, None
