"""A company is whole or not at all: registry, ledger, schema, role, membership, member and letter agree; what a killed sign-up left is found."""

import datetime as dt
from collections.abc import Iterator

import psycopg

from migrations import fleet
from saas.signup.orphans import AGE, release_orphans
from tests.faults.books import Deed
from tests.faults.scene import Scene
from workers.tenancy import now

WHOLE = """
    SELECT t.slug, t.key, s.state = 'let' AS let, n.oid IS NOT NULL AS schema, r.oid IS NOT NULL AS role,
           EXISTS (SELECT FROM saas.memberships m WHERE m.tenant_id = t.id) AS membership
      FROM saas.tenants t LEFT JOIN cell.schemas s USING (key) LEFT JOIN pg_namespace n ON n.nspname = t.key LEFT JOIN pg_roles r ON r.rolname = t.key
"""
TENANTS = "'^t_[a-z2-7]{10}$'"
NAMES = {
    "schemas": f"SELECT nspname FROM pg_namespace WHERE nspname ~ {TENANTS}",
    "roles": f"SELECT rolname FROM pg_roles WHERE rolname ~ {TENANTS}",
    "the ledger": "SELECT key FROM cell.schemas",
}


def troubles_of_signups(scene: Scene, deeds: list[Deed]) -> Iterator[str]:
    with scene.machine.admin() as admin:
        rows = admin.execute(WHOLE).fetchall()
        for slug, key, *whole in rows:
            if not all(whole):
                yield f"company {slug} is not whole: let, schema, role, membership are {whole}"
            elif (owners := _owners(admin, key)) != 1:
                yield f"company {slug} has {owners} members"
        standing = {slug for slug, *_ in rows}
    for deed in deeds:
        letters = {mail.id for mail in scene.machine.mail.to(f"{deed.mark}@faults.example")}
        if deed.said_yes and deed.mark not in standing:
            yield f"company {deed.mark} was promised and is not there"
        if (deed.mark in standing) != (len(letters) == 1):
            yield f"company {deed.mark} is there: {deed.mark in standing}; its letters: {len(letters)}"
    yield from _leaks(scene)


def _owners(admin: psycopg.Connection, key: str) -> int:
    row = admin.execute(f"SELECT count(*) FROM {key}.members".encode()).fetchone()
    return int(row[0]) if row else 0


def _leaks(scene: Scene) -> Iterator[str]:
    """After the caretaker has been round, every schema is vacant or lived in."""
    house = scene.machine.house
    with house.landlord_session() as landlord, house.landlord_session("main") as cell:
        release_orphans(landlord, cell, at=now() + AGE + dt.timedelta(minutes=1))
    fleet.pool(str(house.settings.owner_database_url), wanted=0)
    with scene.machine.admin() as admin:
        keys = {what: {row[0] for row in admin.execute(query.encode())} for what, query in NAMES.items()}
        if len(set(map(frozenset, keys.values()))) > 1:
            yield f"schemas, roles and the ledger do not agree: {_differences(keys)}"
        lived_in = {row[0] for row in admin.execute("SELECT key FROM saas.tenants")}
        left = admin.execute("SELECT key, state FROM cell.schemas WHERE state <> 'vacant' AND NOT key = ANY(%s)", (list(lived_in),)).fetchall()
        if left:
            yield f"nobody lives in {left}"


def _differences(keys: dict[str, set[str]]) -> dict[str, list[str]]:
    all_of_them = set.union(*keys.values())
    return {f"not in {what}": sorted(all_of_them - there) for what, there in keys.items() if there != all_of_them}
