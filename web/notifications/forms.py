from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, RadioField, SelectMultipleField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from tenants.notifications.bots import FOR_GROUPS, LABELS, Bot
from tenants.notifications.kinds import KINDS
from web.notifications.groups import is_theirs

REQUIRED = InputRequired(_l("Please say when."))


class PreferencesForm(FlaskForm):
    quiet_on = BooleanField(_l("Send me nothing at night"))
    quiet_from = TimeField(_l("From"), [REQUIRED])
    quiet_to = TimeField(_l("Until"), [REQUIRED])
    digest_at = TimeField(_l("At"), [REQUIRED])
    digest_every_day = BooleanField(_l("Also at weekends and on holidays"))

    def validate_quiet_to(self, field: TimeField) -> None:
        if self.quiet_on.data and field.data == self.quiet_from.data:
            raise ValidationError(_l("Quiet hours end at another time than they begin."))


def _stripped(words: str | None) -> str:
    return (words or "").strip()


class BotForm(FlaskForm):
    """Address and secret are never shown again: an empty field keeps what is known."""

    brand = RadioField(_l("In"), [InputRequired(_l("Please choose one."))])
    name = StringField(
        _l("Name of the group"), [DataRequired(_l("Please fill this in.")), Length(max=60)], filters=[lambda text: (text or "").strip()]
    )
    url = StringField(_l("Webhook address"), [Length(max=500)], filters=[_stripped])
    secret = PasswordField(_l("Signing secret"), [Length(max=200)])
    kinds = SelectMultipleField(_l("What it tells"))
    is_on = BooleanField(_l("Switched on"), default=True)

    def __init__(self, known: Bot | None) -> None:
        self.known = known
        shown = known or Bot("", "wecom", "", "")
        super().__init__(data={"brand": shown.brand, "name": shown.name, "kinds": list(shown.kinds), "is_on": shown.is_on})
        self.brand.choices = [SelectChoice(key, _l(label)) for key, label in LABELS.items()]
        self.kinds.choices = [SelectChoice(kind, _l(KINDS[kind].label)) for kind in FOR_GROUPS]

    def validate_url(self, field: StringField) -> None:
        """Another brand needs another address."""
        if self.brand.data not in LABELS:
            return
        url = field.data or (self.known.url if self.known else "")
        if not url:
            raise ValidationError(_l("Please fill this in."))
        if not is_theirs(self.brand.data, url, current_app.extensions["settings"].bot_sandbox_url):
            raise ValidationError(_l("This is not the webhook address of such a bot. Copy it from the group's settings; it begins with https://."))

    def bot(self, bot_id: str) -> Bot:
        known = self.known
        url = self.url.data or (known.url if known else "")
        secret = (self.secret.data or "").strip() or (known.secret if known and known.brand == self.brand.data else "")
        return Bot(bot_id, self.brand.data, self.name.data, url, secret, tuple(self.kinds.data or ()), bool(self.is_on.data))
