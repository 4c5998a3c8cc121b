"""The three planes that are migrated: the landlord ("saas"), a cell, and a tenant. Each has its own revisions."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData

from saas.world import CellBase, LandlordBase
from tenants.world import Base

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Plane:
    name: str
    metadata: MetaData
    version_schema: str | None

    @property
    def folder(self) -> Path:
        return HERE / self.name

    def config(self, **attributes: Any) -> Config:
        config = Config(HERE / "alembic.ini", ini_section=self.name)
        config.attributes.update(attributes)
        return config

    def script(self) -> ScriptDirectory:
        return ScriptDirectory.from_config(self.config())

    def head(self) -> str:
        """The newest revision. Raises if there is more than one, or none."""
        head = self.script().get_current_head()
        if head is None:
            raise LookupError(f"{self.name} has no revision")
        return head

    def statements(self, after: str | None) -> list[str]:
        """The SQL that leads from revision `after` (None: from nothing) to the head, one statement an item."""
        revisions = [r.module for r in self.script().walk_revisions(after or "base", "heads") if r.revision != after]
        return written_down([module.upgrade for module in reversed(revisions)])


def written_down(upgrades: list[Callable[[], None]]) -> list[str]:
    """What the upgrades would run. Nothing is connected to."""
    sheet = _Sheet()
    context = MigrationContext.configure(dialect_name="postgresql", opts={"as_sql": True, "output_buffer": sheet})
    with Operations.context(context):
        for upgrade in upgrades:
            upgrade()
    return sheet.statements


class _Sheet:
    """Where Alembic writes: it hands over one whole statement each time."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def write(self, text: str) -> None:
        if statement := text.strip().rstrip(";").rstrip():
            self.statements.append(statement)

    def flush(self) -> None:
        pass


SAAS = Plane("saas", LandlordBase.metadata, "saas")
CELL = Plane("cell", CellBase.metadata, "cell")
TENANT = Plane("tenant", Base.metadata, None)
PLANES = {plane.name: plane for plane in (SAAS, CELL, TENANT)}
