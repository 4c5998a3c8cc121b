"""订阅 in the settings: one calm page, and what can be done from it. Whatever changes is asked of Stripe, and then looked up there."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from saas.billing.gateway import DAYS_UNTIL_DUE
from saas.billing.models import Subscription
from saas.billing.referrals import CHECKS, brought_by, code_of
from saas.billing.subscriptions import write_title
from saas.billing.values import Quote, Rented, RentsAlready, Title
from saas.plans.catalogue import CATALOGUE
from saas.registry.life import GRACE, KEPT, READING
from tenants.customers.attachment import room_taken
from tenants.values.words import Refusal
from tenants.workspace import settings
from web.database import db
from web.mail import public_url
from web.subscription.account import Account, account, count_held, gateway, held, look_again, note, opened, rented, trial_end
from web.subscription.forms import ChangeForm, SubscribeForm, TitleForm
from web.tenancy import tenant_pages
from web.ui.htmx import block, done, form_again, leave, page, tell
from web.ui.say import gettext
from web.visit import here, permit

pages = tenant_pages("subscription", __name__)
QUOTED_FOR = dt.timedelta(minutes=30)  # an amount that was told holds so long


@pages.before_request
def may_rent() -> None:
    permit("settings.subscription")
    gateway()


@pages.get("/settings/subscription")
def show() -> ResponseReturnValue:
    return page("subscription/show.html", **_standing())


@pages.get("/settings/subscription/bills")
def bills() -> ResponseReturnValue:
    """Fetched by the page when it stands: it does not wait for Stripe."""
    known = account()
    try:
        found, credit, failure = (gateway().bills(known.row.payer), gateway().credit_of(known.row.payer), "") if known.row else ([], None, "")
    except Refusal as refusal:
        found, credit, failure = [], None, gettext(refusal.sentence)
    return page("subscription/bills.html", piece="subscription/_bills.html", bills=found, credit=credit, failure=failure)


@pages.route("/settings/subscription/new", methods=["GET", "POST"])
def subscribe() -> ResponseReturnValue:
    known = account()
    if known.rents:
        return leave(url_for(".show"))
    form = SubscribeForm()
    form.taken = known.taken
    if request.method == "GET":
        _propose(form, known)
        return page("subscription/subscribe.html", form=form, account=known, days=DAYS_UNTIL_DUE)
    if not form.validate():
        return form_again("subscription/subscribe.html", form=form, account=known, days=DAYS_UNTIL_DUE)
    try:
        return leave(_subscribe(form, known, held()))
    except RentsAlready as refusal:
        look_again(opened().payer)
        tell(gettext(refusal.sentence), kind="wait")
        return leave(url_for(".show"))
    except Refusal as refusal:
        form.once.data = uuid.uuid4().hex  # what Stripe refused it refuses again by the same key
        form.form_errors.append(gettext(refusal.sentence, **refusal.params))
        return form_again("subscription/subscribe.html", form=form, account=known, days=DAYS_UNTIL_DUE)


def _subscribe(form: SubscribeForm, known: Account, row: Subscription) -> str:
    """Where to go on: to the page where a card is asked for, or back."""
    at = gateway().now(here().now)
    write_title(gateway(), row, Title(form.title.data, form.tax_number.data or None), form.mail.data, at=at)
    plan, seats = form.plan.data, form.seats.data
    asked: dict[str, Any] = {"tenant": str(known.tenant.id), "trial_ends_at": trial_end(known, at), "key": _key(form)}
    if form.means.data == "card":
        back = public_url("subscription.arrive", slug=here().tenant.slug) + "?session={CHECKOUT_SESSION_ID}"
        away = public_url("subscription.subscribe", slug=here().tenant.slug)
        place = gateway().check_out(row.payer, plan, seats, back=back, away=away, at=at, **asked)
        note("ordered", plan=plan, seats=seats)
        return place.url
    gateway().subscribe_by_invoice(row.payer, plan, seats, **asked)
    note("ordered", plan=plan, seats=seats)
    look_again(row.payer)
    tell(gettext("Rented. The first invoice is on its way to %(mail)s.", mail=form.mail.data))
    return url_for(".show")


@pages.get("/settings/subscription/arrival")
def arrive() -> ResponseReturnValue:
    """Back from the page that asked for the card. Stripe's notice may be faster or slower than the browser: both only look."""
    known = account()
    if known.row is not None and request.args.get("session"):
        row = look_again(known.row.payer)
        if row is not None and row.standing in ("active", "trialing"):
            plan = account().plan.name
            tell(gettext("Rented: %(plan)s with %(seats)s seats. Thank you.", plan=gettext(plan), seats=row.seats))
        else:
            tell(gettext("The payment is not confirmed yet. This page will say so as soon as it is."), kind="wait")
    return leave(url_for(".show"))


@pages.route("/settings/subscription/change", methods=["GET", "POST"])
def change() -> ResponseReturnValue:
    """First the amount, then the change: the form comes back with what it costs, and is sent again."""
    known = account()
    now = rented(known)
    form = ChangeForm()
    form.taken = known.taken
    if request.method == "GET":
        form.plan.data, form.seats.data = now.plan, now.seats
        return page("subscription/change.html", form=form, account=known, quote=None, is_later=False)
    if not form.validate():
        return form_again("subscription/change.html", form=form, account=known, quote=None, is_later=False)
    if (form.plan.data, form.seats.data) == (now.plan, now.seats) and not _has_plans(known):
        form.form_errors.append(gettext("This is what you rent already."))
        return form_again("subscription/change.html", form=form, account=known, quote=None, is_later=False)
    try:
        return _change(form, known, now)
    except Refusal as refusal:
        form.once.data = uuid.uuid4().hex  # what Stripe refused it refuses again by the same key
        form.form_errors.append(gettext(refusal.sentence, **refusal.params))
        return form_again("subscription/change.html", form=form, account=known, quote=None, is_later=False)


def _change(form: ChangeForm, known: Account, now: Rented) -> ResponseReturnValue:
    plan, seats, at, is_later = form.plan.data, form.seats.data, gateway().now(here().now), _is_less(now, form)
    quoted_at = _quoted_at(form, at)
    if quoted_at is None:
        quote: Quote = gateway().quote(now, plan, seats, at=at)
        form.at.data, form.quoted.data = str(int(at.timestamp())), f"{plan} {seats}"
        return page("subscription/change.html", form=form, account=known, quote=quote, is_later=is_later, now=now)
    form.taken = count_held()
    if not form.validate():  # somebody has taken a seat meanwhile
        return form_again("subscription/change.html", form=form, account=known, quote=None, is_later=False)
    if is_later:
        gateway().change_at_renewal(now, plan, seats, key=_key(form))
    else:
        gateway().change_now(now, plan, seats, at=quoted_at, key=_key(form))
    note("changed", plan=plan, seats=seats)
    row = look_again(now.payer)
    if row is not None and row.waits_for:
        tell(gettext("The payment did not go through: the new seats come as soon as the open invoice is paid."), kind="wait")
    else:
        tell(gettext("It changes at the next payment.") if is_later else gettext("Changed."))
    return leave(url_for(".show"))


@pages.post("/settings/subscription/cancellation")
def cancel() -> ResponseReturnValue:
    said = gettext("Cancelled. Everything goes on until the month that is paid is over.")
    return _turn("cancelled", gateway().cancel, said, undo=url_for(".resume"))


@pages.post("/settings/subscription/resumption")
def resume() -> ResponseReturnValue:
    return _turn("resumed", gateway().resume, gettext("It goes on."))


@pages.post("/settings/subscription/keeping")
def keep() -> ResponseReturnValue:
    """What was to change at the next payment does not."""
    return _turn("kept", gateway().keep, gettext("Everything stays as it is."))


def _turn(what: str, turn: Callable[..., object], said: str, *, undo: str | None = None) -> ResponseReturnValue:
    """One thing asked of Stripe, noted, looked up there, and shown."""
    now = rented(account())
    turn(now, key=f"{what}-{now.id}-{here().now.timestamp():.0f}")
    note(what)
    look_again(now.payer)
    tell(said, undo=undo)
    return done(url_for(".show"), block("subscription/show.html", "rented", **_standing()))


@pages.post("/settings/subscription/portal")
def portal() -> ResponseReturnValue:
    """Stripe's own page: another card, old invoices."""
    row = opened()
    return leave(gateway().portal(row.payer, public_url("subscription.show", slug=here().tenant.slug)).url)


@pages.get("/settings/subscription/referrals")
def referrals() -> ResponseReturnValue:
    session = db.session()
    code = code_of(session, here().tenant.id)
    return page(
        "subscription/referrals.html", link=public_url("landing.referred", code=code), brought=brought_by(session, here().tenant.id), checks=CHECKS
    )


@pages.route("/settings/subscription/title", methods=["GET", "POST"])
def title() -> ResponseReturnValue:
    known = account()
    form = TitleForm(obj=known.row)
    if request.method == "GET":
        form.title.data = form.title.data or known.tenant.name
        form.mail.data = form.mail.data or here().visitor.mail
        return page("subscription/title.html", form=form)
    if not form.validate():
        return form_again("subscription/title.html", form=form)
    write_title(gateway(), opened(), Title(form.title.data, form.tax_number.data or None), form.mail.data, at=here().now)
    tell(gettext("Saved. It stands on every invoice from now on."))
    return leave(url_for(".show"))


def _propose(form: SubscribeForm, known: Account) -> None:
    row, visit = known.row, here()
    form.plan.data = row.plan if row and row.plan in CATALOGUE else "standard"
    form.seats.data = max(known.taken, (row.seats if row else None) or 1)
    form.title.data = (row.title if row else None) or visit.tenant.name
    form.tax_number.data = (row.tax_number if row else None) or settings.read(visit.session, "company").get("tax_number")
    form.mail.data = (row.mail if row else None) or visit.visitor.mail


def _key(form: SubscribeForm | ChangeForm) -> str:
    """The same form, sent twice, asks for one thing."""
    return f"{here().tenant.key}-{form.once.data}"


def _quoted_at(form: ChangeForm, at: dt.datetime) -> dt.datetime | None:
    """When the price of exactly this was told, if that was lately and the answer is yes."""
    if request.form.get("yes") is None or form.quoted.data != f"{form.plan.data} {form.seats.data}" or not form.at.data:
        return None
    quoted_at = dt.datetime.fromtimestamp(int(form.at.data), dt.UTC)
    return quoted_at if at - QUOTED_FOR <= quoted_at <= at else None


def _is_less(now: Rented, form: ChangeForm) -> bool:
    """What has been paid stays until the month is over; what costs more comes now."""
    if now.is_on_trial:
        return False
    price = now.price if form.plan.data == now.plan else CATALOGUE[form.plan.data].price or now.price
    return bool(price * form.seats.data < now.price * now.seats)


def _has_plans(known: Account) -> bool:
    row = known.row
    return row is not None and (row.later_seats is not None or row.stops_at is not None)


def _standing() -> dict[str, Any]:
    times = {"grace": GRACE.days, "grace_time": GRACE, "reading": READING.days, "kept": KEPT.days}
    room = room_taken(here().session), here().tenant.entitlements.storage
    return {"account": account(), "plans": CATALOGUE, "room": room, **times}
