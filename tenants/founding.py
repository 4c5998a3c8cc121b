"""What a new company starts with: the default roles, one pipeline with the stages of the field, reasons for losing, its first member."""

import datetime as dt
import uuid
from collections.abc import Callable

from sqlalchemy.orm import Session

from tenants.notifications.bells import DIGEST
from tenants.pipeline.models import LostReason, Pipeline, Stage
from tenants.team.models import Member, Role
from tenants.team.rules import DEFAULT_ROLES
from tenants.values.words import N_
from tenants.wall.bells import ring
from tenants.workspace.models import Setting

# name, kind, probability in per cent
DEFAULT_STAGES: tuple[tuple[str, str, int], ...] = (
    (N_("Prospecting"), "open", 10),
    (N_("Needs clear"), "open", 30),
    (N_("Proposal"), "open", 50),
    (N_("Negotiation"), "open", 70),
    (N_("Contract approval"), "open", 90),
    (N_("Won"), "won", 100),
    (N_("Lost"), "lost", 0),
    (N_("Invalid"), "invalid", 0),
)
DEFAULT_LOST_REASONS = (N_("Price"), N_("Chose a rival"), N_("No budget"), N_("Project stopped"), N_("Delivery time"), N_("Other"))

Translate = Callable[[str], str]


def found(session: Session, *, company: str, person_id: uuid.UUID, name: str, mail: str, at: dt.datetime, say: Translate) -> Member:
    """Furnishes an empty schema; `say` translates names into the company's language. Returns the owner."""
    roles = {
        key: Role(key=key, name=say(title), grants=grants, position=position) for position, (key, (title, grants)) in enumerate(DEFAULT_ROLES.items())
    }
    pipeline = Pipeline(name=say(N_("Sales pipeline")))
    session.add_all([*roles.values(), pipeline])
    session.flush()
    stages = [
        Stage(pipeline_id=pipeline.id, name=say(title), kind=kind, probability=probability, position=position)
        for position, (title, kind, probability) in enumerate(DEFAULT_STAGES)
    ]
    reasons = [LostReason(name=say(title), position=position) for position, title in enumerate(DEFAULT_LOST_REASONS)]
    owner = Member(person_id=person_id, name=name, mail=mail, role_id=roles["owner"].id, joined_at=at)
    session.add_all([*stages, *reasons, owner, Setting(key="company", value={"name": company}, updated_at=at)])
    session.flush()
    ring(session, DIGEST, at)  # whoever answers finds out when the first morning comes
    return owner
