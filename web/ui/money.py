"""Amounts in yuan as people here write them: ¥ with two decimals, 万 and 亿 where space is short."""

from decimal import ROUND_HALF_UP, Decimal

NOTHING = "—"
Amount = Decimal | int | None


def money(amount: Amount) -> str:
    """¥128,000.00; a dash for None."""
    if amount is None:
        return NOTHING
    return f"-¥{-amount:,.2f}" if amount < 0 else f"¥{amount:,.2f}"


def money_whole(amount: Amount) -> str:
    """¥128,000, rounded half up: for cards and sums, where the fen are noise."""
    if amount is None:
        return NOTHING
    rounded = Decimal(amount).quantize(Decimal(1), ROUND_HALF_UP)
    return f"-¥{-rounded:,}" if rounded < 0 else f"¥{rounded:,}"


def money_short(amount: Amount, *, chinese: bool) -> str:
    """¥26.4万 and ¥1.2亿 in Chinese, ¥264K and ¥1.2M in English."""
    if amount is None:
        return NOTHING
    size = abs(Decimal(amount))
    steps = ((10**8, "亿"), (10**4, "万")) if chinese else ((10**9, "B"), (10**6, "M"), (10**3, "K"))
    # 99,995 rounds to 10.0万, and 999,950 to 1M and not to 1000K: a step begins where the rounded figure reaches it.
    for step, unit in steps:
        if size >= step - Decimal(step) / 20000:
            figure = (size / step).quantize(Decimal("0.1"), ROUND_HALF_UP)
            return f"{'-' if amount < 0 else ''}¥{_bare(figure)}{unit}"
    return money_whole(amount)


def count(number: int | None) -> str:
    """12,408; a dash for None."""
    return NOTHING if number is None else f"{number:,}"


def _bare(figure: Decimal) -> str:
    return f"{figure:,.0f}" if figure == figure.to_integral_value() else f"{figure:,.1f}"
