"""Who is told, and how often."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.notifications.models import Notification
from tenants.notifications.notify import notify
from tenants.team.actor import Actor
from tenants.team.models import Member
from tests.world.stage import prop

NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
KEY = "customer:42:assigned"


def told(session: Session) -> list[Notification]:
    return list(session.scalars(select(Notification)))


def test_a_member_is_told_once(inside_alpha: Session, bob: Actor) -> None:
    for _ in range(2):
        notify(inside_alpha, [bob.id], "customer.assigned", key=KEY, at=NOW, customer_id=prop("customer", "Bob"), by="Mei")
    [notification] = told(inside_alpha)
    assert (notification.member_id, notification.kind, notification.at, notification.read_at) == (bob.id, "customer.assigned", NOW, None)
    assert (notification.customer_id, notification.data) == (prop("customer", "Bob"), {"by": "Mei"})


def test_each_of_several_is_told(inside_alpha: Session, bob: Actor, mei: Actor) -> None:
    assert notify(inside_alpha, [bob.id], "job.done", key=KEY, at=NOW) == [bob.id]
    assert notify(inside_alpha, [bob.id, mei.id], "job.done", key=KEY, at=NOW) == [mei.id], "Bob knows already"
    assert {one.member_id for one in told(inside_alpha)} == {bob.id, mei.id}


def test_who_has_left_and_who_cannot_sign_in_is_not_told(inside_alpha: Session, bob: Actor) -> None:
    left = inside_alpha.get_one(Member, bob.id)
    left.deactivated_at = NOW
    sample = Member(name="Sample", mail="sample@alpha.example", role_id=left.role_id, joined_at=NOW)
    inside_alpha.add(sample)
    inside_alpha.flush()
    assert notify(inside_alpha, [bob.id, sample.id, uuid.uuid4()], "job.done", key=KEY, at=NOW) == []
    assert notify(inside_alpha, [], "job.done", key=KEY, at=NOW) == []
    assert told(inside_alpha) == []


def test_an_unknown_kind_is_a_mistake_of_ours(inside_alpha: Session, bob: Actor) -> None:
    with pytest.raises(ValueError, match=r"plan\.dew"):
        notify(inside_alpha, [bob.id], "plan.dew", key=KEY, at=NOW)
