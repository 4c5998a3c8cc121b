"""The form of a contact: all default fields."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField, TelField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Email, Length, Optional, ValidationError

from tenants.customers.options import SEXES
from tenants.customers.rules import LENGTHS, is_phone
from web.ui.choices import offered_of

FIRST_YEAR, LAST_YEAR = 1900, 2099


def trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def or_none(value: Any) -> Any:
    return value or None


def sex_choices() -> list[SelectChoice]:
    return offered_of(((code, gettext(label)) for code, label in SEXES.items()), empty=True)


def length(name: str) -> Length:
    return Length(max=LENGTHS[name], message=_l("At most %(max)d characters."))


def text(label: Any, name: str) -> StringField:
    return StringField(label, [length(name)], filters=[trimmed, or_none])


class ContactForm(FlaskForm):
    version = HiddenField()
    name = StringField(_l("Name"), [DataRequired(_l("Please fill this in.")), length("name")], filters=[trimmed])
    mobile = TelField(_l("Mobile"), [length("mobile")], filters=[trimmed, or_none])
    department = text(_l("Department"), "department")
    post = text(_l("Post"), "post")
    is_decision_maker = BooleanField(_l("Decides"))
    wechat = text(_l("WeChat"), "wechat")
    phone = TelField(_l("Phone"), [length("phone")], filters=[trimmed, or_none])
    mail = StringField(_l("Email"), [Optional(), length("mail"), Email(_l("This is not a mail address."))], filters=[trimmed, or_none])
    qq = text(_l("QQ"), "qq")
    sex = SelectField(_l("Sex"), choices=sex_choices, coerce=or_none)
    birthday = DateField(_l("Birthday"), [Optional()])
    birthday_is_lunar = BooleanField(_l("It is kept by the lunar calendar"))
    habits = TextAreaField(_l("Habits"), [length("habits")], filters=[trimmed, or_none])
    address = text(_l("Address"), "address")
    left_at = DateField(_l("Left the post on"), [Optional()])
    remark = TextAreaField(_l("Remark"), [length("remark")], filters=[trimmed, or_none])
    is_another = BooleanField(_l("Save it all the same"))

    def validate_mobile(self, field: TelField) -> None:
        if field.data and not is_phone(field.data):
            raise ValidationError(gettext("This is not a phone number."))

    validate_phone = validate_mobile

    def validate_birthday(self, field: DateField) -> None:
        if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(gettext("This year cannot be right."))

    validate_left_at = validate_birthday

    @property
    def values(self) -> dict[str, Any]:
        """What a contact keeps of it."""
        return {field.name: field.data for field in self if field.name not in {"version", "is_another", "csrf_token"}}
