"""Forms of plans."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from tenants.followups.options import MEANS
from web.ui.choices import EMPTY, offered, offered_of
from web.ui.moments import MomentField


def means_choices() -> list[SelectChoice]:
    return offered_of((code, gettext(label)) for code, label in MEANS.items())


def trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


class PlanForm(FlaskForm):
    version = HiddenField()
    content = TextAreaField(_l("What is to be done"), [DataRequired(_l("Write what is to be done.")), Length(max=1000)], filters=[trimmed])
    due_at = MomentField(_l("Due"), [DataRequired(_l("Please say when."))])
    means = SelectField(_l("Means"), choices=means_choices, default="phone")
    member_id = SelectField(_l("Who does it"))
    contact_id = SelectField(_l("Contact"), choices=offered(EMPTY))
    opportunity_id = SelectField(_l("Opportunity"), choices=offered(EMPTY))
