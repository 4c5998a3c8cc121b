"""/settings/jobs: what the workers did for this company, and what they could not send."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tenants.jobs import asking
from tenants.jobs.models import Job
from tenants.team.actor import Actor
from tenants.wall import outbox
from tenants.wall.models import Outbox
from tests.world.door import Guest
from workers.tenancy import now

ClientOf = Callable[[str], Guest]
AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
ORDER = {"of": "customers", "form": "csv"}


@pytest.fixture
def asked(inside_alpha: Session, bob: Actor) -> Callable[..., Job]:
    def ask(kind: str = "import", params: dict[str, Any] | None = None, **how: Any) -> Job:
        job = asking.ask(inside_alpha, kind, params or {}, member_id=bob.id, at=AT)
        for name, value in how.items():
            setattr(job, name, value)
        inside_alpha.commit()
        return job

    return ask


@pytest.fixture
def unsent(inside_alpha: Session) -> Outbox:
    key = outbox.promise(inside_alpha, "mail", {"to": "dora@alpha.example", "subject": "A plan is due", "text": "secret"}, at=AT)
    one = inside_alpha.get_one(Outbox, key)
    one.failed_at, one.failure, one.attempts = AT, "550 no such user", 7
    inside_alpha.commit()
    return one


def test_each_job_tells_who_asked_how_long_it_took_and_what_came_of_it(client_of: ClientOf, asked: Callable[..., Job]) -> None:
    asked("export", ORDER, state="done", result={"rows": 1234}, started_at=AT, finished_at=AT + dt.timedelta(seconds=7))
    asked(state="failed", failure={"sentence": "This took too long. Try it with a smaller part."}, finished_at=AT)
    asked(state="running", done=12_400, total=50_000)
    html = client_of("alice").get("settings/jobs?lang=en").text
    for words in ("Export · Customers .csv", "1,234 rows", "7 seconds", "This took too long", "12,400 of 50,000", "Bob", "Try again"):
        assert words in html


def test_an_import_tells_what_became_of_its_rows(client_of: ClientOf, asked: Callable[..., Job]) -> None:
    asked("import", {"name": "a.csv"}, state="done", result={"created": 1200, "updated": 4, "skipped": 2, "failed": 1}, finished_at=AT)
    asked("import.undo", {"name": "a.csv"}, state="done", result={"removed": 7, "put_back": 0, "kept": 1}, finished_at=AT)
    html = client_of("alice").get("settings/jobs").text
    assert "1,200 created, 4 updated, 2 left out, 1 failed" in html and "7 taken away, 0 put back, 1 left as they are" in html


def test_it_refreshes_itself_while_something_runs(client_of: ClientOf, asked: Callable[..., Job]) -> None:
    job = asked(state="done", result={}, finished_at=AT)
    assert "every 3s" not in client_of("alice").get("settings/jobs").text
    asked(state="running")
    piece = client_of("alice").get("settings/jobs", htmx=True).text
    assert "every 3s" in piece and "<html" not in piece and str(job.id) in piece


def test_it_is_filtered_by_state_and_kind(client_of: ClientOf, asked: Callable[..., Job]) -> None:
    failed, export = asked(state="failed", failure={"sentence": "No."}, finished_at=AT), asked("export", ORDER, state="done", finished_at=AT)
    alice = client_of("alice")
    for query, shown, hidden in (("state=failed", failed, export), ("kind=export", export, failed), ("state=done&kind=export", export, failed)):
        html = alice.get(f"settings/jobs?{query}").text
        assert str(shown.id) in html and str(hidden.id) not in html
    assert "filter" in alice.get("settings/jobs?state=waiting").text
    for wrong in ("state=odd", "kind=odd", "cursor=odd"):
        assert alice.get(f"settings/jobs?{wrong}").status_code == 400


def test_it_pages_by_key(client_of: ClientOf, asked: Callable[..., Job]) -> None:
    keys = {str(asked(state="cancelled", finished_at=AT).id) for _ in range(60)}
    alice, seen = client_of("alice"), set()
    first = alice.get("settings/jobs").text
    following = alice.get("/alpha/settings/jobs?cursor=" + first.partition('rel="next"')[0].rpartition("cursor=")[2].partition('"')[0]).text
    for html in (first, following):
        seen |= {key for key in keys if key in html}
    assert seen == keys and 'rel="prev"' in following and 'rel="next"' not in following


def test_another_try_leads_back_to_the_list(client_of: ClientOf, asked: Callable[..., Job], inside_alpha: Session) -> None:
    job = asked(state="failed", failure={"sentence": "No."}, finished_at=AT)
    came_from = {"Referer": "http://localhost/alpha/settings/jobs?state=failed"}
    answer = client_of("alice").post(f"jobs/{job.id}/retry", headers=came_from)
    assert answer.location.endswith("/alpha/settings/jobs?state=failed")
    inside_alpha.refresh(job)
    assert job.state == "waiting"


def test_what_could_not_be_sent_is_told_and_tried_again(client_of: ClientOf, unsent: Outbox, inside_alpha: Session) -> None:
    html = client_of("alice").get("settings/jobs/undelivered").text
    assert "dora@alpha.example · A plan is due" in html and "550 no such user" in html and "secret" not in html
    assert client_of("alice").post(f"settings/jobs/undelivered/{unsent.id}/retry").status_code == 303
    inside_alpha.expire_all()
    assert (unsent.failed_at, unsent.attempts) == (None, 0)
    assert [promised.id for promised in outbox.lease(inside_alpha, at=now())] == [unsent.id], "with its old key"
    assert client_of("alice").post(f"settings/jobs/undelivered/{unsent.id}/retry").status_code == 404, "it is no longer given up"


@pytest.mark.parametrize("name", ["mei", "bob", "rhea"])
def test_it_is_for_who_looks_after_all_work(client_of: ClientOf, unsent: Outbox, name: str) -> None:
    for path in ("settings/jobs", "settings/jobs/undelivered"):
        assert client_of(name).get(path).status_code == 403
    assert client_of(name).post(f"settings/jobs/undelivered/{unsent.id}/retry").status_code == 403
    assert "settings/jobs" in client_of("alice").get("settings").text


def test_a_letter_about_notifications_tells_whose_and_how_many(client_of: ClientOf, inside_alpha: Session, bob: Actor) -> None:
    key = outbox.promise(inside_alpha, "notice.mail", {"member": str(bob.id), "notifications": ["a", "b"]}, at=AT)
    inside_alpha.get_one(Outbox, key).failed_at = AT
    inside_alpha.commit()
    html = client_of("alice").get("settings/jobs/undelivered").text
    assert "Bob · 2 notifications by mail" in html and "notice.mail" not in html
