"""What is done to many customers at once: a preview in the dialog, and then the change. Nothing happens before it is confirmed."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from sqlalchemy import select

from tenants.customers import bulk as verbs
from tenants.customers.bulk import Selection, TooManyRows
from tenants.customers.options import STATUSES
from tenants.customers.rules import OwnerMissing
from tenants.customers.tag import Tag
from tenants.customers.tagging import find_or_make
from tenants.customers.taking_back import TakenBack, take_handover_back, take_removal_back, take_status_back, take_tags_back
from tenants.team.models import Member
from tenants.team.queries import assignable
from tenants.values.words import Refusal
from web.customers.listing import midnight, read_query
from web.customers.views import pages
from web.ui.htmx import form_again, leave, page, tell
from web.visit import find, here, permit

PERMISSIONS = {"handover": "customer.transfer", "status": "customer.edit", "tags": "customer.edit", "removal": "customer.delete"}


@pages.post("/customers/bulk/<any(handover, status, tags, removal):action>")
def bulk(action: str) -> ResponseReturnValue:
    """Twice asked: with the rows alone it shows what would happen, with `confirmed` it does it."""
    permit(PERMISSIONS[action])
    try:
        selection = _selection()
    except TooManyRows as refusal:
        tell(gettext(refusal.sentence, **refusal.params), kind="bad")
        return leave(_list())
    told: dict[str, Any] = {"action": action, "selection": selection, "ids": request.form.getlist("id"), "error": ""} | _choices(action)
    if "confirmed" not in request.form:
        return page("customers/bulk.html", **told)
    try:
        _told(action, ACTIONS[action](selection), selection)
    except Refusal as refusal:
        return form_again("customers/bulk.html", **told | {"error": gettext(refusal.sentence, **refusal.params)})
    return leave(_list())


@pages.post("/customers/bulk/<any(handover, status, tags, removal):action>/restoration")
def take_back(action: str) -> ResponseReturnValue:
    """Undo, from the toast: what the change at that moment did, of the customers that nobody has changed since."""
    permit(PERMISSIONS[action])
    visit = here()
    taken = TAKE_BACK[action](visit.session, _moment(request.args.get("at", "")), by=visit.actor, at=visit.now)
    tell(_taken(taken), kind="good" if taken.count else "news")
    return leave(url_for(".index", **read_query(request.args.get("list", "")).state))


def undo_of(action: str, query: str) -> str:
    """The address that takes back what this request does. `query`: the list to come back to."""
    return url_for("customers.take_back", action=action, at=here().now.isoformat(), list=query or None)


def _moment(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
        moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        abort(400)
    return moment if moment.tzinfo is not None else abort(400)


def _taken(taken: TakenBack) -> str:
    words = [ngettext("%(num)s customer is as it was.", "%(num)s customers are as they were.", taken.count)]
    if taken.left:
        words.append(ngettext("%(num)s stays, because it has been changed since.", "%(num)s stay, because they have been changed since.", taken.left))
    return " ".join(words)


def _selection() -> Selection:
    visit, form = here(), request.form
    if form.get("all"):
        return verbs.select_all(visit.session, visit.actor, read_query(form.get("list", "")).criteria, today=midnight())
    ids = [key for text in form.getlist("id")[: verbs.MOST] if (key := _id(text))]
    return verbs.select_ids(visit.session, visit.actor, ids)


def _choices(action: str) -> dict[str, Any]:
    session = here().session
    if action == "handover":
        return {"owners": [(str(key), name) for key, name in assignable(session)]}
    if action == "status":
        return {"statuses": [(code, gettext(label)) for code, label in STATUSES.items()]}
    if action == "tags":
        return {"tags": list(session.scalars(select(Tag.name).order_by(Tag.name)))}
    return {}


def _hand_over(selection: Selection) -> int:
    visit = here()
    key = _id(request.form.get("owner", ""))
    if key is None:
        raise OwnerMissing
    owner = find(Member, key, Member.deactivated_at.is_(None))
    with_opportunities = bool(request.form.get("with_opportunities"))
    return verbs.transfer(visit.session, selection.ids, owner, by=visit.actor, at=visit.now, with_opportunities=with_opportunities)


def _change_status(selection: Selection) -> int:
    status = request.form.get("status", "")
    if status not in STATUSES:
        abort(400)
    return verbs.change_status(here().session, selection.ids, status, by=here().actor, at=here().now)


def _tag(selection: Selection) -> int:
    visit = here()
    name = " ".join(request.form.get("tag", "").replace("\0", "").split())
    if not request.form.get("take_away"):
        return verbs.add_tag(visit.session, selection.ids, find_or_make(visit.session, name), by=visit.actor, at=visit.now)
    tag = visit.session.scalars(select(Tag).where(Tag.name == name)).one_or_none()
    return verbs.remove_tag(visit.session, selection.ids, tag, by=visit.actor, at=visit.now) if tag else 0


def _delete(selection: Selection) -> int:
    return verbs.discard(here().session, selection.ids, by=here().actor, at=here().now)


ACTIONS: dict[str, Callable[[Selection], int]] = {"handover": _hand_over, "status": _change_status, "tags": _tag, "removal": _delete}


TAKE_BACK: dict[str, Callable[..., TakenBack]] = {
    "handover": take_handover_back,
    "status": take_status_back,
    "tags": take_tags_back,
    "removal": take_removal_back,
}


def _told(action: str, count: int, selection: Selection) -> None:
    """The numbers of the dialog again: how many were changed, how many needed no change, how many may only be read."""
    sentence = _binned if action == "removal" else _changed
    words, same = [sentence(count)], len(selection.ids) - count
    if same:
        words.append(ngettext("%(num)s was so already.", "%(num)s were so already.", same))
    if selection.kept_count:
        words.append(ngettext("%(num)s is not yours to change.", "%(num)s are not yours to change.", selection.kept_count))
    undo = undo_of(action, request.form.get("list", "")) if count else None
    tell(" ".join(words), undo=undo, kind="good" if count else "news")


def _changed(count: int) -> str:
    return str(ngettext("%(num)s customer is changed.", "%(num)s customers are changed.", count))


def _binned(count: int) -> str:
    return str(ngettext("%(num)s customer is in the bin.", "%(num)s customers are in the bin.", count))


def _list() -> str:
    return url_for(".index", **read_query(request.form.get("list", "")).state)


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if len(text) == 36 else None
    except ValueError:
        return None
