"""Forms about the team. Choices come from the tenant and are set by the view."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, SelectField, SelectMultipleField, StringField, TelField
from wtforms.validators import DataRequired, Email, Length, Optional, ValidationError

from tenants.values.phones import normalise

REQUIRED = DataRequired(_l("Please fill this in."))


def trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def or_none(value: Any) -> Any:
    return value or None


class MemberForm(FlaskForm):
    name = StringField(_l("Full name"), [REQUIRED, Length(max=60)], filters=[trimmed])
    post = StringField(_l("Post"), [Length(max=60)], filters=[trimmed, or_none])
    mobile = TelField(_l("Mobile"), [Optional(), Length(max=30)], filters=[trimmed, or_none])
    role_id = SelectField(_l("Role"), [REQUIRED])
    team_id = SelectField(_l("Team"))
    territory_ids = SelectMultipleField(_l("Territories"))

    def validate_mobile(self, field: TelField) -> None:
        if field.data and len(normalise(field.data).lstrip("+")) < 5:
            raise ValidationError(gettext("This is not a phone number."))


class InvitationForm(FlaskForm):
    mail = EmailField(_l("Email"), [REQUIRED, Length(max=254), Email(_l("This is not a mail address."))], filters=[trimmed])
    role_id = SelectField(_l("Role"), [REQUIRED])
    team_id = SelectField(_l("Team"))


class NodeForm(FlaskForm):
    """What teams and territories have in common."""

    name = StringField(_l("Name"), [REQUIRED, Length(max=60)], filters=[trimmed])
    parent_id = SelectField(_l("Lies below"))


class TeamForm(NodeForm):
    leader_id = SelectField(_l("Leader"))


class TerritoryForm(NodeForm):
    member_ids = SelectMultipleField(_l("Members"))


class RoleForm(FlaskForm):
    name = StringField(_l("Name"), [REQUIRED, Length(max=60)], filters=[trimmed])
