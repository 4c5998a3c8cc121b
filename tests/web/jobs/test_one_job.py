"""/jobs/<id>: how far one piece of long work is, calling it off, another try, its files."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tenants.jobs import asking
from tenants.jobs.models import Job, JobFile
from tenants.team.actor import Actor
from tests.world.door import Guest
from workers.tenancy import now

ClientOf = Callable[[str], Guest]
Ask = Callable[..., Job]


@pytest.fixture
def asked(inside_alpha: Session, bob: Actor) -> Ask:
    """Bob has asked for an import; `how` says how it stands."""

    def ask(**how: Any) -> Job:
        job = asking.ask(inside_alpha, "import", {}, member_id=bob.id, at=now())
        for name, value in how.items():
            setattr(job, name, value)
        inside_alpha.commit()
        return job

    return ask


def kept(session: Session, job: Job) -> JobFile:
    content = b"=1+1,<script>"
    file = asking.keep_file(session, job, "rejects", name="没进去的.csv", media_type="text/html", content=content, at=now())
    session.commit()
    return file


def test_it_asks_for_itself_while_it_is_done(client_of: ClientOf, asked: Ask) -> None:
    job = asked(state="running", started_at=now(), done=12_400, total=50_000)
    page, piece = client_of("bob").get(f"jobs/{job.id}").text, client_of("bob").get(f"jobs/{job.id}", htmx=True).text
    for html in (page, piece):
        assert "12,400" in html and "50,000" in html
        assert f'hx-get="/alpha/jobs/{job.id}"' in html and "every 2s" in html
    assert "<html" in page and "<html" not in piece


def test_it_says_how_it_ended_and_asks_no_more(client_of: ClientOf, asked: Ask) -> None:
    failure = {"sentence": "This took too long. Try it with a smaller part.", "params": {}}
    failed = asked(state="failed", failure=failure, started_at=now(), finished_at=now())
    html = client_of("bob").get(f"jobs/{failed.id}?lang=zh_Hans_CN", htmx=True).text
    assert "every 2s" not in html and "用时过长" in html and f"jobs/{failed.id}/retry" in html


def test_a_failure_tells_its_figures(client_of: ClientOf, asked: Ask) -> None:
    job = asked(state="failed", failure={"sentence": "%(num)s of them", "params": {"num": 7}}, finished_at=now())
    assert "7 of them" in client_of("bob").get(f"jobs/{job.id}").text


def test_what_waits_is_called_off_at_once(client_of: ClientOf, asked: Ask, inside_alpha: Session) -> None:
    job = asked()
    assert client_of("bob").post(f"jobs/{job.id}/cancellation", htmx=True).status_code == 200
    inside_alpha.refresh(job)
    assert job.state == "cancelled"
    assert client_of("bob").post(f"jobs/{job.id}/cancellation").status_code == 303, "twice is told, and harms nothing"


def test_what_failed_is_tried_again(client_of: ClientOf, asked: Ask, inside_alpha: Session) -> None:
    job = asked(state="failed", failure={"sentence": "No."}, finished_at=now())
    answer = client_of("bob").post(f"jobs/{job.id}/retry", htmx=True)
    assert answer.status_code == 200 and "every 2s" in answer.text
    inside_alpha.refresh(job)
    assert (job.state, job.failure) == ("waiting", None)


def test_what_is_done_is_not_tried_again(client_of: ClientOf, asked: Ask, inside_alpha: Session) -> None:
    job = asked(state="done", result={}, finished_at=now())
    client_of("bob").post(f"jobs/{job.id}/retry")
    inside_alpha.refresh(job)
    assert job.state == "done"


def test_a_file_is_only_bytes_to_the_browser(client_of: ClientOf, asked: Ask, inside_alpha: Session) -> None:
    job = asked(state="done", result={}, finished_at=now())
    file = kept(inside_alpha, job)
    assert f"jobs/{job.id}/files/{file.id}" in client_of("bob").get(f"jobs/{job.id}").text
    answer = client_of("bob").get(f"jobs/{job.id}/files/{file.id}")
    assert answer.data == b"=1+1,<script>"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"] and answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_file_of_another_job_is_not_found(client_of: ClientOf, asked: Ask, inside_alpha: Session) -> None:
    job, other = asked(state="done", result={}), asked(state="done", result={})
    assert client_of("bob").get(f"jobs/{other.id}/files/{kept(inside_alpha, job).id}").status_code == 404


@pytest.mark.parametrize(("name", "status"), [("alice", 200), ("mei", 404), ("rhea", 404)])
def test_others_see_it_only_if_they_look_after_all_work(client_of: ClientOf, asked: Ask, name: str, status: int) -> None:
    assert client_of(name).get(f"jobs/{asked().id}").status_code == status


def test_what_is_not_there_is_not_found(client_of: ClientOf) -> None:
    assert client_of("alice").get(f"jobs/{uuid.uuid4()}").status_code == 404
    assert client_of("alice").get("jobs/one").status_code == 404
    assert client_of("alice").get(f"jobs/{uuid.uuid4()}/retry").status_code == 405
