"""Forms of renting."""

import uuid
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional, Regexp, ValidationError

from saas.plans.catalogue import CATALOGUE, FEATURES, Plan, rentable
from web.ui.money import money
from web.ui.say import gettext, ngettext

MOST = 10_000  # seats that one can click together
# 统一社会信用代码, or a foreign firm's number: letters and digits.
NUMBER = Regexp(r"[0-9A-Za-z-]{8,30}$", message=_l("A tax number has 8 to 30 letters and digits."))


def trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def plans() -> list[SelectChoice]:
    return [SelectChoice(one.key, " · ".join([gettext(one.name), *_grants(one)])) for one in rentable()]


def _grants(plan: Plan) -> list[str]:
    """What it costs, and wherein it differs from the others."""
    more = [gettext(FEATURES[key]) for key in FEATURES if key in plan.features and key not in rentable()[0].features]
    seats = gettext("Up to %(num)s colleagues", num=plan.seats) if plan.seats else gettext("As many colleagues as you like")
    room = gettext("%(size)s GB for attachments", size=plan.gigabytes)
    return [gettext("%(amount)s per colleague and month", amount=money(plan.price)), seats, room, *more]


class SeatsForm(FlaskForm):
    """`taken`: seats that colleagues sit on; fewer cannot be rented. `once`: sent twice, it is done once."""

    once = HiddenField(default=lambda: uuid.uuid4().hex, validators=[Length(max=64)])
    plan = RadioField(_l("Plan"), [DataRequired(_l("Please choose."))], choices=plans)
    seats = IntegerField(_l("Seats"), [InputRequired(_l("How many colleagues will work with Zuke?"))])
    taken: int = 1

    @property
    def total(self) -> Decimal | None:
        """CNY a month for the plan and the seats that are chosen; None while they are not."""
        prices, seats = {one.key: one.price for one in rentable()}, self.seats.data
        price = prices.get(self.plan.data)
        return price * seats if price is not None and seats is not None and 0 < seats <= MOST else None

    def validate_seats(self, field: IntegerField) -> None:
        most = CATALOGUE[self.plan.data].seats if self.plan.data in CATALOGUE else None
        if field.data is None:
            return
        if field.data < self.taken:
            raise ValidationError(
                ngettext(
                    "%(num)s colleague works with Zuke. Rent at least one seat.",
                    "%(num)s colleagues work with Zuke. Deactivate some first, or rent at least as many seats.",
                    self.taken,
                )
            )
        if most is not None and field.data > most:
            raise ValidationError(gettext("This plan has at most %(num)s seats. The next one has no limit.", num=most))
        if field.data > MOST:
            raise ValidationError(gettext("Please write to us for more than %(num)s seats.", num=MOST))


class SubscribeForm(SeatsForm):
    means = RadioField(
        _l("How will you pay?"),
        choices=lambda: [
            SelectChoice("card", gettext("By card, each month by itself")),
            SelectChoice("invoice", gettext("By invoice: it is mailed each month and due in 14 days")),
        ],
        default="card",
    )
    title = StringField(_l("Invoice title"), [DataRequired(_l("Please fill this in.")), Length(max=120)], filters=[trimmed])
    tax_number = StringField(_l("Tax number"), [Optional(), NUMBER], filters=[trimmed])
    mail = StringField(_l("Invoices go to"), [DataRequired(_l("Please fill this in.")), Email(_l("This is not an email address.")), Length(max=254)])


class ChangeForm(SeatsForm):
    """`told`: the price that was told, and the moment it was told for; with it the form means "yes, do it"."""

    told = HiddenField(validators=[Optional(), Regexp(r"\d{1,12}( \d{1,9}\.\d\d){2}$")])


class TitleForm(FlaskForm):
    title = StringField(_l("Invoice title"), [DataRequired(_l("Please fill this in.")), Length(max=120)], filters=[trimmed])
    tax_number = StringField(_l("Tax number"), [Optional(), NUMBER], filters=[trimmed])
    mail = StringField(_l("Invoices go to"), [DataRequired(_l("Please fill this in.")), Email(_l("This is not an email address.")), Length(max=254)])
