"""When a visit is over, and what a reason is."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from saas.operator.rules import ENDINGS, LONGEST, Facts, is_reason, why_over
from saas.registry.states import ENTERABLE, STATES

AT = dt.datetime(2026, 11, 27, 6, 0, tzinfo=dt.UTC)
RUNS = Facts(ends_at=AT + LONGEST, ending=None, is_same_browser=True, may_act=True, tenant_state="active")
MOMENTS = some.timedeltas(min_value=-2 * LONGEST, max_value=2 * LONGEST).map(lambda gap: AT + gap)
FACTS = some.builds(
    Facts,
    ends_at=MOMENTS,
    ending=some.sampled_from([None, "left", "withdrawn", "staff"]),
    is_same_browser=some.booleans(),
    may_act=some.booleans(),
    tenant_state=some.sampled_from(STATES),
    is_withdrawn=some.booleans(),
    consent_ends_at=some.none() | MOMENTS,
)


@given(FACTS)
def test_it_runs_only_when_everything_speaks_for_it(facts: Facts) -> None:
    why = why_over(facts, AT)
    for_it = (
        facts.ending is None,
        facts.may_act,
        facts.tenant_state in ENTERABLE,
        not facts.is_withdrawn,
        facts.ends_at > AT,
        facts.consent_ends_at is None or facts.consent_ends_at > AT,
        facts.is_same_browser,
    )
    assert (why is None) == all(for_it)
    assert why is None or why in ENDINGS


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, None),
        ({"ending": "left", "may_act": False}, "left"),
        ({"may_act": False}, "staff"),
        ({"tenant_state": "closed"}, "closed"),
        ({"is_withdrawn": True}, "withdrawn"),
        ({"ends_at": AT}, "over"),
        ({"consent_ends_at": AT}, "over"),
        ({"is_same_browser": False}, "elsewhere"),
    ],
)
def test_why_it_is_over(changed: dict[str, object], why: str | None) -> None:
    assert why_over(replace(RUNS, **changed), AT) == why  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["A payment failed.", "付款失败需要查", "对账单的金额不符", "Bug 4711: why?"])
def test_a_reason(text: str) -> None:
    assert is_reason(text)


@pytest.mark.parametrize("text", ["", "support", "          ", "aaaaaaaaaaaa", "……………………", "查看数据", "a  b  c  d  e"])
def test_no_reason(text: str) -> None:
    assert not is_reason(text)
