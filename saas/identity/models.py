"""People, who may belong to several companies; their sessions, links to other identity providers, memberships, invitations."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from saas.base import LandlordBase
from tenants.wall.base import Keyed


class Person(Keyed, LandlordBase):
    __tablename__ = "people"
    __table_args__ = (CheckConstraint("mail = lower(mail)", name="mail_is_lower"),)

    mail: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    mail_confirmed_at: Mapped[dt.datetime | None]
    locale: Mapped[str | None]
    theme: Mapped[str] = mapped_column(default="auto", server_default="auto")
    shortcuts: Mapped[bool] = mapped_column(default=True, server_default="true")
    is_operator: Mapped[bool] = mapped_column(default=False, server_default="false")  # read by the release before only: see saas.operator
    created_at: Mapped[dt.datetime]


class Session(Keyed, LandlordBase):
    """A browser that is signed in. Only the hash of its token is kept."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_person_id", "person_id", postgresql_where=text("ended_at IS NULL")),)

    token_hash: Mapped[bytes] = mapped_column(unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("saas.people.id"))
    created_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    address: Mapped[str | None]
    agent: Mapped[str | None]
    means: Mapped[str] = mapped_column(default="password", server_default="password")  # how it was opened: password, oidc, signup, invitation, reset


class OidcLink(LandlordBase):
    """An account elsewhere: keyed by issuer and subject, never by mail."""

    __tablename__ = "oidc_links"

    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("saas.people.id"), index=True)
    created_at: Mapped[dt.datetime]


class Membership(Keyed, LandlordBase):
    __tablename__ = "memberships"
    __table_args__ = (Index("uq_memberships_person_id_tenant_id", "person_id", "tenant_id", unique=True),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("saas.people.id"))
    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("saas.tenants.id"), index=True)
    created_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]


class Invitation(Keyed, LandlordBase):
    """`role_id` and `team_id` are keys inside the tenant's own schema."""

    __tablename__ = "invitations"
    __table_args__ = (Index("ix_invitations_tenant_id", "tenant_id", "created_at"),)

    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("saas.tenants.id"))
    mail: Mapped[str]
    role_id: Mapped[uuid.UUID]
    team_id: Mapped[uuid.UUID | None]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    invited_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("saas.people.id"))
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    accepted_at: Mapped[dt.datetime | None]
    accepted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("saas.people.id"))
    revoked_at: Mapped[dt.datetime | None]


class OneTimeLink(Keyed, LandlordBase):
    """A link that was mailed: `purpose` is confirm or reset. It opens once."""

    __tablename__ = "one_time_links"
    __table_args__ = (CheckConstraint("purpose IN ('confirm', 'reset')", name="purpose"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("saas.people.id"), index=True)
    purpose: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class Throttle(LandlordBase):
    """How often something was tried in a window: truth in the database, so that a Redis flush lets nobody guess on."""

    __tablename__ = "throttles"

    key: Mapped[str] = mapped_column(primary_key=True)
    hits: Mapped[int]
    until: Mapped[dt.datetime]
