"""Amounts: Decimal with two places, in yuan (or the tenant's one currency), at least 0 and below 10^12."""

import re
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from tenants.values.words import N_, Refusal

LIMIT = Decimal(10) ** 12
CENT = Decimal("0.01")
UNITS = {
    "": 1, "百": 10**2, "千": 10**3, "k": 10**3, "万": 10**4, "萬": 10**4, "w": 10**4,
    "百万": 10**6, "m": 10**6, "千万": 10**7, "亿": 10**8, "億": 10**8,
}  # fmt: skip

HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5}
CURRENCY = re.compile(r"^(?:rmb|cny|usd|人民币)?[¥$€£]?|(?:元|圆|块|rmb|cny|usd)?(?:整|正)?$")
TERM = re.compile(r"((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)(百万|千万|百|千|k|万|萬|w|m|亿|億)?")

DIGITS = "零壹贰叁肆伍陆柒捌玖"


class BadAmount(Refusal):
    sentence = N_("“%(text)s” is not an amount. Write it like 12800, 12,800.50 or 12.8k.")


class AmountTooLarge(BadAmount):
    sentence = N_("“%(text)s” is too large: amounts stay below 1,000,000,000,000.")


def parse(text: str) -> Decimal:
    """The amount in what a person typed: "1,234.5", "¥ 3万", "1.2亿", full-width digits. Raises BadAmount."""
    bare = re.sub(r"\s+", "", text.translate(HALF_WIDTH)).lower()
    bare = CURRENCY.sub("", bare)
    terms = [(number.replace(",", ""), UNITS[unit or ""]) for number, unit in TERM.findall(bare)]
    if not terms or TERM.sub("", bare) or len(bare) > 40 or not _descend([unit for _, unit in terms]):
        raise BadAmount(text=text[:40])
    amount = sum((Decimal(number) * unit for number, unit in terms), Decimal(0))
    if amount >= LIMIT or exact(amount) >= LIMIT:
        raise AmountTooLarge(text=text[:40])
    return exact(amount)


def exact(amount: Decimal | int) -> Decimal:
    """Rounded to the cent, halves up."""
    return Decimal(amount).quantize(CENT, ROUND_HALF_UP)


def in_words(amount: Decimal) -> str:
    """大写金额, as on contracts and invoices: 壹佰贰拾叁元肆角伍分."""
    cents = int(exact(amount) * 100)
    if not 0 <= cents < LIMIT * 100:
        raise ValueError(f"no amount: {amount}")
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    whole = _integer(yuan) + "元" if yuan or not cents else ""
    if not jiao and not fen:
        return whole + "整"
    dimes = DIGITS[jiao] + "角" if jiao else ("零" if yuan else "")
    return whole + dimes + (DIGITS[fen] + "分" if fen else "整")


def short(amount: Decimal, *, chinese: bool) -> str:
    """For places where space is short: 12.8万, 1.2亿; 128K, 1.2M."""
    steps = ((10**8, "亿"), (10**4, "万")) if chinese else ((10**9, "B"), (10**6, "M"), (10**3, "K"))
    for size, unit in steps:
        tenths = (amount / size).quantize(Decimal("0.1"), ROUND_HALF_UP)
        if tenths >= 1:
            return f"{tenths:,}".removesuffix(".0") + unit
    return f"{amount.quantize(Decimal(1), ROUND_HALF_UP):,}"


def _descend(units: list[int]) -> bool:
    """One number, or numbers that all carry a unit, the larger first: 1亿2000万. "3万5" is refused: five, or five thousand?"""
    return len(units) == 1 or (min(units) > 1 and all(a > b for a, b in pairwise(units)))


def _integer(number: int) -> str:
    if not number:
        return "零"
    words, gap = "", False
    for size, unit in ((10**8, "亿"), (10**4, "万"), (1, "")):
        section = number // size % 10**4
        if section:
            words += ("零" if words and (gap or section < 1000) else "") + _section(section) + unit
        gap = not section
    return words


def _section(section: int) -> str:
    """1 to 9999 in words; one 零 for any run of inner zeros."""
    words = ""
    for size, unit in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = section // size % 10
        if digit:
            words += DIGITS[digit] + unit
        elif words and section % size:
            words += "" if words.endswith("零") else "零"
    return words
