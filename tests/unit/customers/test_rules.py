import datetime as dt

import pytest

from tenants.customers.rules import BIN_DAYS, CODE_LETTERS, days_left, is_credit_code, is_phone, is_web_address, tidy


def with_check(body: str) -> str:
    """The 17 characters with each letter tried as the check: just one fits."""
    fitting = [body + letter for letter in CODE_LETTERS if is_credit_code(body + letter)]
    assert len(fitting) == 1
    return fitting[0]


@pytest.mark.parametrize("body", ["91330106MA2CFRK01", "91110000710929545", "12100000400010275"])
def test_a_credit_code_has_one_check_character(body: str) -> None:
    code = with_check(body)
    assert not is_credit_code(code[:-1])
    assert not is_credit_code(code[1] + code[0] + code[2:]) or code[0] == code[1]


def test_known_credit_codes_are_right() -> None:
    assert is_credit_code("91350100M000100Y43")  # the example of GB 32100-2015
    assert is_credit_code("9144030071526726XG")


@pytest.mark.parametrize("text", ["", "91350100M000100Y44", "91350100m000100y43", "91350100I000100Y43", "９1350100M000100Y43", "x" * 1000])
def test_what_is_no_credit_code(text: str) -> None:
    assert not is_credit_code(text)


@pytest.mark.parametrize("text", ["13857182046", "0571-88123456", "+86 138 5718 2046", "95588", "10086", "0571 88123456 转 802", "+1 415 555 2671"])
def test_phone_numbers(text: str) -> None:
    assert is_phone(text)


@pytest.mark.parametrize("text", ["", "12", "call me", "----"])
def test_what_is_no_phone_number(text: str) -> None:
    assert not is_phone(text)


@pytest.mark.parametrize("text", ["www.example.com", "example.cn/path?a=b", "https://例子.中国", "http://a.example.com:8080/x#y"])
def test_web_addresses(text: str) -> None:
    assert is_web_address(text)


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "example", "http://", "ftp://example.com", "http://user@example.com", "a b.com", 'x.com/"onload="y', "data:text/html,x"],
)
def test_what_is_no_web_address(text: str) -> None:
    assert not is_web_address(text)


def test_values_are_kept_tidy() -> None:
    kept = tidy({
        "name": "  Green   Grain ", "phone": "138 5718 2046", "credit_code": "91350100m000100y43", "region": "浙江省杭州市余杭区",
        "website": "example.com",
        "remark": " two\nlines ", "industry": "   ", "parent_id": None,
    })  # fmt: skip
    assert kept == {
        "name": "Green Grain", "phone": "+8613857182046", "credit_code": "91350100M000100Y43", "region": "浙江 杭州 余杭区", "website": "https://example.com",
        "remark": "two\nlines", "industry": None, "parent_id": None,
    }  # fmt: skip


def test_a_region_that_says_more_is_left_as_it_was_typed() -> None:
    assert tidy({"region": "浙江 杭州 文三路 9 号"}) == {"region": "浙江 杭州 文三路 9 号"}
    assert tidy({"region": "California"}) == {"region": "California"}


def test_days_left_in_the_bin() -> None:
    then = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    assert days_left(then, then) == BIN_DAYS
    assert days_left(then, then + dt.timedelta(days=29, hours=23)) == 1
    assert days_left(then, then + dt.timedelta(days=99)) == 0
