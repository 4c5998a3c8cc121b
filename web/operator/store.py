"""What stands in the queue store: how much waits, since when, and who works."""

import datetime as dt
from typing import NamedTuple

from redis import Redis
from rq import Queue as RqQueue
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import BaseWorker
from rq.worker import Worker as RqWorker

NAMES = ("short", "heavy")


class Queue(NamedTuple):
    """`age`: seconds that the first in the line has waited."""

    name: str
    length: int
    age: float
    failed: int


class Worker(NamedTuple):
    """`doing`: the job's own words, without the tenant's name."""

    name: str
    queue: str
    state: str
    doing: str
    since: dt.datetime | None
    seen_at: dt.datetime | None


def queues(connection: Redis, at: dt.datetime) -> list[Queue]:
    return [_queue(RqQueue(name, connection=connection, serializer=JSONSerializer), at) for name in NAMES]


def _queue(queue: RqQueue, at: dt.datetime) -> Queue:
    first = queue.get_job_ids(0, 1)
    job = Job.fetch_many(first, connection=queue.connection, serializer=JSONSerializer)[0] if first else None
    since = _utc(job.enqueued_at) if job else None
    return Queue(queue.name, queue.count, (at - since).total_seconds() if since else 0.0, queue.failed_job_registry.count)


def workers(connection: Redis) -> list[Worker]:
    found = [_worker(one) for one in RqWorker.all(connection=connection, serializer=JSONSerializer)]
    return sorted(found, key=lambda one: (one.queue, one.name))


def _worker(worker: BaseWorker) -> Worker:
    job = worker.get_current_job()
    doing = f"{job.func_name} {' '.join(map(str, job.args))}" if job else ""
    return Worker(
        worker.name,
        ", ".join(worker.queue_names()),
        worker.get_state(),
        doing[:200],
        _utc(job.started_at) if job else None,
        _utc(worker.last_heartbeat),
    )


def _utc(moment: dt.datetime | None) -> dt.datetime | None:
    """RQ's moments are UTC; some do not say so."""
    return moment.replace(tzinfo=dt.UTC) if moment is not None and moment.tzinfo is None else moment
