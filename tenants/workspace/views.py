"""Lists as members have arranged them: private or shared. A view without a name is how one member likes the columns of a page."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from tenants.team.actor import Actor
from tenants.values.words import N_, Refusal
from tenants.workspace.models import SavedView

LONGEST_NAME = 40  # characters
LONGEST_QUERY = 2000
MOST = 50  # of one member, for one page


class ViewNameMissing(Refusal):
    sentence = N_("A saved view needs a name of 1 to %(most)s characters.")


class TooManyViews(Refusal):
    sentence = N_("There are %(most)s saved views already: delete one that nobody uses.")


@dataclass(frozen=True, slots=True)
class View:
    """`query` is the query string of the list's address."""

    id: uuid.UUID
    name: str
    query: str
    is_shared: bool
    is_mine: bool


def saved_views(session: Session, actor: Actor, page: str) -> tuple[list[View], str]:
    """The named views of a page that `actor` may use, by name; and the query of the nameless one, "" when there is none."""
    query = (
        select(SavedView.id, SavedView.name, SavedView.query, SavedView.is_shared, SavedView.member_id)
        .where(SavedView.page == page, or_(SavedView.member_id == actor.id, SavedView.is_shared))
        .order_by(SavedView.name, SavedView.id)
    )
    views = [View(row.id, row.name, row.query, row.is_shared, row.member_id == actor.id) for row in session.execute(query)]
    return [view for view in views if view.name], next((view.query for view in views if not view.name and view.is_mine), "")


def save_view(session: Session, page: str, name: str, query: str, *, is_shared: bool, by: Actor, at: dt.datetime) -> None:
    """One of the same name by the same member is replaced."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise ViewNameMissing(most=LONGEST_NAME)
    if len([view for view in saved_views(session, by, page)[0] if view.is_mine]) >= MOST:
        raise TooManyViews(most=MOST)
    _put(session, page, name, query, is_shared=is_shared, by=by, at=at)


def save_columns(session: Session, page: str, query: str, *, by: Actor, at: dt.datetime) -> None:
    _put(session, page, "", query, is_shared=False, by=by, at=at)


def delete_view(session: Session, view_id: uuid.UUID, *, by: Actor) -> bool:
    """Only one's own; False when there was none to delete."""
    gone = session.execute(
        delete(SavedView).where(SavedView.id == view_id, SavedView.member_id == by.id, SavedView.name != "").returning(SavedView.id)
    )
    return gone.one_or_none() is not None


def _put(session: Session, page: str, name: str, query: str, *, is_shared: bool, by: Actor, at: dt.datetime) -> None:
    session.execute(delete(SavedView).where(SavedView.page == page, SavedView.member_id == by.id, SavedView.name == name))
    session.add(SavedView(page=page, name=name, query=query[:LONGEST_QUERY], member_id=by.id, is_shared=is_shared, created_at=at))
