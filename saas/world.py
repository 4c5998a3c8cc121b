"""Every table of the landlord and of a cell, gathered: importing this module fills the metadata of both."""

from saas.base import CellBase, LandlordBase
from saas.billing.models import Referral, ReferralLink, StripeEvent, Subscription
from saas.cells.models import Bell, Schema
from saas.cells.reports import JobReport, OutboxReport, Sweep
from saas.identity.models import Invitation, Membership, OidcLink, OneTimeLink, Person, Session, Throttle
from saas.operator.models import Operator, OperatorDeed, SupportConsent, SupportVisit
from saas.outbox.models import LandlordOutbox
from saas.registry.models import Tenant, TenantChange

__all__ = [
    "Bell",
    "CellBase",
    "Invitation",
    "JobReport",
    "LandlordBase",
    "LandlordOutbox",
    "Membership",
    "OidcLink",
    "OneTimeLink",
    "Operator",
    "OperatorDeed",
    "OutboxReport",
    "Person",
    "Referral",
    "ReferralLink",
    "Schema",
    "Session",
    "StripeEvent",
    "Subscription",
    "SupportConsent",
    "SupportVisit",
    "Sweep",
    "Tenant",
    "TenantChange",
    "Throttle",
]
