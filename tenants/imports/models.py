"""One import: a file, how it was understood, what became of each of its rows."""

import datetime as dt
import uuid
from typing import Any, Literal, get_args

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from tenants.wall.base import Base, Keyed

State = Literal["matching", "checked", "done", "undone"]
STATES: tuple[str, ...] = get_args(State)
UNDO_FOR = dt.timedelta(days=7)
KEEP = dt.timedelta(days=90)  # that there was one; its file and rows go when it can no longer be undone


class Import(Keyed, Base):
    """`fields`: for each column of the file the field that it is ("": none). `options`: see tenants.imports.options. `heading`: the row of the
    headings, counted from 0. `content`: the rows, as tenants.imports.reading packs them; None once they are forgotten. `job_id`: what was asked
    for last: a dry run, the run, its undoing. `counts`: what came of that.
    """

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint(f"kind IN {('customer', 'contact', 'followup', 'opportunity')}", name="kind"),
        CheckConstraint(f"state IN {STATES}", name="state"),
    )

    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="matching", server_default="matching")
    name: Mapped[str]  # of the file
    form: Mapped[str]  # xlsx, csv, vcard
    note: Mapped[str]  # the sheet, or the encoding
    height: Mapped[int] = mapped_column(BigInteger)
    heading: Mapped[int] = mapped_column(BigInteger)
    fields: Mapped[list[str]]
    options: Mapped[dict[str, Any]]
    counts: Mapped[dict[str, Any]]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    job_id: Mapped[uuid.UUID | None]
    member_id: Mapped[uuid.UUID]
    created_at: Mapped[dt.datetime]
    done_at: Mapped[dt.datetime | None]
    undone_at: Mapped[dt.datetime | None]

    def may_be_undone(self, at: dt.datetime) -> bool:
        return self.state == "done" and self.done_at is not None and at < self.done_at + UNDO_FOR

    @property
    def is_told(self) -> bool:
        """Its rows are still known."""
        return self.content is not None


class ImportRow(Base):
    """What became of a row of the file; `number` counts from 1, as one sees it in the program. After a dry run only what failed or is skipped.

    `data`: of a failed row {"errors": [{"field", "sentence", "params"}]}, of an updated one {"changes": {field: [old, new]}}, of one that undoing
    left as it is {"why": sentence}.
    """

    __tablename__ = "import_rows"
    __table_args__ = (CheckConstraint("state IN ('created', 'updated', 'skipped', 'failed', 'kept')", name="state"),)

    import_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    state: Mapped[str]
    record_id: Mapped[uuid.UUID | None]
    data: Mapped[dict[str, Any] | None]
