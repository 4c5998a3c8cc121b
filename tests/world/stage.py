"""What stands on the stage: for each of a few members one customer with a contact, a follow-up, a plan, an opportunity. Their ids are fixed."""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.followups.models import Followup, Plan
from tenants.pipeline.models import Opportunity, Stage, StageMove
from tenants.team.models import Member
from tenants.values.names import core_name, search_lexemes

AT = dt.datetime(2026, 1, 6, 2, 0, tzinfo=dt.UTC)
NAMESPACE = uuid.UUID("6f7d3d1e-0000-7000-8000-000000000001")


def prop(kind: str, name: str) -> uuid.UUID:
    """The id of a record on the stage: prop("customer", "Bob") is Bob's customer; the names are Alice, Bob, Beta."""
    return uuid.uuid5(NAMESPACE, f"{kind} {name}")


def furnish(session: Session, *, owner: Member, name: str) -> None:
    made = {"created_at": AT, "created_by_id": owner.id, "updated_at": AT}
    stage = session.scalars(select(Stage).where(Stage.kind == "open").order_by(Stage.position)).first()
    assert stage is not None
    customer_id, opportunity_id = prop("customer", name), prop("opportunity", name)
    session.add(
        Customer(
            id=customer_id,
            name=f"{name}'s customer",
            number=f"C-{name}",
            status="potential",
            status_since=AT,
            owner_id=owner.id,
            name_key=f"{name.lower()}s customer",
            core_name=core_name(f"{name}'s customer"),
            search=search_lexemes(f"{name}'s customer"),
            **made,
        )
    )
    session.flush()
    session.add_all(
        [
            Contact(
                id=prop("contact", name),
                customer_id=customer_id,
                name=f"{name}'s contact",
                mobile="13800138000",
                name_key=f"{name.lower()}s contact",
                search=search_lexemes(f"{name}'s contact"),
                **made,
            ),
            Opportunity(
                id=opportunity_id,
                customer_id=customer_id,
                pipeline_id=stage.pipeline_id,
                stage_id=stage.id,
                stage_since=AT,
                name=f"{name}'s opportunity",
                amount=10_000,
                probability=stage.probability,
                rank="a0",
                owner_id=owner.id,
                search=search_lexemes(f"{name}'s opportunity"),
                **made,
            ),
            Followup(
                id=prop("followup", name),
                customer_id=customer_id,
                means="phone",
                content=f"{name} called",
                at=AT,
                member_id=owner.id,
                created_at=AT,
                updated_at=AT,
            ),
            Plan(
                id=prop("plan", name),
                customer_id=customer_id,
                means="visit",
                content=f"{name} will visit",
                due_at=AT + dt.timedelta(days=400),
                member_id=owner.id,
                **made,
            ),
        ]
    )
    session.flush()
    session.add(StageMove(id=prop("move", name), opportunity_id=opportunity_id, stage_id=stage.id, member_id=owner.id, entered_at=AT))
