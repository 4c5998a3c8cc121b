"""Routes of the lists of customers and contacts: arranging, creating, changing many at once, the bin."""

from tests.wall.routes import look, of, tenant

BOB = of("customer", "Bob")
WRITERS = "alice mei bob"
LEADERS = "alice mei"
BOBS_ROW = look("SELECT id FROM customers WHERE number = 'C-Bob'")
MEI = look("SELECT id FROM members WHERE name = 'Mei'")
MINE = look("SELECT id FROM members WHERE name = 'Bob'")
VIEW = look("SELECT id FROM saved_views LIMIT 1")
SAVED = (
    "INSERT INTO saved_views (id, page, name, query, member_id, created_at) "
    "SELECT :view_id, 'customers', 'Mine', '', id, now() FROM members WHERE name = 'Bob'"
)
FILLED = {"name": "Wall Ltd", "kind": "company", "status": "target"}
BINNED = "UPDATE customers SET deleted_at = now() WHERE id = :customer_id"

ROUTES = {
    "GET customers.index": tenant(),
    "GET customers.filter_form": tenant(),
    "GET customers.columns_form": tenant(),
    "POST customers.choose_columns": tenant(data={"column": "grade", "list": ""}),
    "GET customers.views": tenant(),
    "GET customers.new_view": tenant(),
    "POST customers.create_view": tenant(data={"name": "Mine", "list": "scene=mine"}),
    "POST customers.delete_saved_view": tenant(may="bob", view_id=of("view", "Bob"), before=SAVED),
    "GET customers.duplicates": tenant(),
    "GET customers.regions": tenant(),
    "GET customers.customer_names": tenant(),
    "GET customers.new": tenant(may=WRITERS),
    "POST customers.create": tenant(may=WRITERS, data=FILLED | {"owner_id": MINE}, answers={303, 422}),
    "GET customers.edit": tenant(may=WRITERS, customer_id=BOB),
    "POST customers.save": tenant(may=WRITERS, customer_id=BOB, data=FILLED | {"version": "1"}),
    "GET customers.hand_over": tenant(may=LEADERS, customer_id=BOB),
    "POST customers.hand_over": tenant(may=LEADERS, customer_id=BOB, data={"owner": MEI}),
    "POST customers.delete": tenant(may=LEADERS, customer_id=BOB),
    "POST customers.restore": tenant(may=LEADERS, customer_id=BOB, before=BINNED),
    "GET customers.bin": tenant(may=LEADERS),
    "POST customers.bulk": tenant(may=WRITERS, action="status", data={"id": BOBS_ROW, "status": "vip", "confirmed": "1"}),
    "POST customers.take_back": tenant(may=LEADERS, action="handover", at="2026-01-06T10:00:00+00:00"),
    "GET contacts.index": tenant(),
}
