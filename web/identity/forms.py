"""Forms at the door. What was typed is kept in every refusal, passwords excepted."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField
from wtforms.validators import DataRequired, Length, ValidationError

from saas.identity.rules import LONGEST, tidy, tidy_mail, weakness

REQUIRED = DataRequired(_l("Please fill this in."))
NAME, COMPANY, MAIL = 60, 100, 254  # characters


def tidied(value: Any) -> Any:
    return tidy(value) if isinstance(value, str) else value


class Mail:
    """The field's data become the address as we keep it."""

    def __call__(self, form: FlaskForm, field: EmailField) -> None:
        mail = tidy_mail(field.data or "")
        if mail is None:
            raise ValidationError(gettext("This is not an email address."))
        field.data = mail


class Strong:
    """`about` names the form's fields that the password must not repeat."""

    def __init__(self, *about: str) -> None:
        self.about = about

    def __call__(self, form: FlaskForm, field: PasswordField) -> None:
        known = [str(form[name].data or "") for name in self.about]
        if (why := weakness(field.data or "", *known)) is not None:
            raise ValidationError(gettext(why))


def mail_field() -> EmailField:
    return EmailField(_l("Email"), [REQUIRED, Length(max=MAIL), Mail()], filters=[tidied])


def new_password_field(*about: str) -> PasswordField:
    return PasswordField(_l("Password"), [REQUIRED, Strong(*about)])


class SignInForm(FlaskForm):
    mail = mail_field()
    # A password is compared as it is; only its length is bounded, because a hash of a megabyte is work.
    password = PasswordField(_l("Password"), [REQUIRED, Length(max=LONGEST, message=_l("Email or password is not right."))])


class ForgottenForm(FlaskForm):
    mail = mail_field()


class ResetForm(FlaskForm):
    password = new_password_field()
