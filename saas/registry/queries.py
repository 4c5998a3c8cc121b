"""Reads of the register of companies."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from saas.registry.models import Tenant
from saas.registry.slugs import is_slug
from tenants.values.names import propose_slug

LONGEST = 36  # leaves room for "-123"


def is_free(session: Session, slug: str) -> bool:
    """It may be an address, and no company has it. Another may be quicker: the unique index decides."""
    return is_slug(slug) and session.scalar(select(Tenant.id).where(Tenant.slug == slug)) is None


def free_slug(session: Session, company: str) -> str:
    """A free address for a company's name: qinghe, or qinghe-2 where that is taken."""
    proposed = propose_slug(company)[:LONGEST].rstrip("-")
    taken = set(session.scalars(select(Tenant.slug).where(Tenant.slug.startswith(proposed, autoescape=True))))
    candidates = (proposed, *(f"{proposed}-{number}" for number in range(2, len(taken) + 4)))
    return next(slug for slug in candidates if slug not in taken and is_slug(slug))
