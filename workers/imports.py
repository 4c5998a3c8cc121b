"""Imports: the answers to the jobs "import.check" (the dry run), "import" and "import.undo"."""

import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from tenants.imports import running
from tenants.imports import undo as undoing
from tenants.imports.asking import setting_of
from tenants.imports.models import Import
from tenants.imports.running import NotAllowed
from tenants.imports.setting import Setting
from tenants.team.actor import Actor, find_actor
from tenants.team.models import Member
from tenants.workspace.numbers import next_numbers
from workers.tenancy import now
from workers.work import Work

Step = Callable[[Setting, Import, Callable[[int, int], None]], dict[str, int]]


def check(work: Work) -> None:
    _do(work, running.check)


def run(work: Work) -> None:
    _do(work, running.run)


def undo(work: Work) -> None:
    _do(work, undoing.undo)


def _do(work: Work, step: Step) -> None:
    """One transaction: what it does to the firm's records, what became of each row, and that it is done."""
    with work.session() as session:
        one = session.get_one(Import, uuid.UUID(work.params["import"]), with_for_update=True)
        setting = setting_of(
            session, one, actor=_actor(session, work.taken.member_id), at=now(), zone=work.tenant.zone, numbers=lambda count: _numbers(work, count)
        )
        counts: dict[str, Any] = step(setting, one, work.progress)
        session.flush()
        work.finish(session, counts | {"import": str(one.id)})


def _actor(session: Session, member_id: uuid.UUID | None) -> Actor:
    """Whoever asked, with the rights of now. Raises `NotAllowed` when they have left."""
    member = session.get(Member, member_id) if member_id else None
    actor = find_actor(session, member.person_id) if member and member.person_id else None
    if actor is None:
        raise NotAllowed
    return actor


def _numbers(work: Work, count: int) -> list[str]:
    """In a transaction of their own: the counter must not stay locked as long as an import takes. A killed import leaves a gap."""
    if not count:
        return []
    with work.session() as session:
        return next_numbers(session, "customer", count, prefix="C")
