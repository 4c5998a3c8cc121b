"""What Prometheus reads: it parses, it is true, it names nobody, and it is there while the store is away."""

import datetime as dt
import os
import subprocess
import sys
import urllib.request
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis
from rq import Queue
from sqlalchemy.orm import Session

from saas.cells.models import Bell
from saas.cells.reports import JobReport, OutboxReport, Sweep
from sandbox.machine.bare import ROOT
from sandbox.machine.ports import free_port
from tenants.wall.tenant import Tenant
from tests.world.door import SECRET, Guest
from workers import metrics
from workers.tenancy import House, now

Read = dict[tuple[str, frozenset[tuple[str, str]]], float]


def read(text: str) -> Read:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value for family in text_string_to_metric_families(text) for sample in family.samples
    }


def scraped(house: House) -> Read:
    return read(generate_latest(metrics.registry(house)).decode())


def value(found: Read, name: str, **labels: str) -> float:
    return found[name, frozenset(labels.items())]


def test_it_tells_how_the_fleet_does(house: House, landlord: Session, alpha: Tenant, short: Queue) -> None:
    at = now()
    landlord.add(Bell(id=uuid.uuid4(), tenant=alpha.key, kind="outbox", due_at=at - dt.timedelta(seconds=90)))
    landlord.add(OutboxReport(tenant=alpha.key, open=2, failed=7, at=at))
    landlord.add(Sweep(sweeper="machine:1", at=at, passes=10, bells=3, lag=0.5))
    for state, started in (("failed", None), ("done", at - dt.timedelta(seconds=4))):
        landlord.add(
            JobReport(job_id=uuid.uuid4(), tenant=alpha.key, kind="export", state=state, attempts=1, asked_at=at, started_at=started, ended_at=at)
        )
    landlord.commit()
    short.enqueue("workers.jobs.bells.answer", "main", [])
    found = scraped(house)
    assert value(found, "zuke_store_up") == value(found, "zuke_landlord_up") == value(found, "zuke_cell_up", cell="main") == 1
    assert value(found, "zuke_queue_jobs", queue="short") == 1 and value(found, "zuke_queue_jobs", queue="heavy") == 0
    assert value(found, "zuke_bells_due", cell="main") == 1 and 90 <= value(found, "zuke_bells_oldest_seconds", cell="main") < 200
    assert value(found, "zuke_outbox_failed", cell="main") == 7 and value(found, "zuke_outbox_open", cell="main") == 2
    assert value(found, "zuke_jobs", cell="main", kind="export", state="failed") == 1
    assert value(found, "zuke_jobs_mean_seconds", cell="main", kind="export") == pytest.approx(4)
    assert value(found, "zuke_tenants", state="active") == 2
    assert value(found, "zuke_schemas_vacant", cell="main") >= 1 and value(found, "zuke_schemas_behind", cell="main") == 0
    assert value(found, "zuke_sweeper_passes_total", cell="main") == 10 and value(found, "zuke_sweeper_lag_seconds", cell="main") == 0.5


def test_it_names_no_tenant(house: House, landlord: Session, alpha: Tenant) -> None:
    landlord.add(OutboxReport(tenant=alpha.key, open=2, failed=7, at=now()))
    landlord.commit()
    text = generate_latest(metrics.registry(house)).decode()
    assert alpha.key not in text and "alpha" not in text and "@" not in text


def test_it_answers_while_the_store_is_away(house: House) -> None:
    away = replace(house, settings=house.settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"}))
    found = scraped(away)
    assert value(found, "zuke_store_up") == 0
    assert value(found, "zuke_landlord_up") == 1 and value(found, "zuke_tenants", state="active") == 2
    assert not any(name == "zuke_queue_jobs" for name, _ in found)


ASK = """
import os, sys
os.environ["METRICS_SLOT"] = sys.argv[1]
from web.metrics import EFFECTS_TRIED, REQUESTS
REQUESTS.labels("customers.index", "GET", "2xx").observe(0.03)
EFFECTS_TRIED.labels("mail", "kept").inc()
"""


def test_what_several_processes_count_is_added_up(house: House, tmp_path: Path) -> None:
    """A process that takes the place of another one goes on with its counts."""
    for slot in ("web-1", "web-2", "web-2"):
        subprocess.run([sys.executable, "-c", ASK, slot], check=True, cwd=ROOT, env={**os.environ, "METRICS_FOLDER": str(tmp_path)})
    found = scraped(replace(house, settings=house.settings.model_copy(update={"metrics_folder": str(tmp_path)})))
    route = {"route": "customers.index", "method": "GET", "status": "2xx"}
    assert value(found, "zuke_http_request_seconds_count", **route) == 3
    assert value(found, "zuke_http_request_seconds_bucket", le="0.05", **route) == 3
    assert value(found, "zuke_effects_total", kind="mail", outcome="kept") == 3
    assert len(list(tmp_path.glob("*/histogram_*.db"))) == 2


def test_a_request_is_counted_by_its_route(app: object, client_of: object) -> None:
    from collections.abc import Callable
    from typing import cast

    from prometheus_client import REGISTRY

    def seen(**labels: str) -> float:
        return REGISTRY.get_sample_value("zuke_http_request_seconds_count", labels) or 0

    def counts() -> tuple[float, float]:
        return seen(route="customers.index", method="GET", status="2xx"), seen(route="none", method="other", status="4xx")

    before = counts()
    bob = cast(Callable[[str], Guest], client_of)("bob")
    bob.get("customers")
    bob.open("/no/such/place", method="ODD")
    assert counts() == (before[0] + 1, before[1] + 1)


def test_the_process_answers_on_its_own_port(house: House, redis: Redis, loopback: None) -> None:
    port = free_port()
    told = {
        "METRICS_BIND": f"127.0.0.1:{port}",
        "DATABASE_URL": house.settings.database_url,
        "SECRET_KEY": SECRET,
        "REDIS_URL": house.settings.redis_url,
    }
    process = subprocess.Popen([sys.executable, "-m", "workers.metrics"], cwd=ROOT, env={**os.environ, **told})
    try:
        text = asked(port, process)
        assert value(read(text), "zuke_landlord_up") == 1
    finally:
        process.terminate()
        assert process.wait(20) == 0


def asked(port: int, process: subprocess.Popen[bytes]) -> str:
    import time

    for _ in range(200):
        assert process.poll() is None
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.1)
    raise AssertionError("it did not answer in 20 s")


def test_without_an_address_it_does_not_start(house: House) -> None:
    with pytest.raises(SystemExit, match="METRICS_BIND"):
        metrics.main()
