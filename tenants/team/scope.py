"""The one predicate that says which records a member sees: used by every list, page, search, count, export and job.

It needs no knowledge of the tables it is asked about but the names of a few columns, so that this room stays below theirs.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, column, exists, false, func, or_, select, table, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from tenants.team.actor import Actor
from tenants.team.rules import SCOPED

# The members and territories that a scope may be made of; each is a bound parameter of its own name, so that a statement can be kept (`by_shape`).
GROUPS = ("subordinates", "team", "team_tree", "territories")

_CUSTOMERS = table("customers", column("id", Uuid()), column("owner_id", Uuid()), column("territory_id", Uuid()))
_COLLABORATORS = table("collaborators", column("customer_id", Uuid()), column("member_id", Uuid()), column("may_write"), column("until"))
_OPPORTUNITIES = table("opportunities", column("id", Uuid()), column("customer_id", Uuid()), column("owner_id", Uuid()))


def visible(model: Any, actor: Actor) -> ColumnElement[bool]:
    """Customers or opportunities that `actor` may read: those in the scope of the role, and those on which the actor collaborates.

    Nobody's customers (no owner) are seen by those who see all, or whose territory they lie in.
    """
    return _within(model, actor, writing=False)


def editable(model: Any, actor: Actor) -> ColumnElement[bool]:
    """As `visible`, but a collaborator needs the right to write."""
    return _within(model, actor, writing=True)


def halves(model: Any, actor: Actor) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """`visible` in two that do not overlap: in the scope of the role; shared beside it. Counted apart, each is counted by its own index."""
    kind = _kind(model)
    if not actor.may(f"{kind}.read"):
        return false(), false()
    if _sees_all(actor, kind):
        return true(), false()
    scope = _in_scope(model, actor, kind)
    shared = _shared_with(model.id if kind == "customer" else model.customer_id, actor, writing=False)
    return scope, and_(shared, scope.is_not(true()))


def people(actor: Actor, kind: str) -> tuple[uuid.UUID, ...] | None:
    """Whose work counts in the figures that `actor` sees: members' ids, or None for everybody's.

    By territory one sees customers, not other people's work.
    """
    scope = actor.scope(kind)
    if scope == "all" and actor.may(f"{kind}.read"):
        return None
    return {"subordinates": actor.subordinates, "team": actor.team, "team_tree": actor.team_tree}.get(scope, (actor.id,))


def done_by(owner: Any, actor: Actor, kind: str) -> ColumnElement[bool]:
    """`people` as a predicate on a column that holds a member's id."""
    ids = people(actor, kind)
    return true() if ids is None else _among(owner, ids)


def with_customer(customer_id: Any, actor: Actor, *, writing: bool = False) -> ColumnElement[bool]:
    """For what is seen with its customer (contacts, follow-ups, plans, attachments): `customer_id` is their column."""
    if _sees_all(actor, "customer"):
        return true()
    if not actor.may("customer.read"):
        return false()
    customer = _CUSTOMERS.c
    in_scope = exists(select(1).select_from(_CUSTOMERS).where(customer.id == customer_id, _in_scope(customer, actor, "customer")))
    return or_(in_scope, _shared_with(customer_id, actor, writing=writing))


def with_opportunity(opportunity_id: Any, actor: Actor) -> ColumnElement[bool]:
    """For what is seen with its opportunity (its events in a timeline): `opportunity_id` is their column."""
    if _sees_all(actor, "opportunity"):
        return true()
    if not actor.may("opportunity.read"):
        return false()
    theirs = _OPPORTUNITIES.c
    ours = or_(_in_scope(theirs, actor, "opportunity"), _shared_with(theirs.customer_id, actor, writing=False))
    return exists(select(1).select_from(_OPPORTUNITIES).where(theirs.id == opportunity_id, ours))


Statement = TypeVar("Statement")


def by_shape(build: Callable[..., Statement]) -> Callable[..., Statement]:
    """For hot queries: `build(actor, …)` is called once for each shape of scope (and further hashable arguments), and its statement kept.

    What differs between actors of one shape are values, which the statement is executed with: `scope_values(actor)`.
    """
    built: dict[Any, Statement] = {}

    @wraps(build)
    def statement(actor: Actor, *more: Any) -> Statement:
        key = (*((actor.may(f"{kind}.read"), actor.scope(kind)) for kind in SCOPED), *more)
        if key not in built:
            built[key] = build(actor, *more)
        return built[key]

    return statement


def scope_values(actor: Actor) -> dict[str, Any]:
    return {"scope_me": actor.id} | {f"scope_{group}": list(getattr(actor, group)) for group in GROUPS}


def _within(model: Any, actor: Actor, *, writing: bool) -> ColumnElement[bool]:
    kind = _kind(model)
    if not actor.may(f"{kind}.read"):
        return false()
    if _sees_all(actor, kind):
        return true()
    customer_id = model.id if kind == "customer" else model.customer_id
    return or_(_in_scope(model, actor, kind), _shared_with(customer_id, actor, writing=writing))


def _in_scope(model: Any, actor: Actor, kind: str) -> ColumnElement[bool]:
    scope = actor.scope(kind)
    mine: ColumnElement[bool] = model.owner_id == _me(actor)
    if scope == "own":
        return mine
    if scope == "territory":
        return or_(mine, _in_territories(model, actor))
    return _in_group(model.owner_id, actor, scope)


def _in_territories(model: Any, actor: Actor) -> ColumnElement[bool]:
    if hasattr(model, "territory_id"):
        return _in_group(model.territory_id, actor, "territories")
    customer = _CUSTOMERS.c
    theirs = _in_group(customer.territory_id, actor, "territories")
    return exists(select(1).select_from(_CUSTOMERS).where(customer.id == model.customer_id, theirs))


def _shared_with(customer_id: Any, actor: Actor, *, writing: bool) -> ColumnElement[bool]:
    """`= ANY(ARRAY(SELECT …))`, not IN: the planner asks the index for those few ids, where a hashed IN under an OR reads the whole table."""
    shared = _COLLABORATORS.c
    ours = select(shared.customer_id).where(shared.member_id == _me(actor), or_(shared.until.is_(None), shared.until > func.now()))
    ids = (ours.where(shared.may_write) if writing else ours).scalar_subquery()
    matched: ColumnElement[bool] = customer_id == func.any(func.array(ids))
    return matched


def _me(actor: Actor) -> BindParameter[uuid.UUID]:
    return bindparam("scope_me", actor.id, Uuid())


def _in_group(owner: Any, actor: Actor, group: str) -> ColumnElement[bool]:
    """`= ANY(array)`: one plan and one compiled statement, however many ids."""
    among: ColumnElement[bool] = owner == func.any(bindparam(f"scope_{group}", list(getattr(actor, group)), type_=ARRAY(Uuid())))
    return among


def _among(owner: Any, ids: tuple[uuid.UUID, ...]) -> ColumnElement[bool]:
    among: ColumnElement[bool] = owner == func.any(bindparam(None, list(ids), type_=ARRAY(Uuid())))
    return among


def _sees_all(actor: Actor, kind: str) -> bool:
    return actor.may(f"{kind}.read") and actor.scope(kind) == "all"


def _kind(model: Any) -> str:
    return {"customers": "customer", "opportunities": "opportunity"}[model.__tablename__]
