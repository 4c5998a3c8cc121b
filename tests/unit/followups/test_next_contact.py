"""When a customer is to be spoken to next."""

import datetime as dt
import uuid
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.followups.rules import Kept, Promise, is_settled, may_change, next_contact, soon
from tenants.team.actor import Actor
from tenants.team.rules import Grant

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
MOMENTS = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 1, 1), timezones=st.just(dt.UTC))
PROMISES = st.builds(Promise, MOMENTS, MOMENTS)
KEPT = st.lists(st.builds(Kept, MOMENTS, MOMENTS), max_size=5)
T = dt.datetime(2026, 11, 23, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@given(plans=st.lists(MOMENTS, max_size=5), promise=st.none() | PROMISES, kept=KEPT)
def test_it_is_the_earliest_of_what_is_open(plans: list[dt.datetime], promise: Promise | None, kept: list[Kept]) -> None:
    found = next_contact(plans, promise, kept)
    waiting = plans + ([promise.due_at] if promise and not is_settled(promise, kept) else [])
    assert found == (min(waiting) if waiting else None)
    assert all(found is not None and found <= plan for plan in plans)


@given(plans=st.lists(MOMENTS, max_size=5), promise=PROMISES, kept=KEPT, another=MOMENTS)
def test_one_more_plan_never_makes_it_later(plans: list[dt.datetime], promise: Promise, kept: list[Kept], another: dt.datetime) -> None:
    before = next_contact(plans, promise, kept)
    after = next_contact([*plans, another], promise, kept)
    assert after is not None
    assert after <= another
    assert before is None or after <= before


@given(promise=PROMISES, kept=KEPT, more=KEPT)
def test_what_is_settled_stays_settled(promise: Promise, kept: list[Kept], more: list[Kept]) -> None:
    assert not is_settled(promise, kept) or is_settled(promise, kept + more)


@pytest.mark.parametrize(
    ("due", "done", "settled"),
    [
        (T, T, True),
        (T, T - DAY / 2, True),
        (T + DAY, T - DAY / 2, True),
        (T - DAY / 2, T + DAY, True),
        (T - DAY / 2, T - DAY / 2, False),
        (T, T - 3 * DAY, False),
    ],
)
def test_a_promise_is_settled_by_a_plan_for_that_time_that_was_done_since(due: dt.datetime, done: dt.datetime, *, settled: bool) -> None:
    assert is_settled(Promise(made_at=T - 2 * DAY, due_at=T), [Kept(due, done)]) is settled


@pytest.mark.parametrize("day", [dt.date(2026, 11, 22) + dt.timedelta(days=ahead) for ahead in range(7)])
def test_quick_choices_lie_ahead_at_nine(day: dt.date) -> None:
    moments = {name: moment.astimezone(SHANGHAI) for name, moment in soon(day, SHANGHAI).items()}
    assert all((moment.hour, moment.minute) == (9, 0) for moment in moments.values())
    assert moments["tomorrow"].date() == day + dt.timedelta(days=1)
    assert moments["three_days"].date() == day + dt.timedelta(days=3)
    assert moments["monday"].weekday() == 0
    assert day < moments["monday"].date() <= day + dt.timedelta(days=7)


def _actor(scope: str, verbs: set[str], subordinates: tuple[uuid.UUID, ...] = ()) -> Actor:
    me = uuid.uuid4()
    grants = {"customer": Grant(scope, frozenset({"read"})), "followup": Grant(scope, frozenset(verbs))}
    return Actor(me, me, "", "", me, "", "", None, grants, (me, *subordinates), (me,), (me,), ())


def test_a_follow_up_is_changed_by_its_author_a_leader_and_who_looks_after_the_firm() -> None:
    author, other = uuid.uuid4(), uuid.uuid4()
    own = _actor("own", {"edit", "delete"})
    assert may_change(own.id, own)
    assert not may_change(other, own)
    assert may_change(author, _actor("subordinates", {"edit"}, (author,)))
    assert may_change(author, _actor("all", {"edit", "delete"}))
    assert not may_change(author, _actor("all", {"edit"}))
    assert not may_change(None, own)
