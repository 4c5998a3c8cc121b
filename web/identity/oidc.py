"""Signing in with an account elsewhere: OpenID Connect with code, PKCE and nonce; one redirect address for each provider."""

import datetime as dt
import re
import uuid
from typing import Any, cast

import structlog
from authlib.integrations.base_client import OAuthError
from flask import Flask, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from joserfc.errors import JoseError
from requests import RequestException

from saas.identity import oidc
from saas.identity.rules import tidy, tidy_mail
from tenants.values.words import Refusal
from web.database import db
from web.errors import show
from web.identity.arrival import let_in, local
from web.identity.forms import NAME
from web.identity.mails import mail_confirmation
from web.identity.providers import client_of, connect
from web.identity.views import pages
from web.languages import locale
from web.mail import public_url
from web.tenancy import visitor_now
from web.ui.htmx import leave, tell

log = structlog.get_logger()
pages.record(lambda setup: connect(cast(Flask, setup.app)))


@pages.get("/sign-in/with/<provider>")
def oidc_start(provider: str) -> ResponseReturnValue:
    return set_out(provider, wanted=local(request.args.get("next")))


@pages.get("/sign-in/with/<provider>/callback")
def oidc_back(provider: str) -> ResponseReturnValue:
    client = client_of(provider)
    kept = client.framework.get_state_data(session, request.args.get("state", ""))
    if kept is None:
        return _no_use()  # replayed, or begun in another browser
    try:
        account = _account(client)
    except (OAuthError, JoseError) as error:
        log.warning("sign-in elsewhere refused", provider=provider, error=str(error))
        if request.args.get("error") == "access_denied":
            tell(gettext("You did not sign in there. You can try again, or sign in with a password."), kind="news")
            return leave(url_for(".sign_in"))
        return _no_use()
    except RequestException as error:
        log.warning("identity provider away", provider=provider, error=str(error))
        return _away()
    return _link(account, kept["link_to"]) if kept.get("link_to") else _let_in(account, kept.get("wanted"))


def set_out(provider: str, *, wanted: str | None = None, link_to: uuid.UUID | None = None) -> ResponseReturnValue:
    """Off to the provider. What is wanted afterwards is kept with the state, in this browser's signed cookie."""
    client = client_of(provider)
    address = public_url("identity.oidc_back", provider=provider)
    try:
        going = client.create_authorization_url(address)
    except (RequestException, ValueError) as error:
        log.warning("identity provider away", provider=provider, error=str(error))
        return _away()
    client.save_authorize_data(redirect_uri=address, wanted=wanted, link_to=str(link_to) if link_to else None, **going)
    return redirect(going["url"], 303)


def _account(client: Any) -> oidc.Account:
    """Who the provider says it is; raises OAuthError or JoseError for anything that does not fit."""
    issuer = str(client.load_server_metadata().get("issuer", ""))
    _compare_issuer(client, issuer)
    is_theirs = {"essential": True, "validate": lambda claims, value: _is_of(issuer, value, claims.get("tid"))}
    token = client.authorize_access_token(claims_options={"iss": is_theirs})
    claims = token.get("userinfo")
    if not claims:
        raise OAuthError(description="no identity in the answer")
    mail = tidy_mail(str(claims.get("email") or ""))
    name = tidy(str(claims.get("name") or ""))[:NAME] or (mail or "").partition("@")[0][:NAME]
    return oidc.Account(str(claims["iss"]), str(claims["sub"]), mail, claims.get("email_verified") is True, name)


def _compare_issuer(client: Any, issuer: str) -> None:
    """RFC 9207: the answer says who gives it. Authlib does not look."""
    said = request.args.get("iss")
    must = bool(client.load_server_metadata().get("authorization_response_iss_parameter_supported"))
    if (said is None and must) or (said is not None and not _is_of(issuer, said, None)):
        client.framework.clear_state_data(session, request.args.get("state", ""))
        raise OAuthError(description=f"answer of another issuer: {said}")


def _is_of(issuer: str, said: str, directory: str | None) -> bool:
    """Microsoft's common endpoint names its issuer with a gap for the directory that the person is of."""
    if "{tenantid}" not in issuer:
        return said == issuer
    if directory is not None:
        return said == issuer.replace("{tenantid}", directory)
    return re.fullmatch(re.escape(issuer).replace(re.escape("{tenantid}"), "[0-9a-f-]{36}"), said) is not None


def _let_in(account: oidc.Account, wanted: str | None) -> ResponseReturnValue:
    database, now = db.session(), dt.datetime.now(dt.UTC)
    try:
        person = oidc.person_behind(database, account, locale=locale(), at=now)
    except Refusal as refusal:
        return _back_to_sign_in(gettext(refusal.sentence, **refusal.params))
    if person is None:
        return _back_to_sign_in(gettext("Your account there told us no email address, so we cannot make one here."))
    if person.created_at == now and person.mail_confirmed_at is None:
        mail_confirmation(database, person, at=now)
    return let_in(person.id, means="oidc", wanted=local(wanted))


def _link(account: oidc.Account, person_id: str) -> ResponseReturnValue:
    visitor = visitor_now()
    if visitor is None or str(visitor.person_id) != person_id:
        abort(400)
    try:
        oidc.link(db.session(), account, visitor.person_id, at=dt.datetime.now(dt.UTC))
    except Refusal as refusal:
        tell(gettext(refusal.sentence, **refusal.params), kind="bad")
    else:
        tell(gettext("From now on you can sign in with that account, too."))
    return leave(url_for("account.password"))


def _no_use() -> ResponseReturnValue:
    sentence = gettext("What the other site answered cannot be used, or it came too late. Please sign in again.")
    return show(400, sentence, again=url_for(".sign_in"))


def _away() -> ResponseReturnValue:
    sentence = gettext("The other site does not answer. Please try again in a moment, or sign in with a password.")
    return show(503, sentence, again=url_for(".sign_in"))


def _back_to_sign_in(sentence: str) -> ResponseReturnValue:
    tell(sentence, kind="wait")
    return leave(url_for(".sign_in"))
