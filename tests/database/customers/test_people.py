"""The list of contacts: seen with their customers, by name, and each once."""

import datetime as dt

from sqlalchemy.orm import Session

from tenants.customers.people import Wanted, contacts, count_contacts
from tenants.team.actor import Actor
from tests.world.customers import NOON, make_customer

TODAY = dt.date(2026, 3, 2)


def named(session: Session, actor: Actor, **wanted: object) -> list[str]:
    asked = Wanted(**wanted)  # type: ignore[arg-type]
    found = [row.name for row in contacts(session, actor, asked, today=TODAY)]
    assert count_contacts(session, actor, asked, today=TODAY) == (len(found), True)
    return found


def test_contacts_are_seen_with_their_customer(inside_alpha: Session, alice: Actor, bob: Actor, mei: Actor) -> None:
    assert named(inside_alpha, bob) == ["Bob's contact"]
    assert named(inside_alpha, mei) == ["Bob's contact"]
    assert named(inside_alpha, alice) == ["Alice's contact", "Bob's contact"]


def test_of_a_customer_in_the_bin_they_are_not_shown(inside_alpha: Session, bob: Actor) -> None:
    customer = make_customer(inside_alpha, bob, contact={"name": "王芳"})
    assert "王芳" in named(inside_alpha, bob)
    customer.discard(inside_alpha, by=bob, at=NOON)
    inside_alpha.flush()
    assert "王芳" not in named(inside_alpha, bob)


def test_filters(inside_alpha: Session, bob: Actor) -> None:
    make_customer(inside_alpha, bob, "A", contact={"name": "Decider", "is_decision_maker": True})
    make_customer(inside_alpha, bob, "B", contact={"name": "March", "birthday": dt.date(1980, 3, 31)})
    make_customer(inside_alpha, bob, "C", contact={"name": "April", "birthday": dt.date(1980, 4, 1)})
    make_customer(inside_alpha, bob, "D", contact={"name": "Gone", "left_at": dt.date(2026, 1, 1)})
    # Born on the 15th of the first lunar month 1985, kept on 3 March in 2026.
    make_customer(inside_alpha, bob, "E", contact={"name": "Moon", "birthday": dt.date(1985, 3, 6), "birthday_is_lunar": True})
    assert named(inside_alpha, bob, decides=True) == ["Decider"]
    assert named(inside_alpha, bob, has_left=True) == ["Gone"]
    assert named(inside_alpha, bob, birthday_this_month=True) == ["March", "Moon"]
    assert named(inside_alpha, bob, q="deci") == ["Decider"]


def test_pages_show_each_contact_once(inside_alpha: Session, bob: Actor) -> None:
    for number in range(5):
        make_customer(inside_alpha, bob, f"Customer {number}", contact={"name": "Same"})
    whole = contacts(inside_alpha, bob, Wanted(), today=TODAY)
    shown, edge = [], None
    while True:
        found = contacts(inside_alpha, bob, Wanted(), edge=edge, limit=2, today=TODAY)
        shown += found[:2]
        if len(found) <= 2:
            break
        edge = (found[1].name_key, found[1].id)
    assert shown == whole
    back = contacts(inside_alpha, bob, Wanted(), edge=(whole[-1].name_key, whole[-1].id), backwards=True, limit=9, today=TODAY)
    assert back == whole[:-1]
    newest = contacts(inside_alpha, bob, Wanted(), sort="-created", today=TODAY)
    assert [row.id for row in newest] == sorted((row.id for row in whole), reverse=True)
