"""/operator/: the whole fleet at a glance, for our own staff."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from saas.cells.models import Bell, Schema
from saas.cells.reports import JobReport, OutboxReport, Sweep
from saas.operator.models import Operator, OperatorDeed
from tenants.jobs import asking
from tenants.jobs.models import Job
from tenants.wall.tenant import Tenant
from tests.world.cast import fixed_id
from tests.world.door import Guest, guest, make_app
from workers import heavy
from workers.tenancy import House, Ring, now

ClientOf = Callable[[str], Guest]
REASON = "This took too long. Try it with a smaller part."


@pytest.fixture
def failed(inside_alpha: Session, landlord: Session, alpha: Tenant) -> Job:
    """An export of alpha's that has failed, as workers have reported it."""
    job = asking.ask(inside_alpha, "export", {"of": "customers", "form": "csv"}, member_id=None, at=now())
    job.state, job.finished_at, job.failure, job.attempts = "failed", now(), {"sentence": REASON, "params": {}}, 5
    inside_alpha.commit()
    at = {"asked_at": now(), "ended_at": now()}
    landlord.add(JobReport(job_id=job.id, tenant=alpha.key, kind="export", state="failed", attempts=5, failure=REASON, **at))
    landlord.commit()
    return job


def test_it_tells_how_the_fleet_does(client_of: ClientOf, landlord: Session, alpha: Tenant, failed: Job) -> None:
    landlord.add(Bell(id=uuid.uuid4(), tenant=alpha.key, kind="outbox", due_at=now() - dt.timedelta(hours=1)))
    landlord.add(OutboxReport(tenant=alpha.key, open=2, failed=7, at=now()))
    landlord.add(Sweep(sweeper="machine:1", at=now(), passes=10, bells=3, lag=0.5))
    landlord.commit()
    html = client_of("olga").get("/operator/").text
    for words in ("Operator", "Bells due", "wait for more than a minute", "alpha", "Vacant schemas", "0002"):
        assert words in html, words
    assert "No sweeper is at work" not in html


def test_without_store_and_sweeper_it_says_so(client_of: ClientOf) -> None:
    """The tests' own store is always away."""
    html = client_of("olga").get("/operator/").text
    assert "The queue store does not answer" in html and "No sweeper is at work" in html


def test_it_speaks_chinese(client_of: ClientOf) -> None:
    assert "租户" in client_of("olga").get("/operator/?lang=zh_Hans_CN").text


def test_queues_and_workers_are_seen(app: Flask, house: House, engine: Any, players: Any) -> None:
    other = make_app(str(engine.url.render_as_string(hide_password=False)), redis_url=house.settings.redis_url)
    html = guest(other, engine, players["olga"]).get("/operator/").text
    assert "Queue “short”" in html and "No worker is at work." in html
    with other.app_context():
        from web.database import db

        db.engine.dispose()


def test_the_number_of_queries_does_not_grow_with_the_tenants(client_of: ClientOf, landlord: Session, engine: Any) -> None:
    olga = client_of("olga")

    def asked() -> int:
        said: list[str] = []
        event.listen(engine, "before_cursor_execute", listen := lambda *args: said.append(args[2]))
        olga.get("/operator/")
        event.remove(engine, "before_cursor_execute", listen)
        return len(said)

    olga.get("/operator/")
    before = asked()
    for number in range(30):
        landlord.add(OutboxReport(tenant=f"t_{number}", open=1, failed=1, at=now()))
        landlord.add(JobReport(job_id=uuid.uuid4(), tenant=f"t_{number}", kind="export", state="failed", attempts=1, asked_at=now()))
    landlord.commit()
    assert asked() == before


def test_long_work_of_all_tenants_with_its_reason(client_of: ClientOf, failed: Job) -> None:
    html = client_of("olga").get("/operator/jobs").text
    assert "alpha" in html and REASON in html and f"/operator/jobs/main/{failed.id}/retry" in html
    assert str(failed.id) not in client_of("olga").get("/operator/jobs?state=running").text
    assert client_of("olga").get("/operator/jobs?state=odd").status_code == 400


def test_a_worker_opens_it_again_and_the_audit_says_why(
    client_of: ClientOf, failed: Job, house: House, alpha: Tenant, inside_alpha: Session, landlord: Session
) -> None:
    address = f"/operator/jobs/main/{failed.id}/retry"
    assert client_of("olga").post(address, data={"why": " "}).status_code == 422
    assert client_of("olga").post(address, data={"why": "They called."}).status_code == 303
    inside_alpha.refresh(failed)
    assert failed.state == "failed", "the web does not enter the tenant"
    assert landlord.scalars(select(Bell.kind).where(Bell.tenant == alpha.key, Bell.due_at <= now())).all() == ["jobs"]
    heavy.start(Ring(house, "main", alpha))
    inside_alpha.refresh(failed)
    assert failed.state == "waiting"
    assert landlord.scalars(select(JobReport.state)).all() == ["waiting"]
    deed = landlord.scalars(select(OperatorDeed)).one()
    assert (deed.person_id, deed.what, deed.tenant_id, deed.why) == (fixed_id("olga"), "job.retried", alpha.id, "They called.")
    audit = client_of("olga").get("/operator/audit").text
    assert "Job tried again" in audit and "They called." in audit and "olga@zuke.example" in audit


def test_what_is_not_there_is_not_found(client_of: ClientOf, failed: Job) -> None:
    for address in (f"main/{uuid.uuid4()}", f"elsewhere/{failed.id}"):
        assert client_of("olga").get(f"/operator/jobs/{address}/retry").status_code == 404


def test_a_viewer_looks_and_does_nothing(client_of: ClientOf, landlord: Session, failed: Job) -> None:
    landlord.execute(update(Operator).values(role="viewer"))
    landlord.commit()
    html = client_of("olga").get("/operator/jobs")
    assert html.status_code == 200 and "/retry" not in html.text
    assert client_of("olga").post(f"/operator/jobs/main/{failed.id}/retry", data={"why": "x"}).status_code == 404


def test_who_is_no_longer_of_us_is_out_at_once(client_of: ClientOf, landlord: Session) -> None:
    olga = client_of("olga")
    assert olga.get("/operator/").status_code == 200
    assert "/operator/" in olga.get("/companies").text and "/operator/" not in client_of("alice").get("/companies").text
    landlord.delete(landlord.get_one(Operator, fixed_id("olga")))
    landlord.commit()
    assert olga.get("/operator/").status_code == 404


def test_tenants_behind_are_counted(client_of: ClientOf, landlord: Session) -> None:
    assert landlord.scalars(select(Schema.revision)).all()
    assert "Behind" in client_of("olga").get("/operator/").text
