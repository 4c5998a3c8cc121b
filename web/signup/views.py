"""Signing up: from the form to one's own workbench in one step."""

import datetime as dt
import ipaddress
import uuid
from urllib.parse import urlsplit

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from saas.billing.gateway import Gateway
from saas.billing.referrals import came
from saas.billing.values import PaymentsAway
from saas.cells.vacancies import NoVacancy
from saas.identity import throttle
from saas.identity.memberships import Company, companies_of
from saas.identity.passwords import TooBusy, hash_password
from saas.identity.people import MailTaken, find_person
from saas.registry.crossing import Crowded
from saas.registry.queries import free_slug, is_free
from saas.signup.signup import Application, Newcomer, Signup, SlugTaken
from tenants.values.words import Refusal
from tenants.wall.bells import to_be_told
from web import doorbell
from web.config import Settings
from web.database import FIRST_CELL, db, engine_of
from web.errors import show
from web.identity.arrival import let_in, open_door, welcome, workbench
from web.identity.cookie import referral
from web.identity.mails import mail_confirmation, mail_known
from web.identity.proof import prove
from web.identity.providers import providers
from web.languages import locale
from web.mail import language
from web.signup.forms import CompanyForm, SignUpForm, why_not
from web.tenancy import visitor_now
from web.ui.htmx import is_htmx, page

pages = Blueprint("signup", __name__)

BUSY = (NoVacancy, Crowded, TooBusy)
SECOND_CLICK = dt.timedelta(minutes=2)
TRIES = 3  # addresses that are proposed and snatched away one after the other


@pages.route("/sign-up", methods=["GET", "POST"])
def sign_up() -> ResponseReturnValue:
    visitor = visitor_now()
    form: CompanyForm = CompanyForm() if visitor else SignUpForm()
    if not form.is_submitted():
        form.language.data = locale()
        return _form_page(form)
    if not form.validate():
        return _form_page(form, 422)
    try:
        return _one_more(form, visitor.person_id) if visitor else _first_company(form)
    except SlugTaken as taken:
        form.slug.errors = [gettext(taken.sentence)]
        return _form_page(form, 422)
    except throttle.TooManyTries as many:
        return _another_time(form, many, 429)
    except BUSY as busy:
        return _another_time(form, busy, 503)


@pages.get("/sign-up/slug")
def slug() -> ResponseReturnValue:
    """The field for the address while somebody types: proposed from the company's name until it is changed by hand."""
    form = CompanyForm(request.args, meta={"csrf": False})
    if request.args.get("asks") == "company":
        if form.slug.data not in {"", None, request.args.get("proposed")}:
            return "", 204  # changed by hand: it stays
        form.slug.data = free_slug(db.session(), form.company.data) if form.company.data else ""
        return page("signup/_slug.html", form=form, proposed=form.slug.data, host=_host(), says=_says(form.slug.data))
    return page("signup/_says.html", says=_says(form.slug.data or ""))


def _first_company(form: CompanyForm) -> ResponseReturnValue:
    if find_person(db.session(), form.mail.data) is None:
        _require_free(form)
        try:
            return _rent(form, Newcomer(form.mail.data, form.name.data, hash_password(form.password.data)))
        except MailTaken:
            pass  # a moment quicker, as the first of two clicks
    return _company_of_somebody_known(form)


def _company_of_somebody_known(form: CompanyForm) -> ResponseReturnValue:
    """With the right password it is one more company. Otherwise the owner of the address gets a letter, and whoever types here learns no more."""
    try:
        person = prove(form.mail.data, form.password.data)
    except throttle.TooManyTries:
        person = None
    if person is None:
        _require_free(form)
        return _send_letter(form)
    return _one_more(form, person.id)


def _one_more(form: CompanyForm, person_id: uuid.UUID) -> ResponseReturnValue:
    """The same form sent twice makes one company, and leads there."""
    made = _made_a_moment_ago(form, companies_of(db.session(), person_id))
    return let_in(person_id, means="password", wanted=workbench(made.slug)) if made else _rent(form, person_id)


def _rent(form: CompanyForm, who: Newcomer | uuid.UUID) -> ResponseReturnValue:
    at, database = dt.datetime.now(dt.UTC), db.session()
    tries = [] if _is_this_machine() else [throttle.Try(throttle.SIGNUP, throttle.network(request.remote_addr))]
    throttle.count(database, tries, at=at)
    database.commit()  # Signup has transactions of its own, and few connections are to be had
    try:
        return _sign_lease(form, who, at)
    except Refusal:
        throttle.forgive(database, tries)
        database.commit()
        raise


def _by_the_clock_of_the_rent(at: dt.datetime) -> dt.datetime:
    """A sandbox's may be months ahead: a trial by our clock would be over before it began."""
    gateway: Gateway | None = current_app.extensions.get("gateway")
    try:
        return gateway.now(at) if gateway else at
    except PaymentsAway:
        return at


def _sign_lease(form: CompanyForm, who: Newcomer | uuid.UUID, at: dt.datetime) -> ResponseReturnValue:
    signup, rented_from = Signup(db.engine, FIRST_CELL, engine_of(FIRST_CELL)), _by_the_clock_of_the_rent(at)
    for left in reversed(range(TRIES)):
        application = Application(form.company.data, form.slug.data or _propose(form), form.language.data, who, rented_from=rented_from)
        try:
            with language(application.locale), signup.of(application, at=at, say=gettext) as lease:
                if code := referral():
                    came(lease.landlord, lease.tenant.id, code, at=at)
                token = open_door(lease.landlord, lease.person.id, means="signup", at=at)
                if isinstance(who, Newcomer):
                    mail_confirmation(lease.landlord, lease.person, at=at)
            break
        except SlugTaken:
            if form.slug.data or not left:
                raise
    doorbell.tell("saas", to_be_told(lease.landlord))
    return welcome(token, lease.person.id, workbench(lease.tenant.slug))


def _send_letter(form: CompanyForm) -> ResponseReturnValue:
    database, at = db.session(), dt.datetime.now(dt.UTC)
    person = find_person(database, form.mail.data)
    try:
        throttle.count(database, [throttle.Try(throttle.RESET, form.mail.data)], at=at)
        if person:
            mail_known(database, person, at=at)
    except throttle.TooManyTries:
        database.rollback()  # they have letters enough
    return page("signup/letter_sent.html", piece="piece", mail=form.mail.data)


def _require_free(form: CompanyForm) -> None:
    if form.slug.data and not is_free(db.session(), form.slug.data):
        raise SlugTaken


def _propose(form: CompanyForm) -> str:
    database = db.session()
    proposed = free_slug(database, form.company.data)
    database.commit()
    return proposed


def _made_a_moment_ago(form: CompanyForm, companies: list[Company]) -> Company | None:
    since = dt.datetime.now(dt.UTC) - SECOND_CLICK

    def is_same(company: Company) -> bool:
        return company.joined_at > since and (company.slug == form.slug.data if form.slug.data else company.name == form.company.data)

    return next(filter(is_same, companies), None)


def _says(slug: str) -> tuple[str, str] | None:
    """("good", "… is free") or ("bad", why not); None while there is nothing to say."""
    if not slug:
        return None
    if is_free(db.session(), slug):
        return "good", gettext("This address is free.")
    return "bad", why_not(slug)


def _is_this_machine() -> bool:
    """Asked from this machine itself, by its owner or a proxy that has not been configured: then everybody has this one address."""
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _host() -> str:
    settings: Settings = current_app.extensions["settings"]
    return urlsplit(settings.public_url).netloc


def _form_page(form: CompanyForm, status: int = 200) -> ResponseReturnValue:
    template = "signup/sign_up.html" if isinstance(form, SignUpForm) else "signup/another_company.html"
    says = ("bad", " ".join(map(str, form.slug.errors))) if form.slug.errors else _says(form.slug.data or "")
    proposed = request.form.get("proposed", "")
    return page(template, piece="piece", form=form, host=_host(), says=says, proposed=proposed, providers=providers(), status=status)


def _another_time(form: CompanyForm, refusal: Refusal, status: int) -> ResponseReturnValue:
    """With scripts the page stays as it is, and a toast says why; without them it comes back with everything but the password."""
    sentence = gettext(refusal.sentence, **refusal.params)
    if is_htmx():
        return show(status, sentence)
    form.form_errors.append(sentence)
    return _form_page(form, status)
