"""More seats, fewer, another plan: first the price is told, and only what was told is done."""

import datetime as dt
import uuid
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from saas.billing.reading import moment, stamp
from saas.billing.values import Quote, Rented
from saas.plans.catalogue import CATALOGUE, FEATURES
from tenants.values.words import N_, Refusal
from web.subscription.account import Account, account, count_held, gateway, look_again, note, once_key, rented
from web.subscription.forms import ChangeForm
from web.subscription.views import pages
from web.ui.htmx import form_again, leave, page, tell
from web.ui.say import gettext
from web.visit import here

QUOTED_FOR = dt.timedelta(minutes=30)  # an amount that was told holds so long


class Stops(Refusal):
    sentence = N_("The subscription is cancelled. Go on renting first, then change it.")


class Owes(Refusal):
    sentence = N_("Please pay the open invoice first, then change the subscription.")


class AsItIs(Refusal):
    sentence = N_("This is what you rent already.")


@pages.route("/settings/subscription/change", methods=["GET", "POST"])
def change() -> ResponseReturnValue:
    """First the amount, then the change: the form comes back with what it costs, and is sent again."""
    known, form = account(), ChangeForm()
    form.taken = count_held() if known.rents and _is_meant() else known.taken
    now = rented(known)
    if request.method == "GET":
        form.plan.data, form.seats.data = now.plan, now.seats
        return page("subscription/change.html", form=form, account=known, quote=None, is_later=False)
    if not form.validate():
        return form_again("subscription/change.html", form=form, account=known, quote=None, is_later=False)
    try:
        _refuse(form, known, now)
        return _change(form, known, now)
    except AsItIs as refusal:
        if _is_meant():  # sent twice: the first one did it
            return leave(url_for(".show"))
        return _again(form, known, refusal)
    except Refusal as refusal:
        return _again(form, known, refusal)


def _again(form: ChangeForm, known: Account, refusal: Refusal) -> ResponseReturnValue:
    form.once.data = uuid.uuid4().hex  # what Stripe refused it refuses again by the same key
    form.form_errors.append(gettext(refusal.sentence, **refusal.params))
    return form_again("subscription/change.html", form=form, account=known, quote=None, is_later=False)


def _refuse(form: ChangeForm, known: Account, now: Rented) -> None:
    if now.stops_at is not None:
        raise Stops
    if now.standing in ("past_due", "unpaid") or now.waits_for is not None:
        raise Owes
    if (form.plan.data, form.seats.data) == (now.plan, now.seats) and (known.row is None or known.row.later_seats is None):
        raise AsItIs


def _change(form: ChangeForm, known: Account, now: Rented) -> ResponseReturnValue:
    plan, seats, at, is_later = form.plan.data, form.seats.data, gateway().now(here().now), _is_less(now, form)
    told_at = _told_at(form, now, at)
    if told_at is None:
        was_told, quote = bool(form.told.data) and _is_meant(), gateway().quote(now, plan, seats, at=at)
        form.told.data = _words(quote)
        given: dict[str, Any] = {"account": known, "quote": quote, "is_later": is_later, "now": now, "was_told": was_told}
        return page("subscription/change.html", form=form, loses=_loses(now.plan, plan), **given)
    key = f"{once_key(form)}-{plan}-{seats}-{stamp(told_at)}"
    if is_later:
        gateway().change_at_renewal(now, plan, seats, key=key)
    else:
        gateway().change_now(now, plan, seats, at=told_at, key=key)
    note("changed", plan=plan, seats=seats)
    row = look_again(now.payer)
    if row is not None and row.waits_for:
        tell(gettext("The payment did not go through: the change comes as soon as the open invoice is paid."), kind="wait")
    else:
        tell(gettext("It changes at the next payment.") if is_later else gettext("Changed."))
    return leave(url_for(".show"))


def _told_at(form: ChangeForm, now: Rented, at: dt.datetime) -> dt.datetime | None:
    """For when the price was told that this change has; None if it was told another one, none, or one of long ago."""
    if not form.told.data or not _is_meant():
        return None
    told = int(form.told.data.split()[0])
    if not stamp(max(at - QUOTED_FOR, now.starts_at)) <= told <= stamp(at):  # compared as numbers: a form may name the year 33658
        return None
    told_at = moment(told)
    return told_at if _words(gateway().quote(now, form.plan.data, form.seats.data, at=told_at)) == form.told.data else None


def _loses(before: str, after: str) -> list[str]:
    """What the other plan does not have."""
    gone = CATALOGUE[before].features - CATALOGUE[after].features
    found = [gettext(label) for key, label in FEATURES.items() if key in gone]
    room, most = CATALOGUE[after].gigabytes, CATALOGUE[before].gigabytes
    if room is not None and (most is None or room < most):
        found.append(gettext("more than %(num)s GB for attachments", num=room))
    return found


def _words(quote: Quote) -> str:
    return f"{stamp(quote.at)} {quote.now:.2f} {quote.monthly:.2f}"


def _is_meant() -> bool:
    return request.form.get("yes") is not None


def _is_less(now: Rented, form: ChangeForm) -> bool:
    """What has been paid stays until the month is over; what costs more comes now."""
    if now.is_on_trial:
        return False
    price = now.price if form.plan.data == now.plan else CATALOGUE[form.plan.data].price or now.price
    return bool(price * form.seats.data < now.price * now.seats)
