"""/settings/support: the company lets us in, refuses, takes it back, and sees every visit."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from saas.operator.models import SupportConsent, SupportVisit
from saas.registry.models import Tenant as TenantRow
from tenants.timeline.models import Event
from tenants.wall.tenant import Tenant
from tests.world.cast import fixed_id
from tests.world.door import Guest
from workers.tenancy import now

ClientOf = Callable[[str], Guest]
PAGE = "settings/support"
GRANT = {"days": "3", "what_for": "The import of Monday went wrong"}
DAY = dt.timedelta(days=1)


@pytest.fixture
def alice(client_of: ClientOf) -> Guest:
    return client_of("alice")


@pytest.fixture
def olga(client_of: ClientOf) -> Guest:
    return client_of("olga")


def the_consent(landlord: Session) -> SupportConsent:
    landlord.expire_all()
    return landlord.scalars(select(SupportConsent)).one()


def logged(inside_alpha: Session) -> list[str]:
    inside_alpha.rollback()
    return list(inside_alpha.scalars(select(Event.kind).where(Event.kind.like("support.%")).order_by(Event.id)))


def test_nobody_has_looked_in_yet(alice: Guest) -> None:
    html = alice.get(PAGE).text
    assert "Nobody has looked in" in html and "Let Zuke support look in" in html
    assert "/settings/support" in alice.get("settings").text


def test_it_is_for_who_arranges_the_company(client_of: ClientOf, landlord: Session) -> None:
    for name in ("mei", "bob", "rhea"):
        assert client_of(name).get(PAGE).status_code == 403
        assert client_of(name).post(PAGE, data=GRANT).status_code == 403
    assert client_of("charlie").post("/alpha/" + PAGE, data=GRANT).status_code == 404
    assert landlord.scalars(select(SupportConsent)).all() == []


def test_granted_for_some_days(alice: Guest, landlord: Session, inside_alpha: Session, alpha: Tenant) -> None:
    assert alice.post(PAGE, data=GRANT).status_code == 303
    consent = the_consent(landlord)
    assert (consent.tenant_id, consent.decided_by, consent.what_for) == (alpha.id, "Alice", GRANT["what_for"])
    assert consent.ends_at is not None and consent.decided_at is not None
    assert consent.ends_at - consent.decided_at == 3 * DAY
    assert GRANT["what_for"] in alice.get(PAGE).text
    assert logged(inside_alpha) == ["support.granted"]
    assert "Let Zuke support look in for 3 days" in alice.get("settings/log").text
    alice.post(PAGE, data=GRANT | {"days": "7"})
    assert the_consent(landlord).ends_at == consent.ends_at, "granted twice, it is granted once"


@pytest.mark.parametrize("wrong", [{"days": "2"}, {"days": ""}, {"days": "x"}, {"what_for": " "}, {"what_for": "a" * 501}])
def test_what_cannot_be_granted(alice: Guest, landlord: Session, wrong: dict[str, str]) -> None:
    assert alice.post(PAGE, data=GRANT | wrong).status_code == 422
    assert alice.post(PAGE, data=GRANT | wrong, htmx=True).status_code == 422
    assert landlord.scalars(select(SupportConsent)).all() == []


def test_withdrawn_it_ends_the_visits_that_stand_on_it(alice: Guest, olga: Guest, landlord: Session, inside_alpha: Session, alpha: Tenant) -> None:
    alice.post(PAGE, data=GRANT)
    olga.post(f"/operator/tenants/{alpha.id}/visit")
    assert "Looking in now" in alice.get(PAGE).text
    answer = alice.post(PAGE + "/withdrawal", htmx=True)
    undo = f"/alpha/settings/support/{the_consent(landlord).id}/restoration"
    assert answer.status_code == 200 and undo in answer.text
    assert "Looking in now" not in answer.text
    gone = olga.get("/alpha/customers")
    assert (gone.status_code, "has withdrawn its consent" in gone.text) == (403, True)
    assert alice.post(undo).status_code == 303
    assert the_consent(landlord).withdrawn_at is None
    assert olga.get("/alpha/customers").status_code == 403, "what has ended stays ended"
    assert olga.post(f"/operator/tenants/{alpha.id}/visit").status_code == 303
    assert olga.get("/alpha/customers").status_code == 200
    assert logged(inside_alpha) == ["support.granted", "support.withdrawn", "support.restored"]


def test_who_signs_out_has_left(alice: Guest, olga: Guest, alpha: Tenant) -> None:
    olga.post(f"/operator/tenants/{alpha.id}/visit", data={"why": "A payment failed, we look for the cause."})
    assert "Looking in now" in alice.get(PAGE).text
    olga.post("/sign-out")
    html = alice.get(PAGE).text
    assert "Looking in now" not in html and "1 minute" in html


def test_a_visit_with_a_reason_outlasts_a_withdrawal(alice: Guest, olga: Guest, alpha: Tenant) -> None:
    olga.post(f"/operator/tenants/{alpha.id}/visit", data={"why": "A payment failed, we look for the cause."})
    alice.post(PAGE, data=GRANT)
    alice.post(PAGE + "/withdrawal")
    assert olga.get("/alpha/customers").status_code == 200


def test_too_late_to_take_a_withdrawal_back(alice: Guest, landlord: Session, alpha: Tenant) -> None:
    at = now()
    old = SupportConsent(tenant_id=alpha.id, decided_at=at - DAY, ends_at=at + DAY, withdrawn_at=at - DAY / 2, what_for="x", decided_by="Alice")
    landlord.add(old)
    landlord.commit()
    assert alice.post(f"{PAGE}/{old.id}/restoration").status_code == 303
    assert the_consent(landlord).withdrawn_at is not None
    assert alice.post(PAGE + "/withdrawal").status_code == 303, "nothing stands, nothing is withdrawn"


def test_another_companys_consent_is_not_touched(alice: Guest, landlord: Session, beta: Tenant) -> None:
    at = now()
    theirs = SupportConsent(tenant_id=beta.id, decided_at=at, ends_at=at + DAY, withdrawn_at=at, what_for="x", decided_by="Charlie")
    landlord.add(theirs)
    landlord.commit()
    alice.post(f"{PAGE}/{theirs.id}/restoration")
    assert the_consent(landlord).withdrawn_at is not None
    theirs.withdrawn_at = None
    landlord.commit()
    alice.post(PAGE + "/withdrawal")
    assert the_consent(landlord).withdrawn_at is None


def test_a_question_is_answered(alice: Guest, olga: Guest, landlord: Session, alpha: Tenant) -> None:
    why = "A payment failed, and we look for the cause."
    olga.post(f"/operator/tenants/{alpha.id}/consent", data={"why": why})
    html = alice.get(PAGE).text
    assert "Zuke support asks to look in" in html and html.count(why) == 2, "told, and proposed as what it is for"
    assert alice.post(PAGE, data={"days": "1", "what_for": why}).status_code == 303
    consent = the_consent(landlord)
    assert (consent.asked_by, consent.decided_by) == ("Olga", "Alice")
    assert olga.post(f"/operator/tenants/{alpha.id}/visit").status_code == 303


def test_a_question_is_refused(alice: Guest, olga: Guest, landlord: Session, inside_alpha: Session, alpha: Tenant) -> None:
    olga.post(f"/operator/tenants/{alpha.id}/consent", data={"why": "A payment failed, we look for the cause."})
    assert alice.post(PAGE + "/refusal").status_code == 303
    assert the_consent(landlord).decided_at is not None
    assert "Refused" in olga.get(f"/operator/tenants/{alpha.id}").text
    assert "no question to be answered" in alice.post(PAGE + "/refusal", htmx=True).text
    assert logged(inside_alpha) == ["support.refused"]
    assert olga.post(f"/operator/tenants/{alpha.id}/visit").status_code == 422


def test_every_visit_is_listed(alice: Guest, landlord: Session, alpha: Tenant, beta: Tenant) -> None:
    at = now() - DAY
    for tenant, reason in ((alpha, "Alpha's payment failed"), (beta, "Beta's payment failed")):
        landlord.add(
            SupportVisit(
                tenant_id=tenant.id,
                person_id=fixed_id("olga"),
                session_id=fixed_id("olga"),
                name="Olga",
                reason=reason,
                began_at=at,
                ends_at=at + DAY / 24,
                ended_at=at + DAY / 24 / 4,
                rooms=["customers", "imports"],
            )
        )
    landlord.commit()
    html = alice.get(PAGE).text
    for words in ("Olga", "Alpha&#39;s payment failed", "15 minutes", "Customers, Import"):
        assert words in html, words
    assert "Beta" not in html


def test_also_while_only_reading_is_allowed(alice: Guest, landlord: Session, alpha: Tenant) -> None:
    """Who has not paid must be able to show us out, too."""
    landlord.get_one(TenantRow, alpha.id).state = "read_only"
    landlord.commit()
    assert alice.post(PAGE, data=GRANT).status_code == 303
    assert alice.post(PAGE + "/withdrawal").status_code == 303
    assert the_consent(landlord).withdrawn_at is not None
