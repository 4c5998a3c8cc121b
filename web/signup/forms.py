"""Signing a company up: a short form, and a shorter one for somebody who has an account."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from saas.registry.slugs import RESERVED, is_slug
from web.identity.forms import COMPANY, NAME, REQUIRED, mail_field, new_password_field, tidied
from web.languages import LOCALES


class CompanyForm(FlaskForm):
    company = StringField(_l("Company"), [REQUIRED, Length(max=COMPANY)], filters=[tidied])
    slug = StringField(_l("Web address"), [Length(max=40)], filters=[tidied, lambda value: value.lower() if value else value])
    language = RadioField(_l("Language"), choices=[SelectChoice(*one) for one in LOCALES.items()])

    def validate_slug(self, field: StringField) -> None:
        if field.data and not is_slug(field.data):
            raise ValidationError(why_not(field.data))


class SignUpForm(CompanyForm):
    name = StringField(_l("Your name"), [REQUIRED, Length(max=NAME)], filters=[tidied])
    mail = mail_field()
    password = new_password_field("name", "mail", "company")


def why_not(slug: str) -> str:
    """Why a company cannot have this address."""
    if slug in RESERVED:
        return str(gettext("This word is one of ours. Choose another one."))
    if not is_slug(slug):
        return str(gettext("Use 3 to 40 small letters, digits and hyphens, such as qinghe."))
    return str(gettext("This address is taken. Choose another one."))
