import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tenants.pipeline.rules import days_in_stage, is_slow, next_probability, weighted

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("amount", "probability", "hoped"),
    [("10000", 30, "3000.00"), ("0.05", 50, "0.03"), ("123456789.00", 70, "86419752.30"), ("999.99", 0, "0.00"), ("1", 100, "1.00")],
)
def test_the_weighted_amount_is_rounded_to_the_cent(amount: str, probability: int, hoped: str) -> None:
    assert weighted(Decimal(amount), probability) == Decimal(hoped)


@pytest.mark.parametrize(
    ("current", "outcome", "expected"), [(30, "open", 50), (45, "open", 45), (30, "won", 100), (45, "won", 100), (45, "lost", 0), (30, "invalid", 0)]
)
def test_the_probability_follows_the_stage_unless_somebody_knew_better(current: int, outcome: str, expected: int) -> None:
    assert next_probability(current, of_old_stage=30, of_new_stage=50, outcome=outcome) == expected


def test_days_are_counted_by_the_calendar_of_the_firm() -> None:
    evening, morning = dt.datetime(2026, 3, 1, 15, 59, tzinfo=dt.UTC), dt.datetime(2026, 3, 1, 16, 1, tzinfo=dt.UTC)
    assert days_in_stage(evening, morning, SHANGHAI) == 1  # 23:59 and 00:01 in Shanghai
    assert days_in_stage(evening, morning, dt.UTC) == 0
    assert days_in_stage(morning, evening, SHANGHAI) == 0  # clocks differ


@pytest.mark.parametrize(("days", "outcome", "slow"), [(14, "open", False), (15, "open", True), (99, "won", False)])
def test_a_card_is_slow_after_the_days_of_its_stage(days: int, outcome: str, slow: bool) -> None:
    assert is_slow(days, 14, outcome) is slow
