"""Making a vacant schema, and applying a revision of five statements to every tenant, over what django-tenants needs for the same."""

import secrets
import sys
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from psycopg import sql

from migrations import fleet
from migrations.head import head
from saas.cells.upkeep import erase, make_vacant
from tests.bench import peer
from tests.bench.house import VAR, House
from tests.bench.interleave import Figure, clocked, figure, in_turn, middle
from tests.bench.say import say

MAKING, APPLYING = 0.2, 0.05
CLIENTS = 100  # of django-tenants' schemas: it takes them one by one, and each as long as the one before
STEPS = (
    "CREATE TABLE bench_notes (id UUID NOT NULL PRIMARY KEY, customer_id UUID NOT NULL, body TEXT NOT NULL)",
    "CREATE INDEX ix_bench_notes_customer ON bench_notes (customer_id, id)",
    "ALTER TABLE customers ADD COLUMN bench_a TEXT",
    "ALTER TABLE contacts ADD COLUMN bench_b BOOLEAN DEFAULT false NOT NULL",
    "ALTER TABLE opportunities ADD COLUMN bench_c INTEGER",
)
BACK = (
    "DROP TABLE bench_notes",
    "ALTER TABLE customers DROP COLUMN bench_a",
    "ALTER TABLE contacts DROP COLUMN bench_b",
    "ALTER TABLE opportunities DROP COLUMN bench_c",
)
AFTER = "bench"


def measure(house: House, *, rounds: int) -> list[Figure]:
    peer.move_in(house)
    return [_making(house, max(rounds // 5, 5)), _applying(house)]


def _making(house: House, rounds: int) -> Figure:
    made: list[str] = []
    with fleet.connected(house.owner_url) as connection:
        times = in_turn(
            lambda: made.append(make_vacant(connection, head().revision, head().statements)),
            lambda: peer.make_client(f"x{secrets.token_hex(6)}"),
            rounds=rounds,
            warm=1,
        )
        for key in made:
            erase(connection, key)
    _drop_clients("x")
    tables = sum(statement.startswith("CREATE TABLE") for statement in head().statements)
    return figure("making a vacant schema", times, goal=MAKING, note=f"{tables} tables, {len(head().statements) - tables} indexes besides keys")


def _applying(house: House) -> Figure:
    """Ours: every tenant in each round. Theirs: a tenth of `CLIENTS` in each round, ten rounds, which is every one once."""
    clients = _many_clients(house, min(CLIENTS, house.sizes.tenants))
    _write_revision()
    ours, theirs = [], []
    tenth = max(len(clients) // 10, 1)
    for number in range(10):
        say(f"round {number + 1} of 10")
        ours.append(clocked(lambda: _forward(house)))
        fleet.upgrade(house.owner_url, statements=BACK, target=head().revision)
        mine = clients[number * tenth : (number + 1) * tenth]
        theirs.append(clocked(lambda some=mine: _migrate(some)))  # type: ignore[misc]
    _migrate(clients, "0001")
    (peer.MIGRATIONS / "0002_bench.py").unlink()
    with fleet.connected(house.owner_url) as connection:
        count = connection.execute("SELECT count(*) FROM cell.schemas").fetchone()
    assert count
    each = [seconds / count[0] for seconds in ours]
    their_each = [seconds / tenth for seconds in theirs]
    spread = middle([a / b for a, b in zip(each, their_each, strict=True)])
    note = (
        f"five statements; ours {count[0]:,} schemas in {median(ours):.2f} s with {fleet.HANDS} hands, "
        f"theirs {tenth * 10:,} in {sum(theirs):.1f} s with migrate_schemas' own executor, standard; shown is one schema"
    )
    return Figure("a revision to every tenant", median(each), median(their_each), spread, APPLYING, 10, note)


def _forward(house: House) -> None:
    failed = fleet.upgrade(house.owner_url, statements=STEPS, target=AFTER)
    assert not failed, failed


def _many_clients(house: House, wanted: int) -> list[str]:
    """django-tenants' schemas as its own create leaves them, but made by their SQL alone: a thousand creates would take an hour."""
    from django.core.management import call_command
    from django_tenants.utils import schema_context

    from tests.bench.peers.rent.models import Client

    schemas = [f"firm{number:04}" for number in range(wanted)]
    known = set(Client.objects.values_list("schema_name", flat=True))
    missing = [schema for schema in schemas if schema not in known]
    if missing:
        say(f"{len(missing)} schemas of django-tenants are made")
        peer.make_client(missing[0])
        with schema_context(missing[0]):  # outside of a tenant there is nothing to migrate
            text = str(call_command("sqlmigrate", "crm", "0001", stdout=_Nowhere()))
        statements = [line for line in text.splitlines() if line and not line.startswith(("--", "BEGIN", "COMMIT"))]
        with psycopg.connect(house.admin_url(peer.database(house)), autocommit=True) as connection:
            for schema in missing[1:]:
                _clone(connection, missing[0], schema, statements)
    return schemas


def _clone(connection: psycopg.Connection[Any], model: str, schema: str, statements: list[str]) -> None:
    with connection.transaction():
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(schema)))
        connection.execute(sql.SQL("CREATE TABLE django_migrations (LIKE {}.django_migrations INCLUDING ALL)").format(sql.Identifier(model)))
        rows = sql.SQL("INSERT INTO django_migrations (app, name, applied) SELECT app, name, applied FROM {}.django_migrations")
        connection.execute("ALTER TABLE django_migrations ALTER id DROP IDENTITY IF EXISTS, ALTER id ADD GENERATED BY DEFAULT AS IDENTITY")
        connection.execute(rows.format(sql.Identifier(model)))
        for statement in statements:
            connection.execute(statement.encode())
        connection.execute("INSERT INTO public.rent_client (schema_name, name, created_on) VALUES (%s, %s, now())", [schema, schema])


class _Nowhere:
    def write(self, _: str) -> None:
        pass


def _write_revision() -> None:
    operations = "".join(f"        migrations.RunSQL({step!r}, {back!r}),\n" for step, back in zip(STEPS, (BACK[0], "", *BACK[1:]), strict=True))
    text = (
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
        f'    dependencies = [("crm", "0001_initial")]\n    operations = [\n{operations}    ]\n'
    )
    (peer.MIGRATIONS / "0002_bench.py").write_text(text)
    sys.modules.pop("crm_migrations.0002_bench", None)


def _migrate(schemas: list[str], *target: str) -> None:
    """What `migrate_schemas` does with these."""
    from django_tenants.migration_executors.standard import StandardExecutor

    options: dict[str, Any] = {"verbosity": 0, "interactive": False, "database": "default"}
    if target:
        options |= {"app_label": "crm", "migration_name": target[0]}
    StandardExecutor((), {**_defaults(), **options}).run_migrations(tenants=list(schemas))


def _defaults() -> dict[str, Any]:
    from django.core.management.commands.migrate import Command

    return dict(vars(Command().create_parser("manage.py", "migrate").parse_args([])))


def _drop_clients(prefix: str) -> None:
    from tests.bench.peers.rent.models import Client

    for client in Client.objects.filter(schema_name__startswith=prefix):
        client.delete(force_drop=True)


def clear() -> None:
    """A revision that an interrupted run left."""
    for left in (VAR / "peer").glob("crm_migrations/0002*.py"):
        Path(left).unlink()
