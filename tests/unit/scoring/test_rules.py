"""Rules as they are checked and kept, and grades from scores."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.scoring.defaults import default_scheme
from tenants.scoring.grading import Cuts, Grading, cuts_by_share
from tenants.scoring.kinds import KINDS, SUBJECTS, Subject
from tenants.scoring.rules import MOST_RULES, NothingChosen, TooManyRules, UnknownKind, make_rule, read_scheme, sum_of
from tenants.values.words import Refusal


@pytest.mark.parametrize("subject", SUBJECTS)
def test_what_is_kept_is_read_again(subject: Subject) -> None:
    scheme = default_scheme(subject)
    assert read_scheme(subject, scheme.plain()) == scheme


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_kind_is_used_or_offered_with_sensible_values(subject: Subject) -> None:
    for kind in KINDS[subject].values():
        values: dict[str, Any] = {param.name: param.default for param in kind.params}
        if kind.fields:
            values |= {"field": kind.fields[0], "values": ("x",)}
        rule = make_rule(subject, "r", kind.key, kind.points, values)
        assert rule.points == kind.points


@given(raw=st.dictionaries(st.text(), st.none() | st.integers() | st.text() | st.lists(st.text())), points=st.none() | st.integers() | st.text())
def test_nonsense_is_refused_and_never_breaks(raw: dict[str, Any], points: Any) -> None:
    for subject in SUBJECTS:
        for kind in KINDS[subject]:
            try:
                rule = make_rule(subject, "r", kind, points, raw)
            except Refusal:
                continue
            assert -100 <= rule.points <= 100 and rule.points


def test_what_a_newer_release_wrote_is_left_out() -> None:
    raw = default_scheme("customer").plain()
    raw["rules"].append({"id": "x", "kind": "moon", "points": 5, "values": {}})
    assert read_scheme("customer", raw) == default_scheme("customer")
    with pytest.raises(UnknownKind):
        make_rule("customer", "x", "moon", 5, {})


def test_a_refusal_names_its_field() -> None:
    with pytest.raises(NothingChosen) as refused:
        make_rule("customer", "r", "is_one_of", 5, {"field": "status", "values": []})
    assert refused.value.param == "values"  # type: ignore[attr-defined]


def test_rules_are_not_without_end() -> None:
    scheme = default_scheme("customer")
    with pytest.raises(TooManyRules):
        for number in range(MOST_RULES):
            scheme = scheme.put(make_rule("customer", f"r{number}", "decider", 1, {}))
    assert len(scheme.rules) == MOST_RULES


@given(base=st.integers(0, 100), points=st.lists(st.integers(-100, 100)))
def test_a_score_is_from_0_to_100(base: int, points: list[int]) -> None:
    assert 0 <= sum_of(base, tuple(points)) <= 100


SCORES = st.lists(st.integers(0, 100), min_size=1, max_size=60)


@given(scores=SCORES, share_a=st.integers(1, 50), share_b=st.integers(1, 49))
def test_shares_are_kept(scores: list[int], share_a: int, share_b: int) -> None:
    """Nobody with a greater score has a worse grade; a share is exceeded only by those who share the best score."""
    cuts = cuts_by_share(Counter(scores), share_a, share_b)
    grades = Counter(cuts.grade(score) for score in scores)
    assert cuts.b <= cuts.a
    best = scores.count(max(scores))
    assert grades["A"] * 100 <= len(scores) * share_a or grades["A"] == best
    assert (grades["A"] + grades["B"]) * 100 <= len(scores) * (share_a + share_b) or grades["A"] + grades["B"] == grades["A"]
    assert [cuts.grade(score) for score in sorted(scores, reverse=True)] == sorted(cuts.grade(score) for score in scores)


def test_a_firm_without_customers_has_cuts() -> None:
    assert cuts_by_share({}, 20, 30) == Cuts(101, 101)


@pytest.mark.parametrize("values", [{"a": 40, "b": 40}, {"b": 0}, {"a": 101}, {"share_a": 0}, {"share_a": 60, "share_b": 40}])
def test_thresholds_and_shares_make_sense(values: dict[str, int]) -> None:
    with pytest.raises(Refusal):
        Grading.of(values).checked()
