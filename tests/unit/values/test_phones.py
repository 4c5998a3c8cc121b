import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.values import phones

MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    ("typed", "kept", "key", "shown"),
    [
        ("138 5718 2046", "+8613857182046", "13857182046", "138 5718 2046"),
        ("１３８５７１８２０４６", "+8613857182046", "13857182046", "138 5718 2046"),
        ("(+86) 138-5718-2046", "+8613857182046", "13857182046", "138 5718 2046"),
        ("008613857182046", "+8613857182046", "13857182046", "138 5718 2046"),
        ("0571-8812 3456", "+8657188123456", "057188123456", "0571 8812 3456"),
        ("010 8888 6666 转 802", "+861088886666x802", "01088886666", "010 8888 6666 转 802"),
        ("400-820-8820", "+864008208820", "4008208820", "400 820 8820"),
        ("+1 415 555 2671", "+14155552671", "14155552671", "+1 415-555-2671"),
        ("8812345", "8812345", "8812345", "8812345"),
        ("转 802", "802", "802", "802"),
        ("400-FLOWERS", "400", "400", "400"),
        ("", "", "", ""),
        ("无", "", "", ""),
    ],
)
def test_a_number_is_kept_found_and_shown(typed: str, kept: str, key: str, shown: str) -> None:
    assert phones.normalise(typed) == kept
    assert phones.search_key(kept) == phones.search_key(typed) == key
    assert phones.pretty(kept) == shown


@given(
    MOBILES, st.sampled_from(["{0}{1}{2}", "{0} {1} {2}", "{0}-{1}-{2}", "+86 {0}{1}{2}", "86{0}{1}{2}", "0086 {0} {1} {2}", "（+86）{0} {1} {2}"])
)
def test_however_a_mobile_is_written_it_is_one_number(mobile: str, layout: str) -> None:
    written = layout.format(mobile[:3], mobile[3:7], mobile[7:])
    assert phones.normalise(written) == f"+86{mobile}"
    assert phones.search_key(written) == mobile
    assert phones.is_mobile(written)


@given(st.text(max_size=40) | st.from_regex(r"[+0-9()x转 -]{0,40}", fullmatch=True))
def test_normalising_twice_changes_nothing(text: str) -> None:
    kept = phones.normalise(text)
    assert phones.normalise(kept) == kept
    assert phones.normalise(phones.pretty(kept)) == kept or not kept.startswith("+")
    assert phones.search_key(kept).isascii() and (not kept or phones.search_key(kept).isdigit())


def test_mobile_or_not() -> None:
    assert phones.is_mobile("+8613857182046") and phones.is_mobile("13857182046") and phones.is_mobile("+447400123456")
    assert not any(map(phones.is_mobile, ("+8657188123456", "+864008208820", "95588", "")))


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("+8613857182046", "138****2046"),
        ("+8657188123456", "0571****3456"),
        ("8812345", "8****345"),
        ("95588", "*****"),
        ("+861088886666x802", "0108****6666"),
        ("", ""),
    ],
)
def test_a_masked_number_is_recognised_but_cannot_be_dialled(phone: str, masked: str) -> None:
    assert phones.mask(phone) == masked


@given(st.from_regex(r"\+?[0-9]{5,15}", fullmatch=True))
def test_masking_hides_at_least_three_digits(phone: str) -> None:
    digits, masked = phones.search_key(phone), phones.mask(phone)
    kept = sum(char.isdigit() for char in masked)
    assert kept <= len(digits) - 3 and "*" in masked


@given(st.sampled_from(["0", "+86"]), st.from_regex(r"(10|2[0-9]|[3-9][0-9]{2})[0-9]{6,9}", fullmatch=True))
def test_a_landline_is_understood_as_the_library_does(prefix: str, national: str) -> None:
    """Usual ones are understood without it."""
    typed = prefix + national
    number = phonenumbers.parse(typed, "CN")
    valid = phonenumbers.is_valid_number(number)
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL).replace(" ", "")
    assert phones.normalise(typed) == (f"+86{national}" if valid else typed.lstrip("+"))
    assert phones.search_key(typed) == (shown if valid else typed.lstrip("+"))
