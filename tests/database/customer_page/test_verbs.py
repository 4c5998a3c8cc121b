"""Tags, files, colleagues and grades of a customer, and the read that shows them."""

import datetime as dt
import uuid
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.customers import evaluations, sharing
from tenants.customers.attachment import Attachment, attach
from tenants.customers.called import called
from tenants.customers.contact import Contact
from tenants.customers.customer import Collaborator, Customer, Evaluation, Watch
from tenants.customers.files import EmptyFile
from tenants.customers.page import people, portrait
from tenants.customers.same_number import same_number
from tenants.customers.tag import Tag
from tenants.customers.tagging import BadTagName, add_tag, remove_tag
from tenants.pipeline.by_customer import opportunities_of
from tenants.pipeline.opportunity import Opportunity
from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.timeline.models import Event
from tests.world.stage import prop

NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
BOBS = prop("customer", "Bob")


@pytest.fixture
def customer(inside_alpha: Session) -> Customer:
    return inside_alpha.get_one(Customer, BOBS)


def kinds(session: Session) -> list[str]:
    session.flush()
    return list(session.scalars(select(Event.kind).order_by(Event.id)))


def test_a_tag_is_made_once_whatever_its_letters(inside_alpha: Session, customer: Customer, bob: Actor) -> None:
    tag = add_tag(inside_alpha, customer, "  Key   account ", by=bob, at=NOW)
    assert tag.name == "Key account"
    assert add_tag(inside_alpha, customer, "KEY ACCOUNT", by=bob, at=NOW).id == tag.id
    assert kinds(inside_alpha) == ["customer.tagged"]
    remove_tag(inside_alpha, customer, tag, by=bob, at=NOW)
    remove_tag(inside_alpha, customer, tag, by=bob, at=NOW)
    assert kinds(inside_alpha) == ["customer.tagged"] * 2
    assert inside_alpha.scalar(select(func.count()).select_from(Tag)) == 1


@pytest.mark.parametrize("name", ["", "   ", "x" * 31])
def test_a_tag_has_a_name(inside_alpha: Session, customer: Customer, bob: Actor, name: str) -> None:
    with pytest.raises(BadTagName):
        add_tag(inside_alpha, customer, name, by=bob, at=NOW)


def test_a_file_is_kept_removed_and_brought_back(inside_alpha: Session, customer: Customer, bob: Actor) -> None:
    file = attach(inside_alpha, customer, name="../offer.pdf", content=b"%PDF", by=bob, at=NOW)
    inside_alpha.expire_all()
    kept = inside_alpha.get_one(Attachment, file.id)
    assert (kept.name, kept.media_type, kept.size, kept.content, kept.is_showable) == ("offer.pdf", "application/pdf", 4, b"%PDF", False)
    file.discard(inside_alpha, by=bob, at=NOW)
    file.discard(inside_alpha, by=bob, at=NOW)
    file.restore(inside_alpha, by=bob, at=NOW)
    file.restore(inside_alpha, by=bob, at=NOW)
    assert kinds(inside_alpha) == ["attachment.added", "attachment.removed", "attachment.restored"]
    with pytest.raises(EmptyFile):
        attach(inside_alpha, customer, name="nothing.txt", content=b"", by=bob, at=NOW)


def test_a_collaborator_reads_writes_and_leaves(inside_alpha: Session, customer: Customer, bob: Actor, rhea: Actor, alice: Actor) -> None:
    member = inside_alpha.get_one(Member, alice.id)
    sharing.share(inside_alpha, customer, member, may_write=False, until=NOW + DAY, by=bob, at=NOW)
    sharing.share(inside_alpha, customer, member, may_write=True, until=None, by=bob, at=NOW)
    shared = inside_alpha.scalars(select(Collaborator)).one()
    assert (shared.may_write, shared.until) == (True, None)
    sharing.unshare(inside_alpha, customer, member, by=bob, at=NOW)
    sharing.unshare(inside_alpha, customer, member, by=bob, at=NOW)
    assert kinds(inside_alpha) == ["customer.shared", "customer.shared", "customer.unshared"]
    with pytest.raises(sharing.OwnersNeedNoShare):
        sharing.share(inside_alpha, customer, inside_alpha.get_one(Member, bob.id), may_write=True, until=None, by=bob, at=NOW)
    member.deactivated_at = NOW
    with pytest.raises(sharing.NoLongerHere):
        sharing.share(inside_alpha, customer, member, may_write=True, until=None, by=bob, at=NOW)


def test_one_watches_once(inside_alpha: Session, customer: Customer, bob: Actor) -> None:
    sharing.watch(inside_alpha, customer, by=bob)
    sharing.watch(inside_alpha, customer, by=bob)
    assert inside_alpha.scalar(select(func.count()).select_from(Watch)) == 1
    sharing.unwatch(inside_alpha, customer, by=bob)
    assert inside_alpha.scalar(select(func.count()).select_from(Watch)) == 0


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)))
def test_a_day_lies_in_its_quarter(day: dt.date) -> None:
    start, end = evaluations.bounds(evaluations.quarter(day), SHANGHAI)
    assert start <= dt.datetime.combine(day, dt.time(12), SHANGHAI) < end
    assert evaluations.recent_quarters(day)[0] == evaluations.quarter(day)
    assert len(set(evaluations.recent_quarters(day))) == 4


@pytest.mark.parametrize("period", ["", "2026", "2026Q5", "2026q1", "99999Q1", "0000Q1", "2026Q1\n"])
def test_what_is_no_quarter_is_refused(period: str) -> None:
    with pytest.raises(evaluations.NoSuchPeriod):
        evaluations.bounds(period, SHANGHAI)


def won(session: Session, amount: int, closed_at: dt.datetime, *, outcome: str = "won", name: str = "Bob") -> None:
    opportunity = session.get_one(Opportunity, prop("opportunity", name))
    opportunity.outcome, opportunity.amount, opportunity.closed_at = outcome, Decimal(amount), closed_at
    session.flush()


def test_the_figures_are_those_of_the_quarter(inside_alpha: Session, customer: Customer) -> None:
    won(inside_alpha, 3000, NOW)
    won(inside_alpha, 1000, NOW, name="Alice")
    assert evaluations.figures(inside_alpha, BOBS, "2026Q4", SHANGHAI) == evaluations.Figures(1, 0, Decimal(3000), 75, 0)
    assert evaluations.figures(inside_alpha, BOBS, "2026Q1", SHANGHAI) == evaluations.Figures(0, 0, Decimal(0), 0, 1)
    won(inside_alpha, 3000, dt.datetime(2026, 9, 30, 16, 0, tzinfo=dt.UTC))  # midnight in Shanghai: the first moment of October
    assert evaluations.figures(inside_alpha, BOBS, "2026Q4", SHANGHAI).won == 1
    won(inside_alpha, 3000, dt.datetime(2026, 9, 30, 15, 59, tzinfo=dt.UTC), outcome="lost")
    assert evaluations.figures(inside_alpha, BOBS, "2026Q3", SHANGHAI).lost == 1


def test_a_grade_is_given_again_and_the_old_one_is_kept(inside_alpha: Session, customer: Customer, bob: Actor) -> None:
    for grade, remark in (("B", None), ("A", "Pays at once")):
        evaluations.evaluate(inside_alpha, customer, "2026Q4", grade, remark=remark, zone=SHANGHAI, by=bob, at=NOW)
    given = inside_alpha.scalars(select(Evaluation)).one()
    assert (given.grade, given.remark, given.figures["won"], customer.grade) == ("A", "Pays at once", 0, "A")
    inside_alpha.flush()
    assert [event.data["grade"] for event in inside_alpha.scalars(select(Event).order_by(Event.id))] == [[None, "B"], ["B", "A"]]


def test_an_older_quarter_does_not_change_todays_grade(inside_alpha: Session, customer: Customer, bob: Actor) -> None:
    evaluations.evaluate(inside_alpha, customer, "2026Q4", "A", remark=None, zone=SHANGHAI, by=bob, at=NOW)
    version = customer.version
    evaluations.evaluate(inside_alpha, customer, "2026Q3", "C", remark=None, zone=SHANGHAI, by=bob, at=NOW)
    assert (customer.grade, customer.version) == ("A", version)


def test_no_grade_ahead_of_time_and_none_but_a_b_c(inside_alpha: Session, customer: Customer, bob: Actor) -> None:
    with pytest.raises(evaluations.NoSuchPeriod):
        evaluations.evaluate(inside_alpha, customer, "2027Q1", "A", remark=None, zone=SHANGHAI, by=bob, at=NOW)
    with pytest.raises(evaluations.NoSuchGrade):
        evaluations.evaluate(inside_alpha, customer, "2026Q4", "D", remark=None, zone=SHANGHAI, by=bob, at=NOW)


def test_the_portrait_shows_all_that_hangs_on_a_customer(inside_alpha: Session, customer: Customer, bob: Actor, mei: Actor) -> None:
    add_tag(inside_alpha, customer, "Key", by=bob, at=NOW)
    attach(inside_alpha, customer, name="offer.txt", content=b"x", by=bob, at=NOW)
    attach(inside_alpha, customer, name="old.txt", content=b"x", by=bob, at=NOW).discard(inside_alpha, by=bob, at=NOW)
    sharing.share(inside_alpha, customer, inside_alpha.get_one(Member, mei.id), may_write=True, until=NOW + DAY, by=bob, at=NOW)
    sharing.watch(inside_alpha, customer, by=bob)
    evaluations.evaluate(inside_alpha, customer, "2026Q4", "A", remark="Good", zone=SHANGHAI, by=bob, at=NOW)
    shown = portrait(inside_alpha, bob, BOBS)
    assert shown is not None
    assert (shown.name, shown.owner_name, shown.created_by, shown.grade, shown.is_writable, shown.is_watched) == (
        "Bob's customer", "Bob", "Bob", "A", True, True,
    )  # fmt: skip
    assert [tag.name for tag in shown.tags] == ["Key"]
    assert [(one.name, one.may_write, one.until) for one in shown.collaborators] == [("Mei", True, NOW + DAY)]
    assert [(file.name, file.size, file.by) for file in shown.attachments] == [("offer.txt", 1, "Bob")]
    assert [(one.period, one.grade, one.amount, one.remark) for one in shown.evaluations] == [("2026Q4", "A", Decimal(0), "Good")]


def test_the_portrait_of_nothing_but_a_name(inside_alpha: Session, alice: Actor) -> None:
    shown = portrait(inside_alpha, alice, BOBS)
    assert shown is not None
    assert (shown.tags, shown.collaborators, shown.attachments, shown.evaluations, shown.is_watched) == ([], [], [], [], False)


def test_who_may_not_see_a_customer_gets_no_portrait(inside_alpha: Session, bob: Actor, rhea: Actor) -> None:
    assert portrait(inside_alpha, bob, prop("customer", "Alice")) is None
    assert portrait(inside_alpha, bob, uuid.uuid4()) is None
    assert portrait(inside_alpha, rhea, BOBS) is not None
    inside_alpha.add(Collaborator(customer_id=prop("customer", "Alice"), member_id=bob.id, may_write=False))
    read = portrait(inside_alpha, bob, prop("customer", "Alice"))
    assert read is not None
    assert not read.is_writable


def test_who_decides_comes_first_and_who_has_left_last(inside_alpha: Session, bob: Actor) -> None:
    here = inside_alpha.get_one(Contact, prop("contact", "Bob"))
    columns = {"customer_id": BOBS, "name_key": "", "search": [], "created_at": NOW, "updated_at": NOW}
    inside_alpha.add_all(
        [Contact(name="Gone", left_at=NOW.date(), is_decision_maker=True, **columns), Contact(name="Boss", is_decision_maker=True, **columns)]
    )
    inside_alpha.flush()
    assert [one.name for one in people(inside_alpha, BOBS)] == ["Boss", here.name, "Gone"]


def test_open_opportunities_come_first_and_only_those_one_may_see(inside_alpha: Session, bob: Actor, alice: Actor) -> None:
    assert [one.name for one in opportunities_of(inside_alpha, bob, BOBS)] == ["Bob's opportunity"]
    inside_alpha.get_one(Opportunity, prop("opportunity", "Bob")).owner_id = alice.id
    inside_alpha.flush()
    assert opportunities_of(inside_alpha, bob, BOBS) == []
    assert len(opportunities_of(inside_alpha, alice, BOBS)) == 1


def test_the_same_number_is_known_but_not_whose_when_it_is_hidden(inside_alpha: Session, bob: Actor, alice: Actor) -> None:
    for name in ("Bob", "Alice"):
        contact = inside_alpha.get_one(Contact, prop("contact", name))
        contact.edit(inside_alpha, {"mobile": "138 5718 2046"}, by=alice, at=NOW)
    inside_alpha.flush()
    found = same_number(inside_alpha, bob, ["+86 13857182046"])
    assert {(one.name, one.customer_name, one.owner) for one in found} == {("Bob's contact", "Bob's customer", "Bob"), (None, None, "Alice")}
    assert [one.is_visible for one in same_number(inside_alpha, bob, ["13857182046"], but=prop("contact", "Bob"))] == [False]
    assert same_number(inside_alpha, bob, [None, "", "12"]) == []


def test_ids_are_called_by_their_names_as_far_as_one_sees(inside_alpha: Session, bob: Actor, alice: Actor) -> None:
    ids = [prop("customer", "Alice"), prop("contact", "Alice"), BOBS, bob.id, uuid.uuid4()]
    assert called(inside_alpha, bob, ids) == {str(BOBS): "Bob's customer", str(bob.id): "Bob"}
    assert len(called(inside_alpha, alice, ids)) == 4
    assert called(inside_alpha, alice, []) == {}
