"""What people write into cells, as the values that we keep. Pure: each function takes a text that is not empty, and raises `Wrong`."""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from tenants.customers.rules import is_credit_code, is_phone, is_web_address
from tenants.values import money, phones
from tenants.values.words import N_, Refusal

SHOWN = 40  # characters of a wrong value that its sentence repeats
FIRST_YEAR, LAST_YEAR = 1900, 2099
EPOCH = dt.date(1899, 12, 30)  # day 0 of a workbook
SERIAL = re.compile(r"([1-9]\d{4})(\.\d+)?")
DAY = re.compile(
    r"(?:(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?|(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>\d{4})"
    r"|(?P<y3>\d{4})(?P<m3>\d{2})(?P<d3>\d{2}))"
)
CLOCK = re.compile(
    r"[T\s]*(?:星期.|周.|\((?:星期|周)?.\))?[T\s]*(?P<half>上午|下午|晚上|中午|凌晨|早上|am|pm)?\s*(?P<h>\d{1,2})\s*[:点时]\s*(?:(?P<min>\d{1,2})(?:\s*[:分]\s*(?P<s>\d{1,2})?)?)?"
    r"(?:\.\d+)?\s*[秒分]?\s*(?P<half2>am|pm)?\s*(?P<zone>z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
WEEKDAY = re.compile(r"[\s(]*(?:星期|周)[一二三四五六日天]\)?\s*")
AFTER_NOON = frozenset({"下午", "晚上", "pm"})
YES = frozenset({"是", "y", "yes", "true", "1", "√", "✓", "✔", "对", "有", "x"})
NO = frozenset({"否", "n", "no", "false", "0", "×", "不是", "无", "-"})
MAIL = re.compile(r"[^@\s,;<>\"']+@[^@\s,;<>\"']+\.[^@\s,;<>\"'.]{2,}")
SEPARATORS = re.compile(r"[、，,；;|\n]+")


class Wrong(Refusal):
    """`value` is what stood in the cell; the column is named beside the sentence."""

    sentence = N_("“%(value)s” cannot be understood.")

    def __init__(self, value: str, **params: object) -> None:
        shown = value if len(value) <= SHOWN else value[: SHOWN - 1] + "…"
        super().__init__(value=" ".join(shown.split()), **params)


class NoDate(Wrong):
    sentence = N_("“%(value)s” is not a date. Write it like 2026-11-24.")


class NoMoment(Wrong):
    sentence = N_("“%(value)s” is not a date with a time. Write it like 2026-11-24 10:30.")


class NoAmount(Wrong):
    sentence = N_("“%(value)s” is not an amount. Write it like 12800, 12,800.50 or 1.28万.")


class NoPercentage(Wrong):
    sentence = N_("“%(value)s” is not a percentage from 0 to 100.")


class NoPhone(Wrong):
    sentence = N_("“%(value)s” is not a phone number.")


class NoMail(Wrong):
    sentence = N_("“%(value)s” is not a mail address.")


class NoWebAddress(Wrong):
    sentence = N_("“%(value)s” is not a web address. Write it like www.example.com.")


class NoCreditCode(Wrong):
    sentence = N_("“%(value)s” is no credit code: 18 digits and capital letters, of which the last one checks the others.")


class NoYesOrNo(Wrong):
    sentence = N_("“%(value)s” is neither yes nor no.")


class NoOption(Wrong):
    sentence = N_("“%(value)s” is none of the choices: %(choices)s.")


class TooLong(Wrong):
    sentence = N_("“%(value)s” is too long: at most %(most)s characters.")


def text(value: str, *, most: int) -> str:
    """In one line."""
    return lines(" ".join(value.split()), most=most)


def lines(value: str, *, most: int) -> str:
    if len(value) > most:
        raise TooLong(value, most=most)
    return value


def day(value: str) -> dt.date:
    """2026-11-24, 2026/11/24, 2026.11.24, 24.11.2026, 20261124, 2026年11月24日, a workbook's 46350; a time behind it does not count."""
    return _split(value, NoDate)[0]


def moment(value: str, zone: dt.tzinfo, *, at: dt.time = dt.time(9)) -> dt.datetime:
    """A date, with a time in `zone` unless it names another; without a time it is `at`. In UTC."""
    found, clock = _split(value, NoMoment)
    if clock is None:
        return dt.datetime.combine(found, at, zone).astimezone(dt.UTC)
    return dt.datetime.combine(found, clock, clock.tzinfo or zone).astimezone(dt.UTC)


def amount(value: str) -> Decimal:
    """¥1,234.50, 1.2万, 12800元; what a workbook keeps as 0.1+0.2 is rounded to the cent."""
    try:
        return money.parse(value)
    except money.BadAmount as error:
        exact = _decimal(value)
        if exact is None or not 0 <= exact < money.LIMIT:
            raise NoAmount(value) from error
        return money.exact(exact)


def percentage(value: str) -> int:
    """30, 30%, ３０％; 0.3 is what a workbook keeps of a cell that shows 30%."""
    bare = unicodedata.normalize("NFKC", value).replace(" ", "")
    number = _decimal(bare.removesuffix("%"))
    if number is not None and not bare.endswith("%") and 0 < number < 1:
        number *= 100
    if number is None or not 0 <= number <= 100:
        raise NoPercentage(value)
    return round(number)


def phone(value: str) -> str:
    """In E.164 where it can be; of several numbers the first."""
    first = re.split(r"[、，,；;/\n]|\s{2,}", value.strip())[0]
    if len(first) > 40 or not is_phone(kept := phones.normalise(first)):
        raise NoPhone(value)
    return kept


def mail(value: str, *, most: int) -> str:
    bare = value.strip().removeprefix("mailto:").strip("<>")
    if MAIL.fullmatch(bare) is None:
        raise NoMail(value)
    return lines(bare, most=most)


def website(value: str, *, most: int) -> str:
    if not is_web_address(value):
        raise NoWebAddress(value)
    return lines(value if "://" in value else f"https://{value}", most=most)


def credit_code(value: str) -> str:
    code = unicodedata.normalize("NFKC", value).upper().replace(" ", "").replace("-", "")
    if not is_credit_code(code):
        raise NoCreditCode(value)
    return code


def yes(value: str) -> bool:
    known = value.strip().lower()
    if known in YES:
        return True
    if known in NO:
        return False
    raise NoYesOrNo(value)


def option(value: str, known: Mapping[str, str], choices: str) -> str:
    """The code that `known` (by `key`) gives for a code or a label in either language; `choices` is what the sentence offers."""
    code = known.get(key(value))
    if code is None:
        raise NoOption(value, choices=choices)
    return code


def tags(value: str) -> list[str]:
    """重点、展会, "vip; north": apart by any mark that separates."""
    return list(dict.fromkeys(" ".join(one.split()) for one in SEPARATORS.split(value) if one.strip()))


def key(value: str) -> str:
    """What two spellings of a heading or a choice share: half width, small letters, no blanks, marks or remarks in brackets."""
    folded = unicodedata.normalize("NFKC", value).lower()
    bare = re.sub(r"[\s*:_\-–—/·.、，,]+", "", re.sub(r"\(.*?\)|\[.*?\]|【.*?】", "", folded))
    return bare or re.sub(r"\s+", "", folded)


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _split(value: str, wrong: type[Wrong]) -> tuple[dt.date, dt.time | None]:
    bare = unicodedata.normalize("NFKC", value).strip()
    if serial := SERIAL.fullmatch(bare):
        return _of_serial(int(serial[1]), serial[2], wrong, value)
    found = DAY.match(bare)
    if found is None:
        raise wrong(value)
    year, month, number = (found[name] or found[name + "2"] or found[name + "3"] for name in "ymd")
    try:
        date = dt.date(int(year), int(month), int(number))
        clock = _clock(bare[found.end() :])
    except ValueError as error:
        raise wrong(value) from error
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        raise wrong(value)
    return date, clock


def _of_serial(days: int, fraction: str | None, wrong: type[Wrong], value: str) -> tuple[dt.date, dt.time | None]:
    date = EPOCH + dt.timedelta(days=days)
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        raise wrong(value)
    if fraction is None:
        return date, None
    seconds = min(round(float(fraction) * 86400), 86399)
    return date, dt.time(seconds // 3600, seconds // 60 % 60, seconds % 60)


def _clock(rest: str) -> dt.time | None:
    """What follows the day. Raises ValueError."""
    if not rest.strip() or WEEKDAY.fullmatch(rest):
        return None
    found = CLOCK.fullmatch(rest)
    if found is None:
        raise ValueError(rest)
    hour = int(found["h"])
    half = (found["half"] or found["half2"] or "").lower()
    if half in AFTER_NOON and hour < 12:
        hour += 12
    if half in {"am", "凌晨"} and hour == 12:
        hour = 0
    return dt.time(hour % 24 if hour == 24 else hour, int(found["min"] or 0), int(found["s"] or 0), tzinfo=_zone(found["zone"]))


def _zone(text: str | None) -> dt.tzinfo | None:
    if not text:
        return None
    if text.lower() == "z":
        return dt.UTC
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    return dt.timezone(sign * dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
