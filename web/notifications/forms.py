from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, TimeField
from wtforms.validators import InputRequired, ValidationError

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
