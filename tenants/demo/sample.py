"""A made-up customer with all that belongs to it: plain values, without ids. Colleagues are named by their key, "boss" is who furnishes."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

OPEN_STAGES = 5  # of the default pipeline, before won, lost and invalid


@dataclass(slots=True)
class SampleContact:
    name: str
    sex: str
    post: str
    department: str
    address: str  # how colleagues speak of them
    chief: str  # whom they have to ask
    is_decision_maker: bool
    mobile: str
    phone: str | None
    wechat: str | None
    qq: str | None
    mail: str | None
    birthday: dt.date | None
    birthday_is_lunar: bool
    habits: str | None


@dataclass(slots=True)
class SampleFollowup:
    """`contact` is an index; `planned_at` when it had been planned, as `plan`; `for_deal`: about the opportunity; `is_planned`: the next is."""

    at: dt.datetime
    phase: str
    means: str
    content: str
    result: str | None
    next_contact_at: dt.datetime | None
    contact: int
    colleague: str | None
    for_deal: bool = False
    planned_at: dt.datetime | None = None
    plan: tuple[str, str] = ("", "")  # means, content
    is_planned: bool = False


@dataclass(slots=True)
class SamplePlan:
    """Still open."""

    due_at: dt.datetime
    created_at: dt.datetime
    means: str
    content: str
    contact: int
    for_deal: bool


@dataclass(slots=True)
class SampleOpportunity:
    """`entered` are the moments of entering stages 0, 1, …; the last open stage, or the end that `outcome` and `closed_at` name."""

    name: str
    products: str
    amount: Decimal
    outcome: str
    entered: list[dt.datetime]
    closed_at: dt.datetime | None
    expected_close_on: dt.date
    lost_reason: int | None
    lost_remark: str | None


@dataclass(slots=True)
class SampleCustomer:
    name: str
    short_name: str
    kind: str
    status: str
    grade: str
    industry: str
    business: str
    size: str
    standing: str
    region: str
    territory: str
    address: str
    credit_code: str | None
    rivals: str | None
    phone: str | None
    website: str | None
    invoice_title: str | None
    source: str
    remark: str | None
    tags: list[int]
    colleague: str | None
    created_at: dt.datetime
    status_since: dt.datetime
    contacts: list[SampleContact]
    followups: list[SampleFollowup] = field(default_factory=list)
    plan: SamplePlan | None = None
    opportunity: SampleOpportunity | None = None

    @property
    def last_followup_at(self) -> dt.datetime | None:
        return self.followups[-1].at if self.followups else None

    @property
    def next_contact_at(self) -> dt.datetime | None:
        return self.plan.due_at if self.plan else self.followups[-1].next_contact_at if self.followups else None
