from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length

from web.identity.forms import NAME, REQUIRED, new_password_field, tidied


class NewColleagueForm(FlaskForm):
    name = StringField(_l("Your name"), [REQUIRED, Length(max=NAME)], filters=[tidied])
    password = new_password_field("name")
