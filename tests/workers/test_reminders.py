"""A plan's minute comes: its owner is told under the bell and by mail, once, whatever crashes."""

import datetime as dt
import smtplib
import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from saas.cells.models import Bell
from saas.identity.models import Person
from tenants.customers.customer import Customer
from tenants.followups.models import Plan
from tenants.followups.writing import make_plan
from tenants.notifications import preferences
from tenants.notifications.bells import REMINDERS
from tenants.notifications.models import Notification
from tenants.notifications.preferences import Preferences
from tenants.notifications.quiet import Quiet
from tenants.reminders.due import remind
from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.wall import outbox
from tenants.wall.models import Outbox
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.engine_room import Inbox
from tests.world.stage import prop
from workers import promises
from workers.jobs import bells as bells_job
from workers.mail import PostOffice
from workers.tenancy import House, now

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def plan(house: House, alpha: Tenant, engine: Engine, bob: Actor) -> Plan:
    """Bob's, due a minute ago; made two hours before."""
    return planned(alpha, engine, bob, content="Ring about the price")


def planned(tenant: Tenant, engine: Engine, by: Actor, *, content: str, due_at: dt.datetime | None = None) -> Plan:
    at = now()
    with inside(tenant, engine) as session:
        customer = session.get_one(Customer, prop("customer", "Bob"))
        return make_plan(session, customer, means="phone", content=content, due_at=due_at or at - MINUTE, by=by, at=at - 120 * MINUTE)


def answer(tenant: Tenant, *kinds: str) -> None:
    bells_job.answer("main", [[tenant.key, kind] for kind in kinds or (REMINDERS, "outbox")])


def told(tenant: Tenant, engine: Engine) -> list[Notification]:
    with inside(tenant, engine) as session:
        return list(session.scalars(select(Notification).order_by(Notification.at)))


def test_who_is_to_do_it_is_told_under_the_bell_and_by_mail(plan: Plan, alpha: Tenant, engine: Engine, inbox: Inbox, bob: Actor) -> None:
    answer(alpha)
    [notification] = told(alpha, engine)
    assert (notification.member_id, notification.kind, notification.subject_id) == (bob.id, "plan.due", plan.id)
    assert (notification.at, notification.read_at) == (plan.due_at, None)
    [mail] = inbox.mails
    assert (mail["To"], mail["Subject"]) == ("bob@alpha.example", "Due now: Ring about the price (Bob's customer)")
    body = mail.get_body(("html",))
    assert body is not None
    html = body.get_content()
    assert f"/alpha/notifications/{notification.id}" in html
    assert "/alpha/notifications/preferences" in html
    assert plan.due_at.astimezone(alpha.zone).strftime("%H:%M") in html


def test_twice_is_once(plan: Plan, alpha: Tenant, engine: Engine, inbox: Inbox) -> None:
    for _ in range(3):
        answer(alpha)
    assert (len(told(alpha, engine)), len(inbox.mails)) == (1, 1)


def test_the_bell_rings_again_for_what_is_due_next(plan: Plan, alpha: Tenant, engine: Engine, bob: Actor, landlord: Session) -> None:
    later = planned(alpha, engine, bob, content="Later", due_at=now() + 5 * MINUTE)
    answer(alpha)
    assert landlord.scalars(select(Bell.due_at).where(Bell.kind == REMINDERS)).all() == [later.due_at]


def test_what_is_due_at_once_goes_into_one_mail(plan: Plan, alpha: Tenant, engine: Engine, inbox: Inbox, bob: Actor) -> None:
    planned(alpha, engine, bob, content="Send the catalogue", due_at=plan.due_at)
    answer(alpha)
    [mail] = inbox.mails
    assert mail["Subject"] == "2 things are due"
    assert "Send the catalogue" in mail.as_string() and "Ring about the price" in mail.as_string()


def test_a_stale_bell_does_nothing(plan: Plan, alpha: Tenant, engine: Engine, inbox: Inbox, bob: Actor) -> None:
    with inside(alpha, engine) as session:
        session.get_one(Plan, plan.id).finish(session, by=bob, at=now())
    answer(alpha)
    assert (told(alpha, engine), inbox.mails) == ([], [])


def test_a_plan_that_is_moved_reminds_at_its_new_time(plan: Plan, alpha: Tenant, engine: Engine, bob: Actor) -> None:
    answer(alpha)
    moved = now() - MINUTE / 2
    with inside(alpha, engine) as session:
        session.get_one(Plan, plan.id).move(session, moved, by=bob, at=now() - MINUTE)
    answer(alpha)
    assert [one.at for one in told(alpha, engine)] == [plan.due_at, moved]


def test_a_promised_contact_reminds_the_owner(house: House, alpha: Tenant, engine: Engine, inbox: Inbox, bob: Actor) -> None:
    with inside(alpha, engine) as session:
        session.execute(update(Customer).where(Customer.id == prop("customer", "Bob")).values(next_contact_at=now() - MINUTE))
    answer(alpha)
    [mail] = inbox.mails
    assert (mail["To"], mail["Subject"]) == ("bob@alpha.example", "It is time to contact Bob's customer")


def test_when_the_doer_has_left_the_owner_is_told(plan: Plan, alpha: Tenant, engine: Engine, inbox: Inbox, bob: Actor, mei: Actor) -> None:
    with inside(alpha, engine) as session:
        session.get_one(Member, bob.id).deactivated_at = now()
        session.execute(update(Customer).where(Customer.id == plan.customer_id).values(owner_id=mei.id))
    answer(alpha)
    assert [one.member_id for one in told(alpha, engine)] == [mei.id]


def test_when_all_have_left_nobody_is_told(plan: Plan, alpha: Tenant, engine: Engine, inbox: Inbox, bob: Actor) -> None:
    with inside(alpha, engine) as session:
        session.get_one(Member, bob.id).deactivated_at = now()
    answer(alpha)
    assert (told(alpha, engine), inbox.mails) == ([], [])


def test_a_handover_after_the_reminder_does_not_remind_again(plan: Plan, alpha: Tenant, engine: Engine, mei: Actor) -> None:
    answer(alpha)
    with inside(alpha, engine) as session:
        session.execute(update(Plan).where(Plan.id == plan.id).values(member_id=mei.id))
    answer(alpha)
    assert len(told(alpha, engine)) == 1


def test_each_chooses_the_ways(plan: Plan, alpha: Tenant, engine: Engine, inbox: Inbox, bob: Actor) -> None:
    with inside(alpha, engine) as session:
        preferences.write(session, bob.id, Preferences({"plan.due": frozenset()}))
    answer(alpha)
    [notification] = told(alpha, engine)
    assert notification.read_at is not None, "not under the bell"
    assert inbox.mails == []


def test_in_quiet_hours_mails_wait_and_come_as_one(plan: Plan, alpha: Tenant, engine: Engine, inbox: Inbox, bob: Actor) -> None:
    local = now().astimezone(alpha.zone)
    quiet = Quiet((local - 60 * MINUTE).time().replace(second=0, microsecond=0), (local + 60 * MINUTE).time().replace(second=0, microsecond=0))
    with inside(alpha, engine) as session:
        preferences.write(session, bob.id, Preferences(quiet=quiet))
    answer(alpha)
    planned(alpha, engine, bob, content="Another one")
    answer(alpha)
    assert (len(told(alpha, engine)), inbox.mails) == (2, [])
    with inside(alpha, engine) as session:
        [promised] = session.scalars(select(Outbox))
        assert promised.due_at.astimezone(alpha.zone).time() == quiet.end
        promised.due_at = now()
    answer(alpha, "outbox")
    assert [mail["Subject"] for mail in inbox.mails] == ["2 things are due"]


def test_what_was_done_while_it_waited_is_not_sent(plan: Plan, alpha: Tenant, engine: Engine, inbox: Inbox, bob: Actor) -> None:
    answer(alpha, REMINDERS)
    with inside(alpha, engine) as session:
        session.get_one(Plan, plan.id).finish(session, by=bob, at=now())
    answer(alpha, "outbox")
    assert inbox.mails == []
    with inside(alpha, engine) as session:
        assert session.scalars(select(Outbox.done_at)).one() is not None


def test_an_address_that_nobody_has_confirmed_gets_nothing(plan: Plan, alpha: Tenant, landlord: Session, inbox: Inbox, bob: Actor) -> None:
    landlord.execute(update(Person).where(Person.id == bob.person_id).values(mail_confirmed_at=None))
    landlord.commit()
    answer(alpha)
    assert inbox.mails == []


def killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_killed_between_the_servers_answer_and_our_record_the_same_mail_goes_out(
    plan: Plan, alpha: Tenant, engine: Engine, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(alpha, REMINDERS)
    with monkeypatch.context() as dying, pytest.raises(KeyboardInterrupt):
        dying.setattr(promises, "keep", killed)
        answer(alpha, "outbox")
    monkeypatch.setattr(promises, "now", lambda: now() + outbox.LEASE)
    answer(alpha, "outbox")
    first, second = inbox.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_killed_while_it_is_promised_nothing_is_half_done(
    plan: Plan, alpha: Tenant, engine: Engine, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying, pytest.raises(KeyboardInterrupt):
        dying.setattr("tenants.reminders.due.send", killed)
        answer(alpha, REMINDERS)
    assert told(alpha, engine) == []
    answer(alpha)
    assert (len(told(alpha, engine)), len(inbox.mails)) == (1, 1)


def test_a_database_that_goes_away_after_the_mail_is_told_all_the_same(
    plan: Plan, alpha: Tenant, engine: Engine, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(alpha, REMINDERS)
    keep, tries = outbox.keep, iter([True, False])

    def away(*args: object, **words: object) -> None:
        if next(tries):
            raise OperationalError("UPDATE", {}, Exception("the server has gone"))
        keep(*args, **words)  # type: ignore[arg-type]

    monkeypatch.setattr(promises, "keep", away)
    answer(alpha, "outbox")
    with inside(alpha, engine) as session:
        assert session.scalars(select(Outbox.done_at)).one() is not None
    assert len(inbox.mails) == 1


def test_one_line_to_the_server_for_many_letters(house: House, inbox: Inbox, mail_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []
    connect = smtplib.SMTP.connect

    def counting(self: smtplib.SMTP, *args: object, **words: object) -> object:
        opened.append(1)
        return connect(self, *args, **words)  # type: ignore[arg-type]

    monkeypatch.setattr(smtplib.SMTP, "connect", counting)
    letter = {"to": "bob@alpha.example", "subject": "Hello", "text": "Hello"}
    with PostOffice(house.settings) as post:
        for _ in range(3):
            post.deliver(uuid.uuid4(), letter)
        assert post._line is not None
        post._line.close()  # the server has hung up
        post.deliver(uuid.uuid4(), letter)
    assert (len(inbox.mails), len(opened)) == (4, 2)


def test_sample_data_stays_under_the_bell(plan: Plan, alpha: Tenant, engine: Engine, inbox: Inbox) -> None:
    with inside(alpha, engine) as session:
        session.execute(update(Plan).where(Plan.id == plan.id).values(sample=True))
    answer(alpha)
    assert (len(told(alpha, engine)), inbox.mails) == (1, [])


def test_what_was_late_when_it_was_written_reminds_nobody(inside_alpha: Session, bob: Actor) -> None:
    at = now()
    customer = inside_alpha.get_one(Customer, prop("customer", "Bob"))
    make_plan(inside_alpha, customer, means="phone", content="Yesterday", due_at=at - 1440 * MINUTE, by=bob, at=at)
    remind(inside_alpha, at=at)
    assert inside_alpha.scalars(select(Notification)).all() == []


def test_a_lost_bell_is_made_good_at_night(plan: Plan, alpha: Tenant, engine: Engine, landlord: Session, run_dry: Callable[[], None]) -> None:
    landlord.query(Bell).delete()
    landlord.commit()
    answer(alpha, "tidy")
    assert len([notice for notice in told(alpha, engine) if notice.kind == "plan.due"]) == 1  # in the morning the digests come with it
