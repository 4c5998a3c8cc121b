"""/operator/tenants/…/visit: our own staff look into a company, by its consent or with a reason, for an hour at most, and only look."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from saas.identity.models import Membership
from saas.operator.models import Operator, OperatorDeed, SupportConsent, SupportVisit
from saas.operator.staff import remove
from saas.registry.models import Tenant as TenantRow
from tenants.customers.attachment import Attachment
from tenants.team.models import Member
from tenants.wall.tenant import Tenant
from tests.world.cast import fixed_id
from tests.world.door import Guest
from tests.world.stage import prop
from workers.tenancy import now

ClientOf = Callable[[str], Guest]
WHY = "A payment failed, and we look for the cause."
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


@pytest.fixture
def olga(client_of: ClientOf) -> Guest:
    return client_of("olga")


@pytest.fixture
def row(landlord: Session, alpha: Tenant) -> TenantRow:
    return landlord.get_one(TenantRow, alpha.id)


def address(row: TenantRow, what: str = "visit") -> str:
    return f"/operator/tenants/{row.id}/{what}"


def let_in(landlord: Session, tenant: Tenant, days: float = 1) -> SupportConsent:
    at = now()
    consent = SupportConsent(tenant_id=tenant.id, decided_at=at, decided_by="Alice", what_for="The import of Monday", ends_at=at + days * DAY)
    landlord.add(consent)
    landlord.commit()
    return consent


def the_visit(landlord: Session) -> SupportVisit:
    landlord.expire_all()
    return landlord.scalars(select(SupportVisit)).one()


def begin(olga: Guest, row: TenantRow, why: str = WHY) -> None:
    assert olga.post(address(row), data={"why": why}).status_code == 303


def is_over(olga: Guest, why: str) -> bool:
    answer = olga.get("/alpha/customers")
    return answer.status_code == 403 and "Your visit to Alpha Trading has ended" in answer.text and why in answer.text


def test_without_a_reason_nobody_looks_in(olga: Guest, landlord: Session, row: TenantRow) -> None:
    assert olga.get("/alpha/customers").status_code == 404
    for why in ("", "   ", "short", "aaaaaaaaaaaaaaa", "客户要求"):
        answer = olga.post(address(row), data={"why": why})
        assert (answer.status_code, "Please write a sentence" in answer.text) == (422, True), why
    assert "请写一句完整的说明" in olga.post(address(row) + "?lang=zh_Hans_CN", data={"why": "查看"}).text
    assert landlord.scalars(select(SupportVisit)).all() == []
    assert olga.get("/alpha/customers").status_code == 404


def test_with_a_reason_everything_is_looked_at_and_said_above_each_page(olga: Guest, landlord: Session, row: TenantRow) -> None:
    answer = olga.post(address(row), data={"why": WHY})
    assert answer.headers["Location"] == "/alpha/"
    for path in ("", "customers", "opportunities", "settings", "settings/log"):
        html = olga.get(f"/alpha/{path}").text
        assert "You visit Alpha Trading as Zuke support until" in html, path
    visit = the_visit(landlord)
    assert (visit.reason, visit.consent_id, visit.ends_at - visit.began_at) == (WHY, None, 60 * MINUTE)
    assert {"workbench", "customers", "opportunities", "settings"} <= set(visit.rooms)
    [deed] = landlord.scalars(select(OperatorDeed).where(OperatorDeed.tenant_id == row.id))
    assert (deed.what, deed.why, deed.person_id) == ("visit.begun", WHY, fixed_id("olga"))
    assert WHY in olga.get("/operator/audit").text
    assert WHY in olga.get(f"/operator/tenants/{row.id}").text


def test_under_consent_no_reason_is_asked_for(olga: Guest, landlord: Session, alpha: Tenant, row: TenantRow) -> None:
    consent = let_in(landlord, alpha)
    assert "The import of Monday" in olga.get(f"/operator/tenants/{row.id}").text
    assert olga.post(address(row)).status_code == 303
    assert olga.get("/alpha/customers").status_code == 200
    visit = the_visit(landlord)
    assert (visit.consent_id, visit.reason) == (consent.id, None)


def test_a_visit_ends_no_later_than_the_consent(olga: Guest, landlord: Session, alpha: Tenant, row: TenantRow) -> None:
    consent = let_in(landlord, alpha, days=1 / 48)
    begin(olga, row)
    assert the_visit(landlord).ends_at == consent.ends_at


def test_a_visitor_is_no_member(olga: Guest, client_of: ClientOf, landlord: Session, inside_alpha: Session, row: TenantRow) -> None:
    members = landlord.scalars(select(Membership.id)).all(), inside_alpha.scalars(select(Member.id)).all()
    inside_alpha.rollback()
    begin(olga, row)
    assert olga.get("/alpha/settings/members").status_code == 200
    assert (landlord.scalars(select(Membership.id)).all(), inside_alpha.scalars(select(Member.id)).all()) == members
    alice = client_of("alice")
    for path in ("settings/members", "customers/new", "opportunities/new", ""):
        assert "Olga" not in alice.get(path).text, path
    assert "/alpha/" not in olga.get("/companies").text


def test_it_only_looks(olga: Guest, row: TenantRow) -> None:
    begin(olga, row)
    answer = olga.post("/alpha/customers", data={"name": "Mine"})
    assert (answer.status_code, "A visit only looks" in answer.text) == (403, True)
    assert "A visit only looks" in olga.post("/alpha/customers", data={"name": "Mine"}, htmx=True).text
    assert "A visit only looks" in olga.get("/alpha/settings/bots").text
    assert "/alpha/settings/bots" not in olga.get("/alpha/settings").text


def test_files_are_named_and_not_given(olga: Guest, client_of: ClientOf, inside_alpha: Session, row: TenantRow) -> None:
    file = Attachment(customer_id=prop("customer", "Bob"), name="plan.png", media_type="image/png", size=1, sha256="", content=b"x", created_at=now())
    inside_alpha.add(file)
    inside_alpha.commit()
    begin(olga, row)
    address = f"attachments/{file.id}"
    page = f"customers/{prop('customer', 'Bob')}"
    assert f'{address}"' in client_of("bob").get(page).text
    html = olga.get(f"/alpha/{page}").text
    assert "plan.png" in html
    assert f'{address}"' not in html and f"{address}?" not in html
    for shown in ("", "?shown=1"):
        answer = olga.get(f"/alpha/{address}{shown}")
        assert (answer.status_code, "A visit only looks" in answer.text) == (403, True)


def test_the_database_refuses_too(olga: Guest, row: TenantRow, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the gate ever open, what writes would still not get through."""
    begin(olga, row)
    monkeypatch.setattr("web.tenancy.admit", lambda *_: None)
    answer = olga.post("/alpha/settings/company", data={"name": "Mine", "timezone": "Asia/Shanghai", "locale": "en"})
    assert (answer.status_code, "A visit only looks" in answer.text) == (403, True)


def test_it_ends_by_the_button(olga: Guest, client_of: ClientOf, landlord: Session, row: TenantRow) -> None:
    begin(olga, row)
    ending = f"/operator/visits/{the_visit(landlord).id}/ending"
    assert client_of("alice").post(ending).status_code == 404
    assert olga.post(ending).headers["Location"] == f"/operator/tenants/{row.id}"
    assert is_over(olga, "You ended it yourself")
    ended_at = the_visit(landlord).ended_at
    assert olga.post(ending).status_code == 303
    assert the_visit(landlord).ended_at == ended_at, "once is enough"
    assert landlord.scalars(select(OperatorDeed.what).order_by(OperatorDeed.id)).all() == ["visit.begun", "visit.ended"]


def test_it_ends_by_itself(olga: Guest, landlord: Session, row: TenantRow) -> None:
    begin(olga, row)
    landlord.execute(update(SupportVisit).values(ends_at=now()))
    landlord.commit()
    assert is_over(olga, "Its time is up")
    assert "Its time is up" in olga.get("/alpha/customers", htmx=True).text
    landlord.execute(update(SupportVisit).values(began_at=now() - 2 * DAY))
    landlord.commit()
    assert olga.get("/alpha/customers").status_code == 404, "long ago: as for everybody else"


def test_a_closed_company_is_visited_by_nobody(olga: Guest, landlord: Session, row: TenantRow) -> None:
    begin(olga, row)
    row.state = "closed"
    landlord.commit()
    assert is_over(olga, "The company is closed")
    assert address(row) not in olga.get(f"/operator/tenants/{row.id}").text
    assert "nobody can be let in" in olga.post(address(row), data={"why": WHY}).text


def test_who_is_no_operator_any_more_is_out_at_once(olga: Guest, landlord: Session, row: TenantRow) -> None:
    begin(olga, row)
    landlord.get_one(Operator, fixed_id("olga")).role = "viewer"
    landlord.commit()
    assert is_over(olga, "not one of our operators")
    remove(landlord, "olga@zuke.example", by=None, at=now())
    landlord.commit()
    assert is_over(olga, "not one of our operators")
    assert the_visit(landlord).ending == "staff"


def test_it_is_this_browsers(olga: Guest, client_of: ClientOf, landlord: Session, row: TenantRow) -> None:
    begin(olga, row)
    elsewhere = client_of("olga")
    assert is_over(elsewhere, "begun in another browser")
    begin(elsewhere, row)
    assert olga.get("/alpha/customers").status_code == elsewhere.get("/alpha/customers").status_code == 200


def test_begun_twice_it_is_one(olga: Guest, landlord: Session, row: TenantRow) -> None:
    begin(olga, row)
    begin(olga, row, "We look for the cause once more.")
    assert the_visit(landlord).reason == WHY


def test_who_works_there_needs_no_visit(client_of: ClientOf, landlord: Session, row: TenantRow) -> None:
    landlord.add(Operator(person_id=fixed_id("bob"), role="operator", added_at=now()))
    landlord.commit()
    assert "You work there" in client_of("bob").post(address(row), data={"why": WHY}).text


def test_a_viewer_visits_nobody(olga: Guest, landlord: Session, row: TenantRow) -> None:
    landlord.get_one(Operator, fixed_id("olga")).role = "viewer"
    landlord.commit()
    assert address(row) not in olga.get(f"/operator/tenants/{row.id}").text
    for what in ("visit", "consent"):
        assert olga.get(address(row, what)).status_code == 404
        assert olga.post(address(row, what), data={"why": WHY}).status_code == 404


def test_it_asks_once(olga: Guest, landlord: Session, alpha: Tenant, row: TenantRow) -> None:
    assert olga.post(address(row, "consent"), data={"why": "hm"}).status_code == 422
    assert olga.post(address(row, "consent"), data={"why": WHY}).status_code == 303
    assert "has not answered yet" in olga.post(address(row, "consent"), data={"why": WHY}).text
    assert "Asked, no answer yet" in olga.get(f"/operator/tenants/{row.id}").text
    consent = landlord.scalars(select(SupportConsent)).one()
    assert (consent.asked_by, consent.asked_why, consent.ends_at) == ("Olga", WHY, None)
    landlord.delete(consent)
    let_in(landlord, alpha)
    assert "lets us in already" in olga.post(address(row, "consent"), data={"why": WHY}).text
