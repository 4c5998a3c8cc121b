"""/notifications: each one's own, unread or all, marked as read, opened."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from saas.identity.models import Session as SignedIn
from tenants.customers.customer import Customer
from tenants.followups.models import Plan
from tenants.notifications.models import Notification
from tenants.notifications.notify import notify
from tenants.team.actor import Actor
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.web.test_statements import counted
from tests.world.door import Guest
from tests.world.stage import prop

ClientOf = Callable[[str], Guest]
NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)


@pytest.fixture
def told(alpha: Tenant, engine: Engine, bob: Actor) -> uuid.UUID:
    """Bob is told of his plan and of his customer; returns the first one's id."""
    plan = prop("plan", "Bob")
    with inside(alpha, engine) as session:
        session.execute(update(Plan).where(Plan.id == plan).values(due_at=NOW))
        about = {"customer_id": prop("customer", "Bob"), "subject_id": plan}
        notify(session, [bob.id], "plan.due", key="1", at=NOW, content="Visit <them>", means="visit", **about)
        notify(session, [bob.id], "customer.assigned", key="2", at=NOW - dt.timedelta(days=1), customer_id=prop("customer", "Bob"), by="Mei")
        return session.scalars(select(Notification.id).where(Notification.kind == "plan.due")).one()


def read_at(tenant: Tenant, engine: Engine) -> list[dt.datetime | None]:
    with inside(tenant, engine) as session:
        return list(session.scalars(select(Notification.read_at).order_by(Notification.at.desc())))


def test_the_bell_counts_on_every_page(told: uuid.UUID, client_of: ClientOf) -> None:
    bob = client_of("bob")
    assert "Notifications: 2 unread" in bob.get("").text
    assert "Notifications: 2 unread" in bob.get("customers").text
    assert "2 unread" not in client_of("mei").get("").text


def test_asking_for_the_number_costs_no_statement_of_its_own(told: uuid.UUID, app: Flask, client_of: ClientOf) -> None:
    bob = client_of("bob")
    bob.get("")
    with counted(app) as statements:
        answer = bob.get("notifications/count")
    assert "2 unread" in answer.text and "<html" not in answer.text
    assert len(statements) == 2, "who asks, and as whom"


def test_a_page_that_is_left_open_keeps_no_session_alive(told: uuid.UUID, client_of: ClientOf, landlord: Session) -> None:
    bob = client_of("bob")
    long_ago = NOW - dt.timedelta(hours=3)
    landlord.execute(update(SignedIn).values(seen_at=long_ago))
    landlord.commit()
    bob.get("notifications/count")
    assert landlord.scalars(select(SignedIn.seen_at)).all() == [long_ago]
    bob.get("")
    landlord.commit()
    assert landlord.scalars(select(SignedIn.seen_at)).all() != [long_ago]


def test_the_page_groups_by_day_and_customer(told: uuid.UUID, client_of: ClientOf) -> None:
    html = client_of("bob").get("notifications").text
    assert "Visit &lt;them&gt;" in html
    assert "Mei gave you the customer Bob&#39;s customer" in html
    assert "Today" in html and "Yesterday" in html
    assert "Nothing new" in client_of("mei").get("notifications").text
    assert "No notifications yet" in client_of("mei").get("notifications?show=all").text


def test_opening_one_leads_to_the_thing_and_has_it_read(told: uuid.UUID, client_of: ClientOf, alpha: Tenant, engine: Engine) -> None:
    answer = client_of("bob").get(f"notifications/{told}")
    assert answer.status_code == 303
    assert answer.location == f"/alpha/customers/{prop('customer', 'Bob')}#plan-{prop('plan', 'Bob')}"
    assert [bool(moment) for moment in read_at(alpha, engine)] == [True, False]


def test_reading_one_takes_it_off_the_list(told: uuid.UUID, client_of: ClientOf) -> None:
    bob = client_of("bob")
    piece = bob.post(f"notifications/{told}/reading", htmx=True)
    assert "Visit" not in piece.text and "Notifications: 1 unread" in piece.text and "<html" not in piece.text
    assert "Visit" in bob.get("notifications?show=all").text
    assert bob.post(f"notifications/{told}/reading").status_code == 303


def test_all_are_read_and_it_can_be_taken_back(told: uuid.UUID, client_of: ClientOf, alpha: Tenant, engine: Engine) -> None:
    bob = client_of("bob")
    piece = bob.post("notifications/reading", htmx=True).text
    assert all(read_at(alpha, engine))
    undo = piece.partition('action="')[2].partition('"')[0].replace("&amp;", "&")
    assert undo.startswith("/alpha/notifications/unreading?at=")
    bob.post(undo)
    assert read_at(alpha, engine) == [None, None]


@pytest.mark.parametrize("at", ["", "nonsense", "2020-01-01T00:00:00+00:00", "2020-01-01"])
def test_an_old_or_strange_moment_takes_nothing_back(told: uuid.UUID, client_of: ClientOf, alpha: Tenant, engine: Engine, at: str) -> None:
    bob = client_of("bob")
    bob.post("notifications/reading")
    assert bob.post("notifications/unreading", query_string={"at": at}).status_code == 303
    assert all(read_at(alpha, engine))


def test_the_plan_is_done_from_here(told: uuid.UUID, client_of: ClientOf, alpha: Tenant, engine: Engine) -> None:
    bob = client_of("bob")
    assert "completion" in bob.get("notifications").text
    assert "Done: Bob will visit" in bob.post(f"notifications/{told}/completion", htmx=True).text
    with inside(alpha, engine) as session:
        assert session.get_one(Plan, prop("plan", "Bob")).done_at is not None
    page = bob.get("notifications?show=all").text
    assert "settled" in page and "completion" not in page


def test_what_one_no_longer_sees_is_not_told(told: uuid.UUID, client_of: ClientOf, inside_alpha: Session, mei: Actor) -> None:
    inside_alpha.execute(update(Customer).where(Customer.id == prop("customer", "Bob")).values(owner_id=prop("customer", "Alice")))
    inside_alpha.commit()
    html = client_of("bob").get("notifications").text
    assert "Visit" not in html and "Bob&#39;s customer" not in html
    assert "About something that you no longer see" in html


def test_old_pages_go_by_key(client_of: ClientOf, alpha: Tenant, engine: Engine, bob: Actor) -> None:
    with inside(alpha, engine) as session:
        for number in range(120):
            notify(session, [bob.id], "job.done", key=str(number), at=NOW - dt.timedelta(minutes=number // 2), job="import")
    seen, path, browser = 0, "/alpha/notifications", client_of("bob")
    while path:
        html = browser.get(path).text
        seen += html.count('id="notice-')
        _, found, rest = html.partition('href="/alpha/notifications?cursor=')
        path = f"/alpha/notifications?cursor={rest.partition(chr(34))[0]}" if found else ""
    assert seen == 120
    assert "99+" in browser.get("").text
    assert browser.get("notifications?cursor=nonsense").status_code == 400


def test_another_ones_is_none_of_mine(told: uuid.UUID, client_of: ClientOf) -> None:
    for name in ("alice", "mei", "rhea"):
        assert client_of(name).get(f"notifications/{told}").status_code == 404
        assert client_of(name).post(f"notifications/{told}/reading").status_code == 404
    assert client_of("bob").get(f"notifications/{uuid.uuid4()}").status_code == 404
    assert client_of("bob").get(f"notifications/{told}/reading").status_code == 405
