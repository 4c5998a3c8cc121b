"""What a list of customers is asked for: a scene, words, filters. It becomes predicates here; the address it stands in is web.customers.listing's."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal, get_args

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, and_, bindparam, cast, column, exists, false, func, or_, select, table
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import InstrumentedAttribute, aliased

from tenants.customers.customer import Collaborator, Customer, Watch, last_followup, next_contact
from tenants.customers.scores import has_score
from tenants.customers.search import matches
from tenants.customers.tag import CustomerTag
from tenants.team.actor import Actor
from tenants.team.models import Member, Team, Territory
from tenants.team.scope import visible
from tenants.timeline.models import Event

Scene = Literal["all", "mine", "subordinates", "shared", "watched"]
SCENES: tuple[Scene, ...] = get_args(Scene)
Next = Literal["today", "overdue", "week", "none"]
NEXT: tuple[Next, ...] = get_args(Next)
GIVEN_WITHIN = dt.timedelta(days=7)
FORGOTTEN_AFTER = dt.timedelta(days=30)

_OPPORTUNITIES = table("opportunities", column("customer_id", Uuid()), column("outcome", Text()), column("deleted_at"))


@dataclass(frozen=True, slots=True)
class Criteria:
    """Every field but `scene` narrows; several values of one field are alternatives. `owner` may hold None: nobody's. Moments are aware."""

    scene: Scene = "all"
    q: str = ""
    status: tuple[str, ...] = ()
    grade: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    industry: tuple[str, ...] = ()
    region: str = ""
    owner: tuple[uuid.UUID | None, ...] = ()
    team: uuid.UUID | None = None
    territory: uuid.UUID | None = None
    tag: tuple[uuid.UUID, ...] = ()
    next: Next | None = None
    idle: int | None = None  # days
    created_from: dt.datetime | None = None
    created_before: dt.datetime | None = None
    score_from: int | None = None
    score_below: int | None = None
    with_open: bool = False
    was_given: bool = False  # somebody else handed it over in the last days
    is_forgotten: bool = False

    @property
    def narrows(self) -> bool:
        """Anything beside the scene is asked."""
        return any(getattr(self, field.name) for field in fields(self) if field.name != "scene")


def live(actor: Actor) -> ColumnElement[bool]:
    return and_(Customer.deleted_at.is_(None), visible(Customer, actor))


def in_scene(scene: Scene, actor: Actor) -> ColumnElement[bool] | None:
    """What a scene adds to `live`; None: nothing."""
    if scene == "mine":
        return Customer.owner_id == actor.id
    if scene == "subordinates":
        others = [member for member in actor.subordinates if member != actor.id]
        return Customer.owner_id == func.any(bindparam(None, others, ARRAY(Uuid())))
    if scene == "shared":
        active = or_(Collaborator.until.is_(None), Collaborator.until > func.now())
        return _among(Customer.id, select(Collaborator.customer_id).where(Collaborator.member_id == actor.id, active))
    if scene == "watched":
        return _among(Customer.id, select(Watch.customer_id).where(Watch.member_id == actor.id))
    return None


def predicates(criteria: Criteria, actor: Actor, *, today: dt.datetime, finds_many: bool | None = None) -> list[ColumnElement[bool]]:
    """Everything that must hold of a row. `today`: the first moment of the day in the tenant's zone. `finds_many`: see `_found`."""
    scene = in_scene(criteria.scene, actor)
    given = [was_given(actor, today + dt.timedelta(days=1) - GIVEN_WITHIN)] if criteria.was_given else []
    return [live(actor), *([] if scene is None else [scene]), *given, *_narrowed(criteria, today, finds_many=finds_many)]


def was_given(actor: Actor, since: dt.datetime) -> ColumnElement[bool]:
    """Customers that somebody else handed over since then."""
    given = (Event.kind == "customer.transferred", Event.at >= since, Event.member_id.is_distinct_from(actor.id))
    return _among(Customer.id, select(Event.customer_id).where(*given))


def is_forgotten(today: dt.datetime) -> ColumnElement[bool]:
    """Nobody spoke to them for long, and nobody means to."""
    silent = func.coalesce(Customer.last_followup_at, Customer.created_at) < today - FORGOTTEN_AFTER
    return and_(silent, or_(Customer.next_contact_at.is_(None), Customer.next_contact_at < today), Customer.status != "lapsed")


def _narrowed(criteria: Criteria, today: dt.datetime, *, finds_many: bool | None) -> Iterator[ColumnElement[bool]]:
    if criteria.q:
        yield _found(criteria.q, finds_many)
    yield from _chosen(criteria)
    yield from _belonging(criteria)
    yield from _timed(criteria, today)
    if criteria.is_forgotten:
        yield is_forgotten(today)
    if criteria.score_from is not None or criteria.score_below is not None:
        yield has_score(criteria.score_from, criteria.score_below)
    if criteria.with_open:
        opportunity = _OPPORTUNITIES.c
        yield exists().where(opportunity.customer_id == Customer.id, opportunity.outcome == "open", opportunity.deleted_at.is_(None))


def _found(q: str, finds_many: bool | None) -> ColumnElement[bool]:
    """Rows that the words find. `finds_many`: somebody has counted how many.

    PostgreSQL cannot know: its statistics keep no telephone numbers, and it takes 138 for as rare as 1385718, and that for as common as 138. So many
    are met on the way along the order that is shown, for the column is wrapped and the index of words not used; few are looked up first.
    """
    one = aliased(Customer) if finds_many is False else Customer
    found = matches(func.coalesce(one.search, cast("", TSVECTOR)) if finds_many else one.search, q)
    if found is None:
        return false()
    return found if finds_many is not False else _among(Customer.id, select(one.id).where(found, one.deleted_at.is_(None)))


def _chosen(criteria: Criteria) -> Iterator[ColumnElement[bool]]:
    for attribute, values in (
        (Customer.status, criteria.status),
        (Customer.grade, criteria.grade),
        (Customer.source, criteria.source),
        (Customer.industry, criteria.industry),
    ):
        if values:
            yield _one_of(attribute, values)
    if criteria.region:
        yield Customer.region.startswith(criteria.region, autoescape=True)


def _one_of(attribute: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], values: tuple[str, ...]) -> ColumnElement[bool]:
    return attribute == func.any(bindparam(None, list(values), ARRAY(Text())))


def _belonging(criteria: Criteria) -> Iterator[ColumnElement[bool]]:
    if criteria.owner:
        held = Customer.owner_id == func.any(bindparam(None, [owner for owner in criteria.owner if owner], ARRAY(Uuid())))
        yield or_(held, Customer.owner_id.is_(None)) if None in criteria.owner else held
    if criteria.team:
        above = select(Team.path).where(Team.id == criteria.team).scalar_subquery()
        yield _among(Customer.owner_id, select(Member.id).join(Team, Team.id == Member.team_id).where(func.starts_with(Team.path, above)))
    if criteria.territory:
        above = select(Territory.path).where(Territory.id == criteria.territory).scalar_subquery()
        yield _among(Customer.territory_id, select(Territory.id).where(func.starts_with(Territory.path, above)))
    if criteria.tag:
        yield _among(Customer.id, select(CustomerTag.customer_id).where(CustomerTag.tag_id.in_(criteria.tag)))


def _timed(criteria: Criteria, today: dt.datetime) -> Iterator[ColumnElement[bool]]:
    if criteria.next:
        yield _next_contact(criteria.next, today)
    if criteria.idle is not None:
        since = today - dt.timedelta(days=criteria.idle)
        yield and_(last_followup < since, Customer.created_at < since)
    if criteria.created_from:
        yield Customer.created_at >= criteria.created_from
    if criteria.created_before:
        yield Customer.created_at < criteria.created_before


def _next_contact(when: Next, today: dt.datetime) -> ColumnElement[bool]:
    """Overdue: before today. The week begins with Monday and is shown from its beginning, so that what slipped is seen."""
    tomorrow, monday = today + dt.timedelta(days=1), today - dt.timedelta(days=today.weekday())
    if when == "none":
        return Customer.next_contact_at.is_(None)
    if when == "overdue":
        return next_contact < today
    start, end = (today, tomorrow) if when == "today" else (monday, monday + dt.timedelta(days=7))
    return and_(next_contact >= start, next_contact < end)


def _among(key: object, ids: object) -> ColumnElement[bool]:
    """`= ANY(ARRAY(SELECT …))`: asked of the index, see tenants.team.scope."""
    matched: ColumnElement[bool] = key == func.any(func.array(ids.scalar_subquery()))  # type: ignore[attr-defined]
    return matched
