"""What people do with an import: begin it with a file, say what its columns are, have it tried, run and undone."""

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Callable, Sequence

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from tenants.imports.fields import Kind
from tenants.imports.matching import heading_row, propose, remember
from tenants.imports.models import KEEP, UNDO_FOR, Import, ImportRow
from tenants.imports.options import Options
from tenants.imports.reading import Sheet
from tenants.imports.setting import Setting
from tenants.imports.undo import TooLateToUndo
from tenants.imports.world import world_of
from tenants.jobs import asking as jobs
from tenants.jobs.models import Job
from tenants.team.actor import Actor
from tenants.values.ids import new_id
from tenants.values.words import N_, Refusal
from tenants.workspace import settings

REMEMBERED = "imports"  # setting: {kind: {heading: field}}
MOST_REMEMBERED = 500  # headings of a kind


class IsBusy(Refusal):
    sentence = N_("This import is being worked on. Wait until that has ended, or cancel it.")


class IsOver(Refusal):
    sentence = N_("This import has been done already.")


class NotChecked(Refusal):
    sentence = N_("Try it first: a dry run shows what would become of each row.")


def begin(session: Session, kind: Kind, name: str, sheet: Sheet, *, by: Actor, at: dt.datetime) -> Import:
    """Keeps what was read of the file, with a proposal of what its columns are."""
    heading = heading_row(kind, sheet.head)
    headings = sheet.head[heading] if sheet.head else []
    one = Import(
        id=new_id(),
        kind=kind,
        name=name,
        form=sheet.form,
        note=sheet.note,
        height=sheet.height,
        heading=heading,
        fields=propose(kind, headings, settings.read(session, REMEMBERED).get(kind, {})),
        options=Options(owner_id=by.id, makes_customers=sheet.form == "vcard").kept(),
        counts={},
        content=sheet.packed,
        member_id=by.id,
        created_at=at,
    )
    session.add(one)
    session.flush()
    return one


def match(session: Session, one: Import, headings: Sequence[str], fields: Sequence[str], options: Options, *, at: dt.datetime) -> None:
    """Says what the columns are and how it is done; the firm remembers the columns."""
    _refuse(session, one)
    one.fields, one.options, one.state, one.counts = list(fields), options.kept(), "matching", {}
    if one.form != "vcard":
        known = settings.read(session, REMEMBERED)
        kept = known.get(one.kind, {}) | remember(headings, fields)
        settings.write(session, REMEMBERED, known | {one.kind: dict(list(kept.items())[-MOST_REMEMBERED:])}, at=at)


def ask_check(session: Session, one: Import, *, by: Actor, at: dt.datetime) -> Job:
    _refuse(session, one)
    return _ask(session, one, "import.check", by, at)


def ask_run(session: Session, one: Import, *, by: Actor, at: dt.datetime) -> Job:
    _refuse(session, one)
    if one.state != "checked":
        raise NotChecked
    return _ask(session, one, "import", by, at)


def ask_undo(session: Session, one: Import, *, by: Actor, at: dt.datetime) -> Job:
    if job_is_open(session, one):
        raise IsBusy
    if not one.may_be_undone(at):
        raise TooLateToUndo
    return _ask(session, one, "import.undo", by, at)


def job_of(session: Session, one: Import) -> Job | None:
    """What was asked for last."""
    return session.get(Job, one.job_id) if one.job_id else None


def job_is_open(session: Session, one: Import) -> bool:
    job = job_of(session, one)
    return job is not None and job.is_open


def setting_of(
    session: Session,
    one: Import,
    *,
    actor: Actor,
    at: dt.datetime,
    zone: zoneinfo.ZoneInfo,
    numbers: Callable[[int], list[str]],
    options: Options | None = None,
) -> Setting:
    options = options or Options.read(one.options)
    world = world_of(session, zone=zone, choices=options.choices, offered=options.offered)
    return Setting(session, actor, at, world, options, one.id, one.name, numbers, step=lambda _: None)


def forget(session: Session, *, now: dt.datetime) -> None:
    """Files and rows go when their import can no longer be undone; that there was one is kept a while longer."""
    over = or_(Import.done_at < now - UNDO_FOR, and_(Import.done_at.is_(None), Import.created_at < now - UNDO_FOR))
    stale = and_(Import.content.is_not(None), over)
    for statement in (
        delete(ImportRow).where(ImportRow.import_id.in_(select(Import.id).where(stale))),
        update(Import).where(stale).values(content=None),
        delete(Import).where(Import.created_at < now - KEEP),
    ):
        session.execute(statement.execution_options(synchronize_session=False))


def _refuse(session: Session, one: Import) -> None:
    session.refresh(one, ["state", "job_id"], with_for_update=True)
    if job_is_open(session, one):
        raise IsBusy
    if one.state in ("done", "undone"):
        raise IsOver


def _ask(session: Session, one: Import, kind: str, by: Actor, at: dt.datetime) -> Job:
    job = jobs.ask(session, kind, {"import": str(one.id), "name": one.name}, member_id=by.id, at=at)
    one.job_id = job.id
    session.flush()
    return job


def key_of(job: Job) -> uuid.UUID | None:
    """The import that a job is about."""
    return uuid.UUID(job.params["import"]) if "import" in job.params else None
