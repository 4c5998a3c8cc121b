"""python -m workers.metrics: answers Prometheus on METRICS_BIND, which nobody but us should reach. No tenant's name and nobody's data are in it.

The database and the store are asked at each scrape; what web processes and workers count comes from the folder that they share. What does not
answer is told as such, and the rest all the same.
"""

import signal
import threading
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import structlog
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from sqlalchemy.exc import OperationalError

from saas.operator import fleet
from web import logs
from web.operator import store
from workers import tenancy
from workers.tenancy import House, now

log = structlog.get_logger()


class Sheet:
    """The families of one scrape. A family that was told of before gets one more line."""

    def __init__(self) -> None:
        self.families: dict[str, GaugeMetricFamily | CounterMetricFamily] = {}

    def gauge(self, name: str, what: str, value: float, **labels: str) -> None:
        self._family(GaugeMetricFamily, name, what, labels).add_metric(list(labels.values()), value)

    def counter(self, name: str, what: str, value: float, **labels: str) -> None:
        self._family(CounterMetricFamily, name, what, labels).add_metric(list(labels.values()), value)

    def _family(
        self, kind: type[GaugeMetricFamily] | type[CounterMetricFamily], name: str, what: str, labels: dict[str, str]
    ) -> GaugeMetricFamily | CounterMetricFamily:
        if name not in self.families:
            self.families[name] = kind(name, what, labels=list(labels))
        return self.families[name]


class Counted(Collector):
    """What web processes and workers have counted, added up."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        files = [str(file) for file in sorted(self._folder.glob("*/*.db"))]
        found: Iterable[Metric] = MultiProcessCollector.merge(files)  # type: ignore[no-untyped-call]
        return found


class Fleet(Collector):
    """How the fleet does now."""

    def __init__(self, house: House) -> None:
        self._house = house
        no_patience = {"socket_timeout": 2, "socket_connect_timeout": 2, "retry": Retry(NoBackoff(), 0)}
        self._store = Redis.from_url(house.settings.redis_url, **no_patience)

    def collect(self) -> Iterable[Metric]:
        sheet = Sheet()
        sheet.gauge("zuke_store_up", "The queue store answers.", _answers(partial(self._queues, sheet)))
        sheet.gauge("zuke_landlord_up", "The landlord's database answers.", _answers(partial(self._landlord, sheet)))
        for cell in self._house.cells:
            sheet.gauge("zuke_cell_up", "The database of the cell answers.", _answers(partial(self._cell, sheet, cell)), cell=cell)
        return sheet.families.values()

    def _queues(self, sheet: Sheet) -> None:
        for queue in store.queues(self._store, now()):
            sheet.gauge("zuke_queue_jobs", "Jobs that wait in the queue.", queue.length, queue=queue.name)
            sheet.gauge("zuke_queue_oldest_seconds", "How long the first in the line has waited.", queue.age, queue=queue.name)
            sheet.gauge("zuke_queue_failed_jobs", "Jobs that raised, of the last day.", queue.failed, queue=queue.name)
        workers = [(worker.queue, worker.state) for worker in store.workers(self._store)]
        for queue_name, state in sorted(set(workers)):
            sheet.gauge("zuke_workers", "Workers at the queue, by state.", workers.count((queue_name, state)), queue=queue_name, state=state)

    def _landlord(self, sheet: Sheet) -> None:
        with self._house.landlord_session() as session:
            states, unsent = fleet.tenants_by_state(session), fleet.landlord_unsent(session)
        for state, number in states.items():
            sheet.gauge("zuke_tenants", "Tenants by state.", number, state=state)
        sheet.gauge("zuke_landlord_outbox_open", "The landlord's own promised effects that are open.", unsent.open)
        sheet.gauge("zuke_landlord_outbox_failed", "The landlord's own promised effects that were given up.", unsent.failed)

    def _cell(self, sheet: Sheet, cell: str) -> None:
        at = now()
        with self._house.landlord_session(cell) as session:
            bells, schemas, sweeps = fleet.bells(session, at), fleet.schemas(session), fleet.sweeps(session)
            jobs, seconds, unsent = fleet.jobs_by_state(session), fleet.seconds_by_kind(session), fleet.unsent_in_all(session)
        oldest = (at - bells.oldest).total_seconds() if bells.oldest else 0
        sheet.gauge("zuke_bells_due", "Bells that are due and not yet answered.", bells.due, cell=cell)
        sheet.gauge("zuke_bells_oldest_seconds", "How long the oldest of them has been due.", oldest, cell=cell)
        sheet.gauge("zuke_schemas_vacant", "Schemas that wait for a tenant.", fleet.vacant(schemas), cell=cell)
        sheet.gauge("zuke_schemas_behind", "Tenants behind the newest revision.", fleet.behind(schemas), cell=cell)
        sheet.gauge("zuke_outbox_open", "Promised effects that failed and are tried again.", unsent.open, cell=cell)
        sheet.gauge("zuke_outbox_failed", "Promised effects that were given up.", unsent.failed, cell=cell)
        for (kind, state), number in jobs.items():
            sheet.gauge("zuke_jobs", "Long work that is known of; what went well, for a day.", number, cell=cell, kind=kind, state=state)
        for kind, (number, together) in seconds.items():
            sheet.gauge("zuke_jobs_mean_seconds", "How long work took on average during the last day.", together / number, cell=cell, kind=kind)
        if sweeps:
            silent = (at - sweeps[0].at).total_seconds()
            sheet.gauge("zuke_sweeper_lag_seconds", "How late the oldest bell was at the last look.", sweeps[0].lag, cell=cell)
            sheet.gauge("zuke_sweeper_silent_seconds", "How long no sweeper has been heard of.", silent, cell=cell)
            sheet.counter("zuke_sweeper_passes", "Times that sweepers went round.", sum(sweep.passes for sweep in sweeps), cell=cell)
            sheet.counter("zuke_sweeper_bells", "Bells that sweepers took.", sum(sweep.bells for sweep in sweeps), cell=cell)


def _answers(ask: Callable[[], None]) -> int:
    try:
        ask()
    except (OperationalError, RedisError) as error:
        log.warning("no answer", error=str(error).splitlines()[0])
        return 0
    return 1


def registry(house: House) -> CollectorRegistry:
    found = CollectorRegistry()
    found.register(Fleet(house))
    if house.settings.metrics_folder:
        found.register(Counted(Path(house.settings.metrics_folder)))
    return found


def main() -> None:
    house = tenancy.house()
    logs.configure(house.settings)
    if not house.settings.metrics_bind:
        raise SystemExit("METRICS_BIND says where to answer, such as 127.0.0.1:9600. It is not set, so nobody does.")
    host, _, port = house.settings.metrics_bind.rpartition(":")
    server, thread = start_http_server(int(port), host or "127.0.0.1", registry(house))
    stopped = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stopped.set())
    stopped.wait()
    server.shutdown()
    thread.join()


if __name__ == "__main__":
    main()
