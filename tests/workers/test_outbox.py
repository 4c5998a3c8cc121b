"""What was promised is kept: once, though everything around may fail."""

import datetime as dt
from collections.abc import Callable

import pytest
from redis import Redis
from rq import Queue
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from saas.cells.models import Bell
from tenants.wall import outbox
from tenants.wall.models import Outbox
from tenants.wall.session import inside, landlord_plane, open_session
from tenants.wall.tenant import Tenant
from tests.world.engine_room import Inbox
from workers import answers, promises
from workers.effects import Errand
from workers.jobs import bells as bells_job
from workers.jobs import doorbell as doorbell_job
from workers.sweeper import sweep
from workers.tenancy import House, Ring, now

MAIL = {"to": "bob@alpha.example", "subject": "你好", "text": "Hello", "html": "<p>Hello</p>"}
LATER = dt.timedelta(seconds=10)


@pytest.fixture
def promised(house: House, alpha: Tenant, engine: Engine) -> str:
    """Alpha has promised a mail; returns its id."""
    with inside(alpha, engine) as session:
        return str(outbox.promise(session, "mail", MAIL, at=now()))


def row(alpha: Tenant, engine: Engine) -> Outbox:
    with inside(alpha, engine) as session:
        return session.scalars(select(Outbox)).one()


def bells(engine: Engine) -> list[tuple[str, str, dt.datetime]]:
    with open_session(engine, landlord_plane()) as session:
        return [(b.tenant, b.kind, b.due_at) for b in session.scalars(select(Bell).order_by(Bell.due_at))]


def test_the_doorbell_has_the_mail_sent(
    promised: str, alpha: Tenant, engine: Engine, inbox: Inbox, short: Queue, run_dry: Callable[[], None]
) -> None:
    short.enqueue("workers.jobs.doorbell.answer", alpha.key, ["outbox"])
    run_dry()
    [mail] = inbox.mails
    assert (mail["To"], mail["Subject"], mail["Message-ID"]) == ("bob@alpha.example", "你好", f"<{promised}@zuke.example>")
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None and text.get_content().strip() == "Hello"
    assert html is not None and html.get_content().strip() == "<p>Hello</p>"
    kept = row(alpha, engine)
    assert kept.done_at is not None
    assert kept.payload == {}, "links in mails open doors: they are forgotten"
    assert bells(engine) == []


def test_a_mail_of_the_landlords_is_sent_too(house: House, engine: Engine, inbox: Inbox) -> None:
    with open_session(engine, landlord_plane()) as session:
        outbox.promise(session, "mail", MAIL, at=now())
        session.commit()
    doorbell_job.answer("saas", ["outbox"])
    assert len(inbox.mails) == 1


def test_what_is_rolled_back_is_not_promised(house: House, alpha: Tenant, engine: Engine, inbox: Inbox) -> None:
    with pytest.raises(ZeroDivisionError), inside(alpha, engine) as session:
        outbox.promise(session, "mail", MAIL, at=now())
        1 / 0
    doorbell_job.answer(alpha.key, ["outbox"])
    assert (inbox.mails, bells(engine)) == ([], [])


def test_running_twice_sends_once(promised: str, alpha: Tenant, inbox: Inbox) -> None:
    doorbell_job.answer(alpha.key, ["outbox"])
    doorbell_job.answer(alpha.key, ["outbox"])
    assert len(inbox.mails) == 1


def test_two_workers_at_once_send_once(
    promised: str, house: House, alpha: Tenant, engine: Engine, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = promises.EFFECTS["mail"]

    def meanwhile(errand: Errand) -> None:
        monkeypatch.setitem(promises.EFFECTS, "mail", sent)
        doorbell_job.answer(alpha.key, ["outbox"])  # another worker, while this one is sending
        sent(errand)

    monkeypatch.setitem(promises.EFFECTS, "mail", meanwhile)
    doorbell_job.answer(alpha.key, ["outbox"])
    assert len(inbox.mails) == 1


def test_when_the_store_was_flushed_the_sweeper_finds_the_bell(
    promised: str, house: House, engine: Engine, alpha: Tenant, inbox: Inbox, redis: Redis, short: Queue, run_dry: Callable[[], None]
) -> None:
    short.enqueue("workers.jobs.doorbell.answer", alpha.key, ["outbox"])
    redis.flushdb()
    assert sweep(house, "main", short, at=now() + LATER) == 1
    redis.flushdb()  # and again, with the sweeper's job
    assert sweep(house, "main", short, at=now() + LATER) == 0, "a bell that was just taken is given time"
    assert sweep(house, "main", short, at=now() + LATER + dt.timedelta(minutes=2)) == 1
    run_dry()
    assert len(inbox.mails) == 1
    assert bells(engine) == []


def test_a_worker_that_dies_after_leasing_loses_the_lease(promised: str, house: House, alpha: Tenant, engine: Engine, inbox: Inbox) -> None:
    with inside(alpha, engine) as session:
        assert len(outbox.lease(session, at=now())) == 1  # … and dies
    doorbell_job.answer(alpha.key, ["outbox"])
    assert inbox.mails == []
    [(_, kind, due_at)] = bells(engine)
    assert kind == "outbox"
    assert dt.timedelta() < due_at - now() <= outbox.LEASE, "the bell rings when the lease ends"
    with inside(alpha, engine) as session:
        assert len(outbox.lease(session, at=now() + outbox.LEASE)) == 1


def test_a_clock_that_is_put_back_holds_up_nothing(house: House, alpha: Tenant, engine: Engine, inbox: Inbox) -> None:
    """Promised, and leased by a worker that died, in hours that have not come yet."""
    ahead = now() + dt.timedelta(hours=2)
    with inside(alpha, engine) as session:
        outbox.promise(session, "mail", MAIL, at=ahead)
        outbox.promise(session, "mail", MAIL, at=now(), due_at=ahead)
        assert len(outbox.lease(session, at=ahead)) == 2  # … and dies
    with inside(alpha, engine) as session:
        assert outbox.lease(session, at=ahead + outbox.LEASE / 2) == [], "another machine's clock is a little behind"
    doorbell_job.answer(alpha.key, ["outbox"])
    assert len(inbox.mails) == 1, "the other one was to wait for that hour"


def test_a_mail_that_fails_is_tried_again_and_given_up_in_the_end(promised: str, house: House, alpha: Tenant, engine: Engine, inbox: Inbox) -> None:
    inbox.refuse = "451 come back later"
    doorbell_job.answer(alpha.key, ["outbox"])
    first = row(alpha, engine)
    assert (first.attempts, first.done_at, first.failed_at) == (1, None, None)
    assert "451" in str(first.failure) or "come back" in str(first.failure)
    assert bells(engine) == [(alpha.key, "outbox", first.due_at)]
    for _ in outbox.PAUSES:
        with inside(alpha, engine) as session:
            session.scalars(select(Outbox)).one().due_at = now()
        doorbell_job.answer(alpha.key, ["outbox"])
    last = row(alpha, engine)
    assert last.attempts == len(outbox.PAUSES) + 1
    assert last.failed_at is not None
    assert bells(engine) == []


def test_an_address_that_does_not_exist_is_given_up_at_once(promised: str, alpha: Tenant, engine: Engine, inbox: Inbox) -> None:
    inbox.refuse = "550 no such user"
    doorbell_job.answer(alpha.key, ["outbox"])
    given_up = row(alpha, engine)
    assert given_up.failed_at is not None
    assert given_up.attempts == 1


def test_a_line_break_in_an_address_makes_no_mail(house: House, alpha: Tenant, engine: Engine, inbox: Inbox) -> None:
    with inside(alpha, engine) as session:
        outbox.promise(session, "mail", MAIL | {"to": "bob@alpha.example\nBcc: all@alpha.example"}, at=now())
    doorbell_job.answer(alpha.key, ["outbox"])
    assert inbox.mails == []
    assert row(alpha, engine).failed_at is not None


def test_what_is_due_later_waits(house: House, alpha: Tenant, engine: Engine, inbox: Inbox) -> None:
    tomorrow = now() + dt.timedelta(days=1)
    with inside(alpha, engine) as session:
        outbox.promise(session, "mail", MAIL, at=now(), due_at=tomorrow)
    doorbell_job.answer(alpha.key, ["outbox"])
    assert inbox.mails == []
    assert bells(engine) == [(alpha.key, "outbox", tomorrow)]


def test_many_promises_of_one_moment_ring_one_bell(inside_alpha: Session, landlord: Session) -> None:
    at = now()
    for _ in range(5):
        outbox.promise(inside_alpha, "mail", MAIL, at=at)
    inside_alpha.commit()
    outbox.promise(inside_alpha, "mail", MAIL, at=at)
    inside_alpha.commit()
    assert landlord.scalar(select(func.count(Bell.id))) == 2


def test_one_tenants_trouble_does_not_hold_up_the_next(
    promised: str, house: House, alpha: Tenant, beta: Tenant, engine: Engine, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inside(beta, engine) as session:
        outbox.promise(session, "mail", MAIL | {"to": "charlie@beta.example"}, at=now())
    deliver = answers.ANSWERS["outbox"]

    def trouble(ring: Ring) -> dt.datetime | None:
        if ring.key == alpha.key:
            raise RuntimeError("alpha is in trouble")
        return deliver(ring)

    monkeypatch.setitem(answers.ANSWERS, "outbox", trouble)
    bells_job.answer("main", [[alpha.key, "outbox"], [beta.key, "outbox"]])
    assert [mail["To"] for mail in inbox.mails] == ["charlie@beta.example"]
    assert [key for key, _, _ in bells(engine)] == [alpha.key], "alpha's bell stays"
