"""Forms about pipelines, stages and reasons for losing."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from web.ui.ranges import Between

PLEASE = _l("Please fill this in.")
NAME = [DataRequired(PLEASE), Length(max=40)]


def trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


class StageForm(FlaskForm):
    name = StringField(_l("Stage name"), NAME, filters=[trimmed])
    probability = IntegerField(_l("Probability"), [InputRequired(PLEASE), Between(0, 100, _l("A number from 0 to 100."))])
    slow_after = IntegerField(_l("Slow after"), [InputRequired(PLEASE), Between(1, 999, _l("A number of days, at least 1."))])


class ClosingStageForm(FlaskForm):
    """Won, lost and invalid: only the name is free."""

    name = StringField(_l("Stage name"), NAME, filters=[trimmed])


class PipelineForm(FlaskForm):
    name = StringField(_l("Pipeline name"), NAME, filters=[trimmed])


class NewPipelineForm(PipelineForm):
    like = SelectField(_l("With the stages of"))


class TakeAwayForm(FlaskForm):
    """Where the opportunities go."""

    into = SelectField(_l("Its opportunities go to"))


class ReasonForm(FlaskForm):
    name = StringField(_l("Reason"), NAME, filters=[trimmed])
