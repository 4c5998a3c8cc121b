"""For developers: python -m migrations.draft [check].

Without a word it writes the baseline revisions and head.sql anew from the models, as long as nothing is released (each plane has just its
baseline); later it writes head.sql only. With `check` it makes each plane from its revisions and from its models, and says where they differ.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import MetaData
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from migrations.head import FILE, Head, write
from migrations.planes import PLANES, TENANT, Plane

BASELINE = "0001"

# zuke_app works in "saas" with full rights; what it may do in "cell" is written out.
BEFORE: dict[str, tuple[str, ...]] = {
    "saas": (
        "CREATE SCHEMA IF NOT EXISTS saas",
        "GRANT USAGE ON SCHEMA saas TO zuke_app",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA saas GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO zuke_app",
    ),
    "cell": ("CREATE SCHEMA IF NOT EXISTS cell",),
    "tenant": (),
}
# Every tenant role may ring, for itself only: PUBLIC, because a list of 2,000 roles would not fit into the table's row of rights.
AFTER: dict[str, tuple[str, ...]] = {
    "saas": (),
    "cell": (
        "GRANT USAGE ON SCHEMA cell TO PUBLIC",
        "GRANT INSERT ON cell.bells TO PUBLIC",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON cell.bells TO zuke_app",
        "GRANT SELECT, UPDATE (state, claimed_at) ON cell.schemas TO zuke_app",
        "ALTER TABLE cell.bells ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY own ON cell.bells FOR INSERT TO PUBLIC WITH CHECK (tenant = current_user)",
        "CREATE POLICY sweeper ON cell.bells FOR ALL TO zuke_app USING (true) WITH CHECK (true)",
    ),
    "tenant": (),
}


def tables(metadata: MetaData) -> Iterable[str]:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in metadata.sorted_tables:
        yield _tidy(str(CreateTable(table).compile(dialect=dialect)))
        for index in sorted(table.indexes, key=lambda i: str(i.name)):
            yield _tidy(str(CreateIndex(index).compile(dialect=dialect)))


def _tidy(sql: str) -> str:
    lines = (line.rstrip().replace("\t", "    ") for line in sql.strip().splitlines())
    return "\n".join(line for line in lines if line)


def baseline(plane: Plane) -> str:
    statements = [*BEFORE[plane.name], *tables(plane.metadata), *AFTER[plane.name]]
    calls = "\n".join(f"    op.execute({_quoted(s)})" for s in statements)
    return (
        f'"""The {plane.name} plane as it was first released. Written by python -m migrations.draft."""\n\nfrom alembic import op\n\n'
        f'revision = "{BASELINE}"\ndown_revision = None\n\n\ndef upgrade() -> None:\n{calls}\n'
    )


def _quoted(sql: str) -> str:
    inner = sql.replace("\n", "\n        ")
    return f'"{sql}"' if "\n" not in sql and '"' not in sql and len(sql) < 120 else f'"""\n        {inner}\n        """'


def drafts() -> dict[Path, str]:
    """Every file that follows from the models, with what should stand in it."""
    unreleased = [plane for plane in PLANES.values() if len(_revisions(plane)) <= 1]
    files = {plane.folder / f"{BASELINE}_baseline.py": baseline(plane) for plane in unreleased}
    revision = BASELINE if TENANT in unreleased else TENANT.head()
    return files | {FILE: write(Head(revision, tuple(tables(TENANT.metadata))))}


def _revisions(plane: Plane) -> list[Path]:
    return sorted(plane.folder.glob("[0-9]*.py"))


def stale() -> list[str]:
    """Names of the files that no longer say what the models say. Needs no database."""
    return [path.name for path, text in drafts().items() if not path.exists() or path.read_text() != text]


def main(words: list[str]) -> int:
    if words == ["check"]:
        from migrations.check import disagreements  # a database is needed only here

        found = disagreements()
        print("\n".join(found) if found else "Models and migrations agree.")
        return 1 if found else 0
    for path, text in drafts().items():
        path.write_text(text)
        print(f"wrote {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
