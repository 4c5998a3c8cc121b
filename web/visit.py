"""What a tenant page knows while it answers: who asks, in which company, with which session. Reached as `here()`."""

import datetime as dt
import uuid
import zoneinfo
from dataclasses import dataclass
from typing import TypeVar

from flask import Response, abort, g
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from saas.identity.sessions import Visitor
from saas.operator.visits import Passage
from tenants.team.actor import Actor
from tenants.wall.base import Keyed
from tenants.wall.tenant import Tenant

Found = TypeVar("Found", bound=Keyed)

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
DECIDING = frozenset({"subscription", "support"})  # rooms where something may be done though nothing may be written
READING = frozenset({"notifications.read", "notifications.read_all", "notifications.unread"})  # nor is it writing to have read something
# Rooms that our own staff may look into. A new room is closed to them until it stands here; the bell, what reaches whom and the addresses
# of bots (notifications) stay closed.
SHOWN = frozenset(
    {
        *("workbench", "palette", "customers", "contacts", "followups", "plans", "opportunities"),
        *("settings", "subscription", "support", "team", "stages", "sample", "jobs", "exports", "imports", "scoring"),
    }
)
PIECES = frozenset({"text/html", "application/json"})  # what pages are made of


@dataclass(slots=True)
class Visit:
    """`now` is one instant (UTC, aware) for the whole request. `support`: it is one of our own staff who looks in, and the actor is no member."""

    visitor: Visitor
    tenant: Tenant
    session: Session
    actor: Actor
    now: dt.datetime
    support: Passage | None = None

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return self.tenant.zone

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(self.zone).date()


def here() -> Visit:
    """The visit that this request is. Only tenant pages have one."""
    visit: Visit = g.visit
    return visit


def find(model: type[Found], key: uuid.UUID, *where: ColumnElement[bool]) -> Found:
    """The record with this id, if `where` (its visibility) holds for it too. What is not yours answers as what does not exist: 404."""
    record = here().session.scalars(select(model).where(model.id == key, *where)).one_or_none()
    return record if record is not None else abort(404)


class Unpaid(HTTPException):
    """Nothing may be written until the rent is paid."""

    code = 402


class OnlyLooking(HTTPException):
    """Our own staff read a company's pages: they write nothing, take no file along, and some rooms are closed to them."""

    code = 403


class VisitOver(HTTPException):
    """The visit of one of our staff does not run any more. `passage` says why."""

    code = 403

    def __init__(self, passage: Passage) -> None:
        super().__init__()
        self.passage = passage


def admit(visit: Visit, method: str, room: str | None, endpoint: str | None) -> None:
    """The one gate of all pages behind the wall: what may be asked by whom, whatever the page. Raises `OnlyLooking`, `Unpaid`."""
    if visit.support is not None and (method not in SAFE or room not in SHOWN):
        raise OnlyLooking
    if not visit.tenant.may_write and method not in SAFE and room not in DECIDING and endpoint not in READING:
        raise Unpaid


def may_leave(visit: Visit, answer: Response) -> bool:
    """Whether this answer may leave: what is carried off (files, exports, attachments) is not for our own staff, from whichever room."""
    if visit.support is None or not 200 <= answer.status_code < 300:  # a part of a file (206) is as good as the whole
        return True
    return answer.mimetype in PIECES and "Content-Disposition" not in answer.headers


class NotInPlan(HTTPException):
    """The plan does not grant it."""

    code = 402


def entitle(feature: str) -> None:
    """402 unless the plan that the company rents has the feature (`saas.plans.catalogue.FEATURES`)."""
    if feature not in here().tenant.entitlements.features:
        raise NotInPlan


def permit(*permissions: str) -> None:
    """403 unless the actor holds every permission, such as "customer.edit"."""
    if not all(here().actor.may(permission) for permission in permissions):
        abort(403)
