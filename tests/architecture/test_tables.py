"""A tenant's tables: few, plain, the same on PostgreSQL and Citus."""

import re
from typing import Any

import pytest
from sqlalchemy import MetaData, Table, UniqueConstraint
from sqlalchemy.orm import configure_mappers

from migrations.head import head
from saas.world import CellBase, LandlordBase
from tenants.world import Base

PLANES = {"saas": LandlordBase, "cell": CellBase, "tenant": Base}
MOST_TABLES, MOST_INDEXES = 48, 120  # a backend keeps about 20 kB for every table it has touched, for every tenant


def indexes(metadata: MetaData) -> int:
    """With those of primary keys and unique constraints."""
    return sum(
        1 + len(table.indexes) + sum(isinstance(constraint, UniqueConstraint) for constraint in table.constraints)
        for table in metadata.tables.values()
    )


def test_a_tenant_is_small() -> None:
    assert len(Base.metadata.tables) <= MOST_TABLES
    assert indexes(Base.metadata) <= MOST_INDEXES


def test_head_sql_is_as_small_as_the_models_say() -> None:
    statements = head().statements
    assert sum(s.startswith("CREATE TABLE") for s in statements) == len(Base.metadata.tables)


@pytest.mark.parametrize("plane", PLANES)
def test_relationships_are_never_loaded_in_passing(plane: str) -> None:
    configure_mappers()
    lazy = [
        f"{mapper.class_.__name__}.{relationship.key} is lazy={relationship.lazy!r}"
        for mapper in PLANES[plane].registry.mappers
        for relationship in mapper.relationships
        if relationship.lazy not in {"raise", "raise_on_sql"}
    ]
    assert lazy == []


@pytest.mark.parametrize("plane", PLANES)
def test_keys_stay_in_their_own_schema(plane: str) -> None:
    """No foreign key crosses the wall; none of the planes knows the others' tables."""
    own = PLANES[plane].metadata.schema
    keys = [key for table in PLANES[plane].metadata.tables.values() for key in table.foreign_keys]
    assert [key.target_fullname for key in keys if key.column.table.schema != own] == []


# Tables of a few rows, stages, of which one at a time is deleted, and people and tenants, who are never deleted but marked.
NEVER_SEARCHED = {
    "invitations.invited_by_id",
    "invitations.accepted_by_id",
    "sessions.person_id",
    "teams.parent_id",
    "territories.parent_id",
    "opportunities.stage_id",
}


@pytest.mark.parametrize("plane", PLANES)
def test_what_points_at_a_record_is_indexed(plane: str) -> None:
    """A foreign key without an index makes deleting slow: PostgreSQL looks through the whole table. One of some rows alone does not help it."""
    pointing = {
        f"{table.name}.{column.name}"
        for table in PLANES[plane].metadata.tables.values()
        for column in table.columns
        if column.foreign_keys and column not in leading_columns(table)
    }
    assert pointing - NEVER_SEARCHED == set()


def leading_columns(table: Table) -> list[Any]:
    unique = [next(iter(constraint.columns)) for constraint in table.constraints if isinstance(constraint, UniqueConstraint)]
    whole = [index for index in table.indexes if index.dialect_options["postgresql"]["where"] is None]
    return [*(next(iter(index.expressions)) for index in whole), *list(table.primary_key.columns)[:1], *unique]


def test_nothing_that_citus_refuses() -> None:
    sql = "\n".join(head().statements).upper()
    assert [word for word in ("TRIGGER", "AS ENUM", "CREATE TYPE", "CREATE FUNCTION", "REFERENCES SAAS", "SERIAL", "IDENTITY") if word in sql] == []
    assert re.search(r"CREATE (TABLE|INDEX) \w+\.", sql, re.IGNORECASE) is None, "no table names its schema"


def test_times_know_their_zone_and_money_is_exact() -> None:
    for base in PLANES.values():
        for table in base.metadata.tables.values():
            for column in table.columns:
                kind = str(column.type).upper()
                assert "FLOAT" not in kind and "REAL" not in kind, f"{table.name}.{column.name}"
                assert not kind.startswith(("DATETIME", "TIMESTAMP")) or getattr(column.type, "timezone", False), f"{table.name}.{column.name}"
