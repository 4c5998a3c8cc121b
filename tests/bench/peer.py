"""The peer's database: django-tenants with the same tables (from our models), and the same rows for the large company. Made once."""

import os
from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg import sql

from migrations.head import head
from tenants.team.actor import find_actor
from tenants.wall.session import inside
from tenants.world import Base
from tests.bench.house import LARGE, VAR, House
from tests.bench.say import say

HOST = f"{LARGE}.peer.example"
# What the list shows, and what these refer to. The rest of the rows is never asked for.
EMPTY = {"events", "followups", "plans", "evaluations", "stage_moves", "attachments", "outbox", "contacts", "customer_tags"}
MIGRATIONS = VAR / "peer" / "crm_migrations"


def database(house: House) -> str:
    return house.sizes.name.replace("zuke", "peer", 1)


def environment(house: House) -> dict[str, str]:
    with inside(house.large, house.engine) as session:
        boss = find_actor(session, house.person.id)
    assert boss is not None
    return {
        "DJANGO_SETTINGS_MODULE": "tests.bench.peers.settings",
        "PEER_SOCKETS": str(house.cluster.sockets),
        "PEER_DATABASE": database(house),
        "PEER_MIGRATIONS": str(MIGRATIONS.parent),
        "PEER_MEMBER": str(boss.id),
    }


def move_in(house: House) -> None:
    """Sets Django up in this process, makes what is missing of its database."""
    with psycopg.connect(house.admin_url("postgres"), autocommit=True) as admin:
        for (name,) in admin.execute("SELECT datname FROM pg_database").fetchall():
            if name.startswith(database(house).rpartition("_")[0] + "_") and name != database(house):
                admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        known = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database(house)]).fetchone()
        if not known:
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database(house))))
    _set_up(house)
    from tests.bench.peers.rent.models import Client

    _migrate_public()
    if not Client.objects.filter(schema_name=LARGE).exists():
        say("the large company moves in with django-tenants")
        make_client(LARGE)
        _copy_rows(house)


def _set_up(house: House) -> None:
    os.environ.update(environment(house))
    for folder in (MIGRATIONS, MIGRATIONS.with_name("rent_migrations")):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
    import django

    django.setup()
    _write_migration()


def make_client(schema: str) -> Any:
    """A tenant as django-tenants makes one: schema, every migration."""
    from tests.bench.peers.rent.models import Client, Domain

    client = Client(schema_name=schema, name=schema)
    client.save(verbosity=0)
    Domain.objects.create(domain=f"{schema}.peer.example", tenant=client, is_primary=True)
    return client


def _migrate_public() -> None:
    from django.core.management import call_command

    call_command("migrate_schemas", shared=True, verbosity=0, interactive=False)


def _write_migration() -> None:
    """What `makemigrations` says to our tables, and our indexes as they are."""
    path = MIGRATIONS / "0001_initial.py"
    stamp = f"# revision {head().revision} {hash_of(head().statements)}\n"
    if path.exists() and path.read_text().startswith(stamp):
        return
    from django.core.management import call_command

    for old in MIGRATIONS.glob("0*.py"):
        old.unlink()
    call_command("makemigrations", "rent", "crm", verbosity=0)
    indexes = [statement for statement in head().statements if statement.startswith(("CREATE INDEX", "CREATE UNIQUE INDEX"))]
    text = path.read_text().rstrip().removesuffix("]")
    path.write_text(stamp + text + "    " + "".join(f"    migrations.RunSQL({one!r}),\n    " for one in indexes) + "]\n")


def hash_of(statements: Iterable[str]) -> str:
    import hashlib

    return hashlib.sha256("\n".join(statements).encode()).hexdigest()[:12]


def _copy_rows(house: House) -> None:
    with psycopg.connect(house.admin_url()) as ours, psycopg.connect(house.admin_url(database(house))) as theirs:
        theirs.execute("SET session_replication_role = replica")  # foreign keys sleep: what nobody asks for stays behind
        for table in Base.metadata.sorted_tables:
            if table.name not in EMPTY:
                columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
                source = sql.SQL("COPY {}.{} ({}) TO STDOUT").format(sql.Identifier(house.large.key), sql.Identifier(table.name), columns)
                target = sql.SQL("COPY {}.{} ({}) FROM STDIN").format(sql.Identifier(LARGE), sql.Identifier(table.name), columns)
                with ours.cursor().copy(source) as out, theirs.cursor().copy(target) as into:
                    for data in out:
                        into.write(data)
        theirs.commit()
        theirs.autocommit = True
        theirs.execute("VACUUM (ANALYZE)")
