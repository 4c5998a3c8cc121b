"""Imports through the door: a file, its columns, a dry run, the run, what failed, undoing."""

import datetime as dt
import io
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from saas.identity.throttle import Limit
from tenants.customers.customer import Customer
from tenants.imports.fields import FIELDS, KINDS, Kind
from tenants.imports.matching import propose
from tenants.imports.models import Import
from tenants.imports.reading import read
from tenants.jobs.models import Job
from tenants.notifications.models import Notification
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.unit.imports.books import workbook
from tests.world.door import Guest
from workers import heavy
from workers.tenancy import House

Client = Callable[[str], Guest]
TABLE = "客户名称,来源,联系人,手机\n杭州青禾环保设备有限公司,展会,王建国,13857182046\n宁波海潮,天上,,\n=1+1,,,\n"


@pytest.fixture
def look(alpha: Tenant, engine: Engine) -> Callable[[Callable[[Session], Any]], Any]:
    def ask(question: Callable[[Session], Any]) -> Any:
        with inside(alpha, engine) as session:
            return question(session)

    return ask


@pytest.fixture
def work(house: House, alpha: Tenant, look: Any) -> Callable[[uuid.UUID], None]:
    """The heavy worker does what was asked for last."""
    return lambda key: heavy.run(house, alpha, look(lambda session: session.get_one(Import, key).job_id))


def upload(client: Guest, content: bytes, name: str = "客户.csv", kind: str = "customer") -> Any:
    return client.post("imports", data={"kind": kind, "file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def begun(client: Guest, content: bytes = TABLE.encode(), **more: str) -> uuid.UUID:
    answer = upload(client, content, **more)
    assert answer.status_code == 303, answer.text
    return uuid.UUID(re.search(r"/imports/([0-9a-f-]{36})/columns", answer.location)[1])  # type: ignore[index]


def fields_of(html: str) -> list[str]:
    """What each column is said to be."""
    chosen = (re.search(r'value="([^"]*)" selected', one) for one in re.findall(r'<select[^>]*name="field-.*?</select>', html, re.S))
    return [one[1] if one else "" for one in chosen]


def matched(client: Guest, key: uuid.UUID, **more: str) -> Any:
    fields = {"field-0": "name", "field-1": "source", "field-2": "contact_name", "field-3": "contact_mobile"}
    return client.post(f"imports/{key}/columns", data=fields | {"act": "check", "policy": "skip"} | more)


def test_from_the_file_to_the_customers_and_back(client_of: Client, look: Any, work: Any) -> None:
    alice = client_of("alice")
    key = begun(alice, TABLE.encode("gb18030"))
    html = alice.get(f"imports/{key}/columns").text
    assert "GB18030" in html and "3 rows" in html and "+" not in fields_of(html)
    assert fields_of(html)[:4] == ["name", "source", "contact_name", "contact_mobile"]
    assert "Exhibition" in html and "none of the choices" in html, "the preview shows what is understood, and what is not"
    assert matched(alice, key).status_code == 303
    assert 'hx-trigger="every 2s"' in alice.get(f"imports/{key}").text, "it may be left, and is the same after a reload"
    work(key)
    html = alice.get(f"imports/{key}").text
    assert "Import 2 rows" in html and "none of the choices" in html and "every 2s" not in html
    assert alice.post(f"imports/{key}/run").status_code == 303
    work(key)
    html = alice.get(f"imports/{key}").text
    assert "Undo the import" in html
    assert look(lambda session: session.scalar(select(func.count()).select_from(Customer))) == 4
    shown = alice.get("customers?q=青禾").text
    assert "杭州青禾环保设备有限公司" in shown
    made = look(lambda session: session.scalars(select(Customer.id).where(Customer.name.startswith("杭州"))).one())
    assert "by import of" in alice.get(f"customers/{made}").text
    assert alice.post(f"imports/{key}/undo").status_code == 303
    work(key)
    assert "This import was undone." in alice.get(f"imports/{key}").text
    assert look(lambda session: session.scalar(select(func.count()).select_from(Customer))) == 2
    assert "Undid the import of" in alice.get("settings/log").text
    assert "客户.csv" in alice.get("imports").text


def test_a_dry_run_says_that_it_was_one(client_of: Client, work: Any) -> None:
    alice = client_of("alice")
    key = begun(alice)
    matched(alice, key)
    work(key)
    assert "nothing has been changed yet" in alice.get(f"imports/{key}").text
    alice.post(f"imports/{key}/run")
    work(key)
    assert "nothing has been changed yet" not in alice.get(f"imports/{key}").text


def test_who_looks_at_it_need_not_be_told(client_of: Client, work: Any, look: Any) -> None:
    alice = client_of("alice")
    key = begun(alice)
    matched(alice, key)
    work(key)
    unread = select(func.count()).select_from(Notification).where(Notification.read_at.is_(None), Notification.kind == "job.done")
    assert look(lambda session: session.scalar(unread)) == 1
    assert "Dry run of an import: done" in alice.get("notifications").text
    alice.get(f"imports/{key}")
    assert look(lambda session: session.scalar(unread)) == 0


def test_a_cancellation_that_is_under_way_is_told(client_of: Client, look: Any) -> None:
    alice = client_of("alice")
    key = begun(alice)
    matched(alice, key)
    assert "Trying each row" in alice.get(f"imports/{key}").text

    def ask(session: Session) -> None:
        job = session.get_one(Job, session.get_one(Import, key).job_id)
        job.state, job.cancel_asked_at = "running", job.created_at

    look(ask)
    html = alice.get(f"imports/{key}").text
    assert "Being cancelled" in html and "Trying each row" not in html


def test_our_own_guard_against_formulas_comes_off_again(client_of: Client) -> None:
    alice = client_of("alice")
    key = begun(alice, "客户名称,备注\n甲,'  ＝1+1\n乙,'|x\n丙,'平常'\n".encode())
    html = alice.get(f"imports/{key}/columns").text
    assert "＝1+1 · |x · &#39;平常&#39;" in html


def test_files_are_counted(client_of: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.imports.views.UPLOAD", Limit("upload", 2, dt.timedelta(hours=1)))
    alice = client_of("alice")
    begun(alice)
    assert upload(alice, b"").status_code == 422
    answer = upload(alice, TABLE.encode())
    assert answer.status_code == 422 and "tried too often" in answer.text
    begun(client_of("mei"))


def test_follow_ups_are_said_not_to_be_changed(client_of: Client) -> None:
    alice = client_of("alice")
    key = begun(alice, "客户,内容\n甲,乙\n".encode(), kind="followup")
    html = alice.get(f"imports/{key}/columns").text
    assert "cannot be changed by an import" in html and 'value="update"' not in html


def test_what_failed_comes_back_as_a_file_that_can_be_mended(client_of: Client, work: Any) -> None:
    alice = client_of("alice")
    key = begun(alice)
    matched(alice, key)
    work(key)
    answer = alice.get(f"imports/{key}/rejects")
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and "attachment" in answer.headers["Content-Disposition"]
    rows = list(read("x.xlsx", answer.data).rows())
    assert rows[0] == ["客户名称", "来源", "联系人", "手机", "Error"]
    assert rows[1][:2] == ["宁波海潮", "天上"] and "Source" in rows[1][4]
    assert len(rows) == 2


def test_the_firm_remembers_its_columns(client_of: Client) -> None:
    alice = client_of("alice")
    table = b"XNAME,XY\nann,bob\n"
    key = begun(alice, table)
    assert fields_of(alice.get(f"imports/{key}/columns").text)[:2] == ["", ""]
    alice.post(f"imports/{key}/columns", data={"field-0": "name", "field-1": "remark", "act": "check"})
    again = begun(alice, table)
    assert fields_of(alice.get(f"imports/{again}/columns").text)[:2] == ["name", "remark"]


def test_without_a_needed_column_nothing_is_tried(client_of: Client, look: Any) -> None:
    alice = client_of("alice")
    key = begun(alice)
    answer = alice.post(f"imports/{key}/columns", data={"field-1": "source", "act": "check"})
    assert answer.status_code == 422 and "Customer name" in answer.text
    assert look(lambda session: session.get_one(Import, key).job_id) is None


def test_the_preview_is_a_piece_and_keeps_nothing(client_of: Client, look: Any) -> None:
    alice = client_of("alice")
    key = begun(alice)
    piece = alice.post(f"imports/{key}/columns", data={"field-1": "name"}, htmx=True, headers={"HX-Target": "section#preview"})
    assert piece.status_code == 200 and "<html" not in piece.text and "展会" in piece.text
    whole = alice.post(f"imports/{key}/columns", data={"field-1": "name", "act": "preview"})
    assert "<html" in whole.text and fields_of(whole.text)[:2] == ["", "name"]
    assert look(lambda session: session.get_one(Import, key).fields)[:2] == ["name", "source"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7", "document of another program"),
        (b"PK\x03\x04zzz", "damaged"),
        (b"name\n", "nothing in the file below the headings"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old kind"),
        (b"BEGIN:VCARD\nFN:x\nEND:VCARD\n", "Business cards are contacts"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(client_of: Client, content: bytes, says: str) -> None:
    answer = upload(client_of("alice"), content)
    assert answer.status_code == 422 and says in answer.text


def test_no_file_and_no_such_kind(client_of: Client) -> None:
    assert client_of("alice").post("imports", data={"kind": "customer"}).status_code == 422
    assert upload(client_of("alice"), b"a\nb\n", kind="member").status_code == 422


def test_who_may_not(client_of: Client) -> None:
    for name in ("bob", "rhea"):
        assert client_of(name).get("imports").status_code == 403
        assert upload(client_of(name), TABLE.encode()).status_code == 403
        assert "/imports/new" not in client_of(name).get("customers").text
    assert "/imports/new" in client_of("mei").get("customers").text


def test_mei_sees_her_own_and_alice_all(client_of: Client) -> None:
    hers, alices = begun(client_of("mei")), begun(client_of("alice"))
    assert client_of("mei").get(f"imports/{hers}/columns").status_code == 200
    assert client_of("mei").get(f"imports/{alices}/columns").status_code == 404
    assert client_of("alice").get(f"imports/{hers}/columns").status_code == 200
    assert client_of("charlie").get(f"/beta/imports/{hers}/columns").status_code == 404
    assert client_of("alice").get(f"imports/{uuid.uuid4()}").status_code == 404


def test_twice_is_refused_and_a_wrong_method_too(client_of: Client, look: Any, work: Any) -> None:
    alice = client_of("alice")
    key = begun(alice)
    assert alice.post(f"imports/{key}/run").status_code == 303, "it is told to be tried first"
    assert look(lambda session: session.get_one(Import, key).job_id) is None
    matched(alice, key)
    job = look(lambda session: session.get_one(Import, key).job_id)
    matched(alice, key)
    assert look(lambda session: session.get_one(Import, key).job_id) == job
    assert alice.post(f"imports/{key}/cancellation").status_code == 303
    assert "It was cancelled" in alice.get(f"imports/{key}").text
    assert alice.get(f"imports/{key}/run").status_code == 405


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "zh_Hans_CN"])
def test_the_template_is_understood_again(client_of: Client, kind: Kind, language: str) -> None:
    answer = client_of("alice").get(f"imports/templates/{kind}?lang={language}")
    sheet = read("template.xlsx", answer.data)
    fields = propose(kind, sheet.head[0], {})
    assert fields == [field.key for field in FIELDS[kind]]
    assert client_of("alice").get("imports/templates/member").status_code == 404


def test_cards_of_a_telephone(client_of: Client, work: Any, look: Any) -> None:
    alice = client_of("alice")
    key = begun(alice, "BEGIN:VCARD\nVERSION:3.0\nFN:李四\nORG:新公司\nTEL;TYPE=CELL:13900139000\nEND:VCARD\n".encode(), name="a.vcf", kind="contact")
    html = alice.get(f"imports/{key}/columns").text
    assert ">Name</td>" in html, "by our names: cards have no headings"
    assert fields_of(html)[:2] == ["name", "customer"] and re.search(r'name="makes_customers" value="1" checked', html)
    data = {f"field-{number}": field for number, field in enumerate(fields_of(html))}
    alice.post(f"imports/{key}/columns", data=data | {"act": "check", "makes_customers": "1"})
    work(key)
    alice.post(f"imports/{key}/run")
    work(key)
    assert look(lambda session: session.scalars(select(Customer.name).where(Customer.name == "新公司")).all()) == ["新公司"]


def test_a_workbook_is_read_as_well(client_of: Client) -> None:
    alice = client_of("alice")
    key = begun(alice, workbook([["名称"], ["甲"]]), name="../../x.xlsx")
    assert "x.xlsx · Customers · 数据" in alice.get(f"imports/{key}/columns").text
