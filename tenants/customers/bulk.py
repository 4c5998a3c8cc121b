"""One change to many customers: set-wise, with the event of each on its timeline. Rows that the member may not change stay as they are."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Uuid, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from tenants.customers import handover
from tenants.customers.criteria import Criteria, predicates
from tenants.customers.customer import Customer, status_data
from tenants.customers.tag import CustomerTag, Tag
from tenants.notifications.assigned import assigned
from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.team.scope import editable, visible
from tenants.timeline.log import SOON, TOUCHED
from tenants.timeline.models import Event
from tenants.values.ids import new_id
from tenants.values.words import N_, Refusal
from tenants.wall.bells import ring

MOST = 10_000


class TooManyRows(Refusal):
    sentence = N_("That would change more than %(most)s customers at once. Narrow the list down first.")


@dataclass(frozen=True, slots=True)
class Selection:
    """`ids` may be changed; `kept` are the names of rows (20 at most) that may not, `kept_count` of them."""

    ids: tuple[uuid.UUID, ...]
    kept: tuple[str, ...]
    kept_count: int

    @property
    def count(self) -> int:
        return len(self.ids) + self.kept_count


def select_ids(session: Session, actor: Actor, ids: Sequence[uuid.UUID]) -> Selection:
    """Those of `ids` that the actor sees; others are as if they did not exist."""
    return _select(session, actor, [Customer.id == func.any(_array(ids)), Customer.deleted_at.is_(None), visible(Customer, actor)])


def select_all(session: Session, actor: Actor, criteria: Criteria, *, today: dt.datetime) -> Selection:
    """All that a list shows. Raises TooManyRows."""
    return _select(session, actor, predicates(criteria, actor, today=today))


def change_status(session: Session, ids: Sequence[uuid.UUID], status: str, *, by: Actor, at: dt.datetime) -> int:
    """How many had another status. Events as `Customer.change_status` writes them."""
    before = _locked(session, ids, Customer.status, Customer.status_since, Customer.status != status)
    _change(session, [row.id for row in before], at, status=status, status_since=at)
    write_events(session, "customer.status", by, at, [(row.id, status_data(row.status, row.status_since, status, at)) for row in before])
    return len(before)


def transfer(session: Session, ids: Sequence[uuid.UUID], owner: Member, *, by: Actor, at: dt.datetime, with_opportunities: bool) -> int:
    """How many had another owner."""
    before = _locked(session, ids, Customer.owner_id, Customer.owner_id.is_distinct_from(owner.id))
    moving = [row.id for row in before]
    handover.carry(session, moving, owner.id, by=by, at=at, with_opportunities=with_opportunities)
    _change(session, moving, at, owner_id=owner.id)
    called = dict(session.execute(select(Member.id, Member.name)).all())
    data = [
        (row.id, {"owner": [str(row.owner_id) if row.owner_id else None, str(owner.id)], "names": [called.get(row.owner_id), owner.name]})
        for row in before
    ]
    write_events(session, "customer.transferred", by, at, data)
    assigned(session, "customer", moving, owner.id, by=by, at=at)
    return len(before)


def add_tag(session: Session, ids: Sequence[uuid.UUID], tag: Tag, *, by: Actor, at: dt.datetime) -> int:
    """How many did not bear it."""
    if not ids:
        return 0
    bearing = upsert(CustomerTag).from_select(["customer_id", "tag_id"], select(func.unnest(_array(ids)), bindparam(None, tag.id, Uuid())))
    tagged = list(session.scalars(bearing.on_conflict_do_nothing().returning(CustomerTag.customer_id)))
    write_events(session, "customer.tagged", by, at, [(key, {"added": [tag.name]}) for key in tagged], subject_id=tag.id)
    return len(tagged)


def remove_tag(session: Session, ids: Sequence[uuid.UUID], tag: Tag, *, by: Actor, at: dt.datetime) -> int:
    """How many bore it."""
    its = delete(CustomerTag).where(CustomerTag.tag_id == tag.id, CustomerTag.customer_id == func.any(_array(ids)))
    freed = list(session.scalars(its.returning(CustomerTag.customer_id)))
    write_events(session, "customer.tagged", by, at, [(key, {"removed": [tag.name]}) for key in freed], subject_id=tag.id)
    return len(freed)


def discard(session: Session, ids: Sequence[uuid.UUID], *, by: Actor, at: dt.datetime) -> int:
    """Into the bin. What one call deleted is known by its moment and its member, and comes back by `restore`."""
    before = _locked(session, ids, Customer.name, Customer.deleted_at.is_(None))
    _change(session, [row.id for row in before], at, deleted_at=at, deleted_by_id=by.id)
    write_events(session, "customer.deleted", by, at, [(row.id, {"name": row.name}) for row in before])
    return len(before)


def restore(session: Session, deleted_at: dt.datetime, *, by: Actor, at: dt.datetime) -> int:
    """Takes back what `by` deleted at that moment."""
    deleted = (Customer.deleted_at == deleted_at, Customer.deleted_by_id == by.id, editable(Customer, by))
    before = session.execute(
        select(Customer.id, Customer.name).where(*deleted).order_by(Customer.id).limit(MOST).with_for_update(key_share=True)
    ).all()
    _change(session, [row.id for row in before], at, deleted_at=None, deleted_by_id=None)
    write_events(session, "customer.restored", by, at, [(row.id, {"name": row.name}) for row in before])
    return len(before)


def write_events(
    session: Session,
    kind: str,
    by: Actor,
    at: dt.datetime,
    happened: Sequence[tuple[uuid.UUID, dict[str, Any]]],
    *,
    subject_id: uuid.UUID | None = None,
) -> None:
    """One event for each customer, with its data, in one statement."""
    if happened:
        common = {"at": at, "kind": kind, "member_id": by.id, "subject_id": subject_id, "opportunity_id": None}
        session.execute(insert(Event), [{"id": new_id(), "customer_id": key, "data": data} | common for key, data in happened])
        ring(session, TOUCHED, at + SOON)


def _select(session: Session, actor: Actor, where: Sequence[ColumnElement[bool]]) -> Selection:
    may = editable(Customer, actor).label("may")
    found = session.execute(select(Customer.id, Customer.name, may).where(*where).order_by(Customer.id).limit(MOST + 1)).all()
    if len(found) > MOST:
        raise TooManyRows(most=f"{MOST:,}")
    kept = [row.name for row in found if not row.may]
    return Selection(tuple(row.id for row in found if row.may), tuple(kept[:20]), len(kept))


def _locked(session: Session, ids: Sequence[uuid.UUID], *wanted: Any) -> Sequence[Any]:
    """The live rows among `ids` that the last of `wanted` holds for, locked in order of their ids; columns: id and the others of `wanted`."""
    *columns, condition = wanted
    query = select(Customer.id, *columns).where(Customer.id == func.any(_array(ids)), Customer.deleted_at.is_(None), condition)
    return session.execute(query.order_by(Customer.id).with_for_update(key_share=True)).all()


def _change(session: Session, ids: Sequence[uuid.UUID], at: dt.datetime, **values: Any) -> None:
    its = update(Customer).where(Customer.id == func.any(_array(ids)))
    session.execute(its.values(**values, updated_at=at, version=Customer.version + 1).execution_options(synchronize_session=False))


def _array(ids: Sequence[uuid.UUID]) -> Any:
    return bindparam(None, list(ids), ARRAY(Uuid()))
