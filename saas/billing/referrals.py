"""Tenants bring tenants: when one that came by a link pays its first bill, and is nobody's double, both get a month's credit."""

import datetime as dt
import secrets
import uuid
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from saas.billing.gateway import Gateway
from saas.billing.models import Referral, ReferralLink, Subscription
from saas.billing.subscriptions import open_account
from saas.identity.models import Membership, Person
from saas.registry.models import Tenant
from tenants.values.words import N_

# What is looked at, and how it is told when it is in order.
CHECKS: dict[str, str] = {
    "people": N_("other people"),
    "domain": N_("another mail domain"),
    "card": N_("another card"),
    "tax_number": N_("another tax number"),
}
# Everybody may have an address there: to share one says nothing.
PUBLIC = frozenset(
    (
        *("qq.com", "foxmail.com", "163.com", "126.com", "yeah.net", "sina.com", "sina.cn", "sohu.com", "aliyun.com", "139.com", "189.cn", "wo.cn"),
        *("21cn.com", "tom.com", "gmail.com", "outlook.com", "hotmail.com", "live.com", "icloud.com", "me.com", "yahoo.com", "proton.me"),
        *("protonmail.com", "gmx.de", "gmx.net", "web.de"),
    )
)


def code_of(session: Session, tenant_id: uuid.UUID) -> str:
    """In the tenant's link; made when it is first asked for, by whoever is first."""
    made = select(ReferralLink.code).where(ReferralLink.tenant_id == tenant_id)
    if (code := session.scalars(made).one_or_none()) is not None:
        return code
    session.execute(insert(ReferralLink).values(code=secrets.token_urlsafe(6), tenant_id=tenant_id).on_conflict_do_nothing())
    return session.scalars(made).one()


def came(session: Session, newcomer_id: uuid.UUID, code: str, *, at: dt.datetime) -> None:
    """A sign-up that followed a link. An unknown one is no reason to stop it, nor is one that cannot be."""
    if "\0" in code:  # from a cookie, which anybody may write
        return
    referrer = session.scalar(select(ReferralLink.tenant_id).where(ReferralLink.code == code, ReferralLink.tenant_id != newcomer_id))
    if referrer is not None:
        session.add(Referral(tenant_id=newcomer_id, referrer_id=referrer, state="came", came_at=at, checks={}))


def decide(session: Session, gateway: Gateway, tenant_id: uuid.UUID, *, at: dt.datetime) -> Referral | None:
    """Once the first bill is paid: checked, and credited or not, for good. Both credits have keys, so that twice is once."""
    mine = select(Referral).where(Referral.tenant_id == tenant_id, Referral.state == "came").with_for_update()
    row = session.scalars(mine).one_or_none()
    if row is None:
        return None
    theirs = session.get_one(Subscription, tenant_id)
    if not _paid(gateway, theirs):
        return None
    referrer = session.get_one(Tenant, row.referrer_id)
    ours = open_account(session, gateway, referrer, _mail(session, referrer), at=at)
    row.checks, row.decided_at = _checks(session, gateway, theirs, ours), at
    row.state = "credited" if all(row.checks.values()) else "refused"
    if row.state == "credited":
        row.amount = _month(gateway, theirs) or Decimal(0)
        row.referrer_amount = _month(gateway, ours) or row.amount
        gateway.credit(theirs.payer, row.amount, f"Referral: came by {referrer.slug}", key=f"referral-{tenant_id}-came")
        gateway.credit(ours.payer, row.referrer_amount, "Referral: brought a company", key=f"referral-{tenant_id}-brought")
    session.flush()
    return row


def brought_by(session: Session, tenant_id: uuid.UUID) -> list[tuple[Referral, str]]:
    """Who came by the tenant's link, the latest first, with their names."""
    query = select(Referral, Tenant.name).join(Tenant, Tenant.id == Referral.tenant_id).where(Referral.referrer_id == tenant_id)
    return [(row, name) for row, name in session.execute(query.order_by(Referral.came_at.desc()))]


def _month(gateway: Gateway, row: Subscription) -> Decimal | None:
    """What a month costs it, as far as it has ever paid so much: seats may be asked for before they are paid. None for who has paid nothing."""
    if row.price is None or not row.seats:
        return None
    return min(row.price * row.seats, _paid(gateway, row)) or None


def _paid(gateway: Gateway, row: Subscription) -> Decimal:
    """Its dearest bill that is paid."""
    return max((bill.total for bill in gateway.bills(row.payer) if bill.state == "paid"), default=Decimal(0))


def _checks(session: Session, gateway: Gateway, theirs: Subscription, ours: Subscription) -> dict[str, bool]:
    people = [_people(session, row.tenant_id) for row in (theirs, ours)]
    domains = [{mail.rpartition("@")[2] for mail in found.values()} - PUBLIC for found in people]
    cards = [gateway.cards(row.payer) for row in (theirs, ours)]
    return {
        "people": not people[0].keys() & people[1].keys(),
        "domain": not domains[0] & domains[1],
        "card": not cards[0] & cards[1],
        "tax_number": not theirs.tax_number or theirs.tax_number != ours.tax_number,
    }


def _people(session: Session, tenant_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """Everybody who belongs, or has belonged, to it, with their mail."""
    belonged = select(Person.id, Person.mail).join(Membership).where(Membership.tenant_id == tenant_id)
    return {person_id: mail for person_id, mail in session.execute(belonged)}  # noqa: C416  # dict() of rows is not typed


def _mail(session: Session, tenant: Tenant) -> str:
    """Who has been there longest gets its invoices, until somebody says otherwise."""
    first = select(Person.mail).join(Membership).where(Membership.tenant_id == tenant.id, Membership.ended_at.is_(None))
    return session.scalars(first.order_by(Membership.created_at, Person.id).limit(1)).first() or ""
