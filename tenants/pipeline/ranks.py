"""A card's place in its column, as a key between two keys: moving one card never touches another. Compared bytewise.

A key is a whole number of variable length and perhaps a fraction: "a0", "a1", …, "b00"; before "a0" comes "Zz"; between "a0" and "a1" lies "a0V".
So a card put on top or at the bottom gets a key of the length of a logarithm, and only halving one gap again and again makes keys longer: by one
character in about six times. (The scheme is David Greenspan's, "Implementing fractional indexing", 2020.)
"""

from itertools import takewhile, zip_longest
from string import ascii_lowercase, ascii_uppercase, digits

DIGITS = digits + ascii_uppercase + ascii_lowercase  # in the order of their bytes
BASE = len(DIGITS)


def between(low: str | None, high: str | None) -> str:
    """A key after `low` and before `high`; None is the end of the column. Raises ValueError when nothing lies between."""
    if low is not None and high is not None and low >= high:
        raise ValueError(f"nothing lies between {low!r} and {high!r}")
    if low is None:
        return _before(high) if high is not None else _whole(0)
    number, fraction = _split(low)
    following = _whole(number + 1)
    if high is None or following < high:
        return following
    ceiling, limit = _split(high)
    return _whole(number) + _middle(fraction, limit if ceiling == number else "")


def row(count: int) -> list[str]:
    """Keys for `count` cards, one under the other."""
    return [_whole(number) for number in range(count)]


def _before(high: str) -> str:
    number, fraction = _split(high)
    return _whole(number) if fraction else _whole(number - 1)


def _whole(number: int) -> str:
    """The first letter says how many digits follow (a: 1, b: 2 …; below zero Z: 1, Y: 2 …), so that longer is larger."""
    rest, length = (number if number >= 0 else -1 - number), 1
    while rest >= BASE**length:
        rest, length = rest - BASE**length, length + 1
    if number >= 0:
        return ascii_lowercase[length - 1] + _written(rest, length)
    return ascii_uppercase[-length] + _written(BASE**length - 1 - rest, length)


def _split(key: str) -> tuple[int, str]:
    """The whole number and the fraction of a key."""
    length = ascii_lowercase.find(key[0]) + 1 or len(ascii_uppercase) - ascii_uppercase.index(key[0])
    figures = _read(key[1 : 1 + length])
    skipped = sum(BASE**shorter for shorter in range(1, length))
    number = skipped + figures if key[0] in ascii_lowercase else figures - BASE**length - skipped
    return number, key[1 + length :]


def _middle(low: str, high: str) -> str:
    """A fraction between two; "" as `high` is one. Fractions never end in 0."""
    shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip_longest(low[: len(high)], high, fillvalue="0"))))
    if shared:
        return high[:shared] + _middle(low[shared:], high[shared:])
    first = DIGITS.index(low[0]) if low else 0
    last = DIGITS.index(high[0]) if high else BASE
    if last - first > 1:
        return DIGITS[(first + last + 1) // 2]
    if len(high) > 1:
        return high[0]
    return DIGITS[first] + _middle(low[1:], "")


def _written(number: int, length: int) -> str:
    text = ""
    for _ in range(length):
        number, digit = divmod(number, BASE)
        text = DIGITS[digit] + text
    return text


def _read(text: str) -> int:
    number = 0
    for digit in text:
        number = number * BASE + DIGITS.index(digit)
    return number
