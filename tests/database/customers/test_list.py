"""The list: each row once whatever the order, filters as the model says, counts as long as the list."""

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.customers.criteria import Criteria
from tenants.customers.customer import Customer
from tenants.customers.options import STATUSES
from tenants.customers.queries import MANY, ORDERS, CustomerRow, Edge, count, rows, scene_counts
from tenants.customers.tagging import add_tag
from tenants.pipeline.opportunity import Opportunity
from tenants.pipeline.pipeline import Stage
from tenants.scoring.models import Score
from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.values.ids import new_id
from tests.world.customers import MIDNIGHT, NOON, make_customer
from tests.world.stage import prop

DAY = dt.timedelta(days=1)
MOMENTS = st.sampled_from([NOON - DAY, NOON, NOON + DAY])


def plain(session: Session, **values: Any) -> uuid.UUID:
    key, score = new_id(), values.pop("score", None)
    if score is not None:
        session.add(Score(subject_id=key, kind="customer", score=score, parts=[], version=0, at=NOON))
    made: dict[str, Any] = {"name": "Row", "kind": "company", "status_since": NOON, "created_at": NOON, "updated_at": NOON} | values
    customer = Customer(id=key, number=str(key), **made)
    customer.refresh_search()
    session.add(customer)
    return key


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(
        st.fixed_dictionaries(
            {"name": st.sampled_from(["a", "b", "青", "禾"]), "created_at": MOMENTS, "next_contact_at": st.none() | MOMENTS,
             "last_followup_at": st.none() | MOMENTS,
             "grade": st.sampled_from([None, "A", "B", "C"]), "score": st.none() | st.integers(0, 3), "status": st.sampled_from(list(STATUSES)),
             "owner": st.sampled_from([None, "Bob", "Alice", "Mei"]), "open": st.sampled_from([(), (0,), (7, 1), (8,)])}
        ),
        max_size=9,
    ),
    sort=st.sampled_from([sign + order for order in ORDERS for sign in ("", "-")]),
    limit=st.integers(1, 4),
)  # fmt: skip
def test_pages_show_each_row_once_in_order_and_back_again(
    inside_alpha: Session, alice: Actor, values: list[dict[str, Any]], sort: str, limit: int
) -> None:
    session = inside_alpha
    around = session.begin_nested()
    try:
        owners = {name: key for key, name in session.execute(select(Member.id, Member.name))}
        for one in values:
            key = plain(session, **{name: value for name, value in one.items() if name not in ("owner", "open")}, owner_id=owners.get(one["owner"]))
            opened(session, key, one["open"])
        session.flush()
        whole = rows(session, alice, Criteria(), sort=sort, limit=100, today=MIDNIGHT)
        assert len(whole) == len(values) + 2  # two stood there before
        assert [row.id for row in whole] == [row.id for row in sorted(whole, key=_key(sort), reverse=sort.startswith("-"))]
        forth = _walk(session, alice, sort, limit)
        assert [row.id for page in forth for row in page] == [row.id for row in whole]
        back = rows(session, alice, Criteria(), sort=sort, limit=100, today=MIDNIGHT, edge=_edge(sort, whole[-1], backwards=True))
        assert [row.id for row in back] == [row.id for row in whole[:-1]]
        before = rows(session, alice, Criteria(), sort=sort, limit=limit, today=MIDNIGHT, edge=_edge(sort, whole[-1], backwards=True))
        assert [row.id for row in before] == [row.id for row in whole[:-1]][-limit - 1 :]
    finally:
        around.rollback()


def _walk(session: Session, actor: Actor, sort: str, limit: int) -> list[list[CustomerRow]]:
    pages: list[list[CustomerRow]] = []
    edge = None
    while True:
        found = rows(session, actor, Criteria(), sort=sort, limit=limit, today=MIDNIGHT, edge=edge)
        pages.append(found[:limit])
        if len(found) <= limit:
            return pages
        edge = _edge(sort, found[limit - 1])


def _edge(sort: str, row: CustomerRow, *, backwards: bool = False) -> Edge:
    return Edge(ORDERS[sort.removeprefix("-")].of(row), row.id, backwards)


def _key(sort: str) -> Any:
    missing: dict[str, Any] = {"score": -1 if sort.startswith("-") else 101}  # last, whichever way
    missing |= {"next": dt.datetime.max.replace(tzinfo=dt.UTC), "last": dt.datetime.min.replace(tzinfo=dt.UTC), "grade": "~", "amount": 0}
    order = sort.removeprefix("-")
    placed: dict[str, Callable[[CustomerRow], Any]] = {"status": lambda row: [*STATUSES].index(row.status), "owner": lambda row: row.owner or "~"}
    told = placed.get(order, ORDERS[order].of)
    return lambda row: (told(row) if told(row) is not None else missing[order], row.id)


def opened(session: Session, customer_id: uuid.UUID, amounts: tuple[int, ...]) -> None:
    """Open opportunities of these amounts."""
    stage = session.scalars(select(Stage).limit(1)).one()
    for amount in amounts:
        made = {"name": "One", "amount": Decimal(amount), "probability": 10, "rank": "a", "stage_since": NOON, "created_at": NOON, "updated_at": NOON}
        one = Opportunity(customer_id=customer_id, pipeline_id=stage.pipeline_id, stage_id=stage.id, search=[], **made)
        session.add(one)


def test_owners_stand_as_their_names_are_spoken(inside_alpha: Session, alice: Actor, bob: Actor) -> None:
    """王 is wang, between Mei and a Zoe; by its code it would stand after all letters."""
    inside_alpha.get_one(Member, bob.id).name = "王芳"
    inside_alpha.get_one(Member, alice.id).name = "Zoe"
    plain(inside_alpha, owner_id=None)
    inside_alpha.flush()
    found = rows(inside_alpha, alice, Criteria(), sort="owner", today=MIDNIGHT)
    assert [row.owner for row in found] == ["王芳", "Zoe", None]


def ids(session: Session, actor: Actor, **criteria: Any) -> set[uuid.UUID]:
    asked = Criteria(**criteria)
    found = {row.id for row in rows(session, actor, asked, limit=100, today=MIDNIGHT)}
    assert count(session, actor, asked, today=MIDNIGHT) == (len(found), True)
    assert count(session, actor, asked, today=MIDNIGHT, exactly=True) == (len(found), True)
    return found


@pytest.mark.parametrize(
    ("criteria", "fits"),
    [
        ({"status": ("vip", "lapsed")}, {"status": "vip"}),
        ({"grade": ("A",)}, {"grade": "A"}),
        ({"source": ("exhibition",)}, {"source": "exhibition"}),
        ({"industry": ("Logistics",)}, {"industry": "Logistics"}),
        ({"region": "浙江"}, {"region": "浙江 杭州"}),
        ({"region": "100%"}, {"region": "100% China"}),
        ({"owner": (None,)}, {"owner_id": None}),
        ({"next": "none"}, {"next_contact_at": None}),
        ({"next": "today"}, {"next_contact_at": MIDNIGHT}),
        ({"next": "today"}, {"next_contact_at": MIDNIGHT + DAY - dt.timedelta(seconds=1)}),
        ({"next": "overdue"}, {"next_contact_at": MIDNIGHT - dt.timedelta(seconds=1)}),
        ({"next": "week"}, {"next_contact_at": MIDNIGHT + 6 * DAY}),
        ({"idle": 7}, {"last_followup_at": MIDNIGHT - 8 * DAY, "created_at": NOON - 20 * DAY}),
        ({"idle": 7}, {"last_followup_at": None, "created_at": NOON - 20 * DAY}),
        ({"created_from": NOON - 2 * DAY}, {"created_at": NOON - 2 * DAY}),
        ({"created_before": NOON - 30 * DAY}, {"created_at": NOON - 31 * DAY}),
        ({"score_from": 40}, {"score": 40}),
        ({"score_below": 40}, {"score": 39}),
        ({"is_forgotten": True}, {"created_at": NOON - 40 * DAY, "next_contact_at": None}),
    ],
)  # fmt: skip
def test_filters(inside_alpha: Session, bob: Actor, criteria: dict[str, Any], fits: dict[str, Any]) -> None:
    """Of two customers that differ in one thing, a filter shows the one."""
    common = {"owner_id": bob.id, "next_contact_at": NOON + 90 * DAY, "last_followup_at": NOON, "created_at": NOON - 10 * DAY} | {
        "grade": "C",
        "status": "target",
    }
    away = {"created_before": {"created_at": NOON}, "created_from": {"created_at": NOON - 3 * DAY}}
    mine = plain(inside_alpha, **common | ({"last_followup_at": None} if "is_forgotten" in criteria else {}) | fits)
    other = plain(inside_alpha, **common | away.get(next(iter(criteria)), {}))
    inside_alpha.flush()
    actor = _seeing_all(bob)
    found = ids(inside_alpha, actor, **criteria) & {mine, other}
    assert found == {mine}


def test_a_customer_that_somebody_spoke_to_yesterday_is_not_idle(inside_alpha: Session, bob: Actor) -> None:
    spoken = plain(inside_alpha, owner_id=bob.id, created_at=NOON - 50 * DAY, last_followup_at=NOON - DAY)
    new = plain(inside_alpha, owner_id=bob.id, created_at=NOON - DAY)
    inside_alpha.flush()
    assert not ids(inside_alpha, bob, idle=7) & {spoken, new}


def test_filter_by_tag_team_and_open_opportunities(inside_alpha: Session, alice: Actor, bob: Actor) -> None:
    customer = inside_alpha.get_one(Customer, prop("customer", "Bob"))
    tag = add_tag(inside_alpha, customer, "Important", by=bob, at=NOON)
    inside_alpha.flush()
    assert ids(inside_alpha, alice, tag=(tag.id,)) == {customer.id}
    assert ids(inside_alpha, alice, team=bob.team_id) == {customer.id}
    assert ids(inside_alpha, alice, owner=(bob.id,)) == {customer.id}
    both = {customer.id, prop("customer", "Alice")}
    assert ids(inside_alpha, alice, with_open=True) == both
    inside_alpha.get_one(Opportunity, prop("opportunity", "Bob")).deleted_at = NOON
    inside_alpha.flush()
    assert ids(inside_alpha, alice, with_open=True) == both - {customer.id}


def test_handed_to_me_in_the_last_days(inside_alpha: Session, alice: Actor, bob: Actor) -> None:
    from tests.world.customers import member_of

    given = make_customer(inside_alpha, alice, "Given")
    given.transfer(inside_alpha, member_of(inside_alpha, bob), by=alice, at=NOON)
    long_ago = make_customer(inside_alpha, alice, "Long ago")
    long_ago.transfer(inside_alpha, member_of(inside_alpha, bob), by=alice, at=NOON - 9 * DAY)
    inside_alpha.flush()
    assert ids(inside_alpha, bob, scene="mine", was_given=True) == {given.id}


def test_a_row_tells_owner_and_the_sum_of_open_opportunities(inside_alpha: Session, alice: Actor) -> None:
    row = next(row for row in rows(inside_alpha, alice, Criteria(), today=MIDNIGHT) if row.id == prop("customer", "Bob"))
    assert (row.owner, str(row.open_amount), row.tags) == ("Bob", "10000.00", None)


def test_counting_ends_at_a_bound(inside_alpha: Session, alice: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenants.customers.queries.MANY", 1)
    assert count(inside_alpha, alice, Criteria(status=("potential",)), today=MIDNIGHT) == (1, False)
    assert count(inside_alpha, alice, Criteria(status=("potential",)), today=MIDNIGHT, exactly=True) == (2, True)
    assert MANY == 10_000


def test_scenes_are_counted_in_one_statement(inside_alpha: Session, mei: Actor) -> None:
    assert scene_counts(inside_alpha, mei) == {"all": 1, "mine": 0, "subordinates": 1, "shared": 0, "watched": 0}


def _seeing_all(bob: Actor) -> Actor:
    import dataclasses

    from tenants.team.rules import Grant

    return dataclasses.replace(bob, grants={"customer": Grant("all", frozenset({"read"}))})
