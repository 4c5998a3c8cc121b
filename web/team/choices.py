"""What the selects of the team's forms offer."""

import uuid
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice

from tenants.team.models import Role
from tenants.team.queries import Branch, assignable

Choices = list[SelectChoice]


def role_choices(session: Session) -> Choices:
    return [SelectChoice(str(key), name) for key, name in session.execute(select(Role.id, Role.name).order_by(Role.position, Role.name))]


def member_choices(session: Session, empty: str | None = None) -> Choices:
    return _maybe(empty) + [SelectChoice(str(key), name) for key, name in assignable(session)]


def tree_choices(branches: Iterable[Branch], empty: str | None = None, *, but: uuid.UUID | None = None) -> Choices:
    """Indented names; `but` leaves out a node and all that is below it."""
    choices, hidden_below = _maybe(empty), None
    for branch in branches:
        if hidden_below is not None and branch.depth > hidden_below:
            continue
        hidden_below = branch.depth if branch.id == but else None
        if hidden_below is None:
            choices.append(SelectChoice(str(branch.id), "　" * branch.depth + branch.name))
    return choices


def _maybe(empty: str | None) -> Choices:
    return [] if empty is None else [SelectChoice("", empty)]
