"""The form of a new customer: all default fields, with its first contact."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateTimeLocalField, RadioField, SelectField, SelectMultipleField, StringField, TelField, TextAreaField, URLField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from tenants.customers.options import GRADES, KINDS, SIZES, SOURCES, STATUSES
from tenants.customers.rules import LENGTHS, is_credit_code, is_phone, is_web_address

REQUIRED = DataRequired(_l("Please fill this in."))
CONTACT = ("name", "mobile", "post")


def trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def text(label: Any, key: str, *validators: Any) -> StringField:
    return StringField(label, [*validators, _length(key)], filters=[trimmed])


def _length(key: str) -> Length:
    return Length(max=LENGTHS[key], message=_l("At most %(max)d characters."))


class CustomerForm(FlaskForm):
    """Choices of options are set by `offer`: they are in the visitor's language."""

    kind = RadioField(_l("Kind"), default="company")
    name = text(_l("Customer name"), "name", REQUIRED)
    phone = TelField(_l("Phone"), [Optional(), _length("phone")], filters=[trimmed])
    credit_code = text(_l("Credit code"), "credit_code")
    owner_id = SelectField(_l("Account owner"), default="")
    status = SelectField(_l("Status"), default="target")
    grade = SelectField(_l("Grade"), default="")
    source = SelectField(_l("Source"), default="")
    next_contact_at = DateTimeLocalField(_l("Next contact"), [Optional()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
    industry = text(_l("Industry"), "industry")
    size = SelectField(_l("Size"), default="")
    region = text(_l("Region"), "region")
    address = text(_l("Address"), "address")
    territory_id = SelectField(_l("Territory"), default="")
    short_name = text(_l("Short name"), "short_name")
    website = URLField(_l("Website"), [Optional(), _length("website")], filters=[trimmed])
    invoice_title = text(_l("Invoice title"), "invoice_title")
    parent = text(_l("Parent customer"), "name")
    business = text(_l("What they make or do"), "business")
    standing = text(_l("Standing in their trade"), "standing")
    rivals = text(_l("Rivals"), "rivals")
    tags = SelectMultipleField(_l("Tags"), validate_choice=False)
    remark = TextAreaField(_l("Remark"), [_length("remark")], filters=[trimmed])
    contact_name = text(_l("First contact"), "name")
    contact_mobile = TelField(_l("Mobile"), [Optional(), _length("mobile")], filters=[trimmed])
    contact_post = text(_l("Post"), "post")
    is_another = BooleanField(_l("It is another company: save it all the same"))

    def validate_credit_code(self, field: StringField) -> None:
        if field.data and not is_credit_code(field.data.upper().replace(" ", "")):
            raise ValidationError(gettext("This is no credit code: 18 digits and capital letters, of which the last one checks the others."))

    def validate_phone(self, field: TelField) -> None:
        if field.data and not is_phone(field.data):
            raise ValidationError(gettext("This is not a phone number."))

    validate_contact_mobile = validate_phone

    def validate_website(self, field: URLField) -> None:
        if field.data and not is_web_address(field.data):
            raise ValidationError(gettext("This is not a web address. Write it like www.example.com."))

    def validate_contact_name(self, field: StringField) -> None:
        if not field.data and (self.contact_mobile.data or self.contact_post.data):
            raise ValidationError(gettext("Whose number is it? Please give the contact a name."))

    def offer(self, *, owners: list[tuple[str, str]], territories: list[tuple[str, str]], tags: list[str]) -> None:
        nothing = [("", "—")]
        self.kind.choices = [(code, gettext(label)) for code, label in KINDS.items()]
        self.status.choices = [(code, gettext(label)) for code, label in STATUSES.items()]
        for field, options in ((self.grade, GRADES), (self.source, SOURCES), (self.size, SIZES)):
            field.choices = nothing + [(code, gettext(label)) for code, label in options.items()]
        self.owner_id.choices = owners
        self.territory_id.choices = nothing + territories
        self.tags.choices = [(tag, tag) for tag in dict.fromkeys([*tags, *(self.tags.data or ())])]
