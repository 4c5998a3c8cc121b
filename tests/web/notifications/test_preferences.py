"""/notifications/preferences: each chooses for themselves."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from saas.cells.models import Bell
from tenants.notifications.kinds import KINDS
from tenants.notifications.preferences import Preferences, read
from tenants.notifications.quiet import Quiet
from tenants.team.actor import Actor
from tenants.team.models import Member
from tests.world.door import Guest

ClientOf = Callable[[str], Guest]
PATH = "notifications/preferences"
CHOICE: dict[str, Any] = {
    "channel": ["plan.due:app", "digest:mail"],
    "quiet_on": "y",
    "quiet_from": "21:30",
    "quiet_to": "08:00",
    "digest_at": "09:15",
    "digest_every_day": "y",
}


def test_what_is_chosen_is_kept_and_shown(client_of: ClientOf, inside_alpha: Session, bob: Actor, mei: Actor, landlord: Session) -> None:
    browser = client_of("bob")
    assert browser.post(PATH, data=CHOICE).status_code == 303
    chosen = read(inside_alpha, bob.id)
    assert chosen.quiet == Quiet(dt.time(21, 30), dt.time(8))
    assert (chosen.digest_at, chosen.digest_every_day) == (dt.time(9, 15), True)
    assert chosen.channels("plan.due") == {"app", "bot"}, "of the bot, which the company has not, nothing was asked"
    assert chosen.channels("digest") == {"mail"}
    assert chosen.channels("job.done") == frozenset()
    assert 'value="21:30"' in browser.get(PATH).text
    assert read(inside_alpha, mei.id) == Preferences()
    assert "digest" in landlord.scalars(select(Bell.kind)).all(), "the next morning may come sooner"


def test_a_colleagues_open_form_about_me_does_not_clash(client_of: ClientOf, inside_alpha: Session, bob: Actor) -> None:
    version = inside_alpha.scalar(select(Member.version).where(Member.id == bob.id))
    client_of("bob").post(PATH, data=CHOICE)
    assert inside_alpha.scalar(select(Member.version).where(Member.id == bob.id)) == version


def test_who_chooses_the_defaults_keeps_nothing(client_of: ClientOf, inside_alpha: Session, bob: Actor) -> None:
    everything = [f"{kind}:{channel}" for kind, about in KINDS.items() for channel in about.channels]
    data = {"channel": everything, "quiet_from": "22:00", "quiet_to": "07:00", "digest_at": "08:30"}
    client_of("bob").post(PATH, data=data)
    assert inside_alpha.scalar(select(Member.preferences).where(Member.id == bob.id)) is None


@pytest.mark.parametrize("wrong", [{"digest_at": ""}, {"digest_at": "25:00"}, {"quiet_to": "21:30"}, {"quiet_from": "soon"}])
def test_what_is_wrong_is_told_and_the_rest_stays(client_of: ClientOf, inside_alpha: Session, bob: Actor, wrong: dict[str, str]) -> None:
    answer = client_of("bob").post(PATH, data=CHOICE | wrong)
    assert answer.status_code == 422
    assert 'value="job.failed:mail">' not in answer.text, "the tick that was taken away stays away"
    assert read(inside_alpha, bob.id) == Preferences()


def test_strange_ticks_are_passed_over(client_of: ClientOf, inside_alpha: Session, bob: Actor) -> None:
    client_of("bob").post(PATH, data=CHOICE | {"channel": ["plan.due:fax", "digest:bot", "nothing", "x:app"]})
    assert read(inside_alpha, bob.id).channels("digest") == frozenset()


def test_an_unconfirmed_address_is_told(client_of: ClientOf, landlord: Session) -> None:
    from saas.identity.models import Person

    assert "not confirmed" not in client_of("bob").get(PATH).text
    landlord.query(Person).update({"mail_confirmed_at": None})
    landlord.commit()
    assert "not confirmed" in client_of("bob").get(PATH).text
