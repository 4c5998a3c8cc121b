"""A range for whole numbers in forms."""

from typing import Any

from wtforms import ValidationError
from wtforms.validators import NumberRange


class Between(NumberRange):
    """NumberRange asks whether the number is NaN, which a number of 400 digits answers with an OverflowError."""

    def __call__(self, form: Any, field: Any) -> None:
        try:
            super().__call__(form, field)
        except OverflowError as error:
            raise ValidationError(self.message) from error
