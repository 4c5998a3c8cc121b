"""Notifications: each one's own, whoever asks. Settings of the firm's bots are the owner's."""

from tests.wall.routes import of, tenant

BOBS = of("notification", "Bob")
# As read, for what is unread shows in every answer's frame.
TOLD = (
    "INSERT INTO notifications (id, member_id, kind, at, customer_id, subject_id, data, read_at) "
    "SELECT :notification_id, m.id, 'plan.due', p.due_at, c.id, p.id, '{}', now() "
    "FROM members m, customers c JOIN plans p ON p.customer_id = c.id WHERE m.name = 'Bob' AND c.number = 'C-Bob'"
)
CHOICE = {"channel": "plan.due:mail", "quiet_from": "22:00", "quiet_to": "07:00", "digest_at": "08:30"}

ROUTES = {
    "GET notifications.index": tenant(),
    "GET notifications.newest": tenant(),
    "GET notifications.count": tenant(),
    "GET notifications.preferences": tenant(),
    "POST notifications.preferences": tenant(data=CHOICE),
    "POST notifications.read_all": tenant(),
    "POST notifications.unread": tenant(),
    "GET notifications.show": tenant(may="bob", before=TOLD, notification_id=BOBS),
    "POST notifications.read": tenant(may="bob", before=TOLD, notification_id=BOBS),
    "POST notifications.finish": tenant(may="bob", before=TOLD, notification_id=BOBS),
}
