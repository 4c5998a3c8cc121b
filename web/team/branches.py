"""The pages that the two trees of a company share: teams and territories are planted, changed and felled alike. What differs is in a `Tree`."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import Select
from sqlalchemy.orm import Session

from tenants.team.queries import Branch
from tenants.team.trees import Node, fell, plant, rename, replant
from tenants.values.words import Refusal
from web.team.choices import tree_choices
from web.team.forms import NodeForm
from web.team.noting import note
from web.ui.htmx import leave, page, tell
from web.visit import entitle, find, here, permit


@dataclass(frozen=True, slots=True)
class Tree(Generic[Node]):
    """`kind` names its views and events; `held` and `keep` read and write the field that
    only this tree has; `users`: what still hangs on a node; `feature`: of the plan."""

    kind: str
    model: type[Node]
    index: str
    permission: str
    feature: str
    branches: Callable[[Session], list[Branch]]
    form: type[NodeForm]
    offer: Callable[[Any], None]
    held: Callable[[Node], dict[str, Any]]
    keep: Callable[[Node, Any], None]
    users: Callable[[Node], Select[Any]]


def show_all(tree: Tree[Node]) -> ResponseReturnValue:
    _require(tree)
    return page(f"team/{tree.index}.html", branches=tree.branches(here().session))


def add(tree: Tree[Node]) -> ResponseReturnValue:
    _require(tree)
    form = _offered(tree, tree.form())
    if form.validate_on_submit() and _planted(tree, form):
        note(f"{tree.kind}.added", form.name.data)
        return leave(url_for(f".{tree.index}"))
    return _form_page(tree, form, None)


def change(tree: Tree[Node], key: uuid.UUID) -> ResponseReturnValue:
    _require(tree)
    node = find(tree.model, key)
    form = _offered(tree, tree.form(obj=node, parent_id=str(node.parent_id or ""), **tree.held(node)), but=node.id)
    if form.validate_on_submit() and _changed(tree, node, form):
        note(f"{tree.kind}.changed", node.name)
        tell(gettext("Saved."))
        return leave(url_for(f".{tree.index}"))
    return _form_page(tree, form, node)


def remove(tree: Tree[Node], key: uuid.UUID) -> ResponseReturnValue:
    _require(tree)
    session, node = here().session, find(tree.model, key)
    try:
        fell(session, node, is_used=session.scalar(tree.users(node).limit(1)) is not None)
    except Refusal as refusal:
        tell(gettext(refusal.sentence, **refusal.params), kind="bad")
        here_again: dict[str, Any] = {f"{tree.kind}_id": key}
        return leave(url_for(f".{tree.kind}", **here_again))
    note(f"{tree.kind}.removed", node.name)
    tell(gettext("“%(name)s” is gone.", name=node.name))
    return leave(url_for(f".{tree.index}"))


def _require(tree: Tree[Node]) -> None:
    permit(tree.permission)
    entitle(tree.feature)


def _form_page(tree: Tree[Node], form: NodeForm, node: Node | None) -> ResponseReturnValue:
    return page("team/branch.html", form=form, node=node, kind=tree.kind, status=422 if form.is_submitted() else 200)


def _offered(tree: Tree[Node], form: NodeForm, *, but: uuid.UUID | None = None) -> NodeForm:
    form.parent_id.choices = tree_choices(tree.branches(here().session), gettext("Top"), but=but)
    tree.offer(form)
    return form


def _planted(tree: Tree[Node], form: NodeForm) -> bool:
    try:
        node = plant(here().session, tree.model, form.name.data, _parent(tree, form))
    except Refusal as refusal:
        return _refused(form, refusal)
    tree.keep(node, form)
    return True


def _changed(tree: Tree[Node], node: Node, form: NodeForm) -> bool:
    session = here().session
    try:
        replant(session, node, _parent(tree, form))
        rename(session, node, form.name.data)
    except Refusal as refusal:
        return _refused(form, refusal)
    tree.keep(node, form)
    return True


def _refused(form: NodeForm, refusal: Refusal) -> bool:
    form.name.errors = [gettext(refusal.sentence, **refusal.params)]
    return False


def _parent(tree: Tree[Node], form: NodeForm) -> Node | None:
    return find(tree.model, uuid.UUID(form.parent_id.data)) if form.parent_id.data else None
