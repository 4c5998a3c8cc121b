"""python -m workers.boot [short|heavy]: one worker. A store or database that goes away is waited for; SIGTERM ends it after the job at hand."""

import sys
import time
from types import FrameType

import structlog
from redis.exceptions import RedisError
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer
from rq.worker import SimpleWorker, Worker

from web import logs
from workers import queues, tenancy

log = structlog.get_logger()
PAUSE = 2.0  # seconds until the store is tried again


class Told:
    """Remembers that it was told to stop: RQ notes that only while it works on a job, and an idle worker just returns."""

    is_told = False

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        self.is_told = True
        super().request_stop(signum, frame)  # type: ignore[misc]  # RQ's worker, beside us in the classes below


class ShortWorker(Told, SimpleWorker):
    """Does not fork: 3,000 tenants a second, against 13."""

    max_connection_wait_time = PAUSE


class HeavyWorker(Told, Worker):
    """Forks for every job, so that what eats memory dies with its job."""

    max_connection_wait_time = PAUSE


KINDS: dict[str, type[ShortWorker] | type[HeavyWorker]] = {queues.SHORT: ShortWorker, queues.HEAVY: HeavyWorker}


def run(name: str) -> None:
    """Works until it is told to stop."""
    try:
        while not _worked(name):
            time.sleep(PAUSE)
    except StopRequested:  # told while the store was being waited for
        return


def _worked(name: str) -> bool:
    """True when it was told to stop; False when the store has gone away, which RQ answers by giving up."""
    worker = None
    try:
        worker = make(name)
        worker.work(logging_level="WARNING")
    except RedisError as error:
        log.warning("store away", error=str(error))
    return worker is not None and worker.is_told


def make(name: str) -> ShortWorker | HeavyWorker:
    connection = queues.connect(tenancy.house().settings)
    return KINDS[name]([queues.queue(name, connection)], connection=connection, serializer=JSONSerializer)


def main(words: list[str]) -> None:
    name = words[0] if words else queues.SHORT
    if name not in KINDS:
        raise SystemExit(f"python -m workers.boot [{'|'.join(KINDS)}]")
    logs.configure(tenancy.house().settings)
    run(name)


if __name__ == "__main__":
    main(sys.argv[1:])
