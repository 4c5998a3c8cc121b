from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.values import money

AMOUNTS = st.decimals(min_value=0, max_value=Decimal("999999999999.99"), places=2)
DIGITS = {word: value for value, word in enumerate(money.DIGITS)}


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1,234.5", "1234.50"),
        ("¥ 3万", "30000.00"),
        ("￥１２，８００．５元", "12800.50"),
        ("1.2亿", "120000000.00"),
        ("1亿2000万", "120000000.00"),
        ("3百万", "3000000.00"),
        ("RMB 500", "500.00"),
        ("12 800", "12800.00"),
        ("12k", "12000.00"),
        (".5", "0.50"),
        ("1.005", "1.01"),
        ("人民币12800元整", "12800.00"),
        ("0", "0.00"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_people_write_amounts_in_many_ways(typed: str, amount: str) -> None:
    assert str(money.parse(typed)) == amount


@pytest.mark.parametrize(
    "typed", ["", "   ", "-5", "1,2", "3万5", "2000万1亿", "万", "abc", "1.2.3", "1e5", "¥", "½", "٣", "=1+1", "NaN", "Infinity", "9" * 60]
)
def test_what_is_no_amount_is_refused_with_the_text_in_the_sentence(typed: str) -> None:
    with pytest.raises(money.BadAmount) as refusal:
        money.parse(typed)
    assert typed[:40] in str(refusal.value)


@pytest.mark.parametrize("typed", ["1000000000000", "1万亿", "10000亿", "999999999999.995", "1" + "0" * 30])
def test_an_amount_the_table_cannot_hold_is_refused(typed: str) -> None:
    with pytest.raises(money.BadAmount):
        money.parse(typed)


@given(AMOUNTS)
def test_what_is_shown_can_be_typed_again(amount: Decimal) -> None:
    for shown in (f"{amount}", f"{amount:,}", f"¥{amount:,}元", f"{amount:,}".translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789,."})):
        assert money.parse(shown) == amount


@given(st.text(max_size=30))
def test_any_text_is_an_amount_within_the_limits_or_a_refusal(text: str) -> None:
    try:
        amount = money.parse(text)
    except money.BadAmount:
        return
    assert 0 <= amount < money.LIMIT and amount.as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("1.05", "壹元零伍分"),
        ("10.50", "壹拾元伍角整"),
        ("123.45", "壹佰贰拾叁元肆角伍分"),
        ("1001", "壹仟零壹元整"),
        ("10000", "壹万元整"),
        ("100000001", "壹亿零壹元整"),
        ("100001000", "壹亿零壹仟元整"),
        ("120030", "壹拾贰万零叁拾元整"),
        ("10010001", "壹仟零壹万零壹元整"),
        ("1020304.05", "壹佰零贰万零叁佰零肆元零伍分"),
    ],
)
def test_amounts_in_words_as_contracts_have_them(amount: str, words: str) -> None:
    assert money.in_words(Decimal(amount)) == words


@given(AMOUNTS)
def test_words_say_the_same_amount(amount: Decimal) -> None:
    assert read(money.in_words(amount)) == amount


def read(words: str) -> Decimal:
    """The other way round, for the test: digits and units as they come."""
    whole = section = digit = 0
    fraction = Decimal(0)
    for char in words:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in "拾佰仟":
            section += digit * {"拾": 10, "佰": 100, "仟": 1000}[char]
            digit = 0
        elif char in "万亿元":
            whole += (section + digit) * {"万": 10**4, "亿": 10**8, "元": 1}[char]
            section = digit = 0
        elif char in "角分":
            fraction += digit * Decimal({"角": "0.1", "分": "0.01"}[char])
            digit = 0
    return whole + fraction


def test_no_words_for_what_is_no_amount() -> None:
    for amount in (Decimal("-1"), money.LIMIT):
        with pytest.raises(ValueError, match="no amount"):
            money.in_words(amount)


@pytest.mark.parametrize(
    ("amount", "chinese", "english"),
    [
        ("999.5", "1,000", "1K"),
        ("128000", "12.8万", "128K"),
        ("99999999", "1亿", "100M"),
        ("123456789", "1.2亿", "123.5M"),
        ("0", "0", "0"),
        ("3200", "3,200", "3.2K"),
    ],
)
def test_short_amounts(amount: str, chinese: str, english: str) -> None:
    assert money.short(Decimal(amount), chinese=True) == chinese
    assert money.short(Decimal(amount), chinese=False) == english
