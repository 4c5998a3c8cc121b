"""商机: the board, the list, the forecast and the page of one opportunity share this blueprint."""

import uuid

from tenants.pipeline.opportunity import Opportunity
from tenants.team.scope import editable, visible
from web.tenancy import tenant_pages
from web.visit import find, here

pages = tenant_pages("opportunities", __name__)


def found(opportunity_id: uuid.UUID) -> Opportunity:
    """A live one that the actor may see; 404 otherwise."""
    return find(Opportunity, opportunity_id, visible(Opportunity, here().actor), Opportunity.deleted_at.is_(None))


def found_to_change(opportunity_id: uuid.UUID) -> Opportunity:
    """A live one that the actor may change, as far as its place in the firm goes; the role's right is asked with `permit`."""
    return find(Opportunity, opportunity_id, editable(Opportunity, here().actor), Opportunity.deleted_at.is_(None))
