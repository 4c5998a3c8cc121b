"""Places in a column: any sequence of moves keeps the order, and the keys stay short."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.pipeline.ranks import between, row


def bytewise(keys: list[str]) -> list[str]:
    return sorted(keys, key=str.encode)


@given(st.lists(st.integers(min_value=0), max_size=80))
def test_any_sequence_of_inserts_keeps_the_order(places: list[int]) -> None:
    column: list[str] = []
    for number in places:
        at = number % (len(column) + 1)
        column.insert(at, between(column[at - 1] if at else None, column[at] if at < len(column) else None))
    assert column == bytewise(column)
    assert len(set(column)) == len(column)


@given(st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), max_size=80))
def test_any_sequence_of_moves_keeps_the_order(moves: list[tuple[int, int]]) -> None:
    column = list(zip(row(30), range(30), strict=True))
    expected = list(range(30))
    for source, target in moves:
        _, card = column.pop(source)
        expected.insert(target, expected.pop(source))
        column.insert(target, (between(column[target - 1][0] if target else None, column[target][0] if target < len(column) else None), card))
    assert [card for _, card in sorted(column, key=lambda pair: pair[0].encode())] == expected


@pytest.mark.parametrize("on_top", [True, False])
def test_a_column_that_grows_at_one_end_has_short_keys(on_top: bool) -> None:
    key = between(None, None)
    for _ in range(20_000):
        key = between(None, key) if on_top else between(key, None)
    assert len(key) <= 4


@given(st.lists(st.booleans(), min_size=60, max_size=200))
def test_halving_one_gap_costs_a_character_in_about_six_times(sides: list[bool]) -> None:
    low, high = between(None, None), between(between(None, None), None)
    for lower in sides:
        middle = between(low, high)
        assert low < middle < high
        low, high = (low, middle) if lower else (middle, high)
    assert max(len(low), len(high)) <= 3 + len(sides) / 5


def test_a_row_is_in_order_and_can_be_entered_anywhere() -> None:
    keys = row(5000)
    assert keys == bytewise(keys)
    assert keys[61] < between(keys[61], keys[62]) < keys[62]


@pytest.mark.parametrize(("low", "high"), [("a1", "a1"), ("a2", "a1")])
def test_nothing_lies_between_what_is_in_the_wrong_order(low: str, high: str) -> None:
    with pytest.raises(ValueError, match="nothing lies between"):
        between(low, high)
