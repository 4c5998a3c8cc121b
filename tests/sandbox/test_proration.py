"""The sandbox's arithmetic, against another way of computing the same."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sandbox.stripe.periods import after, next_end
from sandbox.stripe.proration import Rent, prorate, share

SECONDS = st.integers(1, 31 * 86_400)
AMOUNTS = st.integers(0, 10_000_000)


def price(amount: int, name: str = "price_a") -> dict[str, Any]:
    return {"id": name, "product": "prod", "unit_amount": amount, "currency": "cny"}


def rounded(exact: Fraction) -> int:
    return int((Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal(1), ROUND_HALF_UP))


@given(AMOUNTS, SECONDS, SECONDS)
def test_a_share_is_the_exact_one_rounded_once(amount: int, one: int, other: int) -> None:
    left, whole = sorted((one, other))
    assert share(amount, left, whole) == rounded(Fraction(amount * left, whole))


@given(st.integers(0, 500), st.integers(0, 500), st.integers(1, 9_999), st.integers(1, 9_999), SECONDS, SECONDS)
def test_a_change_costs_the_difference_for_the_time_that_is_left(seats: int, more: int, old: int, new: int, one: int, other: int) -> None:
    gone, whole = sorted((one, other))
    before, behind = Rent("si_1", price(old), seats), Rent("si_1", price(new, "price_b"), more)
    credit, debit = prorate([before], [behind], 0, whole, gone, {"prod": "Standard"})
    left = Fraction(whole - gone, whole)
    assert credit.amount == -rounded(seats * old * left)
    assert debit.amount == rounded(more * new * left)
    assert abs(credit.amount + debit.amount - (more * new - seats * old) * left) <= 1
    assert (credit.start, credit.end) == (debit.start, debit.end) == (gone, whole)


@given(st.lists(st.tuples(st.integers(1, 200), SECONDS), min_size=1, max_size=6))
def test_many_changes_cost_what_their_seconds_cost(changes: list[tuple[int, int]]) -> None:
    """5 seats for a week, 9 for two, …: in the end each second was paid for the seats that there were, but for a cent a change."""
    whole, seats, now = sum(span for _, span in changes), changes[0][0], 0
    paid, exact = seats * 3100, Fraction(0)
    for count, span in changes:
        drafts = prorate([Rent("si", price(3100), seats)], [Rent("si", price(3100), count)], 0, whole, now, {"prod": "x"})
        paid += sum(one.amount for one in drafts)
        exact += Fraction(count * 3100 * span, whole)
        seats, now = count, now + span
    assert abs(paid - exact) <= len(changes)


@given(st.integers(0, 3), st.integers(1, 31), st.integers(0, 86_399), st.integers(1, 40))
def test_months_keep_the_day_they_began_on(month: int, day: int, second: int, count: int) -> None:
    """Counted by hand, month by month."""
    day = min(day, (31, 28, 31, 30)[month])
    start = dt.datetime(2026, month + 1, day, tzinfo=dt.UTC) + dt.timedelta(seconds=second)
    year, then = start.year, start.month
    for _ in range(count):
        year, then = (year + 1, 1) if then == 12 else (year, then + 1)
    last = ((dt.datetime(year + then // 12, then % 12 + 1, 1, tzinfo=dt.UTC)) - dt.timedelta(days=1)).day
    expected = start.replace(year=year, month=then, day=min(start.day, last))
    assert after(int(start.timestamp()), "month", 1, count) == int(expected.timestamp())


@given(st.integers(0, 2_000_000_000), st.integers(0, 200_000_000))
def test_the_next_end_is_the_first_that_is_not_over(anchor: int, gone: int) -> None:
    end = next_end(anchor, "month", 1, anchor + gone)
    assert anchor + gone < end <= anchor + gone + 31 * 86_400


def test_what_stays_is_not_touched() -> None:
    same, gone = Rent("si_1", price(100), 1), Rent("si_2", price(200, "price_b"), 1)
    [credit] = prorate([same, gone], [same], 0, 100, 50, {"prod": "x"})
    assert (credit.amount, credit.rent) == (-100, gone)
