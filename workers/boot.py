"""python -m workers.boot [short|heavy]: one worker. A store or database that goes away is waited for; SIGTERM ends it after the job at hand."""

import resource
import sys
import time
from pathlib import Path
from types import FrameType

import structlog
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import StopRequested
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import SimpleWorker, Worker

from web import logs
from workers import queues, tenancy

log = structlog.get_logger()
PAUSE = 2.0  # seconds until the store is tried again
MOST_MEMORY = 400 * 1024 * 1024  # bytes that a piece of long work may take


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

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """The child has connections of its own, and may take just so much memory."""
        for engine in tenancy.house().cells.values():
            engine.dispose(close=False)
        confine(MOST_MEMORY)
        super().main_work_horse(job, queue)


def confine(more: int) -> None:
    """From here on this process may take `more` bytes beyond what it has; asking for more raises MemoryError. Linux only."""
    status = Path("/proc/self/status")
    if status.exists():
        has = next(int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line.startswith("VmData:"))
        resource.setrlimit(resource.RLIMIT_DATA, (has + more, resource.RLIM_INFINITY))


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
