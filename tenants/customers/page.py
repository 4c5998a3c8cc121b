"""What the page of one customer shows: two statements, typed. History and opportunities are read in rooms of their own."""

import datetime as dt
import uuid
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ColumnElement, Uuid, bindparam, exists, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session, aliased

from tenants.customers.attachment import Attachment
from tenants.customers.contact import Contact
from tenants.customers.customer import Collaborator, Customer, Evaluation, Watch
from tenants.customers.scores import score_of
from tenants.customers.tag import CustomerTag, Tag
from tenants.team.actor import Actor
from tenants.team.models import Member, Territory
from tenants.team.scope import by_shape, editable, scope_values, visible

NONE = literal_column("'[]'::json", JSON())


@dataclass(frozen=True, slots=True)
class TagShown:
    id: uuid.UUID
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class CollaboratorShown:
    id: uuid.UUID  # of the member
    name: str
    may_write: bool
    until: dt.datetime | None


@dataclass(frozen=True, slots=True)
class AttachmentShown:
    id: uuid.UUID
    name: str
    media_type: str
    size: int  # bytes
    created_at: dt.datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class EvaluationShown:
    id: uuid.UUID
    period: str
    grade: str
    figures: dict[str, Any]
    remark: str | None
    created_at: dt.datetime
    by: str | None

    @property
    def amount(self) -> Decimal:
        """Won in the period."""
        return Decimal(self.figures.get("amount", "0"))


@dataclass(frozen=True, slots=True)
class Portrait:
    """A customer with the names that its ids stand for. `is_writable`: the actor may write here, as far as the scope goes."""

    id: uuid.UUID
    name: str
    number: str
    short_name: str | None
    kind: str
    industry: str | None
    business: str | None
    size: str | None
    standing: str | None
    region: str | None
    address: str | None
    credit_code: str | None
    rivals: str | None
    phone: str | None
    website: str | None
    invoice_title: str | None
    source: str | None
    remark: str | None
    parent_id: uuid.UUID | None
    status: str
    status_since: dt.datetime
    grade: str | None
    owner_id: uuid.UUID | None
    territory_id: uuid.UUID | None
    next_contact_at: dt.datetime | None
    last_followup_at: dt.datetime | None
    created_at: dt.datetime
    updated_at: dt.datetime
    deleted_at: dt.datetime | None
    version: int
    is_writable: bool
    is_watched: bool
    owner_name: str | None
    territory_name: str | None
    parent_name: str | None
    created_by: str | None
    score: int | None
    tags: list[TagShown]
    collaborators: list[CollaboratorShown]
    attachments: list[AttachmentShown]
    evaluations: list[EvaluationShown]


@dataclass(frozen=True, slots=True)
class Person:
    """A contact as the page shows it."""

    id: uuid.UUID
    name: str
    sex: str | None
    department: str | None
    post: str | None
    is_decision_maker: bool
    mobile: str | None
    phone: str | None
    wechat: str | None
    qq: str | None
    mail: str | None
    birthday: dt.date | None
    birthday_is_lunar: bool
    habits: str | None
    address: str | None
    remark: str | None
    left_at: dt.date | None


# What is found out beside the columns of the table, in the order of Portrait.
NAMES = ("is_writable", "is_watched", "owner_name", "territory_name", "parent_name", "created_by", "score")
LISTS = ("tags", "collaborators", "attachments", "evaluations")
COLUMNS = [field.name for field in fields(Portrait) if field.name not in {*NAMES, *LISTS}]
PEOPLE = (
    select(*(getattr(Contact, field.name) for field in fields(Person)))
    .where(Contact.customer_id == bindparam("customer_id", type_=Uuid()), Contact.deleted_at.is_(None))
    .order_by(Contact.left_at.is_not(None), Contact.is_decision_maker.desc(), Contact.id)
)


def portrait(session: Session, actor: Actor, customer_id: uuid.UUID) -> Portrait | None:
    """None when there is no such customer, or `actor` must not know of it. One in the bin is shown."""
    row: Any = session.execute(_portraits(actor), {"customer_id": customer_id} | scope_values(actor)).one_or_none()
    return _portrait(row) if row is not None else None


@by_shape
def _portraits(actor: Actor) -> Any:
    owner, maker, parent = aliased(Member), aliased(Member), aliased(Customer)
    watched = exists().where(Watch.customer_id == Customer.id, Watch.member_id == bindparam("scope_me", type_=Uuid()))
    return (
        select(
            *(getattr(Customer, name) for name in COLUMNS),
            editable(Customer, actor).label("is_writable"),
            watched.label("is_watched"),
            owner.name.label("owner_name"),
            Territory.name.label("territory_name"),
            parent.name.label("parent_name"),
            maker.name.label("created_by"),
            score_of.label("score"),
            _tags(),
            _collaborators(),
            _attachments(),
            _evaluations(),
        )
        .outerjoin(owner, owner.id == Customer.owner_id)
        .outerjoin(maker, maker.id == Customer.created_by_id)
        .outerjoin(Territory, Territory.id == Customer.territory_id)
        .outerjoin(parent, parent.id == Customer.parent_id)
        .where(Customer.id == bindparam("customer_id", type_=Uuid()), visible(Customer, actor))
    )


def people(session: Session, customer_id: uuid.UUID) -> list[Person]:
    """Those in post first, and of them those who decide."""
    rows: Any = session.execute(PEOPLE, {"customer_id": customer_id}).all()
    return [Person(*row) for row in rows]


def _portrait(row: Any) -> Portrait:
    plain: tuple[Any, ...] = row[: len(COLUMNS) + len(NAMES)]
    lists: list[Any] = [
        [TagShown(uuid.UUID(one["id"]), one["name"], one["colour"]) for one in row.tags],
        [CollaboratorShown(uuid.UUID(one["id"]), one["name"], one["may_write"], _moment(one["until"])) for one in row.collaborators],
        [AttachmentShown(**(one | _common(one))) for one in row.attachments],
        [EvaluationShown(**(one | _common(one))) for one in row.evaluations],
    ]
    return Portrait(*plain, *lists)


def _common(one: dict[str, Any]) -> dict[str, Any]:
    return {"id": uuid.UUID(one["id"]), "created_at": dt.datetime.fromisoformat(one["created_at"])}


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _tags() -> ColumnElement[Any]:
    shown = _object(id=Tag.id, name=Tag.name, colour=Tag.colour)
    chosen = select(_array(shown, Tag.name)).join_from(CustomerTag, Tag, Tag.id == CustomerTag.tag_id).where(CustomerTag.customer_id == Customer.id)
    return _list("tags", chosen)


def _collaborators() -> ColumnElement[Any]:
    shown = _object(id=Member.id, name=Member.name, may_write=Collaborator.may_write, until=Collaborator.until)
    on_it = select(_array(shown, Member.name)).join_from(Collaborator, Member, Member.id == Collaborator.member_id)
    return _list("collaborators", on_it.where(Collaborator.customer_id == Customer.id))


def _attachments() -> ColumnElement[Any]:
    one = Attachment
    shown = _object(id=one.id, name=one.name, media_type=one.media_type, size=one.size, created_at=one.created_at, by=Member.name)
    kept = select(_array(shown, one.id.desc())).select_from(one).outerjoin(Member, Member.id == one.created_by_id)
    return _list("attachments", kept.where(one.customer_id == Customer.id, one.deleted_at.is_(None)))


def _evaluations() -> ColumnElement[Any]:
    one = Evaluation
    shown = _object(id=one.id, period=one.period, grade=one.grade, figures=one.figures, remark=one.remark, created_at=one.created_at, by=Member.name)
    given = select(_array(shown, one.period.desc())).select_from(one).outerjoin(Member, Member.id == one.member_id)
    return _list("evaluations", given.where(one.customer_id == Customer.id))


def _object(**parts: Any) -> Any:
    pieces: list[Any] = []
    for name, value in parts.items():
        pieces += [literal_column(f"'{name}'"), value]
    return func.json_build_object(*pieces)


def _array(shown: Any, order: Any) -> Any:
    return func.json_agg(aggregate_order_by(shown, order), type_=JSON())


def _list(name: str, query: Any) -> ColumnElement[Any]:
    column: ColumnElement[Any] = func.coalesce(query.correlate(Customer).scalar_subquery(), NONE, type_=JSON()).label(name)
    return column
