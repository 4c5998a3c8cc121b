"""Routes of one customer's page: facts, status, tags, files, colleagues, grades; its follow-ups, plans and contacts."""

from tests.wall.routes import look, of, tenant

BOBS = of("customer", "Bob")
WRITERS = "alice mei bob"
TAGGED = ("INSERT INTO tags (id, name) VALUES (:tag_id, 'Wall')", "INSERT INTO customer_tags (customer_id, tag_id) VALUES (:customer_id, :tag_id)")
FILE = of("attachment", "Bob")
KEPT = (
    "INSERT INTO attachments (id, customer_id, name, media_type, size, sha256, content, created_at) "
    "SELECT :attachment_id, id, 'wall.txt', 'text/plain', 1, '', 'x', now() FROM customers WHERE number = 'C-Bob'"
)
MEI = look("SELECT id FROM members WHERE name = 'Mei'")
PLAN = {"content": "Ask", "due_at": "2027-01-04T09:00", "means": "phone"}

ROUTES = {
    "GET customers.show": tenant(customer_id=BOBS),
    "GET customers.details": tenant(customer_id=BOBS),
    "GET customers.log": tenant(customer_id=BOBS),
    "POST customers.change_status": tenant(may=WRITERS, customer_id=BOBS, data={"status": "vip"}),
    "GET customers.fact": tenant(may=WRITERS, customer_id=BOBS, name="industry"),
    "POST customers.fact": tenant(may=WRITERS, customer_id=BOBS, name="industry", data={"value": "Pumps", "was": ""}),
    "POST customers.tag": tenant(may=WRITERS, customer_id=BOBS, data={"name": "Important"}),
    "POST customers.untag": tenant(may=WRITERS, customer_id=BOBS, tag_id=of("tag", "Bob"), before=TAGGED),
    "POST customers.attach": tenant(may=WRITERS, customer_id=BOBS),
    "GET customers.attachment": tenant(attachment_id=FILE, before=KEPT),
    "POST customers.remove_attachment": tenant(may=WRITERS, attachment_id=FILE, before=KEPT),
    "POST customers.restore_attachment": tenant(may=WRITERS, attachment_id=FILE, before=KEPT),
    "GET customers.evaluate": tenant(may=WRITERS, customer_id=BOBS),
    "POST customers.evaluate": tenant(may=WRITERS, customer_id=BOBS, data={"grade": "A"}, answers={422}),
    "GET customers.collaborators": tenant(may=WRITERS, customer_id=BOBS),
    "POST customers.collaborators": tenant(may=WRITERS, customer_id=BOBS, data={"member_id": MEI, "right": "read"}),
    "POST customers.remove_collaborator": tenant(may=WRITERS, customer_id=BOBS, member_id=MEI),
    "POST customers.watch": tenant(customer_id=BOBS),
    "POST customers.unwatch": tenant(customer_id=BOBS),
    "GET followups.write": tenant(may=WRITERS, customer_id=BOBS),
    "POST followups.write": tenant(may=WRITERS, customer_id=BOBS, data={"content": "Called", "means": "phone"}),
    "GET followups.edit": tenant(may=WRITERS, followup_id=of("followup", "Bob")),
    "POST followups.edit": tenant(
        may=WRITERS, followup_id=of("followup", "Bob"), data={"content": "Called again", "means": "phone", "at": "2026-01-06T10:00", "version": "1"}
    ),
    "POST followups.delete": tenant(may=WRITERS, followup_id=of("followup", "Bob")),
    "POST followups.restore": tenant(may=WRITERS, followup_id=of("followup", "Bob")),
    "GET plans.index": tenant(),
    "GET plans.make": tenant(may=WRITERS, customer_id=BOBS),
    "POST plans.make": tenant(may=WRITERS, customer_id=BOBS, data=PLAN | {"member_id": look("SELECT id FROM members WHERE name = 'Bob'")}),
    "GET plans.edit": tenant(may=WRITERS, plan_id=of("plan", "Bob")),
    "POST plans.edit": tenant(
        may=WRITERS, plan_id=of("plan", "Bob"), data=PLAN | {"version": "1", "member_id": look("SELECT id FROM members WHERE name = 'Bob'")}
    ),
    "POST plans.finish": tenant(may=WRITERS, plan_id=of("plan", "Bob")),
    "POST plans.reopen": tenant(may=WRITERS, plan_id=of("plan", "Bob")),
    "POST plans.move": tenant(may=WRITERS, plan_id=of("plan", "Bob"), data={"to": "tomorrow"}),
    "POST plans.drop": tenant(may=WRITERS, plan_id=of("plan", "Bob")),
    "GET contacts.show": tenant(contact_id=of("contact", "Bob")),
    "GET contacts.new": tenant(may=WRITERS, customer_id=BOBS),
    "POST contacts.new": tenant(may=WRITERS, customer_id=BOBS, data={"name": "Lee"}),
    "GET contacts.edit": tenant(may=WRITERS, contact_id=of("contact", "Bob")),
    "POST contacts.edit": tenant(may=WRITERS, contact_id=of("contact", "Bob"), data={"name": "Lee", "version": "1"}),
    "POST contacts.depart": tenant(may=WRITERS, contact_id=of("contact", "Bob")),
    "POST contacts.come_back": tenant(may=WRITERS, contact_id=of("contact", "Bob")),
    "POST contacts.delete": tenant(may=WRITERS, contact_id=of("contact", "Bob")),
    "POST contacts.restore": tenant(may=WRITERS, contact_id=of("contact", "Bob")),
}
