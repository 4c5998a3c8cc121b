"""Notifications: each one's own, whoever asks. Settings of the firm's bots are the owner's."""

from tests.wall.routes import look, of, tenant

BOBS = of("notification", "Bob")
# As read, for what is unread shows in every answer's frame.
TOLD = (
    "INSERT INTO notifications (id, member_id, kind, at, customer_id, subject_id, data, read_at) "
    "SELECT :notification_id, m.id, 'plan.due', p.due_at, c.id, p.id, '{}', now() "
    "FROM members m, customers c JOIN plans p ON p.customer_id = c.id WHERE m.name = 'Bob' AND c.number = 'C-Bob'"
)
CHOICE = {"channel": "plan.due:mail", "quiet_from": "22:00", "quiet_to": "07:00", "digest_at": "08:30"}

BOT_ID = "0190a000-0000-7000-8000-0000000000b0"
# An address that is nobody's, so that the test message goes nowhere.
BOT = (
    "INSERT INTO settings (key, value, updated_at) VALUES ('bots', jsonb_build_object('bots', jsonb_build_array(jsonb_build_object("
    f"'id', '{BOT_ID}', 'brand', 'wecom', 'name', 'Sales', 'url', 'https://nowhere.example', 'is_on', true))), now())"
)
BOTS = look("SELECT value->'bots'->0->>'id' FROM settings WHERE key = 'bots'")
BOT_FORM = {"brand": "wecom", "name": "Sales", "url": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", "kinds": "plan.due"}

ROUTES = {
    "GET notifications.bots": tenant(may="alice"),
    "GET notifications.new_bot": tenant(may="alice"),
    "POST notifications.new_bot": tenant(may="alice", data=BOT_FORM),
    "GET notifications.bot": tenant(may="alice", before=BOT, bot_id=BOTS),
    "POST notifications.bot": tenant(may="alice", before=BOT, bot_id=BOTS, data=BOT_FORM),
    "POST notifications.bot_test": tenant(may="alice", before=BOT, bot_id=BOTS),
    "POST notifications.bot_removal": tenant(may="alice", before=BOT, bot_id=BOTS),
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
