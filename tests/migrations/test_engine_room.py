"""Revision 0002 finds by the new lexemes what was written before it."""

import importlib

import psycopg
from psycopg import sql

from migrations import fleet
from migrations.planes import written_down
from saas.cells import upkeep
from tenants.values.names import search_query
from tests.world.database import Database

CUSTOMER = """
    INSERT INTO {}.customers (id, name, number, status_since, name_key, core_name, search, created_at, updated_at)
    VALUES (gen_random_uuid(), '青禾', 'C1', now(), '青禾', '青禾', array_to_tsvector(ARRAY['青', '青禾', 'qinghe', 'qh', '2046']), now(), now())
"""
FOUND = "SELECT count(*) FROM {}.customers WHERE search @@ cast(%s AS tsquery)"


def test_what_was_written_before_is_found_by_one_and_two_letters(empty: Database) -> None:
    baseline = written_down([importlib.import_module("migrations.tenant.0001_baseline").upgrade])
    fleet.upgrade_landlord(empty.owner_url)
    with psycopg.connect(empty.owner_url, autocommit=True) as owner:
        key = sql.Identifier(upkeep.make_vacant(owner, "0001", baseline))
        owner.execute(sql.SQL(CUSTOMER).format(key))
        assert fleet.upgrade(empty.owner_url) == []
        for typed, number in {"q": 1, "qi": 1, "qh": 1, "qinghe": 1, "20": 1, "青": 1, "h": 0}.items():
            row = owner.execute(sql.SQL(FOUND).format(key), (search_query(typed),)).fetchone()
            assert row == (number,), typed
