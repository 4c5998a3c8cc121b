"""Fields of forms that know our values."""

from decimal import Decimal
from typing import Any

from flask_babel import gettext
from wtforms import StringField
from wtforms.validators import Length

from tenants.values.money import BadAmount, parse


class AmountField(StringField):
    """An amount as people type it: 12,800.50, ¥3万, 1.2亿. `data` is a Decimal, or None when nothing was typed."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.data: Any = None
        if not text:
            return
        try:
            self.data = parse(text)
        except BadAmount as refusal:
            raise ValueError(gettext(refusal.sentence, **refusal.params)) from refusal

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:,.2f}".removesuffix(".00") if isinstance(self.data, Decimal) else ""


def trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def or_none(value: Any) -> Any:
    return value or None


def at_most(length: int) -> Length:
    return Length(max=length)
