"""A company hears of us: in its log, under the bell of those who decide, and by mail; told twice, once."""

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from saas.operator.models import SupportConsent, SupportVisit
from saas.operator.notice import NOTICE
from saas.registry.models import Tenant as TenantRow
from tenants.notifications.models import Notification
from tenants.timeline.models import Event
from tenants.wall import outbox
from tenants.wall.tenant import Tenant
from tests.world.door import Guest
from tests.world.engine_room import Inbox
from workers import rent
from workers.promises import deliver
from workers.tenancy import House, Ring, now

ClientOf = Callable[[str], Guest]
WHY = "A payment failed, and we look for the cause."


@pytest.fixture
def work(house: House, alpha: Tenant) -> Callable[[], None]:
    def run() -> None:
        deliver(Ring(house, "main", None))
        deliver(Ring(house, "main", alpha))

    return run


def told(inside_alpha: Session) -> list[str]:
    inside_alpha.rollback()
    return list(inside_alpha.scalars(select(Notification.kind)))


def test_a_visit_with_a_reason_is_shown_at_once(
    client_of: ClientOf, work: Callable[[], None], inside_alpha: Session, landlord: Session, inbox: Inbox, alpha: Tenant
) -> None:
    client_of("olga").post(f"/operator/tenants/{alpha.id}/visit", data={"why": WHY})
    work()
    assert told(inside_alpha) == ["support.visited"], "Alice, and nobody else"
    [mail] = inbox.mails
    assert mail["To"] == "alice@alpha.example" and "Olga" in mail["Subject"]
    visit = landlord.scalars(select(SupportVisit)).one()
    again = outbox.promise(landlord, NOTICE, {"tenant": str(alpha.id), "what": "visited", "about": str(visit.id)}, at=now(), key=uuid.uuid4())
    landlord.commit()
    work()
    assert outbox.next_due(landlord) is None, "and nothing is tried again"
    assert again and told(inside_alpha) == ["support.visited"] and len(inbox.mails) == 1
    assert len(inside_alpha.scalars(select(Event).where(Event.kind == "support.visited")).all()) == 1
    alice = client_of("alice")
    assert WHY in alice.get("notifications").text
    assert WHY in alice.get("settings/log").text
    assert alice.get("customers").text.count("Notifications: 1 unread") == 1
    alice.get("settings/support")
    assert "Notifications: 1 unread" not in alice.get("customers").text, "it was looked at"
    [notice] = inside_alpha.scalars(select(Notification.id))
    assert alice.get(f"notifications/{notice}").headers["Location"] == "/alpha/settings/support"


def test_who_let_us_in_reads_of_it_in_the_log(
    client_of: ClientOf, work: Callable[[], None], inside_alpha: Session, inbox: Inbox, alpha: Tenant
) -> None:
    client_of("alice").post("settings/support", data={"days": "1", "what_for": "The import"})
    client_of("olga").post(f"/operator/tenants/{alpha.id}/visit")
    work()
    assert told(inside_alpha) == [] and inbox.mails == []
    assert "Olga of Zuke support began a visit with your consent" in client_of("alice").get("settings/log").text


def test_a_question_reaches_who_decides(client_of: ClientOf, work: Callable[[], None], inside_alpha: Session, inbox: Inbox, alpha: Tenant) -> None:
    client_of("olga").post(f"/operator/tenants/{alpha.id}/consent", data={"why": WHY})
    for _ in range(2):
        work()
    assert told(inside_alpha) == ["support.asked"]
    assert [mail["To"] for mail in inbox.mails] == ["alice@alpha.example"]


def test_nobody_chooses_not_to_hear_of_it(client_of: ClientOf) -> None:
    assert "support.visited" not in client_of("alice").get("notifications/preferences").text


def test_it_goes_with_the_company(client_of: ClientOf, house: House, landlord: Session, beta: Tenant) -> None:
    gone = TenantRow(id=uuid.uuid4(), key="t_gone", slug="gone", name="Gone", cell="main", state="erased", locale="en", created_at=now())
    landlord.add(gone)
    landlord.flush()
    client_of("olga").post(f"/operator/tenants/{beta.id}/visit", data={"why": WHY})
    made = landlord.scalars(select(SupportVisit)).one()
    about = {"person_id": made.person_id, "session_id": made.session_id, "name": "Olga", "began_at": now(), "ends_at": now(), "rooms": []}
    landlord.add(SupportVisit(tenant_id=gone.id, reason=WHY, **about))
    for tenant_id in (gone.id, beta.id):
        landlord.add(SupportConsent(tenant_id=tenant_id, asked_at=now(), asked_by="Olga", asked_why=WHY))
    landlord.commit()
    for _ in range(2):
        rent.erase_what_has_ended(house)
    assert landlord.scalars(select(SupportVisit.tenant_id)).all() == [beta.id]
    assert landlord.scalars(select(SupportConsent.tenant_id)).all() == [beta.id]
