"""The timeline: order, pages, filters, and who sees what of it."""

import datetime as dt
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session

from tenants.customers.customer import Collaborator, Customer
from tenants.followups.models import Followup
from tenants.followups.writing import make_plan, write_followup
from tenants.pipeline.opportunity import Opportunity
from tenants.team.actor import Actor
from tenants.team.models import Member, Role
from tenants.timeline.log import record
from tenants.timeline.models import Event
from tenants.timeline.queries import Entry, Only, edge, log, timeline
from tests.world.stage import prop

T = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
BOBS, ALICES = prop("customer", "Bob"), prop("customer", "Alice")
# Few different moments, so that many happen at the same one.
MOMENTS = st.integers(0, 6).map(lambda hours: T + dt.timedelta(hours=hours))
HAPPENINGS = st.lists(st.tuples(st.sampled_from(["followup", "edited", "moved", "plan"]), MOMENTS), max_size=25)


def pages(session: Session, actor: Actor, limit: int, **of: object) -> list[list[Entry]]:
    found: list[list[Entry]] = []
    before = None
    while page := timeline(session, actor, before=before, limit=limit, **of):  # type: ignore[arg-type]
        found.append(page)
        before = edge(page)
    return found


def happen(session: Session, by: Actor, what: str, at: dt.datetime) -> None:
    if what == "followup":
        session.add(Followup(customer_id=BOBS, means="phone", content="x", at=at, member_id=by.id, created_at=at, updated_at=at))
    elif what == "moved":
        record(session, "opportunity.moved", by=by, at=at, customer_id=BOBS, opportunity_id=prop("opportunity", "Bob"), name="x")
    else:
        record(session, {"edited": "customer.edited", "plan": "plan.made"}[what], by=by, at=at, customer_id=BOBS)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings=HAPPENINGS, limit=st.integers(1, 7))
def test_pages_tell_everything_once_the_latest_first(
    inside_alpha: Session, bob: Actor, happenings: list[tuple[str, dt.datetime]], limit: int
) -> None:
    inside_alpha.execute(delete(Event))
    inside_alpha.execute(delete(Followup))
    for what, at in happenings:
        happen(inside_alpha, bob, what, at)
    told = [entry for page in pages(inside_alpha, bob, limit, customer_id=BOBS) for entry in page]
    assert [entry.at for entry in told] == sorted((at for _, at in happenings), reverse=True)
    assert len({entry.id for entry in told}) == len(happenings)
    assert [(entry.at, entry.id) for entry in told] == sorted(((entry.at, entry.id) for entry in told), reverse=True)
    parts = [pages(inside_alpha, bob, 100, customer_id=BOBS, only=only) for only in ("followups", "opportunities", "changes")]
    assert sorted(entry.id for part in parts for page in part for entry in page) == sorted(entry.id for entry in told)


def test_a_follow_up_stands_where_it_happened_with_all_that_belongs_to_it(inside_alpha: Session, bob: Actor) -> None:
    customer, now = inside_alpha.get_one(Customer, BOBS), T + dt.timedelta(days=9)
    write_followup(
        inside_alpha, customer, means="visit", content="Looked at the pumps", result="Two more", by=bob, at=now, happened_at=T,
        contact_id=prop("contact", "Bob"), opportunity_id=prop("opportunity", "Bob"), next_contact_at=now,
    )  # fmt: skip
    told = timeline(inside_alpha, bob, customer_id=BOBS)
    assert [(entry.kind, entry.at) for entry in told] == [("followup.written", T), ("followup.written", dt.datetime(2026, 1, 6, 2, tzinfo=dt.UTC))]
    written = told[0]
    assert written.is_followup
    assert not written.is_edited
    assert (written.member_name, written.contact_name, written.opportunity_name) == ("Bob", "Bob's contact", "Bob's opportunity")
    assert (written.means, written.content, written.result, written.next_contact_at) == ("visit", "Looked at the pumps", "Two more", now)


def test_the_log_tells_also_that_it_was_written_and_when(inside_alpha: Session, bob: Actor) -> None:
    now = T + dt.timedelta(days=9)
    write_followup(inside_alpha, inside_alpha.get_one(Customer, BOBS), means="visit", content="x", by=bob, at=now, happened_at=T)
    assert [(entry.kind, entry.at, entry.is_followup) for entry in log(inside_alpha, bob, customer_id=BOBS)] == [("followup.written", now, False)]


def test_what_was_deleted_is_no_longer_told_but_that_it_was_deleted_is(inside_alpha: Session, bob: Actor) -> None:
    followup = inside_alpha.get_one(Followup, prop("followup", "Bob"))
    followup.discard(inside_alpha, by=bob, at=T)
    assert [entry.kind for entry in timeline(inside_alpha, bob, customer_id=BOBS)] == ["followup.deleted"]


def test_the_system_has_no_name(inside_alpha: Session, bob: Actor) -> None:
    record(inside_alpha, "customer.edited", by=None, at=T, customer_id=BOBS)
    assert timeline(inside_alpha, bob, customer_id=BOBS)[0].member_name is None


@pytest.mark.parametrize("only", ["all", "followups", "opportunities", "changes"])
def test_a_colleague_sees_nothing_of_a_customer_that_is_not_his(inside_alpha: Session, alice: Actor, bob: Actor, rhea: Actor, only: Only) -> None:
    customer = inside_alpha.get_one(Customer, ALICES)
    write_followup(inside_alpha, customer, means="phone", content="Secret", by=alice, at=T)
    make_plan(inside_alpha, customer, means="phone", content="Secret", due_at=T, by=alice, at=T)
    customer.edit(inside_alpha, {"industry": "Secret"}, by=alice, at=T)
    record(inside_alpha, "opportunity.moved", by=alice, at=T, customer_id=ALICES, opportunity_id=prop("opportunity", "Alice"))
    assert timeline(inside_alpha, bob, customer_id=ALICES, only=only) == []
    assert log(inside_alpha, bob, customer_id=ALICES) == []
    assert timeline(inside_alpha, rhea, customer_id=ALICES, only=only) != []
    inside_alpha.add(Collaborator(customer_id=ALICES, member_id=bob.id, may_write=False))
    assert timeline(inside_alpha, bob, customer_id=ALICES, only=only) != []


def test_of_opportunities_only_those_in_scope_are_told(inside_alpha: Session, alice: Actor, bob: Actor, mei: Actor) -> None:
    """Bob's customer, Alice's opportunity: Bob sees the one and not the other; Mei's scope is the team, and Alice is not of it."""
    inside_alpha.get_one(Opportunity, prop("opportunity", "Bob")).owner_id = alice.id
    record(inside_alpha, "opportunity.moved", by=alice, at=T, customer_id=BOBS, opportunity_id=prop("opportunity", "Bob"), name="Secret")
    followup = inside_alpha.get_one(Followup, prop("followup", "Bob"))
    followup.opportunity_id = prop("opportunity", "Bob")
    inside_alpha.flush()
    for who in (bob, mei):
        told = timeline(inside_alpha, who, customer_id=BOBS)
        assert [entry.kind for entry in told] == ["followup.written"]
        assert told[0].opportunity_name is None
        assert timeline(inside_alpha, who, opportunity_id=prop("opportunity", "Bob")) == []
    assert [entry.kind for entry in timeline(inside_alpha, alice, customer_id=BOBS)] == ["opportunity.moved", "followup.written"]
    assert len(timeline(inside_alpha, alice, opportunity_id=prop("opportunity", "Bob"))) == 2


def test_who_may_not_read_follow_ups_is_told_none(inside_alpha: Session, bob: Actor) -> None:
    role = inside_alpha.scalars(select(Role).join(Member, Member.role_id == Role.id).where(Member.id == bob.id)).one()
    role.grants = role.grants | {"followup": {"scope": "own", "verbs": []}}
    inside_alpha.flush()
    from tenants.team.actor import find_actor

    silent = find_actor(inside_alpha, bob.person_id)
    assert silent is not None
    assert timeline(inside_alpha, silent, customer_id=BOBS) == []


def test_it_is_of_something(inside_alpha: Session, bob: Actor) -> None:
    with pytest.raises(ValueError, match="customer or of an opportunity"):
        timeline(inside_alpha, bob)
    assert timeline(inside_alpha, bob, customer_id=uuid.uuid4()) == []


def test_it_takes_one_statement(inside_alpha: Session, bob: Actor, mei: Actor) -> None:
    said: list[str] = []
    connection = inside_alpha.connection()
    event.listen(connection, "before_cursor_execute", lambda *args: said.append(args[2]))
    timeline(inside_alpha, bob, customer_id=BOBS)
    timeline(inside_alpha, mei, customer_id=BOBS)
    assert len(said) == 2
