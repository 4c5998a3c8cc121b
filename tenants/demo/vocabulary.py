"""What a made-up company is made of. One vocabulary a language: chinese.py, english.py."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colleague:
    """`key` is how others refer to a colleague; `team` and `role` are keys as well. The boss is who furnishes, and is not listed."""

    key: str
    name: str
    mail: str
    post: str
    role: str
    team: str
    sells: bool = False
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """`region` as customers keep it; `called` is how companies there begin their names; `area` the telephone area code."""

    region: str
    called: str
    area: str
    territory: str
    weight: int
    streets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Product:
    name: str
    unit: str
    price: tuple[float, float]
    quantity: tuple[int, int]
    use: str


@dataclass(frozen=True, slots=True)
class Industry:
    """`trades` end the names of its companies; `makes` is what they say they do; `buys` are indices of products."""

    name: str
    trades: tuple[str, ...]
    makes: tuple[str, ...]
    buys: tuple[int, ...]
    rivals: tuple[str, ...]
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Post:
    """`address` is how such a person is spoken of, with {surname} or {given}; `chief` is whom they have to ask."""

    name: str
    department: str
    address: str
    chief: str
    decides: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """One follow-up of a phase: by which means, what was said and promised, what came of it, and in how many working days to speak again."""

    means: str
    content: str
    result: str | None = None
    again: tuple[int, int] = (3, 8)


@dataclass(frozen=True, slots=True)
class PastImport:
    """A file that was imported once: by the colleague of this key, so many days ago."""

    kind: str
    file: str
    by: str
    days_ago: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    locale: str
    company: str
    domain: str  # of its mail addresses
    teams: dict[str, str]
    territories: dict[str, str]
    colleagues: tuple[Colleague, ...]
    sells_in: dict[str, tuple[str, ...]]  # colleague -> territories
    places: tuple[Place, ...]
    industries: tuple[Industry, ...]
    products: tuple[Product, ...]
    brands: tuple[tuple[str, ...], tuple[str, ...]]  # first and second half of a company's own name
    company_patterns: tuple[str, ...]  # with {place} {brand} {trade}
    short_pattern: str  # with {brand} {trade}
    shops: Industry  # what one person runs
    shop_pattern: str  # with {surname} {given} {brand} {trade}
    surnames: tuple[str, ...]
    given: tuple[tuple[str, ...], tuple[str, ...]]  # women's, men's
    person_pattern: str
    posts: tuple[Post, ...]
    mobile: str  # with # for figures; a range that nobody has
    mobile_areas: tuple[str, ...]
    landline: str
    address: str  # with {region} {city} {street} {number}
    standings: tuple[str, ...]
    habits: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]  # name, colour
    remarks: tuple[str, ...]
    opportunity_names: tuple[str, ...]  # with {short} {product} {year}
    lost_remarks: tuple[str, ...]
    plans: Mapping[str, tuple[tuple[str, str], ...]]  # early, deal, serve: means, content
    scenes: Mapping[str, tuple[Scene, ...]]
    mail_pattern: str  # with {name} {given} {surname} {brand}, in letters
    pronouns: dict[str, dict[str, str]]  # of a sex
    chats: bool  # whether contacts have WeChat and QQ, and birthdays by the moon
    quantity: str  # with {count} {unit}
    price: str  # with {price} {unit}
    amount: str  # with {short} {full}
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    parts_of_day: tuple[str, str]
    imports: tuple[PastImport, ...]
    when: tuple[str, str, str]  # this week, next week, later; with {weekday} {part} {month} {day}
