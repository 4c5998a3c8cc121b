"""What a tenant page knows while it answers: who asks, in which company, with which session. Reached as `here()`."""

import datetime as dt
import uuid
import zoneinfo
from dataclasses import dataclass
from typing import TypeVar

from flask import abort, g
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from saas.identity.sessions import Visitor
from tenants.team.actor import Actor
from tenants.wall.base import Keyed
from tenants.wall.tenant import Tenant

Found = TypeVar("Found", bound=Keyed)


@dataclass(slots=True)
class Visit:
    """`now` is one instant (UTC, aware) for the whole request."""

    visitor: Visitor
    tenant: Tenant
    session: Session
    actor: Actor
    now: dt.datetime

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
