"""A piece of long work, and the files that go into it and come out of it."""

import datetime as dt
import uuid
from typing import Any, Literal, get_args

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.wall.base import Base, Keyed

State = Literal["waiting", "running", "done", "failed", "cancelled"]
STATES: tuple[str, ...] = get_args(State)
OPEN = ("waiting", "running")


class Job(Keyed, Base):
    """`kind` says which answer in workers.heavy does it, `params` with what. `done` of `total` (None: nobody knows yet) is its progress.

    Whoever does it holds the lease: `lease` is the holder's token, `leased_until` when it ends unless the holder says that it lives.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_jobs_open", "id", postgresql_where=text("state IN ('waiting', 'running')")),
    )

    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting", server_default="waiting")
    params: Mapped[dict[str, Any]]
    done: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    total: Mapped[int | None] = mapped_column(BigInteger)
    result: Mapped[dict[str, Any] | None]
    failure: Mapped[dict[str, Any] | None]  # {"sentence": message id, "params": {…}}
    member_id: Mapped[uuid.UUID | None]  # who asked for it; None: the night
    created_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]
    started_at: Mapped[dt.datetime | None]
    finished_at: Mapped[dt.datetime | None]
    cancel_asked_at: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    lease: Mapped[uuid.UUID | None]
    leased_until: Mapped[dt.datetime | None]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_being_cancelled(self) -> bool:
        return self.is_open and self.cancel_asked_at is not None


class JobFile(Keyed, Base):
    """Bytes that a job reads or made. `role`: "upload", "result", "rejects"."""

    __tablename__ = "job_files"
    __table_args__ = (Index("ix_job_files_job_id", "job_id", "role"),)

    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    role: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)  # bytes
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[dt.datetime]
