from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, DecimalField, EmailField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional


class SampleForm(FlaskForm):
    """One field of every sort."""

    name = StringField(_l("Name"), [InputRequired(_l("Please fill this in.")), Length(max=120)])
    mail = EmailField(_l("Email"), [Optional()])
    amount = DecimalField(_l("Amount"), [Optional()], places=2)
    day = DateField(_l("Expected close date"), [Optional()])
    grade = RadioField(_l("Grade"), choices=["A", "B", "C"], default="B", validate_choice=False)
    source = SelectField(
        _l("Source"),
        choices=[SelectChoice("", "—"), SelectChoice("exhibition", _l("Exhibition")), SelectChoice("referral", _l("Referral"))],
        validate_choice=False,
    )
    owner = SelectField(
        _l("Owner"),
        choices=[SelectChoice("1", "王芳 Fang Wang"), SelectChoice("2", "陈立 Li Chen"), SelectChoice("3", "赵敏 Min Zhao")],
        validate_choice=False,
    )
    tags = SelectMultipleField(
        _l("Tags"), choices=[SelectChoice("1", "VIP"), SelectChoice("2", "华东 East"), SelectChoice("3", "2026")], default=["1", "2"]
    )
    decides = BooleanField(_l("Decides"))
    remark = TextAreaField(_l("Remark"), [Optional()])
