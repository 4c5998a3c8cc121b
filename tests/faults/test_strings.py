"""A hundred hostile strings and forty formulas in every column of every import: rows or sentences, nothing of them runs, no formula leaves."""

import csv
import io
import uuid
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from typing import cast

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.followups.models import Followup
from tenants.imports import asking, running
from tenants.imports.choices import choices
from tenants.imports.fields import FIELDS, KINDS, Field, Kind
from tenants.imports.models import Import, ImportRow
from tenants.imports.options import Options
from tenants.imports.reading import read
from tenants.jobs.models import JobFile
from tenants.pipeline.opportunity import Opportunity
from tenants.team.actor import Actor
from tenants.values.guard import guarded
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tenants.workspace.numbers import next_numbers
from tests.browser.journeys.payloads import PAYLOADS
from tests.world.door import Guest
from workers import heavy
from workers.tenancy import House, now

SIGNS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "＝", "＋", "－", "＠", "\u200b=", "\ufeff=", "\u00a0=", "|", "%")
CALLS = ("cmd|'/C calc'!A0", 'HYPERLINK("http://evil.example","x")', "1+1")
FORMULAS = tuple(f"{sign}{call}" for sign in SIGNS for call in CALLS)[:45]
HOSTILE = PAYLOADS + FORMULAS
RECORDS = {"customer": Customer, "contact": Contact, "followup": Followup, "opportunity": Opportunity}
# What stands in the columns that must hold something, while another one is hostile.
GOOD = {"name": "Firm", "customer": "Alice's customer", "content": "said", "amount": "100"}
PAGES = ("customers", "contacts", "opportunities", "opportunities?view=list", "plans", "settings/jobs", "")
EXPORTED = {"customers": "customers", "contacts": "contacts", "followups": "customers", "opportunities": "opportunities"}


def table(kind: Kind) -> bytes:
    """For each column and each string a row in which just that one is hostile."""
    fields, out = FIELDS[kind], io.StringIO()
    writer = csv.writer(out)
    writer.writerow([field.key for field in fields])
    for number, (field, text) in enumerate((field, text) for field in fields for text in HOSTILE):
        writer.writerow([text if one is field else _good(kind, one, number) for one in fields])
    return out.getvalue().encode()


def _good(kind: Kind, field: Field, number: int) -> str:
    if field.key == "name":
        return f"Firm {number}"
    return GOOD.get(field.key, "") if field.needed else ""


def imported(session: Session, kind: Kind, by: Actor, tenant: Tenant) -> Import:
    at, numbers = now(), lambda count: next_numbers(session, "customer", count, prefix="C")
    one = asking.begin(session, kind, f"{PAYLOADS[0]}.csv", read("a.csv", table(kind)), by=by, at=at)
    one.fields = [field.key for field in FIELDS[kind]]
    offered = {field.key: "" for field in FIELDS[kind] if field.form == "option"}
    one.options = Options(policy="create", owner_id=by.id, choices=choices(kind, lambda label: [label]), offered=offered).kept()
    for step in (running.check, running.run):
        step(asking.setting_of(session, one, actor=by, at=at, zone=tenant.zone, numbers=numbers), one, lambda done, total: None)
        session.flush()
    return one


@pytest.fixture
def poured(inside_alpha: Session, alice: Actor, alpha: Tenant) -> dict[str, Import]:
    made: dict[str, Import] = {kind: imported(inside_alpha, kind, alice, alpha) for kind in KINDS}
    inside_alpha.commit()
    return made


class Born(HTMLParser):
    """Elements and attributes that came out of what somebody typed."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "xss" or name.startswith("on") or (name in {"href", "src", "action", "formaction"} and "javascript:" in (value or "")):
                self.found.append(f"<{tag} {name}={value!r}>")


def test_there_are_enough() -> None:
    assert len(set(HOSTILE)) >= 140
    assert all(guarded(text) != text for text in FORMULAS if not text.lstrip("\ufeff\u200b\u00a0 \t\r\n")[:1].isalnum())


def test_each_row_is_there_or_has_its_sentence_and_no_page_lets_it_in(
    poured: dict[str, Import], client_of: Callable[[str], Guest], inside_alpha: Session
) -> None:
    for kind, one in poured.items():
        assert sum(one.counts.values()) == len(FIELDS[cast(Kind, kind)]) * len(HOSTILE), kind
        failed = inside_alpha.scalars(select(ImportRow).where(ImportRow.import_id == one.id, ImportRow.state == "failed")).all()
        assert all((row.data or {}).get("errors") for row in failed), kind
        assert (inside_alpha.scalar(select(func.count()).select_from(RECORDS[kind])) or 0) >= one.counts["created"] > len(HOSTILE), kind
    guest, born = client_of("alice"), Born()
    hostile = Customer.remark.contains("xss") | Customer.address.contains("xss") | Customer.name.contains("xss")
    keys = inside_alpha.scalars(select(Customer.id).where(hostile).order_by(Customer.id)).all()
    assert len(keys) > 100
    for page in (*PAGES, *(f"customers/{key}" for key in keys[::12])):
        answer = guest.get(page)
        assert answer.status_code == 200, page
        born.feed(answer.text)
    assert born.found == []


def test_no_formula_leaves(poured: dict[str, Import], house: House, alpha: Tenant, engine: Engine, client_of: Callable[[str], Guest]) -> None:
    for what, listed in EXPORTED.items():
        for form in ("csv", "xlsx"):
            answer = client_of("alice").post(f"exports/{listed}", data={"listed": "", "what": what, "columns": "all", "format": form})
            assert answer.status_code == 303, answer.text
            key = uuid.UUID(answer.location.rpartition("/")[2])
            heavy.run(house, alpha, key)
            with inside(alpha, engine) as session:
                content = session.scalars(select(JobFile.content).where(JobFile.job_id == key)).one()
            assert formulas_in(content, form) == [], (what, form)


def formulas_in(content: bytes, form: str) -> list[str]:
    if form == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        assert len(rows) > 100
        return [cell for row in rows for cell in row if guarded(cell) != cell]
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return [name for name in book.namelist() if b"<f>" in book.read(name) or "externalLink" in name or b'Target="http' in book.read(name)]
