"""PostgreSQL takes every search that anybody may type, and finds by it what the pure rules say."""

import random

from sqlalchemy import text
from sqlalchemy.orm import Session

from tenants.values import names

HOSTILE = [
    "'",
    "\\",
    ":*",
    "&",
    "|",
    "!",
    "(",
    ")",
    "<->",
    "''",
    "\\'",
    "a:b",
    "青禾'",
    "\u200b",
    "\ud800",
    "\x00",
    "ﷺ",
    "İ",
    "ß",
    "１３８",
    "'); --",
    "%",
    "_",
    "🙂",
    "é",
    "\u0e01\u0e33",
]


def test_every_query_is_taken(inside_beta: Session) -> None:
    rng = random.Random(3)  # noqa: S311
    typed = HOSTILE + ["".join(rng.choice([*HOSTILE, "青", "禾", "a", "9", " ", "+", "-"]) for _ in range(rng.randrange(1, 30))) for _ in range(400)]
    queries = [query for query in map(names.search_query, typed) if query]
    assert len(queries) > 200
    taken = inside_beta.scalars(text("SELECT cast(q AS tsquery)::text FROM unnest(cast(:queries AS text[])) q"), {"queries": queries}).all()
    assert len(taken) == len(queries) and all(taken)


def test_names_are_found_by_their_parts(inside_beta: Session) -> None:
    lexemes = names.search_lexemes("杭州青禾环保设备有限公司", "O'Brien \\ Söhne", phones=["+8613857182046"])
    found = text("SELECT array_to_tsvector(cast(:lexemes AS text[])) @@ cast(:query AS tsquery)")
    for typed in ("青禾", "青", "环保 杭州", "qinghe", "hzqh", "2046", "138 5718 2046", "o'brien", "sohne", "青禾 obrien"):
        assert inside_beta.scalar(found, {"lexemes": lexemes, "query": names.search_query(typed)}), typed
    for typed in ("青木", "qingmu", "139", "gongsi"):
        assert not inside_beta.scalar(found, {"lexemes": lexemes, "query": names.search_query(typed)}), typed
