"""The sample company's people and its order: colleagues in teams, territories, tags; and what of the tenant's own it needs to know."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.customers.tag import Tag
from tenants.demo.old_ids import id_at
from tenants.demo.vocabulary import Colleague, Vocabulary
from tenants.pipeline.lost_reason import LostReason, lost_reasons
from tenants.pipeline.pipeline import Pipeline, Stage
from tenants.team.actor import Actor
from tenants.team.models import Member, Role, Team, Territory, TerritoryMember


@dataclass(frozen=True, slots=True)
class House:
    """Where the made-up customers go. `members` by the colleague's key ("boss" is who furnishes), `territories` by theirs, `tags` in order."""

    members: dict[str, uuid.UUID]
    names: dict[uuid.UUID, str]
    territories: dict[str, uuid.UUID]
    tags: list[uuid.UUID]
    pipeline: Pipeline
    stages: list[Stage]  # open ones
    endings: dict[str, Stage]  # won, lost, invalid
    lost_reasons: list[LostReason]


def move_in(session: Session, words: Vocabulary, *, by: Actor, at: dt.datetime, people: Mapping[str, uuid.UUID]) -> House:
    """`people`: persons of the landlord's for some of the colleagues, who can then sign in."""
    members = _colleagues(session, words, at, people)
    territories = _territories(session, words, members, at)
    pipeline = session.scalars(select(Pipeline).where(Pipeline.archived_at.is_(None)).order_by(Pipeline.position, Pipeline.id)).first()
    if pipeline is None:
        raise LookupError("the company has no pipeline")
    stages = pipeline.stages(session)
    return House(
        members={"boss": by.id} | {key: member.id for key, member in members.items()},
        names={by.id: by.name} | {member.id: member.name for member in members.values()},
        territories=territories,
        tags=[_tag(session, name, colour) for name, colour in words.tags],
        pipeline=pipeline,
        stages=[stage for stage in stages if stage.kind == "open"],
        endings={stage.kind: stage for stage in stages if stage.kind != "open"},
        lost_reasons=list(lost_reasons(session)),
    )


def _colleagues(session: Session, words: Vocabulary, at: dt.datetime, people: Mapping[str, uuid.UUID]) -> dict[str, Member]:
    teams = _teams(session, words, at)
    roles = {role.key: role for role in session.scalars(select(Role).order_by(Role.position))}
    known = {member.person_id: member for member in session.scalars(select(Member).where(Member.person_id.in_(people.values())))}
    members = {}
    for number, colleague in enumerate(words.colleagues):
        person_id = people.get(colleague.key)
        member = known.get(person_id) if person_id else None
        if member is None:
            joined_at = at - dt.timedelta(days=420 + 41 * number)
            member = Member(id=id_at(joined_at), joined_at=joined_at, sample=True, person_id=person_id, **_card(words, colleague))
            member.role_id = (roles.get(colleague.role) or list(roles.values())[-1]).id
            session.add(member)
        member.team_id = teams[colleague.team].id
        members[colleague.key] = member
        if colleague.leads:
            teams[colleague.team].leader_id = member.id
    session.flush()
    return members


def _card(words: Vocabulary, colleague: Colleague) -> dict[str, str]:
    return {"name": colleague.name, "mail": f"{colleague.mail}@{words.domain}", "post": colleague.post}


def _teams(session: Session, words: Vocabulary, at: dt.datetime) -> dict[str, Team]:
    after = session.scalar(select(func.coalesce(func.max(Team.position), -1) + 1).where(Team.parent_id.is_(None))) or 0
    teams = {}
    for number, (key, name) in enumerate(words.teams.items()):
        team_id = id_at(at - dt.timedelta(days=500))
        teams[key] = Team(id=team_id, name=name, path=f"/{team_id}/", position=after + number, sample=True)
    session.add_all(teams.values())
    session.flush()
    return teams


def _territories(session: Session, words: Vocabulary, members: Mapping[str, Member], at: dt.datetime) -> dict[str, uuid.UUID]:
    after = session.scalar(select(func.coalesce(func.max(Territory.position), -1) + 1).where(Territory.parent_id.is_(None))) or 0
    ids = {key: id_at(at - dt.timedelta(days=500)) for key in words.territories}
    for number, (key, name) in enumerate(words.territories.items()):
        session.add(Territory(id=ids[key], name=name, path=f"/{ids[key]}/", position=after + number, sample=True))
    session.flush()
    session.add_all(
        TerritoryMember(territory_id=ids[key], member_id=members[colleague].id) for colleague, keys in words.sells_in.items() for key in keys
    )
    return ids


def _tag(session: Session, name: str, colour: str) -> uuid.UUID:
    """The firm's own tag of that name, if it has one."""
    tag = session.scalars(select(Tag).where(func.lower(Tag.name) == name.lower())).first()
    if tag is None:
        tag = Tag(name=name, colour=colour, sample=True)
        session.add(tag)
        session.flush()
    return tag.id
