"""Who works here: members, the tree of teams, roles, the tree of territories."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tenants.wall.base import Base, Keyed, Sampled


class Role(Keyed, Sampled, Base):
    """What one may do, and how far one may see. `grants`: {kind: {"scope": ..., "verbs": [...]}}; see tenants.team.rules."""

    __tablename__ = "roles"

    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    grants: Mapped[dict[str, Any]]
    position: Mapped[int] = mapped_column(default=0, server_default="0")


class Team(Keyed, Sampled, Base):
    """A department. `path` is "/<id>/<id>/" from the root down to and including itself, so that a subtree is a prefix."""

    __tablename__ = "teams"
    __table_args__ = (Index("ix_teams_path", "path", postgresql_ops={"path": "text_pattern_ops"}),)

    name: Mapped[str]
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teams.id"))
    leader_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    path: Mapped[str]
    position: Mapped[int] = mapped_column(default=0, server_default="0")


class Territory(Keyed, Sampled, Base):
    """A sales area; `path` as in Team."""

    __tablename__ = "territories"
    __table_args__ = (Index("ix_territories_path", "path", postgresql_ops={"path": "text_pattern_ops"}),)

    name: Mapped[str]
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("territories.id"))
    path: Mapped[str]
    position: Mapped[int] = mapped_column(default=0, server_default="0")


class Member(Keyed, Sampled, Base):
    """A person of the landlord's, as a colleague here. `person_id` is empty for sample colleagues, who cannot sign in."""

    __tablename__ = "members"

    person_id: Mapped[uuid.UUID | None] = mapped_column(unique=True)
    name: Mapped[str]
    mail: Mapped[str]
    mobile: Mapped[str | None]
    post: Mapped[str | None]
    role_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("roles.id"), index=True)
    team_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teams.id"), index=True)
    joined_at: Mapped[dt.datetime]
    deactivated_at: Mapped[dt.datetime | None]
    preferences: Mapped[dict[str, Any] | None]  # how the member is told of things: tenants.notifications.preferences
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}


class TerritoryMember(Base):
    __tablename__ = "territory_members"
    __table_args__ = (Index("ix_territory_members_member_id", "member_id"),)

    territory_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("territories.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
