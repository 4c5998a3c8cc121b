"""Invitations: a colleague is asked in with role and team, proves the address by the mailed link, and takes a seat."""

import datetime as dt
import secrets
import uuid

from sqlalchemy import ColumnElement, Engine, select, update
from sqlalchemy.orm import Session

from saas.identity.memberships import find_membership, resume_membership
from saas.identity.models import Invitation, Person
from saas.identity.people import find_person
from saas.identity.rules import tidy_mail
from saas.identity.sessions import token_hash
from saas.identity.throttle import INVITE, Try, count
from tenants.team.joining import join
from tenants.values.words import N_, Refusal
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant

LIFETIME = dt.timedelta(days=7)


class MailUnconfirmed(Refusal):
    sentence = N_("Confirm your own email address first; then you can invite colleagues.")


class NoAddress(Refusal):
    sentence = N_("This is not an email address.")


class AlreadyMember(Refusal):
    sentence = N_("%(mail)s works here already.")


class InvitationGone(Refusal):
    sentence = N_("This invitation is no longer open. Ask your colleague to invite you again.")


class AnotherAddress(Refusal):
    sentence = N_("This invitation is for %(mail)s. Sign in with that address to accept it.")


def invite(
    session: Session, tenant_id: uuid.UUID, mail: str, *, role_id: uuid.UUID, team_id: uuid.UUID | None, by: uuid.UUID, at: dt.datetime
) -> tuple[Invitation, str]:
    """The invitation and the token of its link, which is nowhere kept. `by` is a person.

    An older invitation to the same address is withdrawn. Raises `NoAddress`, `MailUnconfirmed`, `AlreadyMember`, `TooManyTries`.
    """
    _require_confirmed(session, by)
    mail = _tidied(mail)
    invited = find_person(session, mail)
    membership = find_membership(session, invited.id, tenant_id) if invited else None
    if membership is not None and membership.ended_at is None:
        raise AlreadyMember(mail=mail)
    count(session, [Try(INVITE, str(tenant_id))], at=at)
    earlier = (Invitation.tenant_id == tenant_id, Invitation.mail == mail, Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
    session.execute(update(Invitation).where(*earlier).values(revoked_at=at))
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        tenant_id=tenant_id,
        mail=mail,
        role_id=role_id,
        team_id=team_id,
        token_hash=token_hash(token),
        invited_by_id=by,
        created_at=at,
        expires_at=at + LIFETIME,
    )
    session.add(invitation)
    session.flush()
    return invitation, token


def resend(session: Session, invitation: Invitation, *, at: dt.datetime) -> str:
    """A new token with a new term; the link in the older letter closes. Raises `InvitationGone`, `TooManyTries`."""
    if invitation.accepted_at or invitation.revoked_at:
        raise InvitationGone
    count(session, [Try(INVITE, str(invitation.tenant_id))], at=at)
    token = secrets.token_urlsafe(32)
    invitation.token_hash, invitation.expires_at = token_hash(token), at + LIFETIME
    session.flush()
    return token


def revoke(invitation: Invitation, *, at: dt.datetime) -> None:
    """Raises `InvitationGone` when it was accepted; taking it back twice is harmless."""
    if invitation.accepted_at:
        raise InvitationGone
    invitation.revoked_at = invitation.revoked_at or at


def open_invitations(session: Session, tenant_id: uuid.UUID) -> list[Invitation]:
    """Neither accepted nor taken back, newest first; those that expired too, because they can be sent again."""
    mine = (Invitation.tenant_id == tenant_id, Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
    return list(session.scalars(select(Invitation).where(*mine).order_by(Invitation.created_at.desc(), Invitation.id.desc())))


def find_invitation(session: Session, token: str, *, at: dt.datetime) -> Invitation | None:
    """The open invitation that this token opens."""
    return session.scalars(select(Invitation).where(*_open(token, at))).one_or_none()


def accept(session: Session, token: str, person: Person, *, tenant: Tenant, engine: Engine, at: dt.datetime) -> None:
    """The person takes a seat, and becomes a member in the company's own schema, which is committed first: if the landlord's commit
    fails, there is a colleague who cannot come in yet, and the invitation is still open.

    Call it inside `crossing()` and commit there. Raises `InvitationGone`, `AnotherAddress`, `NoSeatLeft`, `SeatsGoDown`, `RoleGone`.
    """
    mine = select(Invitation).where(*_open(token, at)).with_for_update().execution_options(populate_existing=True)
    invitation = session.scalars(mine).one_or_none()
    if invitation is None:
        raise InvitationGone
    if invitation.mail != person.mail:
        raise AnotherAddress(mail=invitation.mail)
    resume_membership(session, person.id, tenant.id, at=at)
    person.mail_confirmed_at = person.mail_confirmed_at or at
    invitation.accepted_at, invitation.accepted_by_id = at, person.id
    session.flush()
    with inside(tenant, engine) as room:
        join(room, person_id=person.id, name=person.name, mail=person.mail, role_id=invitation.role_id, team_id=invitation.team_id, at=at)


def _open(token: str, at: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Invitation.token_hash == token_hash(token), Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > at,
    )  # fmt: skip


def _tidied(mail: str) -> str:
    tidied = tidy_mail(mail)
    if tidied is None:
        raise NoAddress
    return tidied


def _require_confirmed(session: Session, person_id: uuid.UUID) -> None:
    if session.get_one(Person, person_id).mail_confirmed_at is None:
        raise MailUnconfirmed
