"""The columns that may be exported of each kind of record. Labels are those of the forms, so that an import finds them again."""

from typing import Any

from sqlalchemy import ColumnElement, Numeric, Text, Uuid, column, func, select, table
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.customers.options import INDUSTRIES, KINDS, SEXES, SIZES, SOURCES, STATUSES
from tenants.customers.scores import SCORES, score_of
from tenants.customers.tag import CustomerTag, Tag
from tenants.exports.columns import Column
from tenants.followups.models import Followup
from tenants.followups.options import MEANS
from tenants.pipeline.models import LostReason, Opportunity, Pipeline, Stage
from tenants.pipeline.rules import OUTCOMES
from tenants.team.models import Member, Territory
from tenants.values.words import N_

PARENT = aliased(Customer, name="parent")
_WORTH = table("opportunities", column("customer_id", Uuid()), column("outcome", Text()), column("amount", Numeric(14, 2)), column("deleted_at"))
_TRADES = {trade: trade for trade in INDUSTRIES}


def _open_amount() -> ColumnElement[Any]:
    open_ones = (_WORTH.c.customer_id == Customer.id, _WORTH.c.outcome == "open", _WORTH.c.deleted_at.is_(None))
    return select(func.sum(_WORTH.c.amount)).where(*open_ones).correlate(Customer).scalar_subquery()


def _tags() -> ColumnElement[Any]:
    names = select(func.array_to_string(func.array_agg(aggregate_order_by(Tag.name, Tag.name)), "、", type_=Text())).join_from(
        CustomerTag, Tag, Tag.id == CustomerTag.tag_id
    )
    return names.where(CustomerTag.customer_id == Customer.id).correlate(Customer).scalar_subquery()


def _score_of_opportunity() -> ColumnElement[Any]:
    return select(SCORES.c.score).where(SCORES.c.subject_id == Opportunity.id).correlate(Opportunity).scalar_subquery()


CUSTOMERS: dict[str, Column] = {
    "number": Column(N_("Number"), Customer.number),
    "name": Column(N_("Customer name"), Customer.name, width=30),
    "short_name": Column(N_("Short name"), Customer.short_name),
    "kind": Column(N_("Kind"), Customer.kind, "code", KINDS, 8),
    "status": Column(N_("Status"), Customer.status, "code", STATUSES, 10),
    "grade": Column(N_("Grade"), Customer.grade, width=8),
    "score": Column(N_("Score"), score_of, "number", width=8),
    "industry": Column(N_("Industry"), Customer.industry, "code", _TRADES),
    "business": Column(N_("What they make or do"), Customer.business, width=24),
    "size": Column(N_("Size"), Customer.size, "code", SIZES),
    "standing": Column(N_("Standing in their trade"), Customer.standing),
    "region": Column(N_("Region"), Customer.region, width=20),
    "address": Column(N_("Address"), Customer.address, width=30),
    "credit_code": Column(N_("Credit code"), Customer.credit_code, width=20),
    "rivals": Column(N_("Rivals"), Customer.rivals),
    "phone": Column(N_("Phone"), Customer.phone, width=16),
    "website": Column(N_("Website"), Customer.website, width=24),
    "invoice_title": Column(N_("Invoice title"), Customer.invoice_title, width=24),
    "source": Column(N_("Source"), Customer.source, "code", SOURCES),
    "parent": Column(N_("Parent customer"), PARENT.name, width=24),
    "owner": Column(N_("Account owner"), Member.name),
    "territory": Column(N_("Territory"), Territory.name),
    "tags": Column(N_("Tags"), _tags(), width=20),
    "next": Column(N_("Next contact"), Customer.next_contact_at, "moment", width=17),
    "last": Column(N_("Last follow-up"), Customer.last_followup_at, "moment", width=17),
    "amount": Column(N_("Open amount"), _open_amount(), "amount"),
    "remark": Column(N_("Remark"), Customer.remark, width=30),
    "created": Column(N_("Created"), Customer.created_at, "moment", width=17),
    "updated": Column(N_("Changed"), Customer.updated_at, "moment", width=17),
}

CONTACTS: dict[str, Column] = {
    "name": Column(N_("Full name"), Contact.name),
    "customer": Column(N_("Customer"), Customer.name, width=30),
    "customer_number": Column(N_("Customer number"), Customer.number),
    "sex": Column(N_("Sex"), Contact.sex, "code", SEXES, 8),
    "department": Column(N_("Department"), Contact.department),
    "post": Column(N_("Post"), Contact.post),
    "decides": Column(N_("Decides"), Contact.is_decision_maker, "yes", width=8),
    "mobile": Column(N_("Mobile"), Contact.mobile, width=16),
    "phone": Column(N_("Phone"), Contact.phone, width=16),
    "wechat": Column(N_("WeChat"), Contact.wechat, width=16),
    "qq": Column(N_("QQ"), Contact.qq),
    "mail": Column(N_("Email"), Contact.mail, width=26),
    "birthday": Column(N_("Birthday"), Contact.birthday, "day", width=12),
    "lunar": Column(N_("By the lunar calendar"), Contact.birthday_is_lunar, "yes", width=8),
    "habits": Column(N_("Habits"), Contact.habits, width=24),
    "address": Column(N_("Address"), Contact.address, width=30),
    "remark": Column(N_("Remark"), Contact.remark, width=30),
    "left": Column(N_("Left the post on"), Contact.left_at, "day", width=12),
    "created": Column(N_("Created"), Contact.created_at, "moment", width=17),
}

FOLLOWUPS: dict[str, Column] = {
    "at": Column(N_("When it happened"), Followup.at, "moment", width=17),
    "customer": Column(N_("Customer"), Customer.name, width=30),
    "customer_number": Column(N_("Customer number"), Customer.number),
    "member": Column(N_("Author"), Member.name),
    "means": Column(N_("Means"), Followup.means, "code", MEANS, 10),
    "content": Column(N_("Content"), Followup.content, width=60),
    "result": Column(N_("Result"), Followup.result, width=30),
    "contact": Column(N_("Contact"), Contact.name),
    "opportunity": Column(N_("Opportunity"), Opportunity.name, width=24),
    "next": Column(N_("Next contact"), Followup.next_contact_at, "moment", width=17),
}

OPPORTUNITIES: dict[str, Column] = {
    "name": Column(N_("Opportunity name"), Opportunity.name, width=30),
    "customer": Column(N_("Customer"), Customer.name, width=30),
    "customer_number": Column(N_("Customer number"), Customer.number),
    "pipeline": Column(N_("Pipeline"), Pipeline.name),
    "stage": Column(N_("Stage"), Stage.name),
    "outcome": Column(N_("Outcome"), Opportunity.outcome, "code", OUTCOMES, 10),
    "amount": Column(N_("Amount"), Opportunity.amount, "amount"),
    "probability": Column(N_("Probability, %"), Opportunity.probability, "number", width=10),
    "score": Column(N_("Score"), _score_of_opportunity(), "number", width=8),
    "close": Column(N_("Expected close"), Opportunity.expected_close_on, "day", width=12),
    "closed": Column(N_("Closed"), Opportunity.closed_at, "moment", width=17),
    "since": Column(N_("In stage since"), Opportunity.stage_since, "moment", width=17),
    "owner": Column(N_("Owner"), Member.name),
    "contact": Column(N_("Contact"), Contact.name),
    "source": Column(N_("Source"), Opportunity.source, "code", SOURCES),
    "products": Column(N_("Products"), Opportunity.products, width=24),
    "lost_reason": Column(N_("Reason"), LostReason.name),
    "lost_remark": Column(N_("Remark on the reason"), Opportunity.lost_remark, width=24),
    "remark": Column(N_("Remark"), Opportunity.remark, width=30),
    "created": Column(N_("Created"), Opportunity.created_at, "moment", width=17),
    "updated": Column(N_("Changed"), Opportunity.updated_at, "moment", width=17),
}

OFFERED: dict[str, dict[str, Column]] = {"customers": CUSTOMERS, "contacts": CONTACTS, "followups": FOLLOWUPS, "opportunities": OPPORTUNITIES}
