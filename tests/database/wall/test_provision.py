"""Schemas are made, claimed by exactly one, and taken down without a trace."""

import datetime as dt
import threading
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from migrations.head import head
from saas.cells import upkeep
from saas.cells.models import Bell, Schema
from saas.cells.vacancies import NoVacancy, claim, release, vacancies
from tenants.values.ids import tenant_key
from tenants.wall import provision
from tenants.wall.session import landlord_plane, open_session
from tests.world.database import VACANT, Database

AT = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)


@pytest.fixture
def owner(database: Database, engine: Engine) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.owner_url, autocommit=True) as connection:
        yield connection


def make(owner: psycopg.Connection) -> str:
    return upkeep.make_vacant(owner, head().revision, head().statements)


def test_a_vacant_schema_has_every_table_and_just_its_own_role(owner: psycopg.Connection, database: Database) -> None:
    key = make(owner)
    with psycopg.connect(database.app_url) as app:
        app.execute(f"SET ROLE {key}".encode())
        app.execute(f"SET search_path = {key}".encode())
        tables = app.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace").fetchall()
        for (table,) in tables:
            assert app.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() == (0,)
    assert len(tables) == sum(statement.startswith("CREATE TABLE") for statement in head().statements)


def test_tables_of_later_revisions_are_the_tenants_too(owner: psycopg.Connection, database: Database) -> None:
    key = make(owner)
    owner.execute(f"CREATE TABLE {key}.later (id int)".encode())
    with psycopg.connect(database.app_url) as app:
        app.execute(f"SET ROLE {key}".encode())
        app.execute(f"INSERT INTO {key}.later VALUES (1)".encode())


def test_making_one_is_all_or_nothing(owner: psycopg.Connection) -> None:
    before = owner.execute("SELECT count(*) FROM pg_roles").fetchone()
    with pytest.raises(psycopg.errors.SyntaxError):
        upkeep.make_vacant(owner, "0001", ["CREATE TABLE fine (id int)", "NONSENSE"])
    assert owner.execute("SELECT count(*) FROM pg_roles").fetchone() == before


def test_an_adopted_schema_is_reached_again(owner: psycopg.Connection, database: Database) -> None:
    key = make(owner)
    owner.execute(f"REVOKE {key} FROM zuke_app".encode())
    with owner.transaction():
        provision.adopt(owner, key)
        provision.adopt(owner, key)
    with psycopg.connect(database.app_url) as app:
        app.execute(f"SET ROLE {key}".encode())


def test_an_erased_tenant_leaves_nothing(owner: psycopg.Connection, landlord: Session) -> None:
    key = make(owner)
    landlord.add(Bell(tenant=key, due_at=AT, kind="outbox"))
    landlord.commit()
    upkeep.erase(owner, key)
    upkeep.erase(owner, key)  # again, as after a crash
    for query in (
        "SELECT 1 FROM pg_roles WHERE rolname = %s",
        "SELECT 1 FROM pg_namespace WHERE nspname = %s",
        "SELECT 1 FROM cell.schemas WHERE key = %s",
    ):
        assert owner.execute(query, (key,)).fetchone() is None
    assert landlord.scalars(select(Bell).where(Bell.tenant == key)).all() == []


def test_a_key_that_is_not_one_is_refused(owner: psycopg.Connection) -> None:
    with pytest.raises(ValueError, match="not a tenant key"):
        provision.erase(owner, "saas")


def test_claims_at_once_get_a_schema_each(engine: Engine) -> None:
    claimed: list[str | None] = []

    def sign_up() -> None:
        with open_session(engine, landlord_plane()) as session:
            try:
                claimed.append(claim(session, at=AT))
                session.commit()
            except NoVacancy:
                claimed.append(None)

    threads = [threading.Thread(target=sign_up) for _ in range(VACANT + 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys = [key for key in claimed if key]
    assert len(keys) == len(set(keys)) == VACANT
    assert claimed.count(None) == 3


def test_a_claim_that_is_rolled_back_is_none(landlord: Session) -> None:
    claim(landlord, at=AT)
    assert vacancies(landlord) == VACANT - 1
    landlord.rollback()
    assert vacancies(landlord) == VACANT


def test_a_claim_has_the_pool_filled_again(landlord: Session) -> None:
    claim(landlord, at=AT)
    assert [bell.kind for bell in landlord.scalars(select(Bell))] == ["vacancies"]


def test_what_was_released_is_not_let_again(landlord: Session, owner: psycopg.Connection) -> None:
    key = make(owner)
    landlord.get_one(Schema, key).state = "let"
    landlord.commit()
    release(landlord, key)
    landlord.commit()
    assert key not in {claim(landlord, at=AT) for _ in range(VACANT)}
    landlord.rollback()
    assert upkeep.clear_leaving(owner) == 1
    assert landlord.scalars(select(Schema.key).where(Schema.key == key)).all() == []


def test_schemas_that_could_not_be_migrated_are_not_let(landlord: Session, owner: psycopg.Connection) -> None:
    owner.execute("UPDATE cell.schemas SET error = 'no' WHERE state = 'vacant'")
    with pytest.raises(NoVacancy):
        claim(landlord, at=AT)


def test_the_pool_is_filled_to_what_is_wanted(owner: psycopg.Connection, landlord: Session) -> None:
    assert upkeep.fill(owner, head().revision, head().statements, wanted=VACANT + 2) == 2
    assert upkeep.fill(owner, head().revision, head().statements, wanted=VACANT + 2) == 0
    assert vacancies(landlord) == VACANT + 2
    assert tenant_key() != tenant_key()
