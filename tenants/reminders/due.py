"""Reminders: set-wise, in one statement. What has been told already is not told again, for a notification's id follows from what it is about."""

import datetime as dt
import uuid

from sqlalchemy import text
from sqlalchemy.orm import Session

from tenants.notifications.preferences import Preferences
from tenants.notifications.sending import Told, send

KIND = "plan.due"
# Nobody is reminded of what fell due longer ago, though all workers were away: the morning digest says what is overdue.
LOOKS_BACK = dt.timedelta(days=7)

# Who is to do it now: whose plan it is, or who looks after the customer when that member has left. A promised contact that is a plan's as well is
# told with the plan. What had been late already when it was written down is told to nobody. Sample data is shown under the bell only.
# The id follows from what falls due and when, whoever is to do it: a customer that is handed over does not remind twice.
_REMIND = text("""
    WITH here AS (
        SELECT id, preferences FROM members WHERE deactivated_at IS NULL AND person_id IS NOT NULL
    ), due AS (
        SELECT 'plan:' || p.id || ':' || extract(epoch FROM p.due_at) AS key, coalesce(doer.id, owner.id) AS member_id, p.due_at AS at,
               p.customer_id, p.opportunity_id, p.id AS subject_id, p.sample,
               jsonb_build_object('content', left(p.content, 200), 'means', p.means, 'customer', c.name) AS data
          FROM plans p JOIN customers c ON c.id = p.customer_id AND c.deleted_at IS NULL
          LEFT JOIN here doer ON doer.id = p.member_id LEFT JOIN here owner ON owner.id = c.owner_id
         WHERE p.done_at IS NULL AND p.deleted_at IS NULL AND p.due_at <= :at AND p.due_at > :since AND p.created_at < p.due_at
        UNION ALL
        SELECT 'contact:' || c.id || ':' || extract(epoch FROM c.next_contact_at), c.owner_id, c.next_contact_at,
               c.id, NULL, NULL, c.sample, jsonb_build_object('customer', c.name)
          FROM customers c
         WHERE c.deleted_at IS NULL AND coalesce(c.next_contact_at, 'infinity'::timestamptz) <= :at
           AND coalesce(c.next_contact_at, 'infinity'::timestamptz) > :since AND c.created_at < c.next_contact_at
           AND NOT EXISTS (
               SELECT FROM plans p WHERE p.customer_id = c.id AND p.due_at = c.next_contact_at AND p.done_at IS NULL AND p.deleted_at IS NULL)
    ), telling AS (
        SELECT encode(substr(sha256(convert_to(due.key, 'UTF8')), 1, 16), 'hex')::uuid AS id, due.*, here.preferences
          FROM due JOIN here ON here.id = due.member_id
    ), told AS (
        INSERT INTO notifications (id, member_id, kind, at, customer_id, opportunity_id, subject_id, data, read_at)
        SELECT id, member_id, 'plan.due', at, customer_id, opportunity_id, subject_id, data,
               CASE WHEN NOT coalesce(preferences -> 'channels' -> 'plan.due', '["app"]') ? 'app' THEN CAST(:at AS timestamptz) END
          FROM telling
        ON CONFLICT DO NOTHING RETURNING id
    )
    SELECT (SELECT jsonb_agg(jsonb_build_array(id, member_id, preferences) ORDER BY at, id)
              FROM told JOIN telling USING (id) WHERE NOT sample) AS told,
           (SELECT value FROM settings WHERE key = 'bots') AS bots,
           (SELECT min(due_at) FROM plans WHERE done_at IS NULL AND deleted_at IS NULL AND due_at > :at) AS next_plan,
           (SELECT nullif(min(coalesce(next_contact_at, 'infinity'::timestamptz)), 'infinity') FROM customers
             WHERE deleted_at IS NULL AND coalesce(next_contact_at, 'infinity'::timestamptz) > :at) AS next_contact
""")


def remind(session: Session, *, at: dt.datetime) -> dt.datetime | None:
    """Tells everybody what has fallen due by `at`, each thing once; returns when something is due next."""
    row = session.execute(_REMIND, {"at": at, "since": at - LOOKS_BACK}).one()
    told = [Told(uuid.UUID(key), uuid.UUID(member), KIND, Preferences.of(words)) for key, member, words in row.told or []]
    if told:
        send(session, told, row.bots or {}, at=at)
    return min((when for when in (row.next_plan, row.next_contact) if when), default=None)
