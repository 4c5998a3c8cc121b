"""The morning comes: each is told what is due, overdue and forgotten, once a day, and nobody for nothing."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from saas.cells.models import Bell
from tenants.customers.customer import Customer
from tenants.followups.models import Plan
from tenants.followups.writing import make_plan
from tenants.notifications import preferences
from tenants.notifications.bells import DIGEST
from tenants.notifications.models import Notification
from tenants.notifications.preferences import Preferences
from tenants.reminders.digest import greet, morning
from tenants.team.actor import Actor
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.door import Guest
from tests.world.engine_room import Inbox
from tests.world.stage import prop
from workers import letters, promises, reminders
from workers.jobs import bells as bells_job
from workers.tenancy import House

MORNING = dt.datetime(2026, 11, 25, 0, 30, tzinfo=dt.UTC)  # a Wednesday, half past eight in Shanghai
DAY = dt.timedelta(days=1)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.datetime], None]:
    """Has the workers live at that moment."""

    def set_clock(moment: dt.datetime) -> None:
        for module in (reminders, promises, letters):
            monkeypatch.setattr(module, "now", lambda: moment)

    set_clock(MORNING)
    return set_clock


@pytest.fixture
def busy(house: House, alpha: Tenant, engine: Engine, bob: Actor, at: object) -> None:
    """Bob has a plan for today and an overdue one; all customers have been spoken to yesterday."""
    with inside(alpha, engine) as session:
        customer = session.get_one(Customer, prop("customer", "Bob"))
        for content, due_at in (("Today's call", MORNING + DAY / 4), ("The old offer", MORNING - 2 * DAY)):
            make_plan(session, customer, means="phone", content=content, due_at=due_at, by=bob, at=MORNING - 3 * DAY)
        session.execute(update(Customer).values(last_followup_at=MORNING - DAY))


def answer(tenant: Tenant) -> None:
    bells_job.answer("main", [[tenant.key, DIGEST], [tenant.key, "outbox"]])


def test_bob_hears_what_his_day_is(busy: None, alpha: Tenant, inbox: Inbox) -> None:
    answer(alpha)
    mails = {mail["To"]: mail for mail in inbox.mails}
    body = mails["bob@alpha.example"].get_body(("plain",))
    assert body is not None
    assert mails["bob@alpha.example"]["Subject"] == "Your day: 1 due today, 1 overdue"
    text = body.get_content()
    assert "Today's call (14:30 · Bob's customer)" in text
    assert "The old offer (2026-11-23 · Bob's customer)" in text
    assert f"/alpha/customers/{prop('customer', 'Bob')}#plan-" in text
    assert "/alpha/notifications/preferences" in text


def test_who_leads_hears_how_the_team_stands_and_others_nothing(busy: None, alpha: Tenant, inbox: Inbox) -> None:
    answer(alpha)
    mails = {mail["To"]: mail for mail in inbox.mails}
    assert set(mails) == {"bob@alpha.example", "mei@alpha.example"}
    body = mails["mei@alpha.example"].get_body(("plain",))
    assert body is not None and "Bob: 1 plan overdue" in body.get_content()


def test_once_a_day_however_often_it_rings(busy: None, alpha: Tenant, inbox: Inbox, at: Callable[[dt.datetime], None]) -> None:
    for moment in (MORNING, MORNING, MORNING + DAY / 24):
        at(moment)
        answer(alpha)
    assert len(inbox.mails) == 2
    at(MORNING + DAY)
    answer(alpha)
    assert len(inbox.mails) == 4


def test_nothing_comes_before_the_morning_nor_long_after_it(busy: None, alpha: Tenant, inbox: Inbox, at: Callable[[dt.datetime], None]) -> None:
    for moment in (MORNING - DAY / 24, MORNING + DAY / 3):
        at(moment)
        answer(alpha)
    assert inbox.mails == []


def test_the_bell_rings_at_the_next_morning(busy: None, alpha: Tenant, landlord: Session) -> None:
    answer(alpha)
    assert landlord.scalars(select(Bell.due_at).where(Bell.kind == DIGEST)).all() == [MORNING + DAY]


def test_each_has_a_morning_of_their_own(busy: None, alpha: Tenant, engine: Engine, inbox: Inbox, bob: Actor, mei: Actor, landlord: Session) -> None:
    with inside(alpha, engine) as session:
        preferences.write(session, bob.id, Preferences(digest_at=dt.time(9)))
        preferences.write(session, mei.id, Preferences({"digest": frozenset()}))
    answer(alpha)
    assert inbox.mails == []
    assert landlord.scalars(select(Bell.due_at).where(Bell.kind == DIGEST)).all() == [MORNING + DAY / 48]


def test_who_has_nothing_to_do_is_left_alone(house: House, inside_alpha: Session, bob: Actor) -> None:
    inside_alpha.execute(update(Customer).values(last_followup_at=MORNING - DAY))
    assert greet(inside_alpha, at=MORNING) == MORNING + DAY
    assert inside_alpha.scalars(select(Notification)).all() == []


def test_a_forgotten_customer_is_told_of(inside_alpha: Session, bob: Actor, rhea: Actor) -> None:
    today = morning(inside_alpha, bob, at=MORNING)
    assert ([one.name for one in today.forgotten], today.forgotten_count, today.team) == (["Bob's customer"], 1, [])


def test_a_customer_that_bob_no_longer_sees_is_not_in_his_letter(busy: None, alpha: Tenant, engine: Engine, bob: Actor, mei: Actor) -> None:
    with inside(alpha, engine) as session:
        session.execute(update(Customer).where(Customer.id == prop("customer", "Bob")).values(owner_id=mei.id))
        assert session.scalars(select(Plan.id).where(Plan.member_id == bob.id)).first() is not None
        assert morning(session, bob, at=MORNING).is_empty


def test_what_was_done_while_the_letter_waited_is_not_in_it(busy: None, alpha: Tenant, engine: Engine, inbox: Inbox, bob: Actor) -> None:
    bells_job.answer("main", [[alpha.key, DIGEST]])
    with inside(alpha, engine) as session:
        session.execute(update(Plan).where(Plan.member_id == bob.id).values(done_at=MORNING))
        session.execute(update(Customer).values(next_contact_at=None))
    bells_job.answer("main", [[alpha.key, "outbox"]])
    assert inbox.mails == []


def test_another_time_zone_rings_for_its_mornings(client_of: Callable[[str], Guest], landlord: Session) -> None:
    profile = {"name": "Alpha Trading", "timezone": "Asia/Shanghai", "locale": "en"}
    client_of("alice").post("settings/company", data=profile)
    assert landlord.scalars(select(Bell.kind)).all() == []
    client_of("alice").post("settings/company", data=profile | {"timezone": "Asia/Tokyo"})
    assert DIGEST in landlord.scalars(select(Bell.kind)).all()
