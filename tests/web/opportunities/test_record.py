"""The page of one opportunity: what it shows, facts edited in place, follow-ups about it, made, handed over, put into the bin."""

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.followups.models import Followup
from tenants.pipeline.models import Opportunity, Pipeline
from tests.web.opportunities.play import ALICES, BOBS, fresh, move, stage_id, text
from tests.world.cast import Player
from tests.world.door import Guest
from tests.world.stage import prop

Door = Callable[[str], Guest]
FACT = f"opportunities/{BOBS}/facts/amount"


def new(**data: str) -> dict[str, str]:
    return {"customer_id": str(prop("customer", "Bob")), "name": "Two pumps", "amount": "3万", "source": "", "contact_id": ""} | data


def test_it_shows_where_it_stands_and_what_happened(client_of: Door, inside_alpha: Session) -> None:
    bob = client_of("bob")
    move(bob, BOBS, stage_id(inside_alpha, "Proposal"))
    said = text(bob.get(f"opportunities/{BOBS}"))
    assert "Bob&#39;s opportunity" in said and "Bob&#39;s customer" in said and "¥10,000.00" in said
    assert 'aria-current="step"' in said.split("Proposal")[0].rsplit("<li", 1)[1], "the line marks the stage"
    assert "Prospecting → Proposal" in said, "the history tells the move"
    assert "Time in each stage" in said and "¥5,000.00" in said, "weighted by the new probability"


@pytest.mark.parametrize(("name", "status"), [("bob", 200), ("mei", 200), ("rhea", 200), ("alice", 200)])
def test_who_reads_it(client_of: Door, name: str, status: int) -> None:
    assert client_of(name).get(f"opportunities/{BOBS}").status_code == status
    assert client_of("bob").get(f"opportunities/{ALICES}").status_code == 404
    assert client_of("alice").get(f"opportunities/{uuid.uuid4()}").status_code == 404


def test_rhea_finds_no_buttons(client_of: Door) -> None:
    said = text(client_of("rhea").get(f"opportunities/{BOBS}"))
    assert not [word for word in ("/move?", "/win?", "/facts/", "/deletion", "/handover", "/followups") if word in said]


def test_a_fact_is_edited_in_place(client_of: Door, inside_alpha: Session) -> None:
    bob = client_of("bob")
    assert 'name="version" value="1"' in text(bob.get(FACT, htmx=True)) and "<html" not in text(bob.get(FACT, htmx=True))
    assert "<html" in text(bob.get(FACT))
    answer = bob.post(FACT, data={"amount": "12.5万", "version": "1"}, htmx=True)
    assert answer.status_code == 200 and "¥125,000.00" in text(answer) and 'class="fact saved"' in text(answer)
    assert "version=2" in text(answer), "the line of stages comes anew: its buttons bear the version"
    assert (fresh(inside_alpha).amount, fresh(inside_alpha).version) == (Decimal(125000), 2)
    assert "¥125,000.00" in text(bob.get(FACT + "?shown=1", htmx=True))


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("name", "Pump 水泵", "Pump 水泵"),
        ("expected_close_on", "2026-12-24", dt.date(2026, 12, 24)),
        ("expected_close_on", "", None),
        ("probability", "35", 35),
        ("source", "exhibition", "exhibition"),
        ("source", "", None),
        ("products", "DN80 × 3", "DN80 × 3"),
        ("contact_id", str(prop("contact", "Bob")), prop("contact", "Bob")),
        ("contact_id", "", None),
        ("remark", "Two\nlines", "Two\nlines"),
    ],
)
def test_each_fact_keeps_what_was_typed(client_of: Door, inside_alpha: Session, field: str, typed: str, kept: object) -> None:
    answer = client_of("bob").post(f"opportunities/{BOBS}/facts/{field}", data={field: typed, "version": "1"})
    assert answer.status_code == 303
    assert getattr(fresh(inside_alpha), field) == kept


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("amount", "-3"),
        ("amount", "1e99"),
        ("probability", "101"),
        ("probability", "x"),
        ("expected_close_on", "soon"),
        ("source", "moon"),
        ("contact_id", str(prop("contact", "Alice"))),
    ],
)
def test_a_wrong_fact_is_refused_with_what_was_typed(client_of: Door, inside_alpha: Session, field: str, typed: str) -> None:
    answer = client_of("bob").post(f"opportunities/{BOBS}/facts/{field}", data={field: typed, "version": "1"}, htmx=True)
    assert answer.status_code == 422 and "fact-form" in text(answer) and 'role="alert"' in text(answer)
    assert fresh(inside_alpha).version == 1


def test_of_two_who_edit_the_second_sees_both_values(client_of: Door, inside_alpha: Session) -> None:
    client_of("mei").post(FACT, data={"amount": "200", "version": "1"})
    bob = client_of("bob")
    answer = bob.post(FACT, data={"amount": "300", "version": "1"}, htmx=True)
    assert answer.status_code == 409
    assert "¥200.00" in text(answer) and "¥300.00" in text(answer)
    assert fresh(inside_alpha).amount == 200
    assert 'name="version" value="2"' in text(answer)
    assert bob.post(FACT, data={"amount": "300", "version": "2"}, htmx=True).status_code == 200
    assert fresh(inside_alpha).amount == 300


def test_an_unknown_fact_is_not_found(client_of: Door) -> None:
    assert client_of("bob").get(f"opportunities/{BOBS}/facts/owner_id").status_code == 404
    assert client_of("bob").post(f"opportunities/{BOBS}/facts/version", data={"version": "1"}).status_code == 404


def test_a_followup_about_it_is_its_customers_as_well(client_of: Door, inside_alpha: Session) -> None:
    bob = client_of("bob")
    answer = bob.post(f"opportunities/{BOBS}/followups", data={"content": "They want two more", "means": "visit", "next_contact_at": ""}, htmx=True)
    assert answer.status_code == 200 and "They want two more" in text(answer) and "Follow-up written." in text(answer)
    written = inside_alpha.scalars(select(Followup).where(Followup.content == "They want two more")).one()
    assert (written.customer_id, written.opportunity_id, written.means) == (prop("customer", "Bob"), BOBS, "visit")
    refused = bob.post(f"opportunities/{BOBS}/followups", data={"content": " ", "means": "visit"})
    assert refused.status_code == 422 and "Write what was said or done." in text(refused)
    assert client_of("rhea").post(f"opportunities/{BOBS}/followups", data={"content": "x", "means": "visit"}).status_code == 403


def test_a_new_one_is_made_from_the_dialog(client_of: Door, inside_alpha: Session, players: dict[str, Player]) -> None:
    bob, to = client_of("bob"), stage_id(inside_alpha, "Needs clear")
    opened = text(bob.get(f"opportunities/new?customer_id={prop('customer', 'Bob')}", headers={"HX-Target": "div#dialog"}, htmx=True))
    assert "<html" not in opened and "Bob&#39;s contact" in opened
    data = new(
        stage_id=str(to), source="douyin", contact_id=str(prop("contact", "Bob")), expected_close_on="2026-12-31", products="DN80", remark="Soon"
    )
    answer = bob.post("opportunities/new", data=data)
    made = inside_alpha.scalars(select(Opportunity).where(Opportunity.name == "Two pumps")).one()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/alpha/opportunities/{made.id}")
    assert (made.amount, made.stage_id, made.probability, made.source, made.contact_id) == (Decimal(30000), to, 30, "douyin", prop("contact", "Bob"))
    assert (made.owner_id, made.expected_close_on, made.products) == (players["bob"].member_id, dt.date(2026, 12, 31), "DN80")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "Please fill this in."),
        ({"amount": "lots"}, "“lots” is not an amount"),
        ({"customer_id": ""}, "Please fill this in."),
        ({"amount": ""}, "Please"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_kept(client_of: Door, inside_alpha: Session, wrong: dict[str, str], sentence: str) -> None:
    answer = client_of("bob").post("opportunities/new", data=new(stage_id=str(stage_id(inside_alpha, "Proposal")), remark="Keep me") | wrong)
    assert answer.status_code == 422 and sentence in text(answer) and "Keep me" in text(answer)
    assert inside_alpha.scalar(select(Opportunity.id).where(Opportunity.remark == "Keep me")) is None


def test_none_is_made_for_somebody_elses_customer(client_of: Door, inside_alpha: Session) -> None:
    stage = str(stage_id(inside_alpha, "Proposal"))
    assert client_of("bob").post("opportunities/new", data=new(stage_id=stage, customer_id=str(prop("customer", "Alice")))).status_code == 404
    assert client_of("alice").post("opportunities/new", data=new(stage_id=stage, customer_id=str(prop("customer", "Beta")))).status_code == 404
    assert client_of("bob").post("opportunities/new", data=new(stage_id=stage, customer_id="x")).status_code == 400
    assert client_of("bob").post("opportunities/new", data=new(stage_id=str(stage_id(inside_alpha, "Won")))).status_code == 422
    assert client_of("rhea").get("opportunities/new").status_code == 403


def test_the_customer_field_finds_what_the_actor_may_work_on(client_of: Door) -> None:
    found = client_of("bob").get("opportunities/customers?q=Bob").get_json()
    assert [(one["value"], one["text"]) for one in found] == [(str(prop("customer", "Bob")), "Bob's customer")]
    assert client_of("bob").get("opportunities/customers?q=Alice").get_json() == []
    assert len(client_of("alice").get("opportunities/customers").get_json()) == 2, "nothing typed: those spoken to last"


def test_the_contacts_follow_the_customer(client_of: Door, inside_alpha: Session) -> None:
    said = text(client_of("alice").get(f"opportunities/contacts?customer_id={prop('customer', 'Bob')}", htmx=True))
    assert "Bob&#39;s contact" in said and "Alice&#39;s contact" not in said and "<html" not in said
    inside_alpha.get_one(Contact, prop("contact", "Bob")).deleted_at = dt.datetime.now(dt.UTC)
    inside_alpha.commit()
    assert "Bob&#39;s contact" not in text(client_of("alice").get(f"opportunities/contacts?customer_id={prop('customer', 'Bob')}", htmx=True))


def test_it_is_handed_over(client_of: Door, inside_alpha: Session, players: dict[str, Player]) -> None:
    answer = client_of("mei").post(f"opportunities/{BOBS}/handover", data={"owner_id": str(players["alice"].member_id)})
    assert answer.status_code == 303 and fresh(inside_alpha).owner_id == players["alice"].member_id
    assert client_of("bob").get(f"opportunities/{BOBS}").status_code == 404
    assert client_of("alice").post(f"opportunities/{BOBS}/handover", data={"owner_id": str(uuid.uuid4())}).status_code == 422


def test_it_goes_into_the_bin_and_comes_back(client_of: Door, inside_alpha: Session) -> None:
    mei = client_of("mei")
    answer = mei.post(f"opportunities/{BOBS}/deletion")
    assert answer.status_code == 303 and fresh(inside_alpha).deleted_at is not None
    assert f"/alpha/opportunities/{BOBS}/restoration" in text(mei.get(answer.headers["Location"])), "the toast takes it back"
    assert mei.get(f"opportunities/{BOBS}").status_code == 404
    assert "Bob&#39;s opportunity" in text(mei.get("opportunities/bin"))
    assert client_of("bob").post(f"opportunities/{BOBS}/restoration").status_code == 403
    assert mei.post(f"opportunities/{BOBS}/restoration").status_code == 303
    assert mei.get(f"opportunities/{BOBS}").status_code == 200


def test_the_bin_forgets_after_thirty_days(client_of: Door, inside_alpha: Session) -> None:
    inside_alpha.get_one(Opportunity, BOBS).deleted_at = dt.datetime.now(dt.UTC) - dt.timedelta(days=31)
    inside_alpha.commit()
    assert "The bin is empty" in text(client_of("mei").get("opportunities/bin"))
    assert client_of("mei").post(f"opportunities/{BOBS}/restoration").status_code == 404


def test_it_stays_in_the_bin_while_its_customer_is_there(client_of: Door, inside_alpha: Session) -> None:
    inside_alpha.get_one(Opportunity, BOBS).deleted_at = dt.datetime.now(dt.UTC)
    inside_alpha.get_one(Customer, prop("customer", "Bob")).deleted_at = dt.datetime.now(dt.UTC)
    inside_alpha.commit()
    answer = client_of("mei").post(f"opportunities/{BOBS}/restoration")
    assert answer.status_code == 422 and "restore the customer first" in text(answer)


def test_it_goes_over_into_another_pipeline(client_of: Door, inside_alpha: Session) -> None:
    client_of("alice").post("settings/pipelines/new", data={"name": "Renewals", "like": str(fresh(inside_alpha).pipeline_id)})
    renewals = inside_alpha.scalars(select(Pipeline).where(Pipeline.name == "Renewals")).one()
    first = renewals.stages(inside_alpha)[0]
    assert "Renewals" in text(client_of("bob").get(f"opportunities/{BOBS}"))
    assert move(client_of("bob"), BOBS, first.id, htmx=False).status_code == 303
    assert (fresh(inside_alpha).pipeline_id, fresh(inside_alpha).stage_id) == (renewals.id, first.id)
