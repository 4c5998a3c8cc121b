"""A company is furnished with sample data and works with it as with its own."""

import datetime as dt
import uuid
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer, Evaluation
from tenants.customers.intake import create_customer
from tenants.customers.search import matches
from tenants.customers.tag import CustomerTag, Tag
from tenants.demo.furnish import AlreadyFurnished, Furnished, furnish, is_furnished
from tenants.demo.past_imports import SAMPLE
from tenants.followups.models import Followup, Plan, reckon_contacts
from tenants.imports.models import Import
from tenants.pipeline.opportunity import Opportunity
from tenants.pipeline.pipeline import Stage
from tenants.pipeline.stage_move import StageMove
from tenants.team.actor import Actor, find_actor
from tenants.team.models import Member, Role, Team, Territory
from tenants.team.scope import visible
from tenants.timeline.models import Event
from tenants.values.phones import normalise

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = dt.datetime(2026, 11, 24, 6, 20, tzinfo=dt.UTC)


@pytest.fixture
def furnished(inside_beta: Session, charlie: Actor) -> Furnished:
    return furnish(inside_beta, locale="zh_Hans_CN", zone=SHANGHAI, by=charlie, at=AT)


def count(session: Session, table: type, *where: object) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*where)) or 0  # type: ignore[arg-type]


def test_everything_is_there_and_marked(inside_beta: Session, furnished: Furnished) -> None:
    counts = {
        table: count(inside_beta, table, table.sample)
        for table in (Customer, Opportunity, Member, Team, Territory, Contact, Followup, Plan, Evaluation)
    }
    assert (counts[Customer], counts[Opportunity], counts[Member], counts[Team], counts[Territory]) == (300, 60, 8, 3, 4)
    assert counts[Contact] > 500 and counts[Followup] > 1000 and counts[Plan] > 200 and counts[Evaluation] > 40
    assert count(inside_beta, CustomerTag) > 200 and is_furnished(inside_beta)
    assert count(inside_beta, Event, ~Event.sample, Event.kind == "sample.furnished") == 1


def test_sample_colleagues_cannot_sign_in_and_lead_their_teams(inside_beta: Session, furnished: Furnished) -> None:
    assert count(inside_beta, Member, Member.sample, Member.person_id.is_not(None)) == 0
    leaders = inside_beta.scalars(select(Member).join(Team, Team.leader_id == Member.id)).all()
    assert {leader.id for leader in leaders} == {furnished.members[key] for key in ("manager_east", "manager_south", "support")}
    assert set(inside_beta.scalars(select(Role.key).join(Member))) == {"owner", "admin", "sales_manager", "sales", "support", "finance", "read_only"}


def test_opportunities_stand_where_their_trail_ends(inside_beta: Session, furnished: Furnished) -> None:
    rows = inside_beta.execute(select(Opportunity, Stage).join(Stage, Stage.id == Opportunity.stage_id).where(Opportunity.sample)).all()
    assert len({stage.id for _, stage in rows}) == 8
    for opportunity, stage in rows:
        stays = inside_beta.scalars(select(StageMove).where(StageMove.opportunity_id == opportunity.id).order_by(StageMove.entered_at)).all()
        assert (stays[-1].stage_id, stays[-1].entered_at, stays[-1].left_at) == (opportunity.stage_id, opportunity.stage_since, None)
        assert all(stay.left_at == following.entered_at for stay, following in pairwise(stays))
        assert (opportunity.outcome, opportunity.probability) == (stage.kind, stage.probability)
        assert (opportunity.closed_at is not None) == (stage.kind != "open")
        assert (opportunity.lost_reason_id is not None) == (stage.kind == "lost")


def test_cards_have_places_of_their_own(inside_beta: Session, furnished: Furnished) -> None:
    rows = inside_beta.execute(select(Opportunity.stage_id, Opportunity.rank)).all()
    assert len(set(rows)) == len(rows)


def test_the_next_contact_is_what_the_rules_reckon(inside_beta: Session, furnished: Furnished) -> None:
    before = {row.id: (row.last_followup_at, row.next_contact_at) for row in inside_beta.scalars(select(Customer).where(Customer.sample).limit(60))}
    for customer_id in before:
        reckon_contacts(inside_beta, customer_id)
    inside_beta.expire_all()
    after = {row.id: (row.last_followup_at, row.next_contact_at) for row in inside_beta.scalars(select(Customer).where(Customer.id.in_(before)))}
    assert after == before


def test_customers_are_found_as_if_typed_in(inside_beta: Session, furnished: Furnished) -> None:
    for customer in inside_beta.scalars(select(Customer).where(Customer.sample).limit(20)).all():
        contact = inside_beta.scalars(select(Contact).where(Contact.customer_id == customer.id)).first()
        assert contact is not None and contact.mobile is not None
        for typed in (customer.name, customer.short_name or "", customer.number, customer.name_key, contact.name, contact.mobile[-4:]):
            assert customer.id in inside_beta.scalars(select(Customer.id).where(matches(Customer.search, typed))), typed  # type: ignore[arg-type]
        search, name_key, core_name = sorted(customer.search.split()), customer.name_key, customer.core_name  # type: ignore[attr-defined]
        customer.refresh_search(contact.lexemes())
        assert (customer.name_key, customer.core_name) == (name_key, core_name)
        assert {lexeme.strip("'") for lexeme in search} >= set(customer.search)
        inside_beta.expire(customer)


def test_numbers_go_on_after_the_sample(inside_beta: Session, furnished: Furnished, charlie: Actor) -> None:
    own = create_customer(inside_beta, {"name": "Their own"}, by=charlie, at=AT)
    assert own.number == "C000301"


def test_sales_staff_see_their_own_and_leaders_their_team(inside_beta: Session, charlie: Actor) -> None:
    people = {key: uuid.uuid4() for key in ("manager_east", "sales_east", "read_only")}
    furnish(inside_beta, locale="zh_Hans_CN", zone=SHANGHAI, by=charlie, at=AT, people=people)
    seen = {}
    for key, person_id in people.items():
        actor = find_actor(inside_beta, person_id)
        assert actor is not None
        seen[key] = count(inside_beta, Customer, Customer.sample, visible(Customer, actor))
    assert 0 < seen["sales_east"] < seen["manager_east"] < seen["read_only"] == 300


def test_it_is_furnished_once(inside_beta: Session, furnished: Furnished, charlie: Actor) -> None:
    with pytest.raises(AlreadyFurnished):
        furnish(inside_beta, locale="en", zone=SHANGHAI, by=charlie, at=AT)


def test_in_english_for_an_english_company(inside_beta: Session, charlie: Actor) -> None:
    furnish(inside_beta, locale="en", zone=ZoneInfo("America/New_York"), by=charlie, at=AT)
    assert set(inside_beta.scalars(select(Team.name).where(Team.sample))) == {"Sales East", "Sales South", "Customer care"}


def test_a_firm_with_three_stages_and_a_tag_of_its_own(inside_beta: Session, charlie: Actor) -> None:
    for stage in inside_beta.scalars(select(Stage).where(Stage.kind == "open", Stage.position.in_((1, 3)))):
        stage.archived_at = AT
    inside_beta.add(Tag(name="月结", colour="red"))
    furnish(inside_beta, locale="zh_Hans_CN", zone=SHANGHAI, by=charlie, at=AT)
    used = inside_beta.scalars(select(Stage).join(Opportunity, Opportunity.stage_id == Stage.id).where(Opportunity.sample).distinct()).all()
    assert len(used) == 6 and all(stage.archived_at is None for stage in used)
    assert count(inside_beta, Tag, Tag.name == "月结") == 1


def test_what_stood_there_before_is_untouched(alpha: object, inside_alpha: Session, alice: Actor) -> None:
    before = {row.id: row.version for row in inside_alpha.scalars(select(Customer))}
    furnish(inside_alpha, locale="zh_Hans_CN", zone=SHANGHAI, by=alice, at=AT)
    assert {row.id: row.version for row in inside_alpha.scalars(select(Customer).where(~Customer.sample))} == before


def test_imports_of_the_past_are_told_and_cannot_be_undone(inside_beta: Session, furnished: Furnished) -> None:
    past = inside_beta.scalars(select(Import).where(Import.options.contains(SAMPLE)).order_by(Import.id)).all()
    assert [one.kind for one in past] == ["customer", "customer", "contact"]
    assert not any(one.may_be_undone(AT) for one in past) and all(one.counts["created"] for one in past)


def test_what_is_overdue_already_is_reminded_of(inside_beta: Session, furnished: Furnished) -> None:
    assert ("reminders", AT) in inside_beta.info["rung"][1], "plans were written past the verbs"


def test_phones_are_kept_as_if_they_were_typed(inside_beta: Session, furnished: Furnished) -> None:
    """Else whoever saves a form would be told to have changed them."""
    columns = ((Customer, Customer.phone), (Contact, Contact.phone), (Contact, Contact.mobile))
    kept = [phone for table, column in columns for phone in inside_beta.scalars(select(column).where(table.sample, column.is_not(None)))]
    assert len(kept) > 500 and [phone for phone in kept if phone != normalise(phone or "")] == []
