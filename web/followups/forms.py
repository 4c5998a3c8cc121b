"""Forms of follow-ups. What may be chosen of people and opportunities is set by the view."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, Length, Optional

from tenants.followups.options import MEANS, SOON
from web.ui.choices import EMPTY, offered, offered_of
from web.ui.moments import MomentField

LONGEST = 5000  # characters


def trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def or_none(value: Any) -> Any:
    return value or None


def means_choices() -> list[SelectChoice]:
    return offered_of((code, gettext(label)) for code, label in MEANS.items())


def soon_choices() -> list[SelectChoice]:
    return offered(("", gettext("None")), *((code, gettext(label)) for code, label in SOON.items()))


class FollowupForm(FlaskForm):
    content = TextAreaField(_l("Content"), [DataRequired(_l("Write what was said or done.")), Length(max=LONGEST)], filters=[trimmed])
    means = SelectField(_l("Means"), choices=means_choices, default="phone")
    contact_id = SelectField(_l("Contact"), choices=offered(EMPTY))
    opportunity_id = SelectField(_l("Opportunity"), choices=offered(EMPTY))
    result = StringField(_l("Result"), [Length(max=500)], filters=[trimmed, or_none])
    soon = RadioField(_l("Next contact"), choices=soon_choices, default="", validate_choice=False, validators=[AnyOf(["", *SOON])])
    next_contact_at = MomentField(_l("Next contact at"), [Optional()])
    at = MomentField(_l("When it happened"), [Optional()])
    plan_id = HiddenField(filters=[or_none])


class FollowupEditForm(FlaskForm):
    version = HiddenField()
    content = TextAreaField(_l("Content"), [DataRequired(_l("Write what was said or done.")), Length(max=LONGEST)], filters=[trimmed])
    means = SelectField(_l("Means"), choices=means_choices)
    contact_id = SelectField(_l("Contact"), choices=offered(EMPTY))
    opportunity_id = SelectField(_l("Opportunity"), choices=offered(EMPTY))
    result = StringField(_l("Result"), [Length(max=500)], filters=[trimmed, or_none])
    next_contact_at = MomentField(_l("Next contact at"), [Optional()])
    at = MomentField(_l("When it happened"), [DataRequired(_l("Please fill this in."))])
