"""A field for a day and a time of day, as the person's clock says it; its data is an aware moment in UTC."""

import datetime as dt
from typing import Any

from flask_babel import gettext
from wtforms import DateTimeLocalField

from web.ui.days import zone

FIRST, LAST = 2000, 2999  # years: what lies outside is a slip of the hand


class MomentField(DateTimeLocalField):
    data: Any

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        super().process_formdata(valuelist)
        local: dt.datetime = self.data
        if not FIRST <= local.year <= LAST:
            raise ValueError(gettext("This year cannot be right."))
        self.data = local.replace(tzinfo=zone()).astimezone(dt.UTC)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data.astimezone(zone()):%Y-%m-%dT%H:%M}" if self.data else ""
