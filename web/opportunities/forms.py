"""Forms about opportunities. What can be chosen comes from the tenant and is set by the view."""

import datetime as dt

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from tenants.followups.options import MEANS
from web.opportunities.fields import AmountField, or_none, trimmed
from web.ui.moments import MomentField
from web.visit import here

REQUIRED = DataRequired(_l("Please fill this in."))
LONG = Length(max=2000, message=_l("That is too long: at most %(max)d characters."))
SHORT = Length(max=120, message=_l("That is too long: at most %(max)d characters."))


class OpportunityForm(FlaskForm):
    customer_id = SelectField(_l("Customer"), [REQUIRED], validate_choice=False)
    name = StringField(_l("Opportunity name"), [REQUIRED, SHORT], filters=[trimmed])
    amount = AmountField(_l("Amount"), [InputRequired(_l("Please fill this in."))])
    expected_close_on = DateField(_l("Expected close"), [Optional()])
    stage_id = SelectField(_l("Stage"), [REQUIRED])
    source = SelectField(_l("Source"))
    products = StringField(_l("Products"), [Length(max=300)], filters=[trimmed, or_none])
    contact_id = SelectField(_l("Contact"), validate_choice=False)
    remark = TextAreaField(_l("Remark"), [LONG], filters=[trimmed, or_none])


class ClosingForm(FlaskForm):
    closed_on = DateField(_l("Date"), [InputRequired(_l("Please fill this in."))])

    def validate_closed_on(self, field: DateField) -> None:
        if field.data and field.data > here().today:
            raise ValidationError(gettext("That day has not come yet."))

    def closed_at(self) -> dt.datetime:
        """Now when it is today; else noon of that day, where the firm is."""
        visit, day = here(), self.closed_on.data
        return visit.now if day == visit.today else dt.datetime.combine(day, dt.time(12), visit.zone)


class WinForm(ClosingForm):
    amount = AmountField(_l("Won amount"), [InputRequired(_l("Please fill this in."))])


class LossForm(ClosingForm):
    reason_id = SelectField(_l("Reason"), [DataRequired(_l("Say why it was lost."))])
    remark = TextAreaField(_l("Remark"), [LONG], filters=[trimmed, or_none])


class InvalidForm(FlaskForm):
    remark = TextAreaField(_l("Why is it invalid?"), [LONG], filters=[trimmed, or_none])


class TransferForm(FlaskForm):
    owner_id = SelectField(_l("New owner"), [REQUIRED])


class NoteForm(FlaskForm):
    """A follow-up written on the page of an opportunity."""

    content = TextAreaField(_l("Content"), [DataRequired(_l("Write what was said or done.")), Length(max=5000)], filters=[trimmed])
    means = SelectField(_l("Means"), choices=lambda: [(code, gettext(label)) for code, label in MEANS.items()], default="phone")
    next_contact_at = MomentField(_l("Next contact at"), [Optional()])
