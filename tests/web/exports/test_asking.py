"""/exports/<list>: an export of what a list shows is asked for, watched and fetched."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from tenants.exports.order import read_order
from tenants.jobs.models import Job
from tenants.team.models import Role
from tenants.timeline.models import Event
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.door import Guest
from workers import heavy
from workers.tenancy import House, now

ClientOf = Callable[[str], Guest]
LISTS = ("customers", "contacts", "opportunities")


def chosen(of: str = "customers", **how: str) -> dict[str, str]:
    return {"listed": "", "what": of, "columns": "shown", "format": "csv"} | how


@pytest.fixture
def asked(client_of: ClientOf, inside_alpha: Session) -> Callable[..., Job]:
    """The job that an export leads to."""

    def ask(name: str = "alice", of: str = "customers", **how: str) -> Job:
        answer = client_of(name).post(f"exports/{of}", data=chosen(of, **how))
        assert answer.status_code == 303, answer.text
        inside_alpha.expire_all()
        return inside_alpha.get_one(Job, answer.location.rpartition("/")[2])

    return ask


@pytest.fixture
def done(house: House, alpha: Tenant, asked: Callable[..., Job], inside_alpha: Session) -> Callable[..., Job]:
    def run(*args: Any, **how: Any) -> Job:
        job = asked(*args, **how)
        heavy.run(house, alpha, job.id)
        inside_alpha.refresh(job)
        return job

    return run


@pytest.mark.parametrize("of", LISTS)
def test_the_dialog_tells_the_number_of_rows(client_of: ClientOf, of: str) -> None:
    html = client_of("alice").get(f"exports/{of}?lang=en").text
    assert "2 rows" in html and "xlsx" in html
    assert "1 row" in client_of("mei").get(f"exports/{of}?lang=en").text
    assert "0 rows" in client_of("alice").get(f"exports/{of}?lang=en&q=nobody").text


def test_the_list_under_the_dialog_says_what_is_asked(client_of: ClientOf) -> None:
    under = {"HX-Current-URL": "http://localhost/alpha/customers?scene=mine", "HX-Target": "div#dialog"}
    html = client_of("alice").get("exports/customers?lang=en", htmx=True, headers=under).text
    assert 'value="scene=mine"' in html and "1 row" in html and "<html" not in html


def test_what_the_list_shows_goes_into_the_order(asked: Callable[..., Job]) -> None:
    job = asked(listed="scene=mine&status=potential&columns=phone,grade&sort=-name&q=alice", format="xlsx")
    order = read_order(job.params)
    assert (order.of, order.form, order.sort, order.columns) == ("customers", "xlsx", "-name", ("name", "region", "grade", "phone"))
    wanted: Any = order.wanted
    assert (wanted.scene, wanted.status, wanted.q) == ("mine", ("potential",), "alice")
    assert "alice" in order.told and job.member_id is not None


def test_all_fields_can_be_had(asked: Callable[..., Job]) -> None:
    assert "credit_code" in asked(columns="all").params["columns"]
    assert "lost_reason" in asked(of="opportunities", columns="all").params["columns"]


def test_the_follow_ups_of_the_customers_go_with_them(done: Callable[..., Job]) -> None:
    job = done(what="followups", listed="scene=mine")
    assert job.state == "done" and job.result is not None and job.result["rows"] == 1


@pytest.mark.parametrize("of", LISTS)
def test_the_file_is_offered_when_it_is_there(client_of: ClientOf, done: Callable[..., Job], inside_alpha: Session, of: str) -> None:
    job = done(of=of)
    page = client_of("alice").get(f"jobs/{job.id}?lang=en").text
    assert job.result is not None
    path = f"jobs/{job.id}/files/{job.result['file']}"
    assert "2 rows exported." in page and path in page
    answer = client_of("alice").get(path)
    assert answer.status_code == 200 and answer.data.startswith(b"\xef\xbb\xbf")
    assert inside_alpha.scalars(select(Event.kind).where(Event.kind.like("export.%")).order_by(Event.at)).all() == [
        "export.made",
        "export.downloaded",
    ]


def test_the_file_is_for_who_asked_alone(client_of: ClientOf, done: Callable[..., Job]) -> None:
    job = done("mei")
    assert job.result is not None
    path = f"jobs/{job.id}/files/{job.result['file']}"
    assert client_of("mei").get(path).status_code == 200
    assert client_of("bob").get(path).status_code == 404
    boss = client_of("alice").get(f"jobs/{job.id}")
    assert boss.status_code == 200 and path not in boss.text, "the owner sees that it was done, not the file"
    assert client_of("alice").get(path).status_code == 403


def test_who_may_no_longer_export_gets_no_file(client_of: ClientOf, done: Callable[..., Job], inside_alpha: Session) -> None:
    job = done("mei")
    inside_alpha.execute(update(Role).where(Role.key == "sales_manager").values(grants={"customer": {"scope": "all", "verbs": ["read"]}}))
    inside_alpha.commit()
    assert job.result is not None
    assert client_of("mei").get(f"jobs/{job.id}/files/{job.result['file']}").status_code == 403


def test_after_a_week_there_is_no_file(client_of: ClientOf, done: Callable[..., Job], alpha: Tenant, engine: Engine) -> None:
    job = done()
    with inside(alpha, engine) as session:
        session.execute(update(Job).where(Job.id == job.id).values(finished_at=now() - dt.timedelta(days=7, minutes=1)))
    assert job.result is not None
    assert client_of("alice").get(f"jobs/{job.id}/files/{job.result['file']}").status_code == 403
    assert "deleted after a week" in client_of("alice").get(f"jobs/{job.id}?lang=en").text


def test_its_progress_takes_the_place_of_the_form(client_of: ClientOf) -> None:
    in_dialog = {"HX-Target": "div#dialog"}
    answer = client_of("alice").post("exports/customers", data=chosen(), htmx=True, headers=in_dialog)
    assert answer.status_code == 200 and "every 2s" in answer.text


def test_the_log_tells_who_took_what(client_of: ClientOf, done: Callable[..., Job]) -> None:
    done(listed="status=potential")
    log = client_of("alice").get("settings/log?lang=en").text
    assert "Exported Customers to .csv: 2 rows (Status Potential)" in log


@pytest.mark.parametrize("wrong", [{"what": "members"}, {"format": "exe"}, {"columns": "secret"}, {"what": ""}, {"what": "opportunities"}])
def test_what_is_not_offered_is_refused(client_of: ClientOf, inside_alpha: Session, wrong: dict[str, str]) -> None:
    assert client_of("alice").post("exports/customers", data=chosen() | wrong).status_code in (303 if wrong == {"what": ""} else 422, 422)
    assert client_of("alice").get("exports/members").status_code == 404


def test_a_damaged_query_is_no_fault(client_of: ClientOf) -> None:
    for query in ("owner=x&tag=1&sort=%00&columns=;", "%", "of=customers&q=%F0", "pipeline=x"):
        for of in LISTS:
            assert client_of("alice").post(f"exports/{of}", data=chosen(of, listed=query)).status_code in (303, 400)
            assert client_of("alice").get(f"exports/{of}?{query}").status_code in (200, 400)


@pytest.mark.parametrize("name", ["bob", "rhea"])
def test_who_may_not_export_sees_no_button(client_of: ClientOf, name: str) -> None:
    for of, address in (("customers", "customers"), ("contacts", "contacts"), ("opportunities", "opportunities/list")):
        assert f"exports/{of}" not in client_of(name).get(address).text
        assert f"exports/{of}" in client_of("mei").get(address).text
        assert client_of(name).post(f"exports/{of}", data=chosen(of)).status_code == 403


def test_not_more_than_a_few_wait(client_of: ClientOf, asked: Callable[..., Job], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenants.exports.order.MOST_OPEN", 1)
    asked()
    answer = client_of("alice").post("exports/customers", data=chosen())
    assert answer.status_code == 422 and "1 exports that are not ready yet" in answer.text
    asked("mei")
