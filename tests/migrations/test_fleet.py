"""One revision for all tenants: it goes on past a failure, resumes, waits for nobody long, and the release before goes on working."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from migrations import fleet
from migrations.head import head
from tests.world.database import Database

FleetOf = Callable[[int], list[str]]
STEPS = ["ALTER TABLE customers ADD COLUMN grade text", "CREATE TABLE grades (id int PRIMARY KEY)"]


def upgrade(database: Database, steps: list[str] = STEPS) -> list[tuple[str, str]]:
    return fleet.upgrade(database.owner_url, statements=steps, target="0002")


def ask(database: Database, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        return admin.execute(query.encode()).fetchall()


def run(database: Database, statement: str) -> None:
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        admin.execute(statement.encode())


def revisions(database: Database) -> Counter[str]:
    return Counter(revision for (revision,) in ask(database, "SELECT revision FROM cell.schemas"))


def has_grade(database: Database, key: str) -> bool:
    return bool(ask(database, f"SELECT 1 FROM pg_attribute WHERE attrelid = '{key}.customers'::regclass AND attname = 'grade'"))


def test_every_schema_gets_every_statement(empty: Database, fleet_of: FleetOf) -> None:
    keys = fleet_of(45)
    assert upgrade(empty) == []
    assert revisions(empty) == {"0002": 45}
    assert all(has_grade(empty, key) for key in keys)


def test_again_is_harmless(empty: Database, fleet_of: FleetOf) -> None:
    fleet_of(3)
    upgrade(empty)
    assert upgrade(empty) == []


def test_a_failure_at_the_57th_of_100_leaves_one_behind_and_is_resumed(empty: Database, fleet_of: FleetOf) -> None:
    unlucky = fleet_of(100)[56]
    run(empty, f"CREATE TABLE {unlucky}.grades (id int)")
    [(key, error)] = upgrade(empty)
    assert key == unlucky
    assert "already exists" in error
    assert revisions(empty) == {"0002": 99, "0001": 1}
    assert not has_grade(empty, unlucky), "all of a revision or nothing of it"
    assert fleet.status(empty.owner_url)[-1].startswith(f"{unlucky} stays behind: ")
    run(empty, f"DROP TABLE {unlucky}.grades")
    assert upgrade(empty) == []
    assert revisions(empty) == {"0002": 100}


def test_one_busy_tenant_stays_behind_and_the_others_do_not_wait(empty: Database, fleet_of: FleetOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fleet, "PATIENCE", "100ms")
    monkeypatch.setattr(fleet, "BATCH_PATIENCE", "50ms")
    busy = fleet_of(25)[7]
    with psycopg.connect(empty.admin_url) as long_query:
        long_query.execute(f"SELECT * FROM {busy}.customers".encode())
        [(key, error)] = upgrade(empty)
    assert key == busy
    assert "lock timeout" in error
    assert revisions(empty) == {"0002": 24, "0001": 1}
    assert upgrade(empty) == []


def test_the_release_before_goes_on_working(empty: Database, fleet_of: FleetOf) -> None:
    """People work in every schema while it is migrated; not one request fails."""
    keys = fleet_of(60)
    ended = threading.Event()
    errors: list[Exception] = []
    served = Counter[str]()

    def work(mine: list[str]) -> None:
        with psycopg.connect(empty.app_url, autocommit=True, prepare_threshold=None) as app:
            while not ended.is_set():
                for number, key in enumerate(mine):
                    try:
                        with app.transaction():
                            app.execute(f"SET LOCAL ROLE {key}; SET LOCAL search_path = {key}; SET LOCAL statement_timeout = 5000".encode())
                            app.execute("INSERT INTO customers VALUES (%s, 'x') ON CONFLICT (id) DO UPDATE SET name = 'y'", (number,))
                            app.execute("SELECT id, name FROM customers").fetchall()
                        served[key] += 1
                    except psycopg.Error as error:
                        errors.append(error)

    workers = [threading.Thread(target=work, args=(keys[i::3],)) for i in range(3)]
    for worker in workers:
        worker.start()
    left_behind = upgrade(empty)
    ended.set()
    for worker in workers:
        worker.join()
    assert (left_behind, errors) == ([], [])
    assert len(served) == 60


def test_two_at_once_take_turns(empty: Database, fleet_of: FleetOf) -> None:
    fleet_of(30)
    outcomes: list[list[tuple[str, str]]] = []
    threads = [threading.Thread(target=lambda: outcomes.append(upgrade(empty))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [[], []]
    assert revisions(empty) == {"0002": 30}


def test_killed_halfway_it_goes_on_where_it_stopped(empty: Database, fleet_of: FleetOf, monkeypatch: pytest.MonkeyPatch) -> None:
    fleet_of(50)
    monkeypatch.setattr(fleet, "HANDS", 1)
    apply, done = fleet._apply, iter(range(100))

    def dies(*args: Any, **kwargs: Any) -> None:
        if next(done) == 1:
            raise KeyboardInterrupt
        apply(*args, **kwargs)

    monkeypatch.setattr(fleet, "_apply", dies)
    with pytest.raises(KeyboardInterrupt):
        upgrade(empty)
    assert revisions(empty) == {"0002": 20, "0001": 30}
    monkeypatch.setattr(fleet, "_apply", apply)
    assert upgrade(empty) == []
    assert revisions(empty) == {"0002": 50}


def test_the_command(empty: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("OWNER_DATABASE_URL", raising=False)
    with pytest.raises(SystemExit):
        fleet.main(["upgrade"])
    assert "OWNER_DATABASE_URL is not set" in capsys.readouterr().err
    monkeypatch.setenv("OWNER_DATABASE_URL", empty.owner_url)
    assert fleet.main(["upgrade", "--vacant", "2"]) == 0
    assert fleet.main(["pool", "--vacant", "3"]) == 0
    assert fleet.main(["status"]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == ["1 schemas made", f"{head().revision}: 3 vacant"]
