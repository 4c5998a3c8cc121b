"""Sample data goes with one click; what people made themselves stays."""

import datetime as dt
import uuid
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.customers.intake import add_contact, create_customer
from tenants.customers.tag import CustomerTag, Tag
from tenants.customers.tagging import add_tag
from tenants.demo.clear import clear
from tenants.demo.furnish import furnish, is_furnished
from tenants.followups.models import Followup, Plan
from tenants.followups.writing import write_followup
from tenants.pipeline.opening import open_opportunity
from tenants.pipeline.opportunity import Opportunity
from tenants.pipeline.pipeline import Stage
from tenants.team.actor import Actor, find_actor
from tenants.team.models import Member, Team, Territory
from tenants.timeline.models import Event
from tenants.world import Base

AT = dt.datetime(2026, 11, 24, 6, 20, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(hours=1)


def contents(session: Session) -> dict[str, int]:
    return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in Base.metadata.sorted_tables}


def furnish_beta(session: Session, by: Actor, people: dict[str, uuid.UUID] | None = None) -> None:
    furnish(session, locale="zh_Hans_CN", zone=ZoneInfo("Asia/Shanghai"), by=by, at=AT, people=people)


def sample(session: Session, *where: object) -> Customer:
    customer = session.scalars(select(Customer).where(Customer.sample, *where).order_by(Customer.id).limit(1)).first()  # type: ignore[arg-type]
    assert customer is not None
    return customer


def test_nothing_but_the_log_and_the_counter_is_left(inside_beta: Session, charlie: Actor) -> None:
    before = contents(inside_beta)
    furnish_beta(inside_beta, charlie)
    cleared = clear(inside_beta, by=charlie, at=LATER)
    assert (cleared.customers, cleared.kept) == (300, 0)
    after = contents(inside_beta)
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {"counters": 1, "events": 2}
    assert not is_furnished(inside_beta)


def test_it_can_be_furnished_again(inside_beta: Session, charlie: Actor) -> None:
    furnish_beta(inside_beta, charlie)
    clear(inside_beta, by=charlie, at=LATER)
    furnish_beta(inside_beta, charlie)
    assert is_furnished(inside_beta)


def test_clearing_nothing_is_harmless(inside_beta: Session, charlie: Actor) -> None:
    before = contents(inside_beta)
    assert clear(inside_beta, by=charlie, at=LATER).customers == 0
    assert contents(inside_beta) == before


Work = Callable[[Session, Customer, Actor], object]


def write(session: Session, customer: Customer, by: Actor) -> object:
    return write_followup(session, customer, means="phone", content="My own words", by=by, at=LATER)


def introduce(session: Session, customer: Customer, by: Actor) -> object:
    return add_contact(session, customer, {"name": "Somebody real"}, by=by, at=LATER)


def edit(session: Session, customer: Customer, by: Actor) -> object:
    return customer.edit(session, {"name": "Their real customer"}, by=by, at=LATER)


def offer(session: Session, customer: Customer, by: Actor) -> object:
    stage = session.scalars(select(Stage).where(Stage.kind == "open").limit(1)).one()
    return open_opportunity(session, customer, {"name": "A real one", "amount": 5}, by=by, at=LATER, stage=stage)


@pytest.mark.parametrize("work", [write, introduce, edit, offer])
def test_a_customer_that_somebody_worked_on_stays_whole_and_passes_to_them(inside_beta: Session, charlie: Actor, work: Work) -> None:
    furnish_beta(inside_beta, charlie)
    customer = sample(inside_beta, Customer.status == "prospective", Customer.owner_id != charlie.id)
    work(inside_beta, customer, charlie)
    inside_beta.flush()
    talks = inside_beta.scalar(select(func.count()).where(Followup.customer_id == customer.id)) or 0

    cleared = clear(inside_beta, by=charlie, at=LATER)

    assert (cleared.customers, cleared.kept) == (299, 1)
    assert not customer.sample and customer.owner_id == charlie.id
    assert inside_beta.scalar(select(func.count()).where(Followup.customer_id == customer.id)) == talks
    assert inside_beta.scalar(select(func.count()).where(Event.customer_id == customer.id, ~Event.sample))
    assert not inside_beta.scalars(select(Plan.id).where(Plan.done_at.is_(None), Plan.member_id != charlie.id)).all()
    assert not is_furnished(inside_beta)


def test_colleagues_who_are_still_named_stay_as_former_members(inside_beta: Session, charlie: Actor) -> None:
    furnish_beta(inside_beta, charlie)
    customer = sample(inside_beta, Customer.owner_id != charlie.id, Customer.last_followup_at.is_not(None))
    write(inside_beta, customer, charlie)
    clear(inside_beta, by=charlie, at=LATER)
    authors = set(inside_beta.scalars(select(Followup.member_id).where(Followup.customer_id == customer.id)))
    former = inside_beta.scalars(select(Member).where(Member.id.in_(authors), Member.id != charlie.id)).all()
    assert former and len(authors) == len(former) + 1
    assert all(member.deactivated_at == LATER and member.team_id is None and not member.sample for member in former)
    assert not inside_beta.scalars(select(Team).where(Team.name == "销售一部")).all()


def test_dragging_and_ticking_off_is_no_work_to_keep(inside_beta: Session, charlie: Actor) -> None:
    furnish_beta(inside_beta, charlie)
    card = inside_beta.scalars(select(Opportunity).where(Opportunity.sample, Opportunity.outcome == "open").limit(1)).one()
    card.win(inside_beta, by=charlie, at=LATER)
    plan = inside_beta.scalars(select(Plan).where(Plan.sample, Plan.done_at.is_(None)).limit(1)).one()
    plan.finish(inside_beta, by=charlie, at=LATER)
    assert clear(inside_beta, by=charlie, at=LATER).kept == 0
    assert not inside_beta.scalars(select(Event).where(Event.kind == "opportunity.won")).all()


def test_their_own_customer_with_a_sample_owner_tag_and_territory(inside_beta: Session, charlie: Actor) -> None:
    furnish_beta(inside_beta, charlie)
    seller = inside_beta.scalars(select(Member).where(Member.sample, Member.name == "陈晨")).one()
    territory = inside_beta.scalars(select(Territory).where(Territory.name == "华东")).one()
    own = create_customer(inside_beta, {"name": "Their own", "owner_id": seller.id, "territory_id": territory.id}, by=charlie, at=LATER)
    tag = add_tag(inside_beta, own, "年框客户", by=charlie, at=LATER)
    clear(inside_beta, by=charlie, at=LATER)
    assert own.owner_id == charlie.id
    assert inside_beta.scalars(select(Territory.name)).all() == ["华东"]
    assert inside_beta.scalars(select(Tag.name)).all() == ["年框客户"] and not tag.sample
    assert inside_beta.scalars(select(CustomerTag.customer_id)).all() == [own.id]


def test_colleagues_who_can_sign_in_stay(inside_beta: Session, charlie: Actor) -> None:
    person = uuid.uuid4()
    furnish_beta(inside_beta, charlie, {"manager_east": person})
    clear(inside_beta, by=charlie, at=LATER)
    actor = find_actor(inside_beta, person)
    assert actor is not None and actor.team_id is not None
    assert inside_beta.scalars(select(Team.name)).all() == ["销售一部"]
    furnish_beta(inside_beta, charlie, {"manager_east": person})
    assert inside_beta.scalar(select(func.count()).select_from(Member).where(Member.person_id == person)) == 1


def test_what_stood_there_before_is_untouched(inside_alpha: Session, alice: Actor) -> None:
    before = {row.id: (row.name, row.owner_id, row.version) for row in inside_alpha.scalars(select(Customer))}
    plans = set(inside_alpha.execute(select(Plan.id, Plan.member_id)).all())
    furnish_beta(inside_alpha, alice)
    clear(inside_alpha, by=alice, at=LATER)
    assert {row.id: (row.name, row.owner_id, row.version) for row in inside_alpha.scalars(select(Customer))} == before
    assert set(inside_alpha.execute(select(Plan.id, Plan.member_id)).all()) == plans
