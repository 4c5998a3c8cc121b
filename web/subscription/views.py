"""订阅 in the settings: one calm page, and what can be done from it. Whatever changes is asked of Stripe, and then looked up there."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from saas.billing.models import Subscription
from saas.billing.referrals import CHECKS, brought_by, code_of
from saas.billing.subscriptions import write_title
from saas.billing.values import PaymentsAway, RentsAlready, Title
from saas.plans.catalogue import CATALOGUE, rentable
from saas.registry.life import GRACE, KEPT, READING
from tenants.customers.attachment import room_taken
from tenants.values.words import N_, Refusal
from tenants.workspace import settings
from web import errors
from web.database import db
from web.mail import public_url
from web.subscription.account import Account, account, count_held, gateway, look_again, note, once_key, opened, rented, trial_end
from web.subscription.forms import MOST, SeatsForm, SubscribeForm, TitleForm
from web.tenancy import tenant_pages
from web.ui.days import said_day
from web.ui.htmx import done, form_again, leave, page, piece, tell
from web.ui.money import money
from web.ui.say import gettext, ngettext
from web.visit import here, permit

pages = tenant_pages("subscription", __name__)


class OwesABill(Refusal):
    sentence = N_("Please pay the open invoice first, or rent by card.")


@pages.before_request
def may_rent() -> None:
    permit("settings.subscription")
    gateway()


@pages.errorhandler(Refusal)
def refused(error: Refusal) -> ResponseReturnValue:
    """Stripe is away, or it has ended in another window: back to the page that says how it stands."""
    return errors.refusal(error, again=url_for(".show"))


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
    over_something = [one for one in found if one.total]  # a trial's is over nothing
    return page("subscription/bills.html", piece="subscription/_bills.html", bills=over_something, credit=credit, failure=failure)


@pages.route("/settings/subscription/new", methods=["GET", "POST"])
def subscribe() -> ResponseReturnValue:
    known = account()
    if known.rents:
        return leave(url_for(".show"))
    form = SubscribeForm()
    form.taken = known.taken
    if request.method == "GET":
        _propose(form, known)
        return page("subscription/subscribe.html", form=form, account=known, total=form.total)
    if not form.validate():
        return form_again("subscription/subscribe.html", form=form, account=known, total=form.total)
    try:
        form.taken = count_held()
        if known.tenant.closed_at is not None:  # since the door was passed; it says so
            return leave(url_for(".show"))
        if not form.validate():
            return form_again("subscription/subscribe.html", form=form, account=known, total=form.total)
        return leave(_subscribe(form, known, opened()))
    except RentsAlready as refusal:
        look_again(opened().payer)
        tell(gettext(refusal.sentence), kind="wait")
        return leave(url_for(".show"))
    except Refusal as refusal:
        form.once.data = uuid.uuid4().hex  # what Stripe refused it refuses again by the same key
        form.form_errors.append(gettext(refusal.sentence, **refusal.params))
        return form_again("subscription/subscribe.html", form=form, account=known, total=form.total)


def _subscribe(form: SubscribeForm, known: Account, row: Subscription) -> str:
    """Where to go on: to the page where a card is asked for, or back."""
    at = gateway().now(here().now)
    write_title(gateway(), row, Title(form.title.data, form.tax_number.data or None), form.mail.data, at=at)
    plan, seats = form.plan.data, form.seats.data
    asked: dict[str, Any] = {"tenant": str(known.tenant.id), "trial_ends_at": trial_end(known, at), "key": once_key(form)}
    if form.means.data == "card":
        back = public_url("subscription.arrive", slug=here().tenant.slug) + "?session={CHECKOUT_SESSION_ID}"
        away = public_url("subscription.subscribe", slug=here().tenant.slug, plan=plan, seats=seats)
        place = gateway().check_out(row.payer, plan, seats, back=back, away=away, at=at, **asked)
        note("ordered", plan=plan, seats=seats)
        return place.url
    if any(one.is_owed for one in gateway().bills(row.payer)):  # or one would live on unpaid invoices, the next after the last
        raise OwesABill
    gateway().subscribe_by_invoice(row.payer, plan, seats, **asked)
    note("ordered", plan=plan, seats=seats)
    look_again(row.payer)
    tell(_said_of_the_first(form.mail.data or "", asked["trial_ends_at"]))
    return url_for(".show")


def _said_of_the_first(mail: str, trial_ends_at: dt.datetime | None) -> str:
    if trial_ends_at is None:
        return gettext("Rented. The first invoice is on its way to %(mail)s.", mail=mail)
    day = said_day(trial_ends_at)
    return gettext("Rented. The first invoice goes to %(mail)s when the trial is over, on %(day)s.", mail=mail, day=day)


@pages.get("/settings/subscription/new/total")
def total() -> ResponseReturnValue:
    """What stands in the form so far costs so much a month; nothing while it makes no sense."""
    form = SeatsForm(request.args, meta={"csrf": False})
    return piece("subscription/_total.html", form=form, total=form.total)


@pages.get("/settings/subscription/arrival")
def arrive() -> ResponseReturnValue:
    """Back from the page that asked for the card. Stripe's notice may be faster or slower than the browser: both only look."""
    known = account()
    if known.row is not None and request.args.get("session"):
        row = _look_if_there(known.row.payer)
        if row is not None and row.standing in ("active", "trialing"):
            plan, seats = gettext(account().plan.name), row.seats or 0
            tell(ngettext("Rented: %(plan)s with %(num)s seat. Thank you.", "Rented: %(plan)s with %(num)s seats. Thank you.", seats, plan=plan))
        else:
            tell(gettext("The payment is not confirmed yet. Open this page again in a moment."), kind="wait")
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


def _look_if_there(payer: str) -> Subscription | None:
    """Who has just paid does not read that the payment service is away: its notice comes, and then it is known."""
    try:
        return look_again(payer)
    except PaymentsAway:
        return None


def _turn(what: str, turn: Callable[..., object], said: str, *, undo: str | None = None) -> ResponseReturnValue:
    """One thing asked of Stripe, noted, looked up there, and shown: also to who takes it back by the toast."""
    now = rented(account())
    turn(now, key=f"{what}-{now.id}-{here().now.timestamp():.0f}")
    note(what)
    look_again(now.payer)
    tell(said, undo=undo)
    return done(url_for(".show"), render_template("subscription/_rented_piece.html", **_standing()))


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
    try:
        write_title(gateway(), opened(), Title(form.title.data, form.tax_number.data or None), form.mail.data, at=here().now)
    except Refusal as refusal:
        form.form_errors.append(gettext(refusal.sentence, **refusal.params))
        return form_again("subscription/title.html", form=form)
    tell(gettext("Saved. It stands on every invoice from now on."))
    return leave(url_for(".show"))


def _propose(form: SubscribeForm, known: Account) -> None:
    row, visit = known.row, here()
    plan, seats = request.args.get("plan") or (row.plan if row else None), request.args.get("seats", type=int) or (row.seats if row else None)
    form.plan.data = plan if plan in {one.key for one in rentable()} else "standard"
    form.seats.data = max(known.taken, min(seats or 1, MOST))
    form.title.data = (row.title if row else None) or visit.tenant.name
    form.tax_number.data = (row.tax_number if row else None) or settings.read(visit.session, "company").get("tax_number")
    form.mail.data = (row.mail if row else None) or visit.visitor.mail


def _standing() -> dict[str, Any]:
    times = {"grace": GRACE.days, "grace_time": GRACE, "reading": READING.days, "kept": KEPT.days}
    room = room_taken(here().session), here().tenant.entitlements.storage
    offered = [gettext("%(plan)s: %(amount)s per colleague and month", plan=gettext(one.name), amount=money(one.price)) for one in rentable()]
    return {"account": account(), "plans": CATALOGUE, "offered": offered, "room": room, "until": here().tenant.ends_at, **times}
