"""Exports as a heavy worker writes them."""

import csv
import datetime as dt
import io
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from tenants.customers.criteria import Criteria
from tenants.customers.customer import Customer
from tenants.customers.people import Wanted as WantedContacts
from tenants.customers.queries import ORDERS
from tenants.exports import writing
from tenants.exports.offered import OFFERED
from tenants.exports.order import NotAllowed, Order, ask_for
from tenants.jobs.models import Job, JobFile
from tenants.notifications.models import Notification
from tenants.pipeline.sorting import SORTS
from tenants.pipeline.wanted import Wanted as WantedOpportunities
from tenants.team.actor import Actor
from tenants.team.models import Member, Role
from tenants.timeline.models import Event
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.stage import prop
from workers import heavy
from workers.tenancy import House, now

TODAY = dt.date(2026, 1, 6)
Export = Callable[..., tuple[Job, list[list[Any]]]]
LISTS: dict[str, Any] = {"contacts": WantedContacts(), "opportunities": WantedOpportunities()}


def order(**how: Any) -> Order:
    of = how.get("of", "customers")
    plain = {
        "of": of,
        "form": "xlsx",
        "columns": tuple(OFFERED[of]),
        "sort": "name",
        "wanted": LISTS.get(of, Criteria()),
        "today": TODAY,
        "locale": "en",
    }
    return Order(**(plain | how))


def read(form: str, content: bytes) -> list[list[Any]]:
    if form == "csv":
        assert content.startswith(b"\xef\xbb\xbf"), "Excel reads UTF-8 only with its mark"
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.fixture
def ask(inside_alpha: Session, alice: Actor) -> Callable[..., uuid.UUID]:
    def ask(by: Actor = alice, **how: Any) -> uuid.UUID:
        key = ask_for(inside_alpha, order(**how), by=by, at=now()).id
        inside_alpha.commit()
        return key

    return ask


@pytest.fixture
def export(house: House, alpha: Tenant, engine: Engine, ask: Callable[..., uuid.UUID]) -> Export:
    """The job when it has ended, and the lines of its file."""

    def export(*by: Actor, **how: Any) -> tuple[Job, list[list[Any]]]:
        key = ask(*by, **how)
        heavy.run(house, alpha, key)
        with inside(alpha, engine) as session:
            job, file = session.get_one(Job, key), session.scalar(select(JobFile).where(JobFile.job_id == key))
            return job, read(how.get("form", "xlsx"), file.content) if file else []

    return export


@pytest.fixture
def rename(inside_alpha: Session) -> Callable[[str], None]:
    def rename(name: str) -> None:
        inside_alpha.execute(update(Customer).where(Customer.id == prop("customer", "Bob")).values(name=name, phone="013800138000", grade="A"))
        inside_alpha.commit()

    return rename


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("of", list(OFFERED))
def test_everything_can_be_exported(export: Export, of: str, form: str) -> None:
    job, lines = export(of=of, form=form)
    assert (job.state, job.failure) == ("done", None)
    assert job.result is not None and job.result["rows"] == len(lines) - 1 == 2
    assert lines[0] == [column.label for column in OFFERED[of].values()]
    assert any("Bob" in str(cell) for line in lines for cell in line)


def test_just_what_the_list_shows_in_its_order(export: Export) -> None:
    columns = ("name", "status", "owner", "created")
    _, lines = export(columns=columns, sort="-name")
    assert [line[0] for line in lines] == ["Customer name", "Bob's customer", "Alice's customer"]
    assert lines[1][1:3] == ["Potential", "Bob"]
    assert [line[0] for line in export(columns=columns, wanted=Criteria(scene="mine"))[1][1:]] == ["Alice's customer"]


def test_moments_are_the_tenants_and_days_are_days(export: Export) -> None:
    """08:00 UTC is 16:00 in Shanghai; a workbook holds a real date."""
    _, sheet = export(columns=("name", "created"))
    assert sheet[1][1] == dt.datetime(2026, 1, 6, 10, 0)
    _, text = export(columns=("name", "created"), form="csv")
    assert text[1][1] == "2026-01-06 10:00"


def test_amounts_are_numbers_and_phones_are_text(export: Export, rename: Callable[[str], None]) -> None:
    rename("Bob's customer")
    _, sheet = export(columns=("name", "amount", "phone"))
    bobs = sheet[2]
    assert bobs[1] == 10_000.0 and isinstance(bobs[1], float)
    assert bobs[2] == "013800138000"
    assert export(columns=("name", "amount", "phone"), form="csv")[1][2][1:] == ["10000.00", "013800138000"]


def test_it_speaks_the_language_of_who_asked(export: Export) -> None:
    _, lines = export(columns=("name", "status"), locale="zh_Hans_CN")
    assert lines[0][0] == "客户名称" and lines[1][1] == "潜在"


@pytest.mark.parametrize(
    "name", ["=1+1", '=HYPERLINK("http://evil.example","x")', "\ufeff＝1+1", "http://evil.example", "<r><t>x</t></r>", "_x0041_\x01\x0b<&>\"'"]
)
def test_no_formula_no_link_and_no_markup_leaves(export: Export, rename: Callable[[str], None], name: str) -> None:
    rename(name)
    _, sheet = export(columns=("number", "name", "created"), sort="-name")
    got = next(line[1] for line in sheet if line[0] == "C-Bob")
    assert got.strip() == name.strip() or got.replace("_x005F_", "_") == name, "as text, and nothing but that"
    _, text = export(columns=("number", "name", "created"), form="csv")
    assert next(line[1] for line in text if line[0] == "C-Bob")[0] in "'h<_"


def test_each_sees_their_own(export: Export, inside_alpha: Session, actor: Callable[[str], Actor], mei: Actor) -> None:
    assert {line[1] for line in export(mei)[1][1:]} == {"Bob's customer"}
    let_export(inside_alpha)
    bob = actor("bob")
    assert {line[1] for line in export(bob)[1][1:]} == {"Bob's customer"}
    assert {line[1] for line in export(bob, of="followups")[1][1:]} == {"Bob's customer"}


def test_who_may_not_is_refused(ask: Callable[..., uuid.UUID], bob: Actor, rhea: Actor) -> None:
    for actor in (bob, rhea):
        for of in OFFERED:
            with pytest.raises(NotAllowed):
                ask(actor, of=of)


def test_who_has_left_meanwhile_gets_nothing(house: House, alpha: Tenant, inside_alpha: Session, ask: Callable[..., uuid.UUID], mei: Actor) -> None:
    key = ask(mei)
    inside_alpha.execute(update(Member).where(Member.id == mei.id).values(deactivated_at=now()))
    inside_alpha.commit()
    heavy.run(house, alpha, key)
    job = inside_alpha.get_one(Job, key, populate_existing=True)
    assert job.state == "failed" and job.failure is not None
    assert "no longer works here" in job.failure["sentence"]
    assert inside_alpha.scalar(select(JobFile.id).where(JobFile.job_id == key)) is None


def test_who_may_no_longer_gets_nothing(house: House, alpha: Tenant, inside_alpha: Session, ask: Callable[..., uuid.UUID], mei: Actor) -> None:
    key = ask(mei)
    inside_alpha.execute(update(Role).where(Role.id == mei.role_id).values(grants={"customer": {"scope": "all", "verbs": ["read"]}}))
    inside_alpha.commit()
    heavy.run(house, alpha, key)
    assert inside_alpha.get_one(Job, key, populate_existing=True).state == "failed"


def test_it_is_in_the_log_and_told_once(house: House, alpha: Tenant, export: Export, inside_alpha: Session, alice: Actor) -> None:
    job, _ = export(told="Status Potential")
    heavy.run(house, alpha, job.id)
    event = inside_alpha.scalars(select(Event).where(Event.kind == "export.made")).one()
    assert event.member_id == alice.id and event.subject_id == job.id
    assert event.data == {"of": "customers", "format": "xlsx", "rows": 2, "told": "Status Potential"}
    notice = inside_alpha.scalars(select(Notification)).one()
    assert (notice.kind, notice.member_id, notice.subject_id) == ("job.done", alice.id, job.id)
    assert len(inside_alpha.scalars(select(JobFile.id)).all()) == 1


def test_what_was_called_off_leaves_no_file(house: House, alpha: Tenant, inside_alpha: Session, ask: Callable[..., uuid.UUID]) -> None:
    key = ask()
    inside_alpha.execute(update(Job).where(Job.id == key).values(cancel_asked_at=now()))
    inside_alpha.commit()
    heavy.run(house, alpha, key)
    assert inside_alpha.scalar(select(JobFile.id)) is None or inside_alpha.get_one(Job, key, populate_existing=True).state == "done"


def test_a_sheet_that_is_full_is_told(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_IN_A_SHEET", 1)
    job, lines = export()
    assert job.state == "failed" and lines == []
    assert export(form="csv")[0].state == "done"


def test_nothing_is_left_in_the_temporary_folder(export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    export()
    assert list(tmp_path.iterdir()) == []


def let_export(session: Session) -> None:
    verbs = {kind: {"scope": "own", "verbs": ["read", "export"]} for kind in ("customer", "opportunity", "followup", "contact")}
    session.execute(update(Role).where(Role.key == "sales").values(grants=verbs))
    session.commit()


@pytest.mark.parametrize(("of", "sort"), [("customers", sort) for sort in ORDERS] + [("opportunities", sort) for sort in SORTS])
def test_written_in_every_order_of_its_list(export: Export, of: str, sort: str) -> None:
    up, down = (export(of=of, sort=sign + sort, columns=("name",))[1] for sign in ("", "-"))
    assert len(up) == len(down) == 3 and sorted(up) == sorted(down)
