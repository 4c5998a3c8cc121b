"""The grade follows the score unless people have said otherwise, and its timeline says why."""

import datetime as dt
import zoneinfo
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.customers.evaluations import evaluate
from tenants.followups.writing import write_followup
from tenants.scoring.defaults import default_scheme
from tenants.scoring.grades import cuts_now, keep_by_hand, let_rules_decide, regrade
from tenants.scoring.grading import Cuts, Grading
from tenants.scoring.keeping import Run
from tenants.scoring.models import Score
from tenants.scoring.reckoning import rescore
from tenants.scoring.schemes import keep_draft, save_draft
from tenants.scoring.sources import Day
from tenants.team.actor import Actor
from tenants.timeline.models import Event
from tests.world.customers import MIDNIGHT, NOON
from tests.world.stage import prop

ZONE = MIDNIGHT.tzinfo
assert isinstance(ZONE, zoneinfo.ZoneInfo)
DAY = Day.of(NOON, ZONE)
SCHEME = default_scheme("customer")


@pytest.fixture
def customer(inside_alpha: Session) -> Customer:
    return inside_alpha.get_one(Customer, prop("customer", "Bob"))


def reckon(session: Session, *, base: int = 20, day: Day = DAY, cuts: Cuts | None = None) -> Run:
    """As the workers do it, with another base to move everybody."""
    cuts = cuts or SCHEME.grading.cuts
    run = Run(session, day, NOON)
    done = rescore(session, replace(SCHEME, base=base), day, at=NOON, cuts=cuts)
    run.crossed = {one.id: one for one in done.crossed}
    run.regraded = regrade(session, replace(SCHEME, base=base), cuts, day, at=NOON, crossed=run.crossed)
    session.expire_all()
    return run


def told(session: Session, customer: Customer) -> list[Event]:
    return list(session.scalars(select(Event).where(Event.customer_id == customer.id, Event.kind == "customer.graded").order_by(Event.id)))


def test_it_follows_and_is_told(inside_alpha: Session, customer: Customer) -> None:
    version = customer.version
    reckon(inside_alpha)
    assert customer.grade == "C"
    assert told(inside_alpha, customer) == [], "the first grade is no change"
    reckon(inside_alpha, base=100)
    assert customer.grade == "A"
    (event,) = told(inside_alpha, customer)
    assert event.member_id is None
    assert event.data["grade"] == ["C", "A"] and event.data["by_rules"] is True
    assert event.data["score"] == inside_alpha.get_one(Score, customer.id).score
    assert customer.version == version + 2, "a form that is open on it hears of it"
    reckon(inside_alpha, base=100)
    assert len(told(inside_alpha, customer)) == 1


def test_the_event_names_the_rules_whose_points_changed(inside_alpha: Session, customer: Customer, bob: Actor) -> None:
    cuts = Cuts(90, 30)
    reckon(inside_alpha, cuts=cuts)
    assert customer.grade == "C"
    for _ in range(5):
        write_followup(inside_alpha, customer, means="phone", content="x", by=bob, at=NOON)
    reckon(inside_alpha, cuts=cuts)
    assert customer.grade == "B"
    (event,) = told(inside_alpha, customer)
    assert {one["rule"]["kind"] for one in event.data["why"]} == {"talks", "last_talk"}
    assert [one["points"] for one in event.data["why"] if one["rule"]["kind"] == "talks"] == [[0, 15]]


def test_a_grade_given_by_hand_stays(inside_alpha: Session, customer: Customer, bob: Actor) -> None:
    reckon(inside_alpha)
    customer.edit(inside_alpha, {"grade": "A"}, by=bob, at=NOON)
    inside_alpha.flush()
    reckon(inside_alpha, base=0)
    reckon(inside_alpha, base=60)
    assert customer.grade == "A"
    assert told(inside_alpha, customer) == []
    let_rules_decide(inside_alpha, customer, SCHEME.grading.cuts, by=bob, at=NOON)
    assert customer.grade == "B"
    reckon(inside_alpha, base=0)
    assert customer.grade == "C"


def test_one_that_was_imported_is_given_by_hand(inside_alpha: Session, customer: Customer) -> None:
    customer.grade = "A"
    inside_alpha.flush()
    reckon(inside_alpha)
    assert customer.grade == "A"


def test_who_has_none_gets_one(inside_alpha: Session, customer: Customer, bob: Actor) -> None:
    reckon(inside_alpha)
    customer.edit(inside_alpha, {"grade": None}, by=bob, at=NOON)
    inside_alpha.flush()
    reckon(inside_alpha)
    assert customer.grade == "C"


def test_it_can_be_kept_as_it_is(inside_alpha: Session, customer: Customer) -> None:
    reckon(inside_alpha)
    keep_by_hand(inside_alpha, customer)
    reckon(inside_alpha, base=100)
    assert customer.grade == "C"


@pytest.mark.parametrize("grade", ["A", "C"])
def test_an_evaluation_holds_until_its_quarter_ends(inside_alpha: Session, customer: Customer, bob: Actor, grade: str) -> None:
    """Also one that says what the rules say."""
    reckon(inside_alpha)
    evaluate(inside_alpha, customer, "2025Q4", grade, remark=None, zone=DAY.zone, by=bob, at=NOON)
    reckon(inside_alpha, base=60)
    assert customer.grade == grade
    reckon(inside_alpha, base=100, day=Day(dt.date(2026, 3, 31), DAY.zone))
    assert customer.grade == grade
    reckon(inside_alpha, base=62, day=Day(dt.date(2026, 4, 1), DAY.zone))
    assert customer.grade == "B"


def test_by_shares_the_best_are_a(inside_alpha: Session, customer: Customer) -> None:
    reckon(inside_alpha)
    inside_alpha.get_one(Score, customer.id).score = 77
    inside_alpha.flush()
    cuts = cuts_now(inside_alpha, Grading("shares", share_a=50, share_b=40))
    assert cuts is not None and cuts.a > inside_alpha.get_one(Score, prop("customer", "Alice")).score and cuts.a <= 77
    regrade(inside_alpha, SCHEME, cuts, DAY, at=NOON)
    inside_alpha.expire_all()
    assert (customer.grade, inside_alpha.get_one(Customer, prop("customer", "Alice")).grade) == ("A", "C")


def test_when_it_is_off_nothing_follows(inside_alpha: Session, customer: Customer) -> None:
    assert cuts_now(inside_alpha, Grading("off")) is None
    run = Run(inside_alpha, DAY, NOON)
    run.score(None, None)
    run.grade(None, None)
    assert run.written == 4 and run.regraded == []


def test_a_draft_is_the_member_s_own(inside_alpha: Session, alice: Actor, bob: Actor) -> None:
    keep_draft(inside_alpha, replace(SCHEME, base=77), alice.id, at=NOON)
    assert save_draft(inside_alpha, "customer", by=bob, at=NOON).base == SCHEME.base
    assert save_draft(inside_alpha, "customer", by=alice, at=NOON).base == 77
