"""The set-wise SQL says what the rules say: asked of a plain reckoning in Python, for made-up firms and made-up rules."""

import datetime as dt
import math
import uuid
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.followups.models import Followup
from tenants.pipeline.models import Opportunity, Stage
from tenants.scoring.defaults import default_scheme
from tenants.scoring.explaining import explain
from tenants.scoring.models import Score
from tenants.scoring.reckoning import rescore
from tenants.scoring.rules import Rule, Scheme, make_rule, sum_of
from tenants.scoring.sources import Day, among_ids
from tests.world.customers import MIDNIGHT, NOON
from tests.world.stage import prop

ZONE = MIDNIGHT.tzinfo
DAY = Day.of(NOON, ZONE)  # type: ignore[arg-type]
AGO = st.integers(0, 90)
DAYS = st.integers(1, 60)


POINTS = st.integers(-25, 25).filter(bool)


def rule(subject: Any, kind: str, values: Any) -> Any:
    return st.builds(lambda chosen, number: (subject, kind, number, chosen), st.fixed_dictionaries(values), POINTS)


BAND = {"amount_from": st.integers(0, 200).map(str), "amount_below": st.none() | st.integers(201, 400).map(str)}
TALKS = {"days": DAYS, "most": st.integers(1, 4)}
FILLED = st.booleans()
CUSTOMER_RULES = st.one_of(
    rule("customer", "is_one_of", {"field": st.just("status"), "values": st.lists(st.sampled_from(["target", "vip", "lapsed"]), min_size=1)}),
    rule("customer", "is_one_of", {"field": st.just("region"), "values": st.lists(st.sampled_from(["浙江", "浙江 杭州", "江苏"]), min_size=1)}),
    rule("customer", "is_filled", {"field": st.sampled_from(["phone", "region", "owner_id"]), "filled": FILLED}),
    rule("customer", "decider", {}),
    rule("customer", "talks", TALKS),
    rule("customer", "last_talk", {"half_life": st.integers(1, 40)}),
    rule("customer", "silent", {"days": DAYS}),
    rule("customer", "overdue", {"days": st.integers(0, 20)}),
    rule("customer", "young", {"days": DAYS}),
    rule("customer", "open_deals", {"at_least": st.integers(1, 3)}),
    rule("customer", "furthest_stage", {"percent_from": st.integers(1, 100)}),
    rule("customer", "open_amount", BAND),
    rule("customer", "won_amount", {"days": DAYS, **BAND}),
)
OPPORTUNITY_RULES = st.one_of(
    rule("opportunity", "probability", {"percent_from": st.integers(0, 60), "percent_below": st.none() | st.integers(61, 101)}),
    rule("opportunity", "amount", BAND),
    rule("opportunity", "slow", {"days": st.integers(0, 20)}),
    rule("opportunity", "late", {"days": st.integers(0, 20)}),
    rule("opportunity", "closing", {"days": DAYS}),
    rule("opportunity", "talks", TALKS),
    rule("opportunity", "last_talk", {"half_life": st.integers(1, 40)}),
    rule("opportunity", "silent", {"days": DAYS}),
    rule("opportunity", "customer_score", {"score_from": st.integers(1, 100)}),
    rule("opportunity", "is_filled", {"field": st.sampled_from(["contact_id", "expected_close_on", "products"]), "filled": FILLED}),
)
DEAL = st.fixed_dictionaries(
    {"outcome": st.sampled_from(["open", "won", "lost"]), "amount": st.integers(0, 300), "probability": st.integers(0, 100), "ago": AGO,
     "closes": st.none() | st.integers(-40, 40), "products": st.none() | st.just("pump")}
)  # fmt: skip
FIRM = st.fixed_dictionaries(
    {"status": st.sampled_from(["target", "regular", "vip", "lapsed"]), "region": st.none() | st.sampled_from(["浙江", "浙江 杭州", "浙江省外"]),
     "phone": st.none() | st.just("+8657188001122"), "ago": AGO, "next": st.none() | st.integers(-30, 30), "talks": st.lists(AGO, max_size=5),
     "decider": st.booleans(), "deals": st.lists(DEAL, max_size=3)}
)  # fmt: skip


def moment(ago: int) -> dt.datetime:
    return NOON - dt.timedelta(days=ago)


def made(subject: Any, asked: list[Any], base: int) -> Scheme:
    rules = (make_rule(subject, f"r{place}", kind, points, values) for place, (_, kind, points, values) in enumerate(asked))
    return Scheme(subject, tuple(rules), base, version=3)


@pytest.fixture
def firm(inside_alpha: Session) -> Session:
    """Alpha with Bob's customer alone, and nothing that hangs on it."""
    for table in (Followup, Opportunity, Contact):
        inside_alpha.execute(delete(table))
    inside_alpha.execute(delete(Customer).where(Customer.id != prop("customer", "Bob")))
    return inside_alpha


def furnish(session: Session, facts: dict[str, Any]) -> Customer:
    session.execute(delete(Score))
    for table in (Followup, Opportunity, Contact):
        session.execute(delete(table))
    customer = session.get_one(Customer, prop("customer", "Bob"))
    customer.status, customer.region, customer.phone = facts["status"], facts["region"], facts["phone"]
    customer.created_at, customer.next_contact_at = moment(facts["ago"]), None if facts["next"] is None else moment(facts["next"])
    customer.last_followup_at = moment(min(facts["talks"])) if facts["talks"] else None
    stage = session.scalars(select(Stage).where(Stage.kind == "open").order_by(Stage.position)).first()
    assert stage is not None
    at = {"created_at": NOON, "updated_at": NOON}
    for ago in facts["talks"]:
        session.add(Followup(customer_id=customer.id, means="phone", content="x", at=moment(ago), **at))
    if facts["decider"]:
        session.add(Contact(customer_id=customer.id, name="Li", is_decision_maker=True, name_key="li", search=[], **at))
    for place, deal in enumerate(facts["deals"]):
        closes = None if deal["closes"] is None else DAY.date + dt.timedelta(days=deal["closes"])
        session.add(
            Opportunity(
                id=uuid.UUID(int=place + 1), customer_id=customer.id, pipeline_id=stage.pipeline_id, stage_id=stage.id, name="x", rank=f"a{place}",
                stage_since=moment(deal["ago"]), outcome=deal["outcome"], amount=Decimal(deal["amount"]), probability=deal["probability"],
                closed_at=None if deal["outcome"] == "open" else moment(deal["ago"]), expected_close_on=closes, products=deal["products"], search=[],
                **at,
            )
        )  # fmt: skip
    session.flush()
    return customer


def band(value: Any, low: Any, high: Any) -> bool:
    return (low is None or value >= low) and (high is None or value < high)


def shared_points(one: Rule, facts: dict[str, Any]) -> Any:
    """What rules of both kinds of subject say about the customer."""
    v, talks = one.values, facts["talks"]
    if one.kind == "talks":
        return one.points * min(v["most"], sum(ago <= v["days"] for ago in talks))
    if one.kind == "last_talk":
        return math.floor(one.points * 0.5 ** (min(talks) / v["half_life"]) + 0.5) if talks else 0
    if one.kind == "silent":
        return one.points * ((min(talks) if talks else facts["ago"]) >= v["days"])
    return None


def customer_points(one: Rule, facts: dict[str, Any]) -> Any:
    if (shared := shared_points(one, facts)) is not None:
        return shared
    v, open_ones = one.values, [deal for deal in facts["deals"] if deal["outcome"] == "open"]
    filled = {"phone": facts["phone"], "region": facts["region"], "owner_id": "Bob"}
    won = sum(deal["amount"] for deal in facts["deals"] if deal["outcome"] == "won" and deal["ago"] <= v.get("days", 0))
    holds: dict[str, Callable[[], Any]] = {
        "is_one_of": lambda: any(
            facts[v["field"]] == value or (v["field"] == "region" and (facts["region"] or "").startswith(f"{value} ")) for value in v["values"]
        ),
        "is_filled": lambda: (filled[v["field"]] is not None) == v["filled"],
        "decider": lambda: facts["decider"],
        "overdue": lambda: facts["next"] is not None and facts["next"] > v["days"],
        "young": lambda: facts["ago"] <= v["days"],
        "open_deals": lambda: len(open_ones) >= v["at_least"],
        "furthest_stage": lambda: any(deal["probability"] >= v["percent_from"] for deal in open_ones),
        "open_amount": lambda: band(sum(deal["amount"] for deal in open_ones), v["amount_from"], v["amount_below"]),
        "won_amount": lambda: band(won, v["amount_from"], v["amount_below"]),
    }
    return one.points if holds[one.kind]() else 0


def deal_points(one: Rule, facts: dict[str, Any], deal: dict[str, Any], customer: int, slow_after: int) -> Any:
    if (shared := shared_points(one, facts)) is not None:
        return shared
    v, closes = one.values, deal["closes"]
    filled = {"contact_id": None, "expected_close_on": closes, "products": deal["products"]}
    holds: dict[str, Callable[[], Any]] = {
        "probability": lambda: band(deal["probability"], v["percent_from"], v["percent_below"]),
        "amount": lambda: band(deal["amount"], v["amount_from"], v["amount_below"]),
        "slow": lambda: deal["ago"] > slow_after + v["days"],
        "late": lambda: closes is not None and -closes > v["days"],
        "closing": lambda: closes is not None and 0 <= closes <= v["days"],
        "customer_score": lambda: customer >= v["score_from"],
        "is_filled": lambda: (filled[v["field"]] is not None) == v["filled"],
    }
    return one.points if holds[one.kind]() else 0


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=FIRM, base=st.integers(0, 100), ours=st.lists(CUSTOMER_RULES, max_size=8), theirs=st.lists(OPPORTUNITY_RULES, max_size=6))
def test_sql_and_python_reckon_the_same(firm: Session, facts: dict[str, Any], base: int, ours: list[Any], theirs: list[Any]) -> None:
    customer = furnish(firm, facts)
    scheme, of_deals = made("customer", ours, base), made("opportunity", theirs, base)
    rescore(firm, scheme, DAY, at=NOON)
    rescore(firm, of_deals, DAY, at=NOON, among=among_ids([customer.id]))
    scores = {row.subject_id: row for row in firm.scalars(select(Score))}
    points = [customer_points(one, facts) for one in scheme.rules]
    assert scores[customer.id].parts == points
    assert scores[customer.id].score == sum_of(base, tuple(points))
    slow_after = firm.scalars(select(Stage.slow_after).where(Stage.kind == "open").order_by(Stage.position)).first() or 0
    open_ones = {uuid.UUID(int=place + 1): deal for place, deal in enumerate(facts["deals"]) if deal["outcome"] == "open"}
    assert scores.keys() - {customer.id} == open_ones.keys()
    for key, deal in open_ones.items():
        assert scores[key].parts == [deal_points(one, facts, deal, scores[customer.id].score, slow_after) for one in of_deals.rules]
        told = explain(firm, of_deals, DAY, key)
        assert told is not None and [reason.points for reason in told.reasons] == scores[key].parts and told.score == scores[key].score
    told = explain(firm, scheme, DAY, customer.id)
    assert told is not None and [reason.points for reason in told.reasons] == points and told.score == scores[customer.id].score
    for row in scores.values():
        firm.expunge(row)


@pytest.mark.parametrize("subject", ["customer", "opportunity"])
def test_only_what_differs_is_written(inside_alpha: Session, subject: Any) -> None:
    scheme = default_scheme(subject)
    assert rescore(inside_alpha, scheme, DAY, at=NOON).written == 2
    assert rescore(inside_alpha, scheme, DAY, at=NOON).written == 0
    assert rescore(inside_alpha, replace(scheme, base=scheme.base + 60), DAY, at=NOON).written == 2


def test_a_customer_in_the_bin_has_no_score(inside_alpha: Session) -> None:
    inside_alpha.get_one(Customer, prop("customer", "Bob")).deleted_at = NOON
    inside_alpha.flush()
    assert rescore(inside_alpha, default_scheme("customer"), DAY, at=NOON).written == 1
    assert explain(inside_alpha, default_scheme("customer"), DAY, prop("customer", "Bob")) is None
