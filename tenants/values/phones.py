"""Telephone numbers: kept in E.164 where they are valid, found by their digits, shown as people write them."""

import re

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

HOME = "CN"
EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#)\s*(\d{1,6})\D*$", re.IGNORECASE)
TYPED_MOBILE = re.compile(r"(?:\+86|0086|86)?(1[3-9]\d{9})")  # prefixes are given out faster than libraries learn of them
CN_MOBILE = re.compile(r"\+861[3-9]\d{9}")
MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def normalise(text: str) -> str:
    """E.164 ("+8613857182046", with "x802" for an extension) when valid in China or with a country code; else just the digits."""
    main, extension = _split(text)
    if CN_MOBILE.fullmatch(main):
        bare = main
    else:
        number = _valid(main)
        bare = phonenumbers.format_number(number, PhoneNumberFormat.E164) if number else _ascii(main)[:24]
    return f"{bare}x{extension}" if bare and extension else bare or extension


def search_key(phone: str) -> str:
    """The digits that people know a number by: 13857182046, 057188123456, 14155552671. Same number, same key."""
    main, extension = _split(phone)
    if CN_MOBILE.fullmatch(main):
        return main[3:]
    number = _valid(main)
    if number is None:
        return _ascii(main)[:24] or extension
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    return _ascii(national if number.country_code == 86 else phonenumbers.format_number(number, PhoneNumberFormat.E164))


def pretty(phone: str) -> str:
    """138 5718 2046; 0571 8812 3456 转 802; +1 415-555-2671."""
    main, extension = _split(phone)
    shown = f"{main[3:6]} {main[6:10]} {main[10:]}" if CN_MOBILE.fullmatch(main) else _formatted(main)
    return f"{shown} 转 {extension}" if extension else shown


def is_mobile(phone: str) -> bool:
    main, _ = _split(phone)
    if CN_MOBILE.fullmatch(main):
        return True
    number = _valid(main)
    return number is not None and number.country_code != 86 and phonenumbers.number_type(number) in MOBILE


def mask(phone: str) -> str:
    """138****2046: enough to recognise a number that one knows, too little to dial it."""
    digits = search_key(phone)
    if len(digits) < 7:
        return "*" * len(digits)
    head = min(4 if digits.startswith("0") else 3, len(digits) - 6)
    return digits[:head] + "****" + digits[-min(4, len(digits) - head - 3) :]


def _ascii(text: str) -> str:
    return "".join(str(int(char)) for char in text if char.isdecimal())


def _split(text: str) -> tuple[str, str]:
    """The number itself, with "+" where it has a country code and without letters (a "vanity" number is a typing error here); the extension."""
    extension = EXTENSION.search(text)
    main = text[: extension.start()] if extension else text
    plus = "+" if re.match(r"\D*[+＋]", main) else ""
    bare = plus + _ascii(main) if _ascii(main) else ""
    mobile = TYPED_MOBILE.fullmatch(bare)
    return (f"+86{mobile[1]}" if mobile else bare), _ascii(extension[1]) if extension else ""


def _formatted(main: str) -> str:
    number = _valid(main)
    if number is None:
        return main
    is_home = number.country_code == 86
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL if is_home else PhoneNumberFormat.INTERNATIONAL)


def _valid(text: str) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(text[:40], HOME)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None
