"""What a customer can do: edited, moved along the status line, handed over, put in the bin and taken out."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tenants.customers.criteria import Criteria
from tenants.customers.customer import Customer
from tenants.customers.intake import add_contact, create_customer
from tenants.customers.queries import rows
from tenants.customers.rules import InBin, NameMissing
from tenants.followups.models import Plan
from tenants.pipeline.opportunity import Opportunity
from tenants.team.actor import Actor
from tenants.timeline.models import Event
from tests.world.customers import MIDNIGHT, NOON, make_customer, member_of
from tests.world.stage import prop

LATER = NOON + dt.timedelta(days=3)


def events(session: Session, customer: Customer) -> list[tuple[str, dict[str, Any]]]:
    session.flush()
    return [
        (kind, data)
        for kind, data in session.execute(select(Event.kind, Event.data).where(Event.customer_id == customer.id).order_by(Event.at, Event.id))
    ]


def test_a_new_customer_has_a_number_an_owner_and_an_event(inside_alpha: Session, bob: Actor) -> None:
    first, second = make_customer(inside_alpha, bob), make_customer(inside_alpha, bob, "Second")
    assert (first.number, second.number) == ("C000001", "C000002")
    assert (first.owner_id, first.status, first.kind, first.version) == (bob.id, "target", "company", 1)
    assert events(inside_alpha, first) == [("customer.created", {"name": "Green Grain Ltd", "number": "C000001"})]


def test_nobody_may_be_its_owner(inside_alpha: Session, bob: Actor) -> None:
    assert make_customer(inside_alpha, bob, owner_id=None).owner_id is None


def test_a_customer_needs_a_name(inside_alpha: Session, bob: Actor) -> None:
    with pytest.raises(NameMissing):
        create_customer(inside_alpha, {"name": "   "}, by=bob, at=NOON)


def test_fields_that_do_not_exist_are_a_mistake_of_ours(inside_alpha: Session, bob: Actor) -> None:
    with pytest.raises(ValueError, match="version"):
        create_customer(inside_alpha, {"name": "x", "version": 9}, by=bob, at=NOON)
    with pytest.raises(ValueError, match="owner_id"):
        make_customer(inside_alpha, bob).edit(inside_alpha, {"owner_id": None}, by=bob, at=NOON)


def test_editing_tells_what_differed_and_keeps_the_old_values(inside_alpha: Session, bob: Actor) -> None:
    customer = make_customer(inside_alpha, bob, industry="Retail")
    changes = customer.edit(inside_alpha, {"industry": "Logistics", "name": "Green Grain Ltd"}, by=bob, at=LATER)
    assert changes == {"industry": ["Retail", "Logistics"]}
    assert events(inside_alpha, customer)[-1] == ("customer.edited", {"changes": changes})
    assert (customer.version, customer.updated_at) == (2, LATER)


def test_editing_nothing_is_no_event(inside_alpha: Session, bob: Actor) -> None:
    customer = make_customer(inside_alpha, bob)
    assert customer.edit(inside_alpha, {"name": " Green Grain Ltd "}, by=bob, at=LATER) == {}
    assert (len(events(inside_alpha, customer)), customer.version) == (1, 1)


def test_a_renamed_customer_is_found_by_its_new_name_and_still_by_its_contact(inside_alpha: Session, bob: Actor) -> None:
    customer = make_customer(inside_alpha, bob, contact={"name": "王芳", "mobile": "13857182046"})
    customer.edit(inside_alpha, {"name": "杭州青禾环保设备有限公司"}, by=bob, at=LATER)
    inside_alpha.flush()
    for query, is_found in {"青禾": True, "qhhb": True, "王芳": True, "2046": True, "grain": False}.items():
        assert bool(rows(inside_alpha, bob, Criteria(q=query), today=MIDNIGHT)) is is_found, query


def test_the_status_line_remembers_since_when(inside_alpha: Session, bob: Actor) -> None:
    customer = make_customer(inside_alpha, bob)
    customer.change_status(inside_alpha, "vip", by=bob, at=LATER)
    assert (customer.status, customer.status_since) == ("vip", LATER)
    assert events(inside_alpha, customer)[-1] == ("customer.status", {"status": ["target", "vip"], "days": 3, "since": NOON.isoformat()})
    customer.change_status(inside_alpha, "vip", by=bob, at=LATER)
    assert len(events(inside_alpha, customer)) == 2


def test_a_handover_keeps_everything_and_takes_open_plans_along(inside_alpha: Session, alice: Actor, bob: Actor, mei: Actor) -> None:
    customer = inside_alpha.get_one(Customer, prop("customer", "Bob"))
    customer.transfer(inside_alpha, member_of(inside_alpha, mei), by=alice, at=LATER, with_opportunities=False)
    inside_alpha.flush()
    inside_alpha.expire_all()
    assert customer.owner_id == mei.id
    assert inside_alpha.get_one(Plan, prop("plan", "Bob")).member_id == mei.id
    assert inside_alpha.get_one(Opportunity, prop("opportunity", "Bob")).owner_id == bob.id
    kept = """SELECT (SELECT count(*) FROM contacts WHERE customer_id = :id),
        (SELECT count(*) FROM followups WHERE customer_id = :id AND member_id = :bob)"""
    assert tuple(inside_alpha.execute(text(kept), {"id": customer.id, "bob": bob.id}).one()) == (1, 1)
    assert events(inside_alpha, customer)[-1] == ("customer.transferred", {"owner": [str(bob.id), str(mei.id)], "names": ["Bob", "Mei"]})


def test_open_opportunities_go_along_when_asked_and_closed_ones_do_not(inside_alpha: Session, alice: Actor, bob: Actor, mei: Actor) -> None:
    customer = inside_alpha.get_one(Customer, prop("customer", "Bob"))
    opportunity = inside_alpha.get_one(Opportunity, prop("opportunity", "Bob"))
    customer.transfer(inside_alpha, member_of(inside_alpha, mei), by=alice, at=LATER, with_opportunities=True)
    inside_alpha.flush()
    inside_alpha.refresh(opportunity)
    assert opportunity.owner_id == mei.id
    assert ("opportunity.transferred", {"owner": [str(bob.id), str(mei.id)], "names": ["Bob", "Mei"], "name": "Bob's opportunity"}) in events(
        inside_alpha, customer
    )
    inside_alpha.execute(text("UPDATE opportunities SET outcome = 'won', closed_at = now() WHERE id = :id"), {"id": opportunity.id})
    customer.transfer(inside_alpha, member_of(inside_alpha, bob), by=alice, at=LATER, with_opportunities=True)
    inside_alpha.flush()
    inside_alpha.refresh(opportunity)
    assert opportunity.owner_id == mei.id


def test_what_lies_in_the_bin_is_not_changed_and_comes_back(inside_alpha: Session, bob: Actor) -> None:
    customer = make_customer(inside_alpha, bob)
    customer.discard(inside_alpha, by=bob, at=LATER)
    inside_alpha.flush()
    assert customer.is_in_bin
    assert customer.id not in {row.id for row in rows(inside_alpha, bob, Criteria(), today=MIDNIGHT)}
    for verb in (
        lambda: customer.edit(inside_alpha, {"name": "x"}, by=bob, at=LATER),
        lambda: customer.change_status(inside_alpha, "vip", by=bob, at=LATER),
        lambda: customer.transfer(inside_alpha, None, by=bob, at=LATER),
        lambda: customer.discard(inside_alpha, by=bob, at=LATER),
        lambda: add_contact(inside_alpha, customer, {"name": "x"}, by=bob, at=LATER),
    ):
        with pytest.raises(InBin):
            verb()
    customer.restore(inside_alpha, by=bob, at=LATER)
    inside_alpha.flush()
    assert customer.id in {row.id for row in rows(inside_alpha, bob, Criteria(), today=MIDNIGHT)}
    assert [kind for kind, _ in events(inside_alpha, customer)] == ["customer.created", "customer.deleted", "customer.restored"]


def test_a_new_contact_does_not_make_an_open_form_of_the_customer_stale(inside_alpha: Session, bob: Actor) -> None:
    customer = make_customer(inside_alpha, bob)
    contact = add_contact(inside_alpha, customer, {"name": "王芳", "mobile": "13857182046"}, by=bob, at=NOON)
    contact.edit(inside_alpha, {"mobile": "13900001111"}, by=bob, at=LATER)
    inside_alpha.flush()
    assert customer.version == 1
    found = {query: bool(rows(inside_alpha, bob, Criteria(q=query), today=MIDNIGHT)) for query in ("13900001111", "13857182046", "wangfang")}
    assert found == {"13900001111": True, "13857182046": False, "wangfang": True}
    contact.discard(inside_alpha, by=bob, at=LATER)
    inside_alpha.flush()
    assert rows(inside_alpha, bob, Criteria(q="wangfang"), today=MIDNIGHT) == []
    contact.restore(inside_alpha, by=bob, at=LATER)
    inside_alpha.flush()
    assert len(rows(inside_alpha, bob, Criteria(q="wangfang"), today=MIDNIGHT)) == 1
