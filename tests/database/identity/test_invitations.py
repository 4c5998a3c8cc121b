"""A colleague is asked in, takes a seat and is there; of many who want the last seat one gets it."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from saas.identity.invitations import (
    AlreadyMember,
    AnotherAddress,
    InvitationGone,
    MailUnconfirmed,
    NoAddress,
    accept,
    find_invitation,
    invite,
    open_invitations,
    resend,
    revoke,
)
from saas.identity.memberships import NoSeatLeft, SeatsGoDown, end_membership, find_membership, resume_membership, seats_taken
from saas.identity.models import Invitation, Membership, Person
from saas.identity.people import register
from saas.plans.catalogue import CATALOGUE
from saas.registry.crossing import crossing
from saas.registry.models import Tenant as TenantRow
from tenants.team.actor import find_actor
from tenants.team.joining import RoleGone
from tenants.team.models import Member, Role, Team
from tenants.timeline.models import Event
from tenants.values.words import Refusal
from tenants.wall.session import inside, landlord_plane, open_session
from tenants.wall.tenant import Tenant
from tests.world.cast import Player

NOW = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)


@pytest.fixture
def role_id(alpha: Tenant, engine: Engine) -> uuid.UUID:
    with inside(alpha, engine) as session:
        return session.scalars(select(Role.id).where(Role.key == "sales")).one()


@pytest.fixture
def team_id(alpha: Tenant, engine: Engine) -> uuid.UUID:
    with inside(alpha, engine) as session:
        return session.scalars(select(Team.id)).one()


def newcomer(landlord: Session, mail: str) -> Person:
    return register(landlord, mail=mail, name="Dora", password_hash=None, locale="en", at=NOW)


def asked(landlord: Session, alpha: Tenant, players: dict[str, Player], role_id: uuid.UUID, mail: str, team_id: uuid.UUID | None = None) -> str:
    return invite(landlord, alpha.id, mail, role_id=role_id, team_id=team_id, by=players["alice"].person_id, at=NOW)[1]


def test_who_accepts_is_a_member_with_role_and_team(
    landlord: Session, engine: Engine, alpha: Tenant, players: dict[str, Player], role_id: uuid.UUID, team_id: uuid.UUID
) -> None:
    token = asked(landlord, alpha, players, role_id, "Dora@Alpha.example ", team_id)
    dora = newcomer(landlord, "dora@alpha.example")
    accept(landlord, token, dora, tenant=alpha, engine=engine, at=NOW)
    landlord.commit()
    assert dora.mail_confirmed_at == NOW, "the link came by mail"
    with inside(alpha, engine) as session:
        actor = find_actor(session, dora.id)
        assert actor is not None
        assert (actor.role_key, actor.team_id, actor.mail) == ("sales", team_id, "dora@alpha.example")
        assert session.scalars(select(Event.kind).where(Event.subject_id == actor.id)).all() == ["member.joined"]
    with pytest.raises(InvitationGone):
        accept(landlord, token, dora, tenant=alpha, engine=engine, at=NOW)


def test_accepting_again_after_a_lost_commit_makes_one_member(
    landlord: Session, engine: Engine, alpha: Tenant, players: dict[str, Player], role_id: uuid.UUID
) -> None:
    """The company's own schema was written, then the landlord's commit was lost."""
    token = asked(landlord, alpha, players, role_id, "dora@alpha.example")
    dora = newcomer(landlord, "dora@alpha.example")
    landlord.commit()
    accept(landlord, token, dora, tenant=alpha, engine=engine, at=NOW)
    landlord.rollback()
    assert find_membership(landlord, dora.id, alpha.id) is None
    accept(landlord, token, dora, tenant=alpha, engine=engine, at=NOW)
    landlord.commit()
    with inside(alpha, engine) as session:
        assert len(session.scalars(select(Member.id).where(Member.person_id == dora.id)).all()) == 1


def test_a_link_is_for_its_address_only(landlord: Session, engine: Engine, alpha: Tenant, players: dict[str, Player], role_id: uuid.UUID) -> None:
    token = asked(landlord, alpha, players, role_id, "dora@alpha.example")
    with pytest.raises(AnotherAddress):
        accept(landlord, token, newcomer(landlord, "eve@elsewhere.example"), tenant=alpha, engine=engine, at=NOW)


def test_a_role_that_is_gone_is_said(landlord: Session, engine: Engine, alpha: Tenant, players: dict[str, Player]) -> None:
    token = asked(landlord, alpha, players, uuid.uuid4(), "dora@alpha.example", uuid.uuid4())
    with pytest.raises(RoleGone):
        accept(landlord, token, newcomer(landlord, "dora@alpha.example"), tenant=alpha, engine=engine, at=NOW)


def test_only_who_has_confirmed_the_own_address_invites(landlord: Session, alpha: Tenant, players: dict[str, Player], role_id: uuid.UUID) -> None:
    landlord.get_one(Person, players["alice"].person_id).mail_confirmed_at = None
    with pytest.raises(MailUnconfirmed):
        asked(landlord, alpha, players, role_id, "dora@alpha.example")


def test_a_colleague_is_not_invited_again_and_nonsense_not_at_all(
    landlord: Session, alpha: Tenant, players: dict[str, Player], role_id: uuid.UUID
) -> None:
    with pytest.raises(AlreadyMember):
        asked(landlord, alpha, players, role_id, "bob@alpha.example")
    with pytest.raises(NoAddress):
        asked(landlord, alpha, players, role_id, "bob")


def test_a_new_letter_closes_the_older_link(landlord: Session, alpha: Tenant, players: dict[str, Player], role_id: uuid.UUID) -> None:
    first = asked(landlord, alpha, players, role_id, "dora@alpha.example")
    second = asked(landlord, alpha, players, role_id, "dora@alpha.example")
    assert find_invitation(landlord, first, at=NOW) is None
    invitation = find_invitation(landlord, second, at=NOW)
    assert invitation is not None
    third = resend(landlord, invitation, at=NOW + dt.timedelta(days=8))
    assert find_invitation(landlord, second, at=NOW) is None
    assert find_invitation(landlord, third, at=NOW + dt.timedelta(days=14)) is invitation
    assert find_invitation(landlord, third, at=NOW + dt.timedelta(days=15)) is None
    assert open_invitations(landlord, alpha.id) == [invitation]


def test_what_was_taken_back_opens_nothing(landlord: Session, engine: Engine, alpha: Tenant, players: dict[str, Player], role_id: uuid.UUID) -> None:
    invitation, token = invite(landlord, alpha.id, "dora@alpha.example", role_id=role_id, team_id=None, by=players["alice"].person_id, at=NOW)
    revoke(invitation, at=NOW)
    revoke(invitation, at=NOW + dt.timedelta(hours=1))
    assert invitation.revoked_at == NOW
    with pytest.raises(InvitationGone):
        accept(landlord, token, newcomer(landlord, "dora@alpha.example"), tenant=alpha, engine=engine, at=NOW)
    with pytest.raises(InvitationGone):
        resend(landlord, invitation, at=NOW)


def test_who_left_is_out_and_may_come_back(landlord: Session, engine: Engine, alpha: Tenant, players: dict[str, Player]) -> None:
    bob = players["bob"].person_id
    end_membership(landlord, bob, alpha.id, at=NOW)
    membership = find_membership(landlord, bob, alpha.id)
    assert membership is not None
    assert membership.ended_at == NOW
    resume_membership(landlord, bob, alpha.id, at=NOW)
    assert membership.ended_at is None


def fill(landlord: Session, alpha: Tenant, seats: int) -> None:
    """All seats but one are taken."""
    for n in range(seats - 1 - seats_taken(landlord, alpha.id)):
        person = register(landlord, mail=f"filler{n}@alpha.example", name="Filler", password_hash=None, locale="en", at=NOW)
        landlord.add(Membership(person_id=person.id, tenant_id=alpha.id, created_at=NOW))


@pytest.fixture(params=["of the plan", "that are rented"])
def one_seat_left(request: pytest.FixtureRequest, engine: Engine, alpha: Tenant) -> int:
    """Alpha has the standard plan with as many seats as it allows, or rents seven of them; all but one are taken."""
    most, rented = CATALOGUE["standard"].seats, 7 if request.param == "that are rented" else None
    assert most is not None
    with open_session(engine, landlord_plane()) as landlord:
        landlord.execute(update(TenantRow).where(TenantRow.id == alpha.id).values(plan="standard", seats=rented))
        fill(landlord, alpha, rented or most)
        landlord.commit()
    return rented or most


class Crowd:
    """Many who were asked in, and all accept at once."""

    def __init__(self, engine: Engine, alpha: Tenant, players: dict[str, Player], role_id: uuid.UUID, size: int) -> None:
        self.engine, self.alpha = engine, alpha
        self.mails = [f"dora{n}@alpha.example" for n in range(size)]
        with open_session(engine, landlord_plane()) as landlord:
            self.tokens = {mail: asked(landlord, alpha, players, role_id, mail) for mail in self.mails}
            self.people = {mail: newcomer(landlord, mail).id for mail in self.mails}
            landlord.commit()

    def accept(self, mail: str) -> str:
        with crossing(), open_session(self.engine, landlord_plane()) as landlord:
            try:
                accept(landlord, self.tokens[mail], landlord.get_one(Person, self.people[mail]), tenant=self.alpha, engine=self.engine, at=NOW)
                landlord.commit()
            except Refusal as refusal:
                return str(refusal)
            return "in"

    def count_in(self) -> tuple[int, int, int]:
        """Seats that are taken, invitations that were accepted, members who came."""
        with open_session(self.engine, landlord_plane()) as landlord:
            taken = seats_taken(landlord, self.alpha.id)
            accepted = len(landlord.scalars(select(Invitation.id).where(Invitation.accepted_at.is_not(None))).all())
        with inside(self.alpha, self.engine) as session:
            return taken, accepted, len(session.scalars(select(Member.id).where(Member.mail.startswith("dora"))).all())


def test_fifty_want_the_last_seat_and_one_gets_it(
    engine: Engine, alpha: Tenant, players: dict[str, Player], role_id: uuid.UUID, one_seat_left: int
) -> None:
    crowd = Crowd(engine, alpha, players, role_id, 50)
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(crowd.accept, crowd.mails))
    assert answers.count("in") == 1
    assert set(answers) - {"in"} == {str(NoSeatLeft(seats=one_seat_left))}
    assert crowd.count_in() == (one_seat_left, 1, 1)


def test_who_found_no_seat_comes_in_once_one_is_rented(
    engine: Engine, alpha: Tenant, players: dict[str, Player], role_id: uuid.UUID, one_seat_left: int
) -> None:
    """The same link, which has stayed open."""
    crowd = Crowd(engine, alpha, players, role_id, 2)
    assert [crowd.accept(mail) for mail in crowd.mails] == ["in", str(NoSeatLeft(seats=one_seat_left))]
    with open_session(engine, landlord_plane()) as landlord:
        landlord.execute(update(TenantRow).where(TenantRow.id == alpha.id).values(plan="professional", seats=one_seat_left + 1))
        landlord.commit()
    assert crowd.accept(crowd.mails[1]) == "in"


def test_nobody_takes_a_seat_that_goes_at_the_renewal(engine: Engine, alpha: Tenant, players: dict[str, Player], role_id: uuid.UUID) -> None:
    """Twelve are rented, from the next payment on six; five are taken. Whoever comes before, while and after it renews: there are never seven."""
    with open_session(engine, landlord_plane()) as landlord:
        landlord.execute(update(TenantRow).where(TenantRow.id == alpha.id).values(plan="standard", seats=12, seats_later=6))
        fill(landlord, alpha, 6)
        landlord.commit()
    crowd = Crowd(engine, alpha, players, role_id, 12)

    def renew() -> str:
        with open_session(engine, landlord_plane()) as landlord:
            row = landlord.scalars(select(TenantRow).where(TenantRow.id == alpha.id).with_for_update(key_share=True)).one()
            row.seats, row.seats_later = 6, None
            landlord.commit()
        return "renewed"

    with ThreadPoolExecutor(13) as pool:
        waiting = [pool.submit(crowd.accept, mail) for mail in crowd.mails]
        waiting.insert(0, pool.submit(renew))
        answers = [one.result() for one in waiting]
    assert answers.count("in") == 1
    assert set(answers) - {"in", "renewed"} <= {str(NoSeatLeft(seats=6)), str(SeatsGoDown(seats=6))}
    assert crowd.count_in() == (6, 1, 1)
