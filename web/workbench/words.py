from flask_babel import lazy_gettext as _l

# by the hour: from 0, 5, 11, 13 and 18
GREETINGS = (_l("Good evening"), _l("Good morning"), _l("Good day"), _l("Good afternoon"), _l("Good evening"))
PERIODS = {"today": _l("Today"), "week": _l("This week"), "month": _l("This month"), "year": _l("This year")}
MEANS = {"phone": _l("Phone call"), "wechat": _l("WeChat"), "visit": _l("Visit"), "sms": _l("Text message"), "mail": _l("Mail"), "event": _l("Event")}
