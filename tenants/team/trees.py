"""Trees of teams and of territories. A node's path holds the ids from the root down to itself, so that a subtree is a prefix."""

import uuid
from typing import TypeVar

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tenants.team.models import Team, Territory
from tenants.team.refusals import BelowItself, NameTaken, NotEmpty
from tenants.values.ids import new_id

Node = TypeVar("Node", Team, Territory)


def plant(session: Session, model: type[Node], name: str, parent: Node | None) -> Node:
    """Adds a node at the end of its siblings. Raises `NameTaken`."""
    _refuse_twin(session, model, name, parent.id if parent else None)
    key = new_id()
    place = session.scalar(select(func.coalesce(func.max(model.position), -1) + 1).where(model.parent_id == (parent.id if parent else None))) or 0
    node = model(id=key, name=name, parent_id=parent.id if parent else None, path=f"{parent.path if parent else '/'}{key}/", position=place)
    session.add(node)
    session.flush()
    return node


def rename(session: Session, node: Node, name: str) -> None:
    if name != node.name:
        _refuse_twin(session, type(node), name, node.parent_id)
        node.name = name


def replant(session: Session, node: Node, parent: Node | None) -> None:
    """Moves a node with all that is below it. Raises `BelowItself`, `NameTaken`."""
    if parent is not None and parent.path.startswith(node.path):
        raise BelowItself
    new_parent = parent.id if parent else None
    if new_parent == node.parent_id:
        return
    model, before = type(node), node.path
    _refuse_twin(session, model, node.name, new_parent)
    after = f"{parent.path if parent else '/'}{node.id}/"
    node.parent_id = new_parent
    session.flush()
    subtree = update(model).where(model.path.startswith(before, autoescape=True))
    session.execute(
        subtree.values(path=func.concat(after, func.substr(model.path, len(before) + 1))), execution_options={"synchronize_session": False}
    )
    session.refresh(node)


def fell(session: Session, node: Node, *, is_used: bool) -> None:
    """Removes a node that nothing hangs on any more. Raises `NotEmpty`."""
    model = type(node)
    if is_used or session.scalar(select(model.id).where(model.parent_id == node.id).limit(1)):
        raise NotEmpty(name=node.name)
    session.delete(node)
    session.flush()


def _refuse_twin(session: Session, model: type[Node], name: str, parent_id: uuid.UUID | None) -> None:
    sibling = model.parent_id == parent_id if parent_id else model.parent_id.is_(None)
    if session.scalar(select(model.id).where(sibling, func.lower(model.name) == name.lower()).limit(1)):
        raise NameTaken(name=name)
