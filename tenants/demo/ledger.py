"""Made-up customers as rows of the tables: what the verbs of the rooms would have left behind, for hundreds at once."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer, Evaluation
from tenants.customers.tag import CustomerTag
from tenants.demo.old_ids import id_at
from tenants.demo.sample import OPEN_STAGES, SampleContact, SampleCustomer, SampleFollowup, SampleOpportunity
from tenants.demo.staff import House
from tenants.followups.models import CLIP, Followup, Plan
from tenants.pipeline import ranks
from tenants.pipeline.opportunity import Opportunity
from tenants.pipeline.pipeline import Stage
from tenants.pipeline.places import lowest_rank
from tenants.pipeline.stage_move import StageMove
from tenants.timeline.models import Event
from tenants.values import names
from tenants.wall.base import Base
from tenants.wall.pour import pour

# In this order a row's foreign keys are there before it.
TABLES: tuple[type[Base], ...] = (Customer, Contact, CustomerTag, Opportunity, StageMove, Plan, Followup, Evaluation, Event)


class Ledger:
    """Collects rows and pours them into the tables."""

    def __init__(self, session: Session, house: House, *, is_sample: bool = True) -> None:
        self.session, self.house, self.is_sample = session, house, is_sample
        self.rows: dict[type[Base], list[dict[str, Any]]] = defaultdict(list)
        self.lowest = {stage.id: lowest_rank(session, stage.id) for stage in (*house.stages, *house.endings.values())}

    def enter(self, customers: Sequence[SampleCustomer], numbers: Sequence[str]) -> list[uuid.UUID]:
        """Takes customers in; returns their ids. Nothing is written before `write`."""
        ids = [self._customer(customer, number) for customer, number in zip(customers, numbers, strict=True)]
        # the latest on top of their columns
        order = sorted(range(len(customers)), key=lambda index: _stage_since(customers[index]), reverse=True)
        opportunities = {index: self._opportunity(customers[index], *ids[index]) for index in order if customers[index].opportunity}
        for index, customer in enumerate(customers):
            self._talks(customer, *ids[index], opportunities.get(index))
        return [customer_id for customer_id, _ in ids]

    def write(self) -> None:
        for table in TABLES:
            pour(self.session, table, self.rows.pop(table, []))

    def _customer(self, customer: SampleCustomer, number: str) -> tuple[uuid.UUID, list[uuid.UUID]]:
        customer_id, made = id_at(customer.created_at), customer.created_at
        contact_ids = [self._contact(contact, customer_id, customer, place) for place, contact in enumerate(customer.contacts)]
        found_by = {lexeme for row in self.rows[Contact][-len(contact_ids) :] for lexeme in row["search"]}
        own = names.search_lexemes(customer.name, customer.short_name, number, customer.credit_code, phones=[customer.phone])
        last = customer.last_followup_at
        facts = (
            "name", "short_name", "kind", "industry", "business", "size", "region", "address", "credit_code", "rivals", "phone", "website",
            "invoice_title", "source", "remark", "status", "grade", "status_since", "next_contact_at",
        )  # fmt: skip
        self.add(
            Customer,
            id=customer_id,
            number=number,
            **{fact: getattr(customer, fact) for fact in facts},
            standing=customer.standing or None,
            owner_id=self.member(customer.colleague),
            territory_id=self.house.territories[customer.territory],
            last_followup_at=last,
            name_key=names.pinyin(customer.name, person=customer.kind == "person")[:60],
            core_name=names.core_name(customer.name),
            search=sorted({*own, *found_by}),
            updated_at=max(last or made, customer.status_since),
            **self._made(made, customer.colleague),
        )
        self.rows[CustomerTag] += [{"customer_id": customer_id, "tag_id": self.house.tags[tag]} for tag in customer.tags]
        self.event("customer.created", made, customer.colleague, customer_id, name=customer.name, number=number)
        return customer_id, contact_ids

    def _contact(self, contact: SampleContact, customer_id: uuid.UUID, customer: SampleCustomer, place: int) -> uuid.UUID:
        made = customer.created_at + dt.timedelta(milliseconds=place)
        contact_id = id_at(made)
        facts = (
            "name", "sex", "department", "post", "is_decision_maker", "mobile", "phone", "wechat", "qq", "mail", "birthday", "birthday_is_lunar",
            "habits",
        )  # fmt: skip
        self.add(
            Contact,
            id=contact_id,
            customer_id=customer_id,
            **{fact: getattr(contact, fact) for fact in facts},
            name_key=names.pinyin(contact.name, person=True)[:60],
            search=names.search_lexemes(contact.name, contact.wechat, contact.qq, contact.mail, phones=[contact.mobile, contact.phone]),
            updated_at=made,
            **self._made(made, customer.colleague),
        )
        if place:
            self.event("contact.created", made + dt.timedelta(minutes=2), customer.colleague, customer_id, contact_id, name=contact.name)
        return contact_id

    def _opportunity(self, customer: SampleCustomer, customer_id: uuid.UUID, contact_ids: list[uuid.UUID]) -> uuid.UUID:
        deal = customer.opportunity
        assert deal is not None  # noqa: S101 - asked for those that have one
        opportunity_id = id_at(deal.entered[0])
        way = self._way(deal)
        stage, since = way[-1]
        reason = self.house.lost_reasons[(deal.lost_reason or 0) % len(self.house.lost_reasons)] if deal.outcome == "lost" else None
        self.lowest[stage.id] = rank = ranks.between(self.lowest[stage.id], None)
        self.add(
            Opportunity,
            id=opportunity_id,
            customer_id=customer_id,
            contact_id=contact_ids[0],
            pipeline_id=self.house.pipeline.id,
            stage_id=stage.id,
            stage_since=since,
            outcome=deal.outcome,
            name=deal.name,
            amount=deal.amount,
            probability=stage.probability,
            expected_close_on=deal.expected_close_on,
            source=customer.source,
            products=deal.products,
            lost_reason_id=reason.id if reason else None,
            lost_remark=deal.lost_remark,
            closed_at=deal.closed_at,
            rank=rank,
            owner_id=self.member(customer.colleague),
            search=names.search_lexemes(deal.name, deal.products),
            updated_at=since,
            **self._made(deal.entered[0], customer.colleague),
        )
        self._trail(customer, customer_id, opportunity_id, way, reason.name if reason else None)
        return opportunity_id

    def _way(self, deal: SampleOpportunity) -> list[tuple[Stage, dt.datetime]]:
        """The tenant's own stages that it went through, which may be fewer or more than the sample has."""
        most = len(self.house.stages) - 1
        way: list[tuple[Stage, dt.datetime]] = []
        for number, moment in enumerate(deal.entered):
            stage = self.house.stages[round(number * most / (OPEN_STAGES - 1))]
            if not way or way[-1][0] is not stage:
                way.append((stage, moment))
        if deal.closed_at:
            way.append((self.house.endings[deal.outcome], deal.closed_at))
        return way

    def _trail(
        self, customer: SampleCustomer, customer_id: uuid.UUID, opportunity_id: uuid.UUID, way: list[tuple[Stage, dt.datetime]], reason: str | None
    ) -> None:
        deal = customer.opportunity
        assert deal is not None  # noqa: S101 - as above
        for number, (stage, entered_at) in enumerate(way):
            left_at = way[number + 1][1] if number + 1 < len(way) else None
            stay = {"opportunity_id": opportunity_id, "stage_id": stage.id, "member_id": self.member(customer.colleague)}
            self.add(StageMove, id=id_at(entered_at), entered_at=entered_at, left_at=left_at, **stay)
            told: dict[str, Any] = {"name": deal.name, "amount": str(deal.amount)}
            if not number:
                what, told = "created", told | {"stage": stage.name}
            else:
                before, since = way[number - 1]
                what = stage.kind if stage.kind != "open" else "moved"
                told |= {"from": before.name, "to": stage.name, "days": (entered_at - since).days}
            if what == "lost":
                told |= {"reason": reason, "remark": deal.lost_remark}
            self.event(f"opportunity.{what}", entered_at, customer.colleague, customer_id, opportunity_id, opportunity_id=opportunity_id, **told)

    def _talks(self, customer: SampleCustomer, customer_id: uuid.UUID, contact_ids: list[uuid.UUID], opportunity_id: uuid.UUID | None) -> None:
        for talk in customer.followups:
            about = {
                "customer_id": customer_id,
                "contact_id": contact_ids[talk.contact],
                "opportunity_id": opportunity_id if talk.for_deal else None,
                "member_id": self.member(talk.colleague),
                "means": talk.means,
            }
            plan_id = self._kept_plan(customer, talk, about) if talk.planned_at else None
            self.add(
                Followup,
                id=id_at(talk.at),
                **about,
                plan_id=plan_id,
                content=talk.content,
                result=talk.result,
                next_contact_at=talk.next_contact_at,
                at=talk.at,
                created_at=talk.at,
                updated_at=talk.at,
            )
        if customer.plan:
            self._open_plan(customer, customer_id, contact_ids, opportunity_id)

    def _kept_plan(self, customer: SampleCustomer, talk: SampleFollowup, about: dict[str, Any]) -> uuid.UUID:
        """The plan that a talk came out of; done with it."""
        assert talk.planned_at is not None  # noqa: S101 - asked for those that were planned
        plan_id = id_at(talk.planned_at)
        due_at = talk.at.replace(minute=talk.at.minute // 30 * 30, second=0, microsecond=0)
        means, content = talk.plan
        done = {"means": means, "content": content, "due_at": due_at, "done_at": talk.at, "done_by_id": about["member_id"]}
        self._plan(plan_id, talk.planned_at, customer.colleague, about | done, updated_at=talk.at)
        self.event(
            "plan.done", talk.at, talk.colleague, about["customer_id"], plan_id, opportunity_id=about["opportunity_id"], content=content[:CLIP]
        )
        return plan_id

    def _open_plan(self, customer: SampleCustomer, customer_id: uuid.UUID, contact_ids: list[uuid.UUID], opportunity_id: uuid.UUID | None) -> None:
        plan = customer.plan
        assert plan is not None  # noqa: S101 - as above
        plan_id, opportunity_id = id_at(plan.created_at), opportunity_id if plan.for_deal else None
        values = {
            "customer_id": customer_id,
            "contact_id": contact_ids[plan.contact],
            "opportunity_id": opportunity_id,
            "member_id": self.member(customer.colleague),
            "means": plan.means,
            "done_at": None,
            "done_by_id": None,
            "content": plan.content,
            "due_at": plan.due_at,
        }
        self._plan(plan_id, plan.created_at, customer.colleague, values, updated_at=plan.created_at)
        told = {"content": plan.content[:CLIP], "due_at": plan.due_at.isoformat()}
        self.event("plan.made", plan.created_at, customer.colleague, customer_id, plan_id, opportunity_id=opportunity_id, **told)

    def _plan(self, plan_id: uuid.UUID, made: dt.datetime, colleague: str | None, values: dict[str, Any], *, updated_at: dt.datetime) -> None:
        self.add(Plan, id=plan_id, **dict(sorted(values.items())), updated_at=updated_at, **self._made(made, colleague))

    def event(
        self,
        kind: str,
        at: dt.datetime,
        colleague: str | None,
        customer_id: uuid.UUID,
        subject_id: uuid.UUID | None = None,
        *,
        opportunity_id: uuid.UUID | None = None,
        **data: Any,
    ) -> None:
        about = {"customer_id": customer_id, "opportunity_id": opportunity_id, "subject_id": subject_id}
        self.add(Event, id=id_at(at), at=at, kind=kind, member_id=self.member(colleague or "boss"), **about, data=data)

    def _made(self, at: dt.datetime, colleague: str | None) -> dict[str, Any]:
        return {"created_at": at, "created_by_id": self.member(colleague or "boss")}

    def member(self, colleague: str | None) -> uuid.UUID | None:
        return self.house.members[colleague] if colleague else None

    def add(self, table: type[Base], **values: Any) -> None:
        self.rows[table].append(values | {"sample": self.is_sample})


def _stage_since(customer: SampleCustomer) -> dt.datetime:
    deal = customer.opportunity
    return (deal.closed_at or deal.entered[-1]) if deal else customer.created_at
