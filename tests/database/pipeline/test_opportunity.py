"""An opportunity's way: moves, won, lost, reopened, taken back; the trail has no gaps; the timeline tells it."""

import datetime as dt
import random
import uuid
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.pipeline.arranging import take_away_stage
from tenants.pipeline.opportunity import Opportunity
from tenants.pipeline.refusals import CustomerInBin, LostNeedsReason, NotClosed, NothingToTakeBack, OpensInOpenStage
from tenants.pipeline.taking_back import take_back
from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.timeline.models import Event
from tests.database.pipeline.play import MONDAY, customer_of, day, opened, reason, stage, stages, trail


def told(session: Session, opportunity: Opportunity) -> list[Event]:
    session.flush()
    return list(session.scalars(select(Event).where(Event.opportunity_id == opportunity.id).order_by(Event.at, Event.id)))


def test_a_new_one_stands_on_top_with_its_stages_probability(inside_alpha: Session, bob: Actor) -> None:
    first = opened(inside_alpha, bob, customer="Bob")
    second = opened(inside_alpha, bob, customer="Bob", name="Second")
    assert second.rank < first.rank
    assert (second.probability, second.outcome, second.owner_id, second.version) == (10, "open", bob.id, 1)
    assert [move.left_at for move in trail(inside_alpha, second)] == [None]
    created = told(inside_alpha, second)[0]
    assert (created.kind, created.customer_id, created.data["amount"], created.data["stage"]) == (
        "opportunity.created",
        second.customer_id,
        "10000",
        "Prospecting",
    )


def test_it_does_not_begin_in_a_closed_stage(inside_alpha: Session, bob: Actor) -> None:
    with pytest.raises(OpensInOpenStage):
        opened(inside_alpha, bob, in_stage="Won")


def test_a_move_closes_the_stay_before_and_tells_it(inside_alpha: Session, alice: Actor) -> None:
    one = opened(inside_alpha, alice)
    one.move(inside_alpha, stage(inside_alpha, "Proposal"), by=alice, at=day(5))
    assert (one.probability, one.stage_since, one.version) == (50, day(5), 2)
    moved = told(inside_alpha, one)[-1]
    said = {key: moved.data[key] for key in ("name", "from", "to", "days", "amount")}
    assert moved.kind == "opportunity.moved"
    assert said == {"name": "Test bench", "from": "Prospecting", "to": "Proposal", "days": 5, "amount": "10000"}


def test_the_trail_has_no_gaps_and_no_overlaps_whatever_happens(inside_alpha: Session, alice: Actor) -> None:
    luck, one = random.Random(2026), opened(inside_alpha, alice)  # noqa: S311
    for number in range(1, 60):
        target = luck.choice(stages(inside_alpha))
        if target.kind == "lost":
            one.lose(inside_alpha, reason(inside_alpha), by=alice, at=day(number))
        else:
            one.move(inside_alpha, target, by=alice, at=day(number))
        if luck.random() < 0.2 and one.stage_since == day(number):
            inside_alpha.flush()
            take_back(inside_alpha, one, by=alice, at=day(number))
        inside_alpha.flush()
        stays = trail(inside_alpha, one)
        assert stays[0].entered_at == MONDAY
        assert [stay.left_at for stay in stays[:-1]] == [stay.entered_at for stay in stays[1:]]
        assert stays[-1].left_at is None
        assert (stays[-1].stage_id, stays[-1].entered_at) == (one.stage_id, one.stage_since)
        kind = {each.id: each.kind for each in stages(inside_alpha)}[one.stage_id]
        assert (one.outcome, one.closed_at is None) == (kind, kind == "open")


def test_a_probability_set_by_hand_stays_while_it_is_open(inside_alpha: Session, alice: Actor) -> None:
    one = opened(inside_alpha, alice)
    one.edit(inside_alpha, {"probability": 35}, by=alice, at=day(1))
    one.move(inside_alpha, stage(inside_alpha, "Negotiation"), by=alice, at=day(2))
    assert one.probability == 35
    one.win(inside_alpha, by=alice, at=day(3))
    assert one.probability == 100
    one.edit(inside_alpha, {"probability": 1}, by=alice, at=day(4))
    assert one.probability == 100, "won is won"
    one.reopen(inside_alpha, by=alice, at=day(5))
    assert (one.probability, one.stage_id) == (70, stage(inside_alpha, "Negotiation").id), "back where it stood, with that stage's probability"


@pytest.mark.parametrize(
    ("status", "after"), [("target", "regular"), ("prospective", "regular"), ("lapsed", "regular"), ("regular", "regular"), ("vip", "vip")]
)
def test_a_sale_makes_the_customer_a_regular_one_at_least(inside_alpha: Session, alice: Actor, status: str, after: str) -> None:
    customer_of(inside_alpha, "Alice").status = status
    one = opened(inside_alpha, alice)
    one.win(inside_alpha, by=alice, at=day(1), amount=Decimal("8888.88"), closed_at=day(0))
    assert customer_of(inside_alpha, "Alice").status == after
    assert (one.amount, one.closed_at, one.outcome) == (Decimal("8888.88"), day(0), "won")
    changed = inside_alpha.scalar(select(func.count()).where(Event.kind == "customer.status", Event.customer_id == one.customer_id))
    assert changed == (status != after)


def test_lost_needs_a_reason(inside_alpha: Session, alice: Actor) -> None:
    one = opened(inside_alpha, alice)
    with pytest.raises(LostNeedsReason):
        one.lose(inside_alpha, None, by=alice, at=day(1))
    with pytest.raises(LostNeedsReason):
        one.move(inside_alpha, stage(inside_alpha, "Lost"), by=alice, at=day(1))
    one.lose(inside_alpha, reason(inside_alpha), by=alice, at=day(2), remark="Ten per cent too dear")
    assert (one.outcome, one.probability, one.lost_remark) == ("lost", 0, "Ten per cent too dear")
    lost = told(inside_alpha, one)[-1]
    assert (lost.kind, lost.data["reason"], lost.data["remark"], lost.data["from"]) == (
        "opportunity.lost",
        "Price",
        "Ten per cent too dear",
        "Prospecting",
    )


def test_reopening_forgets_why_it_was_lost(inside_alpha: Session, alice: Actor) -> None:
    one = opened(inside_alpha, alice, in_stage="Proposal")
    with pytest.raises(NotClosed):
        one.reopen(inside_alpha, by=alice, at=day(1))
    one.lose(inside_alpha, reason(inside_alpha), by=alice, at=day(1))
    one.reopen(inside_alpha, by=alice, at=day(2))
    assert (one.outcome, one.lost_reason_id, one.closed_at, one.stage_id) == ("open", None, None, stage(inside_alpha, "Proposal").id)


def test_taking_back_is_as_if_it_had_not_been(inside_alpha: Session, alice: Actor) -> None:
    customer_of(inside_alpha, "Alice").status = "potential"
    one = opened(inside_alpha, alice)
    one.edit(inside_alpha, {"probability": 20}, by=alice, at=day(1))
    before = (one.stage_id, one.rank, one.probability, one.amount, one.stage_since, one.closed_at, one.outcome)
    one.win(inside_alpha, by=alice, at=day(3), amount=Decimal(1))
    inside_alpha.flush()
    take_back(inside_alpha, one, by=alice, at=day(3))
    inside_alpha.flush()
    assert (one.stage_id, one.rank, one.probability, one.amount, one.stage_since, one.closed_at, one.outcome) == before
    assert customer_of(inside_alpha, "Alice").status == "potential"
    assert len(trail(inside_alpha, one)) == 1
    with pytest.raises(NothingToTakeBack):
        take_back(inside_alpha, one, by=alice, at=day(4))


def test_only_the_last_move_is_taken_back(inside_alpha: Session, alice: Actor) -> None:
    one = opened(inside_alpha, alice)
    with pytest.raises(NothingToTakeBack):
        take_back(inside_alpha, one, by=alice, at=day(0))
    one.move(inside_alpha, stage(inside_alpha, "Needs clear"), by=alice, at=day(1))
    one.move(inside_alpha, stage(inside_alpha, "Proposal"), by=alice, at=day(2))
    inside_alpha.flush()
    take_back(inside_alpha, one, by=alice, at=day(2))
    inside_alpha.flush()
    assert (one.stage_id, one.stage_since) == (stage(inside_alpha, "Needs clear").id, day(1))


def test_an_edit_tells_old_and_new(inside_alpha: Session, alice: Actor) -> None:
    one = opened(inside_alpha, alice)
    day_ = dt.date(2026, 6, 1)
    changes = one.edit(inside_alpha, {"amount": Decimal("12000.50"), "expected_close_on": day_, "name": "Test bench"}, by=alice, at=day(1))
    assert changes == {"amount": ["10000", "12000.50"], "expected_close_on": [None, "2026-06-01"]}
    assert told(inside_alpha, one)[-1].data["changes"] == changes
    version = one.version
    assert one.edit(inside_alpha, {"name": "Test bench"}, by=alice, at=day(2)) == {}
    assert one.version == version


def test_it_is_handed_to_a_colleague(inside_alpha: Session, alice: Actor, bob: Actor) -> None:
    one = opened(inside_alpha, alice)
    one.transfer(inside_alpha, inside_alpha.get_one(Member, bob.id), by=alice, at=day(1))
    assert one.owner_id == bob.id
    assert {key: told(inside_alpha, one)[-1].data[key] for key in ("from", "to")} == {"from": "Alice", "to": "Bob"}


def test_the_bin_gives_it_back(inside_alpha: Session, alice: Actor) -> None:
    one = opened(inside_alpha, alice)
    one.discard(inside_alpha, by=alice, at=day(1))
    assert (one.deleted_at, one.deleted_by_id) == (day(1), alice.id)
    one.restore(inside_alpha, by=alice, at=day(2))
    assert one.deleted_at is None
    assert [event.kind for event in told(inside_alpha, one)[-2:]] == ["opportunity.deleted", "opportunity.restored"]


def test_it_does_not_come_back_without_its_customer(inside_alpha: Session, alice: Actor) -> None:
    one = opened(inside_alpha, alice)
    one.discard(inside_alpha, by=alice, at=day(1))
    inside_alpha.get_one(Customer, one.customer_id).deleted_at = day(1)
    with pytest.raises(CustomerInBin):
        one.restore(inside_alpha, by=alice, at=day(2))


def test_it_comes_back_to_an_open_stage_when_its_own_has_gone(inside_alpha: Session, alice: Actor) -> None:
    one = opened(inside_alpha, alice, in_stage="Negotiation")
    one.discard(inside_alpha, by=alice, at=day(1))
    inside_alpha.flush()
    take_away_stage(inside_alpha, stage(inside_alpha, "Negotiation"), into=None, by=alice, at=day(2))
    inside_alpha.flush()
    one.restore(inside_alpha, by=alice, at=day(3))
    assert one.stage_id == stage(inside_alpha, "Prospecting").id
    assert trail(inside_alpha, one)[-1].left_at is None


@pytest.mark.parametrize("found_by", ["bench", "Test", "ceshitai", "cst", "测试台"])
def test_it_is_found_by_name(inside_alpha: Session, alice: Actor, found_by: str) -> None:
    from tenants.customers.search import matches

    one = opened(inside_alpha, alice, name="Test bench 测试台")
    predicate = matches(Opportunity.search, found_by)
    assert predicate is not None
    assert one.id in set(inside_alpha.scalars(select(Opportunity.id).where(predicate)))
    assert isinstance(one.id, uuid.UUID)
