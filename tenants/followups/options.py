"""What a follow-up may be done by. Stored as codes; labels are message ids."""

from tenants.values.words import N_

MEANS: dict[str, str] = {
    "phone": N_("Phone"),
    "wechat": N_("WeChat"),
    "visit": N_("Visit"),
    "sms": N_("SMS"),
    "mail": N_("E-mail"),
    "event": N_("Event"),
}

SOON: dict[str, str] = {"tomorrow": N_("Tomorrow"), "three_days": N_("In 3 days"), "monday": N_("Next Monday")}
