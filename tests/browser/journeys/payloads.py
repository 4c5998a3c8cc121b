"""A hundred things that somebody may type to make our page his own, and rows that bear them. What is injected bears the attribute `xss`."""

import uuid
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from tenants.customers.attachment import Attachment
from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.customers.tag import CustomerTag, Tag
from tenants.customers.tagging import add_tag
from tenants.followups.models import Followup, Plan
from tenants.followups.writing import write_followup
from tenants.notifications.kinds import KINDS as NOTICES
from tenants.notifications.models import Notification
from tenants.pipeline.lost_reason import LostReason
from tenants.pipeline.opportunity import Opportunity
from tenants.pipeline.pipeline import Pipeline, Stage
from tenants.team.actor import Actor
from tenants.team.models import Member, Role, Team, Territory
from tenants.wall.base import Base
from tenants.workspace import settings
from tenants.workspace.models import SavedView
from tests.world.customers import NOON
from tests.world.stage import prop

ESCAPES = ("", '">', "'>", "</textarea>", "</title>", "</script>", "</style>", "-->", "</option></select>", "]]>")
ELEMENTS = (
    "<img xss src=x onerror=alert(1)>",
    "<svg xss onload=alert(1)>",
    "<script xss>alert(1)</script>",
    '<iframe xss srcdoc="<script>alert(1)</script>"></iframe>',
    '<a xss href="javascript:alert(1)">x</a>',
    '<form xss action="javascript:alert(1)"><button>x</button></form>',
    "<details xss open ontoggle=alert(1)>",
    '<div xss hx-get="/" hx-trigger="load" hx-on:click="alert(1)">',
    '<style xss>@import "//evil.example"</style>',
)
OTHERS = (
    '" xss autofocus onfocus=alert(1) x="',
    "' xss autofocus onfocus=alert(1) x='",
    "javascript:alert(1)//xss",
    "{{7*7777}} {% xss %} {#",
    "${7*7777} #{7*7777} <%= 7*7777 %>",
    "%(xss)s %s %n {xss} {0}",
    "&lt;img xss src=x onerror=alert(1)&gt;",
    "&#60;img xss src=x onerror=alert(1)&#62;",
    "\\u003cimg xss src=x onerror=alert(1)\\u003e",
    "＜img xss src=x onerror=alert(1)＞",
)
PAYLOADS = tuple(escape + element for element in ELEMENTS for escape in ESCAPES) + OTHERS
GROUPS = tuple(" ".join(PAYLOADS[at::20]) for at in range(20))

BOBS = prop("customer", "Bob")
SUMMED = "54439"  # 7 * 7777: somebody reckoned
BORN = """() => [...document.querySelectorAll("*")].filter(one => one.hasAttribute("xss") || [...one.attributes].some(a =>
  /^on/i.test(a.name) || (/^(href|src|action|formaction|data|srcdoc)$/i.test(a.name) && /^\\s*(javascript|vbscript|data:text)/i.test(a.value))
)).map(one => one.outerHTML.slice(0, 200))"""


TEXTS: dict[type[Base], tuple[str, ...]] = {
    Customer: (
        "name",
        "short_name",
        "industry",
        "business",
        "standing",
        "region",
        "address",
        "rivals",
        "phone",
        "website",
        "invoice_title",
        "remark",
    ),
    Contact: ("name", "department", "post", "mobile", "phone", "wechat", "qq", "mail", "habits", "address", "remark"),
    Followup: ("content", "result"),
    Plan: ("content",),
    Opportunity: ("name", "products", "remark"),
    Role: ("name",),
    LostReason: ("name",),
}


def poison(session: Session, bob: Actor, alice: Actor) -> None:
    """Puts them into every text that people of a company type, and through the verbs into its history."""
    for table in TEXTS:
        session.execute(insert(table), list(_copies(session, table)))
    session.execute(insert(Tag), [{"name": group} for group in GROUPS])
    session.execute(insert(CustomerTag), [{"customer_id": BOBS, "tag_id": tag_id} for tag_id in session.scalars(select(Tag.id))])
    for table in (Team, Territory):
        session.execute(insert(table), [{"id": key, "name": group, "path": f"/{key}/"} for group in GROUPS for key in [uuid.uuid4()]])
    session.execute(insert(SavedView), [{"page": "customers", "name": g, "query": "", "member_id": alice.id, "created_at": NOON} for g in GROUPS])
    file = {"customer_id": BOBS, "media_type": "text/plain", "size": 1, "sha256": "", "content": b"x", "created_at": NOON}
    session.execute(insert(Attachment), [file | {"name": group} for group in GROUPS])
    for table in (Member, Stage, Pipeline):
        for n, record in enumerate(session.scalars(select(table))):
            record.name = GROUPS[n]  # type: ignore[attr-defined]
    session.execute(update(Member).values(post=GROUPS[0], mobile=GROUPS[1]))
    session.execute(update(Plan).values(member_id=alice.id, due_at=func.now(), done_at=None))  # so that her list of plans shows them
    make_history(session, bob, alice)
    make_news(session, alice)
    make_rules(session, alice)


def make_news(session: Session, alice: Actor) -> None:
    """What Alice is told under the bell, of each kind."""
    for n, kind in enumerate(NOTICES):
        group = GROUPS[n % len(GROUPS)]
        told = {
            **dict.fromkeys(("content", "customer", "opportunity", "by", "name", "job", "means", "reason"), group),
            "count": 1,
            "grade": [group, group],
        }
        session.add(Notification(id=uuid.uuid4(), member_id=alice.id, kind=kind, at=NOON, data=told, customer_id=BOBS, subject_id=uuid.uuid4()))
    session.flush()


def make_rules(session: Session, alice: Actor) -> None:
    """Rules of scores about values that somebody typed; as Alice tries them out."""
    values = {"field": "industry", "values": [*PAYLOADS[:10]]}
    rules = [{"id": "d1", "kind": "is_one_of", "points": 7, "values": values}, {"id": "d2", "kind": "is_one_of", "points": 5, "values": values}]
    kept = {"rules": rules, "base": 10, "grading": {}, "version": 0, "by": GROUPS[3], "at": NOON.isoformat()}
    for key in ("scoring.customer", f"scoring.draft.customer.{alice.id}"):
        settings.write(session, key, kept, at=NOON)


def make_history(session: Session, bob: Actor, alice: Actor) -> None:
    customer, opportunity = session.get_one(Customer, BOBS), session.get_one(Opportunity, prop("opportunity", "Bob"))
    last = session.scalars(select(Stage).where(Stage.kind == "open").order_by(Stage.position.desc())).first()
    assert last is not None
    customer.edit(session, dict.fromkeys(TEXTS[Customer], GROUPS[7]), by=bob, at=NOON)
    customer.website = "javascript:alert(1)//xss"
    add_tag(session, customer, "<b xss onclick=alert(1)>", by=bob, at=NOON)
    write_followup(session, customer, means="phone", content=GROUPS[8], result=GROUPS[9], by=bob, at=NOON)
    opportunity.move(session, last, by=bob, at=NOON)
    opportunity.name = opportunity.remark = opportunity.products = GROUPS[10]
    just_now = session.scalars(select(func.now())).one()  # what was deleted long ago is not in the bin
    session.scalars(select(Customer).where(Customer.number == "X0")).one().discard(session, by=alice, at=just_now)


def _copies(session: Session, table: type[Base]) -> Iterator[dict[str, Any]]:
    """One record more for each group, like Bob's, or like any."""
    columns = table.__table__.c
    its = columns.id == prop(table.__tablename__.removesuffix("s"), "Bob")
    like = dict(session.execute(select(*columns).order_by(its.desc()).limit(1)).mappings().one())
    for n, group in enumerate(GROUPS):
        key = uuid.uuid4()
        own = {"id": key, "number": f"X{n}", "key": f"x{n}", "rank": f"b{n:02}", "search": ["xss"], "credit_code": f"{n} {group}", "position": 50 + n}
        yield like | dict.fromkeys(TEXTS[table], group) | {name: value for name, value in own.items() if name in like}
