"""What the page of one opportunity shows: one statement, typed."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.customers.scores import SCORES
from tenants.pipeline.lost_reason import LostReason
from tenants.pipeline.opportunity import Opportunity
from tenants.pipeline.pipeline import Pipeline
from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.team.scope import editable, visible


@dataclass(frozen=True, slots=True)
class Portrait:
    """`is_writable`: as far as its place in the firm goes; `customer_is_visible`: its customer may be opened."""

    opportunity: Opportunity
    pipeline: str
    customer: str
    customer_is_visible: bool
    contact: Contact | None
    owner: str | None
    made_by: str | None
    lost_reason: str | None
    is_writable: bool
    score: int | None


def portrait(session: Session, actor: Actor, opportunity_id: uuid.UUID) -> Portrait | None:
    """None for what is not there, lies in the bin, or is not for this actor."""
    maker = aliased(Member)
    query = (
        select(
            Opportunity,
            Pipeline.name,
            Customer.name,
            (Customer.deleted_at.is_(None) & visible(Customer, actor)).label("customer_is_visible"),
            Contact,
            Member.name,
            maker.name,
            LostReason.name,
            editable(Opportunity, actor).label("is_writable"),
            SCORES.c.score,
        )
        .join(Pipeline, Pipeline.id == Opportunity.pipeline_id)
        .join(Customer, Customer.id == Opportunity.customer_id)
        .outerjoin(Contact, Contact.id == Opportunity.contact_id)
        .outerjoin(Member, Member.id == Opportunity.owner_id)
        .outerjoin(maker, maker.id == Opportunity.created_by_id)
        .outerjoin(LostReason, LostReason.id == Opportunity.lost_reason_id)
        .outerjoin(SCORES, SCORES.c.subject_id == Opportunity.id)
        .where(Opportunity.id == opportunity_id, Opportunity.deleted_at.is_(None), visible(Opportunity, actor))
    )
    row = session.execute(query).one_or_none()
    return Portrait(*row) if row is not None else None
