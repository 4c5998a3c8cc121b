"""Routes of opportunities: who reads them sees the board; Rhea changes nothing; only Alice and Mei hand over and delete."""

from tests.wall.routes import look, of, tenant

BOB = of("opportunity", "Bob")
WORKERS = "alice mei bob"
LEADERS = "alice mei"
STAGE = look("SELECT id FROM stages WHERE kind = 'open' ORDER BY position OFFSET 2 LIMIT 1")
REASON = look("SELECT id FROM lost_reasons ORDER BY position LIMIT 1")
CLOSED = (
    "UPDATE opportunities SET outcome = 'won', closed_at = now(), stage_id = (SELECT id FROM stages WHERE kind = 'won') WHERE id = :opportunity_id"
)
BINNED = "UPDATE opportunities SET deleted_at = now() WHERE id = :opportunity_id"

ROUTES = {
    "GET opportunities.board": tenant(),
    "GET opportunities.column": tenant(stage_id=STAGE),
    "GET opportunities.index": tenant(),
    "GET opportunities.forecast": tenant(),
    "GET opportunities.filter_form": tenant(),
    "GET opportunities.show": tenant(opportunity_id=BOB),
    "GET opportunities.bin": tenant(may=LEADERS),
    "GET opportunities.create": tenant(may=WORKERS),
    "POST opportunities.create": tenant(
        may=WORKERS, data={"customer_id": of("customer", "Bob"), "name": "Pump", "amount": "3万", "stage_id": STAGE, "source": "", "contact_id": ""}
    ),
    "GET opportunities.find_customers": tenant(may=WORKERS),
    "GET opportunities.choose_contact": tenant(may=WORKERS),
    "POST opportunities.move": tenant(may=WORKERS, opportunity_id=BOB, data={"stage_id": STAGE}),
    "POST opportunities.take_back": tenant(may=WORKERS, opportunity_id=BOB, answers={422}),
    "GET opportunities.win": tenant(may=WORKERS, opportunity_id=BOB),
    "POST opportunities.win": tenant(may=WORKERS, opportunity_id=BOB, data={"amount": "9,000", "closed_on": "2026-01-20"}),
    "GET opportunities.loss": tenant(may=WORKERS, opportunity_id=BOB),
    "POST opportunities.loss": tenant(may=WORKERS, opportunity_id=BOB, data={"reason_id": REASON, "closed_on": "2026-01-20"}),
    "GET opportunities.invalidation": tenant(may=WORKERS, opportunity_id=BOB),
    "POST opportunities.invalidation": tenant(may=WORKERS, opportunity_id=BOB, data={"remark": "A double"}),
    "POST opportunities.reopening": tenant(may=WORKERS, opportunity_id=BOB, before=CLOSED),
    "GET opportunities.fact": tenant(may=WORKERS, opportunity_id=BOB, field="amount"),
    "POST opportunities.fact": tenant(may=WORKERS, opportunity_id=BOB, field="amount", data={"amount": "3万", "version": "1"}),
    "POST opportunities.write": tenant(may=WORKERS, opportunity_id=BOB, data={"content": "Called", "means": "phone"}),
    "GET opportunities.hand_over": tenant(may=LEADERS, opportunity_id=BOB),
    "POST opportunities.hand_over": tenant(may=LEADERS, opportunity_id=BOB, data={"owner_id": look("SELECT id FROM members WHERE name = 'Mei'")}),
    "POST opportunities.delete": tenant(may=LEADERS, opportunity_id=BOB),
    "POST opportunities.restore": tenant(may=LEADERS, opportunity_id=BOB, before=BINNED),
}
