"""One change to many customers: only those that one may change, with the event of each."""

import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.customers import bulk
from tenants.customers.criteria import Criteria
from tenants.customers.customer import Collaborator, Customer
from tenants.customers.tag import CustomerTag
from tenants.customers.tagging import find_or_make
from tenants.customers.taking_back import TakenBack, take_handover_back, take_status_back, take_tags_back
from tenants.followups.writing import make_plan
from tenants.pipeline.opportunity import Opportunity
from tenants.team.actor import Actor
from tenants.timeline.models import Event
from tests.world.customers import MIDNIGHT, NOON, make_customer, member_of
from tests.world.stage import prop

LATER = NOON + dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


def kinds(session: Session, customer_id: object) -> list[str]:
    return list(session.scalars(select(Event.kind).where(Event.customer_id == customer_id).order_by(Event.at, Event.id)))


def test_selection_parts_what_may_be_changed_from_what_may_only_be_read(inside_alpha: Session, alice: Actor, bob: Actor) -> None:
    mine, shared = make_customer(inside_alpha, bob, "Mine"), make_customer(inside_alpha, alice, "Shared")
    foreign = make_customer(inside_alpha, alice, "Not to be seen")
    inside_alpha.add(Collaborator(customer_id=shared.id, member_id=bob.id))
    inside_alpha.flush()
    selection = bulk.select_ids(inside_alpha, bob, [mine.id, shared.id, foreign.id])
    assert (selection.ids, selection.kept, selection.kept_count, selection.count) == ((mine.id,), ("Shared",), 1, 2)
    everything = bulk.select_all(inside_alpha, bob, Criteria(), today=MIDNIGHT)
    assert set(everything.ids) == {mine.id, prop("customer", "Bob")}


def test_more_than_the_bound_is_refused(inside_alpha: Session, bob: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST", 1)
    make_customer(inside_alpha, bob)
    with pytest.raises(bulk.TooManyRows):
        bulk.select_all(inside_alpha, bob, Criteria(), today=MIDNIGHT)


def test_status(inside_alpha: Session, bob: Actor) -> None:
    one, vip = make_customer(inside_alpha, bob, "One"), make_customer(inside_alpha, bob, "Vip", status="vip")
    assert bulk.change_status(inside_alpha, [one.id, vip.id], "vip", by=bob, at=LATER) == 1
    inside_alpha.expire_all()
    assert (one.status, one.status_since, one.version, vip.version) == ("vip", LATER, 2, 1)
    assert kinds(inside_alpha, one.id) == ["customer.created", "customer.status"]
    assert kinds(inside_alpha, vip.id) == ["customer.created"]


def test_handover_with_open_opportunities(inside_alpha: Session, alice: Actor, mei: Actor) -> None:
    both = [prop("customer", "Alice"), prop("customer", "Bob")]
    assert bulk.transfer(inside_alpha, both, member_of(inside_alpha, mei), by=alice, at=LATER, with_opportunities=True) == 2
    inside_alpha.expire_all()
    assert {inside_alpha.get_one(Customer, key).owner_id for key in both} == {mei.id}
    assert set(inside_alpha.scalars(select(Opportunity.owner_id))) == {mei.id}
    transferred = inside_alpha.scalars(select(Event).where(Event.kind == "customer.transferred", Event.customer_id == both[1])).one()
    assert transferred.data["names"] == ["Bob", "Mei"]


def test_tags_are_put_on_once_and_taken_away(inside_alpha: Session, bob: Actor) -> None:
    customers = [make_customer(inside_alpha, bob, name) for name in ("One", "Two")]
    tag = find_or_make(inside_alpha, "Fair 2026")
    everyone = [customer.id for customer in customers]
    assert bulk.add_tag(inside_alpha, everyone, tag, by=bob, at=LATER) == 2
    assert bulk.add_tag(inside_alpha, everyone, tag, by=bob, at=LATER) == 0
    assert bulk.remove_tag(inside_alpha, everyone[:1], tag, by=bob, at=LATER) == 1
    assert inside_alpha.scalar(select(func.count()).select_from(CustomerTag)) == 1
    assert kinds(inside_alpha, everyone[0]) == ["customer.created", "customer.tagged", "customer.tagged"]


def test_what_one_call_deleted_comes_back_and_nothing_else(inside_alpha: Session, bob: Actor) -> None:
    earlier, one, two = (make_customer(inside_alpha, bob, name) for name in ("Earlier", "One", "Two"))
    earlier.discard(inside_alpha, by=bob, at=NOON)
    inside_alpha.flush()
    assert bulk.discard(inside_alpha, [earlier.id, one.id, two.id], by=bob, at=LATER) == 2
    assert bulk.restore(inside_alpha, LATER, by=bob, at=LATER) == 2
    inside_alpha.expire_all()
    assert (earlier.is_in_bin, one.is_in_bin, two.is_in_bin) == (True, False, False)
    assert kinds(inside_alpha, one.id) == ["customer.created", "customer.deleted", "customer.restored"]


def test_a_colleague_cannot_take_back_what_another_deleted(inside_alpha: Session, alice: Actor, bob: Actor) -> None:
    customer = make_customer(inside_alpha, bob)
    bulk.discard(inside_alpha, [customer.id], by=bob, at=LATER)
    assert bulk.restore(inside_alpha, LATER, by=alice, at=LATER) == 0


class TestTakingBack:
    def test_a_handover_with_what_went_along(self, inside_alpha: Session, alice: Actor, bob: Actor, mei: Actor) -> None:
        both = [prop("customer", "Alice"), prop("customer", "Bob")]
        plan = make_plan(inside_alpha, inside_alpha.get_one(Customer, both[1]), means="phone", content="Call", due_at=LATER, by=bob, at=NOON)
        hers = make_plan(inside_alpha, inside_alpha.get_one(Customer, both[1]), means="phone", content="Ask", due_at=LATER, by=mei, at=NOON)
        bulk.transfer(inside_alpha, both, member_of(inside_alpha, mei), by=alice, at=LATER, with_opportunities=True)
        assert take_handover_back(inside_alpha, LATER, by=alice, at=LATER + MINUTE) == TakenBack(2, 0)
        inside_alpha.expire_all()
        assert [inside_alpha.get_one(Customer, key).owner_id for key in both] == [alice.id, bob.id]
        assert (plan.member_id, hers.member_id) == (bob.id, mei.id)
        assert set(inside_alpha.scalars(select(Opportunity.owner_id))) == {alice.id, bob.id}
        told = inside_alpha.scalars(select(Event).where(Event.customer_id == both[1], Event.at == LATER + MINUTE).order_by(Event.kind)).all()
        assert [(event.kind, event.data["names"]) for event in told] == [
            ("customer.transferred", ["Mei", "Bob"]),
            ("opportunity.transferred", ["Mei", "Bob"]),
        ]

    def test_not_what_somebody_changed_or_deleted_since(self, inside_alpha: Session, alice: Actor, bob: Actor, mei: Actor) -> None:
        kept, edited, binned = (make_customer(inside_alpha, bob, name) for name in ("Kept", "Edited", "Binned"))
        bulk.transfer(inside_alpha, [kept.id, edited.id, binned.id], member_of(inside_alpha, mei), by=alice, at=LATER, with_opportunities=False)
        inside_alpha.expire_all()
        edited.edit(inside_alpha, {"grade": "A"}, by=mei, at=LATER + MINUTE)
        binned.discard(inside_alpha, by=mei, at=LATER + MINUTE)
        inside_alpha.flush()
        assert take_handover_back(inside_alpha, LATER, by=alice, at=LATER + MINUTE * 2) == TakenBack(1, 2)
        inside_alpha.expire_all()
        assert (kept.owner_id, edited.owner_id, binned.owner_id) == (bob.id, mei.id, mei.id)

    def test_only_ones_own_and_only_for_an_hour(self, inside_alpha: Session, alice: Actor, bob: Actor, mei: Actor) -> None:
        customer = make_customer(inside_alpha, bob)
        bulk.transfer(inside_alpha, [customer.id], member_of(inside_alpha, mei), by=alice, at=LATER, with_opportunities=False)
        assert take_handover_back(inside_alpha, LATER, by=mei, at=LATER + MINUTE) == TakenBack(0, 0)
        assert take_handover_back(inside_alpha, LATER, by=alice, at=LATER + MINUTE * 60) == TakenBack(0, 0)
        assert take_handover_back(inside_alpha, LATER + MINUTE, by=alice, at=LATER + MINUTE) == TakenBack(0, 0)
        inside_alpha.expire_all()
        assert customer.owner_id == mei.id

    def test_a_status_goes_on_as_if_it_had_never_ended(self, inside_alpha: Session, bob: Actor) -> None:
        customer = make_customer(inside_alpha, bob)
        bulk.change_status(inside_alpha, [customer.id], "vip", by=bob, at=LATER)
        assert take_status_back(inside_alpha, LATER, by=bob, at=LATER + MINUTE) == TakenBack(1, 0)
        inside_alpha.expire_all()
        assert (customer.status, customer.status_since) == ("target", NOON)

    def test_tags_that_were_taken_away_come_back(self, inside_alpha: Session, bob: Actor) -> None:
        customer, tag = make_customer(inside_alpha, bob), find_or_make(inside_alpha, "Fair 2026")
        bulk.add_tag(inside_alpha, [customer.id], tag, by=bob, at=NOON)
        bulk.remove_tag(inside_alpha, [customer.id], tag, by=bob, at=LATER)
        assert take_tags_back(inside_alpha, LATER, by=bob, at=LATER + MINUTE) == TakenBack(1, 0)
        assert inside_alpha.scalar(select(func.count()).select_from(CustomerTag)) == 1
