"""How customers and contacts are found: a column of lexemes, a GIN index, and one predicate.

A customer's column holds its contacts' lexemes as well, so that a colleague's name or mobile finds the customer by one index.
"""

import uuid
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, bindparam, cast, column, func, literal, select, table
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from tenants.values import names

_CONTACTS = table("contacts", column("customer_id", Uuid()), column("search", TSVECTOR()), column("deleted_at"))


class Lexemes(TypeDecorator[list[str]]):
    """A tsvector that is written as a list of lexemes."""

    impl = TSVECTOR
    cache_ok = True

    def bind_expression(self, bindvalue: Any) -> ColumnElement[Any]:
        return func.array_to_tsvector(cast(bindvalue, ARRAY(Text())))


def matches(search: Any, query: str) -> ColumnElement[bool] | None:
    """Rows that `query` finds, whatever was typed; None when there is nothing to look for."""
    words = names.search_query(query)
    return None if words is None else search.bool_op("@@")(cast(bindparam(None, words, Text()), TSQUERY))


def lexemes_of_contacts(session: Session, customer_id: uuid.UUID) -> list[str]:
    """What the live contacts of a customer are found by."""
    lexemes = func.unnest(func.tsvector_to_array(_CONTACTS.c.search))
    return list(session.scalars(select(lexemes).where(_CONTACTS.c.customer_id == literal(customer_id), _CONTACTS.c.deleted_at.is_(None)).distinct()))
