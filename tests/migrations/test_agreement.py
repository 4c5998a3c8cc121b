"""Models, revisions and head.sql say the same; the app's rights are what they should be."""

import shutil
import subprocess
import sysconfig
from pathlib import Path

import psycopg
import pytest
from alembic import command

from migrations import check, draft, fleet
from migrations.head import Head, head, read, write
from migrations.planes import PLANES, TENANT
from tests.world.database import Database

SQUAWK = shutil.which("squawk", path=sysconfig.get_path("scripts"))
# A schema is new to everybody who reads it here, and the fleet runner sets the timeouts. Small numbers are chosen: points lie between -100 and 100.
EXCLUDED = (
    "require-timeout-settings,prefer-robust-stmts,require-concurrent-index-creation,ban-concurrent-index-creation-in-transaction"
    ",prefer-bigint-over-smallint"
)


def test_models_and_migrations_agree() -> None:
    assert check.disagreements() == []


def test_the_drafts_are_fresh() -> None:
    assert draft.stale() == []


def test_head_is_read_as_it_was_written() -> None:
    written = Head("0009", ("CREATE TABLE a (id int)", "CREATE INDEX b ON a (id)"))
    assert read(write(written)) == written
    assert head().revision == TENANT.head()


def test_alembic_sees_nothing_to_do(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    fleet.upgrade_landlord(empty.owner_url)
    monkeypatch.setenv("OWNER_DATABASE_URL", empty.owner_url)
    for plane in PLANES.values():
        command.check(plane.config(stdout=None))


def test_tenants_are_not_upgraded_one_by_one(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWNER_DATABASE_URL", empty.owner_url)
    with pytest.raises(SystemExit, match=r"migrations\.fleet upgrade"):
        command.upgrade(TENANT.config(), "head")


def test_the_app_works_in_saas_but_makes_nothing_there(empty: Database) -> None:
    fleet.upgrade(empty.owner_url)
    with psycopg.connect(empty.app_url, autocommit=True) as app:
        assert app.execute("SELECT count(*) FROM saas.tenants").fetchone() == (0,)
        for statement in (
            "SELECT * FROM saas.alembic_version",
            "CREATE TABLE saas.more (id int)",
            "ALTER TABLE saas.tenants ADD COLUMN more int",
            "INSERT INTO cell.schemas (key, state, revision, made_at) VALUES ('t_aaaaaaaaaa', 'let', '1', now())",
            "DELETE FROM cell.schemas",
            "UPDATE cell.schemas SET revision = '0'",
            "CREATE SCHEMA more",
            "CREATE TEMPORARY TABLE more (id int)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement.encode())


def complaints(statements: list[str], folder: Path) -> str:
    """What squawk has against them."""
    assert SQUAWK is not None, "squawk-cli is not installed"
    file = folder / "revision.sql"
    file.write_text(";\n".join(statements) + ";\n" if statements else "")
    done = subprocess.run([SQUAWK, "--exclude", EXCLUDED, "--assume-in-transaction", str(file)], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode else ""


def test_revisions_block_nobody(tmp_path: Path) -> None:
    """Each works with the release before: no column is taken away or forced that it does not fill."""
    assert "adding-required-field" in complaints(["ALTER TABLE customers ADD COLUMN more int NOT NULL"], tmp_path)
    for plane in PLANES.values():
        assert complaints(plane.statements(draft.BASELINE), tmp_path) == ""
