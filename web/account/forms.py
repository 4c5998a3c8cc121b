from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from saas.identity.rules import LONGEST
from web.identity.forms import NAME, REQUIRED, new_password_field, tidied
from web.languages import LOCALES

THEMES = [SelectChoice("auto", _l("As the system")), SelectChoice("light", _l("Light")), SelectChoice("dark", _l("Dark"))]


class ProfileForm(FlaskForm):
    name = StringField(_l("Your name"), [REQUIRED, Length(max=NAME)], filters=[tidied])
    locale = RadioField(_l("Language"), choices=[SelectChoice(*one) for one in LOCALES.items()])
    theme = RadioField(_l("Appearance"), choices=THEMES)
    shortcuts = BooleanField(_l("Single-letter shortcuts"))


class ThemeForm(FlaskForm):
    theme = RadioField(choices=THEMES)


class FirstPasswordForm(FlaskForm):
    """For somebody who has only ever come with an account elsewhere."""

    password = new_password_field()


class LinkForm(FlaskForm):
    """What changes the ways in asks for the password once more."""

    current = PasswordField(_l("Current password"), [REQUIRED, Length(max=LONGEST)], id="link-current")


class PasswordForm(FirstPasswordForm):
    current = PasswordField(_l("Current password"), [REQUIRED, Length(max=LONGEST)])
