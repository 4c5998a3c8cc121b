"""As `reckon_contacts`, for many customers by one statement."""

import uuid
from collections.abc import Sequence

from sqlalchemy import ARRAY, Uuid, bindparam, select, text
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer

# The last follow-up of each; its promise, unless a plan done since has settled it (tenants.followups.rules.is_settled); the earliest open plan.
RECKON = text("""
    UPDATE customers c SET last_followup_at = l.at, next_contact_at = least(
        (SELECT min(p.due_at) FROM plans p WHERE p.customer_id = c.id AND p.done_at IS NULL AND p.deleted_at IS NULL),
        CASE WHEN NOT EXISTS (
            SELECT 1 FROM plans p WHERE p.customer_id = c.id AND p.deleted_at IS NULL AND p.done_at >= l.at
            AND greatest(p.due_at, p.done_at) >= l.next_contact_at
        ) THEN l.next_contact_at END)
    FROM unnest(:ids) AS k(id) LEFT JOIN LATERAL (
        SELECT f.at, f.next_contact_at FROM followups f WHERE f.customer_id = k.id AND f.deleted_at IS NULL ORDER BY f.at DESC, f.id DESC LIMIT 1
    ) l ON true
    WHERE c.id = k.id AND (l.at IS NOT NULL OR c.last_followup_at IS NOT NULL)
""").bindparams(bindparam("ids", type_=ARRAY(Uuid())))


def reckon_all(session: Session, ids: Sequence[uuid.UUID]) -> None:
    """Sets when each was last spoken to and is to be spoken to next. The rows are locked first, in the order of their ids."""
    if not ids:
        return
    session.flush()
    these = bindparam(None, sorted(ids), ARRAY(Uuid()))
    session.execute(select(Customer.id).where(Customer.id == these.any_()).order_by(Customer.id).with_for_update(key_share=True))
    session.execute(RECKON, {"ids": sorted(ids)})
