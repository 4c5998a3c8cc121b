"""The firm's bots: what waits goes out as one message, never more than their makers allow, and what they refuse is told."""

import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from sandbox.mail.box import Box
from sandbox.mail.groups import SECRET, Groups
from sandbox.mail.page import make_app
from tenants.customers.customer import Customer
from tenants.followups.models import Plan
from tenants.notifications import bots, preferences
from tenants.notifications.bots import Bot
from tenants.notifications.notify import notify
from tenants.notifications.preferences import Preferences
from tenants.team.actor import Actor
from tenants.wall.models import Outbox
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.engine_room import Inbox
from tests.world.stage import prop
from workers import bots as telling
from workers.jobs import bells as bells_job
from workers.tenancy import House, now

PATHS = {"wecom": "/cgi-bin/webhook/send?key={}", "dingtalk": "/robot/send?access_token={}", "feishu": "/open-apis/bot/v2/hook/{}"}


@pytest.fixture
def groups(tmp_path: Path, house: House) -> Iterator[Groups]:
    groups = Groups(tmp_path / "bots.jsonl")
    server = make_server("127.0.0.1", 0, make_app(Box(tmp_path / "mail"), groups), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    house.settings.bot_sandbox_url = f"http://127.0.0.1:{server.port}"
    yield groups
    server.shutdown()
    thread.join()
    server.server_close()


def add(house: House, session: Session, brand: str = "wecom", *, key: str = "1", secret: str = "", **more: object) -> Bot:
    url = f"{house.settings.bot_sandbox_url}{PATHS[brand].format(key)}"
    bot = Bot(f"{brand}-{key}", brand, "Sales", url, secret, **more)  # type: ignore[arg-type]
    bots.put(session, bot, at=now())
    return bot


def tell_bob(session: Session, bob: Actor, *names: str, at: dt.datetime | None = None) -> None:
    for name in names:
        about = {"customer_id": prop("customer", "Bob"), "subject_id": None}
        session.execute(update(Customer).where(Customer.id == prop("customer", "Bob")).values(next_contact_at=at or now()))
        notify(session, [bob.id], "customer.assigned", key=name, at=at or now(), by=name, **about)


def answer(tenant: Tenant) -> None:
    bells_job.answer("main", [[tenant.key, "outbox"]])


@pytest.mark.parametrize(("brand", "secret"), [("wecom", ""), ("dingtalk", ""), ("dingtalk", SECRET), ("feishu", ""), ("feishu", SECRET)])
def test_what_waits_goes_out_as_one_message(
    groups: Groups, house: House, alpha: Tenant, engine: Engine, bob: Actor, inbox: Inbox, brand: str, secret: str
) -> None:
    with inside(alpha, engine) as session:
        add(house, session, brand, secret=secret)
        tell_bob(session, bob, "Mei", "Alice")
    answer(alpha)
    [message] = groups.messages()
    assert message.brand == brand
    assert "Zuke: 2 reminders" in message.text
    assert "Mei gave you the customer Bob's customer" in message.text and "Alice gave you" in message.text
    assert "**Bob**" in message.text and "/alpha/notifications/" in message.text
    answer(alpha)
    assert len(groups.messages()) == 1


def test_a_plan_that_is_due_is_told_with_its_minute(groups: Groups, house: House, alpha: Tenant, engine: Engine, bob: Actor) -> None:
    due_at = now() - dt.timedelta(minutes=1)
    with inside(alpha, engine) as session:
        add(house, session)
        session.execute(update(Plan).where(Plan.id == prop("plan", "Bob")).values(due_at=due_at, content="Visit @all <b>"))
    bells_job.answer("main", [[alpha.key, "reminders"], [alpha.key, "outbox"]])
    [message] = groups.messages()
    assert f"{due_at.astimezone(alpha.zone):%H:%M} **Bob** Visit ＠all ＜b＞ (Bob's customer)" in message.text


def test_who_wants_nothing_told_in_groups_is_not_told_of(groups: Groups, house: House, alpha: Tenant, engine: Engine, bob: Actor) -> None:
    with inside(alpha, engine) as session:
        add(house, session)
        preferences.write(session, bob.id, Preferences({"customer.assigned": frozenset({"app"})}))
        tell_bob(session, bob, "Mei")
    answer(alpha)
    assert groups.messages() == []


def test_a_bot_hears_only_its_kinds_and_only_while_it_is_on(groups: Groups, house: House, alpha: Tenant, engine: Engine, bob: Actor) -> None:
    with inside(alpha, engine) as session:
        add(house, session, key="plans", kinds=("plan.due",))
        add(house, session, key="off", is_on=False)
        bot = add(house, session, key="later")
        tell_bob(session, bob, "Mei")
        bots.remove(session, bot.id, at=now())  # between the promise and its keeping
    answer(alpha)
    assert groups.messages() == []
    with inside(alpha, engine) as session:
        assert all(session.scalars(select(Outbox.done_at).where(Outbox.kind == bots.PROMISE)))


def test_never_more_than_its_makers_allow(
    groups: Groups, house: House, alpha: Tenant, engine: Engine, bob: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(bots.A_MINUTE, "wecom", 2)
    with inside(alpha, engine) as session:
        add(house, session)
    for number in range(4):
        with inside(alpha, engine) as session:
            tell_bob(session, bob, f"Mei {number}")
        answer(alpha)
    assert len(groups.messages()) == 2
    with inside(alpha, engine) as session:
        waiting = session.scalars(select(Outbox).where(Outbox.kind == bots.PROMISE, Outbox.done_at.is_(None))).all()
        assert [one.attempts for one in waiting] == [0, 0], "waiting is no attempt"
        until = waiting[0].due_at
        assert dt.timedelta(seconds=30) < until - now() <= dt.timedelta(seconds=60)
    monkeypatch.setattr(telling, "now", lambda: until + dt.timedelta(seconds=1))
    answer(alpha)
    assert "Zuke: 2 reminders" in groups.messages()[0].text, "what waited goes out as one"


def test_too_often_is_tried_later_without_counting(
    groups: Groups, house: House, alpha: Tenant, engine: Engine, bob: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.mail.groups.A_MINUTE", {"wecom": 0})
    with inside(alpha, engine) as session:
        bot = add(house, session)
        tell_bob(session, bob, "Mei")
    answer(alpha)
    with inside(alpha, engine) as session:
        [waiting] = session.scalars(select(Outbox).where(Outbox.kind == bots.PROMISE))
        assert (waiting.attempts, waiting.failed_at, waiting.done_at) == (0, None, None)
        assert bots.read(session) == [bot], "no failure is told"


def test_a_bot_that_is_no_more_says_so_on_its_page(groups: Groups, house: House, alpha: Tenant, engine: Engine, bob: Actor) -> None:
    with inside(alpha, engine) as session:
        add(house, session, key="wrong")
        tell_bob(session, bob, "Mei")
    answer(alpha)
    with inside(alpha, engine) as session:
        assert "93000" in bots.read(session)[0].failure
        assert session.scalars(select(Outbox.failed_at).where(Outbox.kind == bots.PROMISE)).one() is not None


def test_one_bots_trouble_is_not_the_others(groups: Groups, house: House, alpha: Tenant, engine: Engine, bob: Actor) -> None:
    with inside(alpha, engine) as session:
        add(house, session, key="wrong")
        add(house, session, "feishu")
        tell_bob(session, bob, "Mei")
    answer(alpha)
    assert [message.brand for message in groups.messages()] == ["feishu"]
