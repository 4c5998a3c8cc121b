"""An event of the timeline, told to people: an icon, a sentence, and what changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask_babel import format_decimal

from saas.plans.catalogue import CATALOGUE
from tenants.customers.options import STATUSES
from tenants.exports.order import NAMES as EXPORTED
from tenants.timeline.queries import Entry
from web.scoring.words import changed_points
from web.timeline.fields import Change, changes_of, clip, in_words
from web.ui.say import gettext, ngettext

MEANS_ICONS = {"phone": "call", "wechat": "wechat", "visit": "visit", "sms": "message", "mail": "mail", "event": "event"}
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """`kind` colours the dot: "", "quiet", "good", "bad". `quote` is what somebody wrote."""

    icon: str
    sentence: str
    kind: str = "quiet"
    quote: str = ""
    changes: list[Change] = field(default_factory=list)


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(told=told, means_icon=MEANS_ICONS.get)


def told(entry: Entry, names: Mapping[str, str] | None = None) -> Told:
    """Every kind has its sentence; one that a newer release wrote is told by its bare name. `names`: of the ids that changes speak of."""
    icon, kind, say = KINDS.get(entry.kind, ("news", "quiet", lambda _: entry.kind))
    return Told(icon, say(entry.data), kind, _quote(entry), changes_of(entry.data, names))


def _quote(entry: Entry) -> str:
    data = entry.data
    if data.get("by_rules"):
        return changed_points(data)
    return str(data.get("remark") or (data.get("content") if entry.kind.startswith(("plan.", "followup.")) else "") or "")


def _pair(data: Data, name: str) -> tuple[Any, Any]:
    pair = data.get(name) or [None, None]
    return pair[0], pair[1]


def _customer_status(data: Data) -> str:
    old, new = (gettext(STATUSES.get(str(code), str(code))) for code in _pair(data, "status"))
    days = data.get("days")
    if isinstance(days, int) and days > 0:
        return ngettext("Status %(old)s → %(new)s after %(num)s day", "Status %(old)s → %(new)s after %(num)s days", days, old=old, new=new)
    return gettext("Status %(old)s → %(new)s", old=old, new=new)


def _owner(data: Data) -> str:
    old, new = _pair(data, "names")
    return gettext("Owner %(old)s → %(new)s", old=old or gettext("nobody"), new=new or gettext("nobody"))


def _graded(data: Data) -> str:
    old, new = _pair(data, "grade")
    if data.get("by_rules"):
        return gettext("The grade follows the score %(score)s: %(old)s → %(new)s", score=data.get("score"), old=old or "—", new=new)
    period = data.get("period", "")
    if old and old != new:
        return gettext("Grade for %(period)s: %(old)s → %(new)s", period=period, old=old, new=new)
    return gettext("Grade for %(period)s: %(grade)s", period=period, grade=new)


def _tagged(data: Data) -> str:
    if removed := data.get("removed"):
        return gettext("Took away the tag %(names)s", names=", ".join(removed))
    return gettext("Tagged %(names)s", names=", ".join(data.get("added") or []))


def _shared(data: Data) -> str:
    if data.get("may_write"):
        return gettext("%(name)s may read and write here", name=data.get("name"))
    return gettext("%(name)s may read here", name=data.get("name"))


def _plan_made(data: Data) -> str:
    return gettext("Made a plan for %(when)s", when=in_words("due_at", data.get("due_at")))


def _plan_moved(data: Data) -> str:
    pair = (data.get("changes") or {}).get("due_at") or [None, data.get("due_at")]
    return gettext("Moved a plan to %(when)s", when=in_words("due_at", pair[1]))


def _moved(data: Data) -> str:
    words = {"name": data.get("name"), "old": data.get("from"), "new": data.get("to")}
    if data.get("undone"):
        return gettext("Took back a move of “%(name)s”: %(old)s → %(new)s", **words)
    return gettext("Opportunity “%(name)s”: %(old)s → %(new)s", **words)


def _won(data: Data) -> str:
    return gettext("Won “%(name)s”: %(amount)s", name=data.get("name"), amount=in_words("amount", data.get("amount")))


def _lost(data: Data) -> str:
    return gettext("Lost “%(name)s”: %(reason)s", name=data.get("name"), reason=data.get("reason") or "—")


def _opened(data: Data) -> str:
    return gettext("New opportunity “%(name)s”: %(amount)s", name=data.get("name"), amount=in_words("amount", data.get("amount")))


def _opportunity_owner(data: Data) -> str:
    old, new = _pair(data, "names") if "names" in data else (data.get("from"), data.get("to"))
    return gettext(
        "Opportunity “%(name)s”: owner %(old)s → %(new)s", name=data.get("name"), old=old or gettext("nobody"), new=new or gettext("nobody")
    )


def _sample(data: Data) -> str:
    count = data.get("customers")
    if isinstance(count, int):
        return ngettext("Furnished sample data: %(count)s customer", "Furnished sample data: %(count)s customers", count, count=format_decimal(count))
    return gettext("Furnished sample data")


def _exported(data: Data) -> str:
    what = gettext(EXPORTED.get(str(data.get("of")), "Records"))
    made = ngettext(
        "Exported %(what)s to .%(form)s: %(count)s row",
        "Exported %(what)s to .%(form)s: %(count)s rows",
        data.get("rows", 0),
        what=what,
        form=data.get("format"),
        count=format_decimal(data.get("rows", 0)),
    )
    return f"{made} ({data['told']})" if data.get("told") else made


def _ordered(data: Data) -> str:
    return gettext("Rented the plan %(plan)s with %(seats)s seats", plan=_plan_name(data), seats=data.get("seats"))


def _rent_changed(data: Data) -> str:
    return gettext("Changed the subscription to %(plan)s with %(seats)s seats", plan=_plan_name(data), seats=data.get("seats"))


def _plan_name(data: Data) -> str:
    plan = CATALOGUE.get(str(data.get("plan")))
    return gettext(plan.name) if plan else str(data.get("plan"))


def _let_in(data: Data) -> str:
    days = int(data.get("days") or 0)
    return ngettext("Let Zuke support look in for %(num)s day", "Let Zuke support look in for %(num)s days", days)


def _visited(data: Data) -> str:
    if data.get("by_consent"):
        return gettext("%(name)s of Zuke support began a visit with your consent", name=data.get("name"))
    return gettext("%(name)s of Zuke support began a visit without your consent: %(reason)s", name=data.get("name"), reason=data.get("reason"))


def _asked(data: Data) -> str:
    return gettext("%(name)s of Zuke support asked to look in: %(reason)s", name=data.get("name"), reason=data.get("reason"))


def _rules_changed(data: Data) -> str:
    if data.get("subject") == "opportunity":
        return gettext("Changed the rules that score opportunities")
    return gettext("Changed the rules that score customers")


def _created(data: Data) -> str:
    if file := data.get("import"):
        return gettext("Created the customer by import of %(file)s", file=clip(str(file)))
    return gettext("Created the customer")


def _imported(data: Data) -> str:
    counts = data.get("counts") or {}
    words = {
        "file": clip(str(data.get("name"))),
        "created": format_decimal(counts.get("created", 0)),
        "updated": format_decimal(counts.get("updated", 0)),
    }
    return gettext("Imported %(file)s: %(created)s new, %(updated)s updated", **words)


def _named(sentence: Callable[[str], str]) -> Callable[[Data], str]:
    return lambda data: sentence(clip(str(data.get("name") or "")))


def _plain(sentence: Callable[[], str]) -> Callable[[Data], str]:
    return lambda _: sentence()


# kind -> (icon, colour of the dot, sentence). Each gettext stands in a lambda of its own, so that it speaks the language of the request.
KINDS: dict[str, tuple[str, str, Callable[[Data], str]]] = {
    "customer.created": ("customer", "", _created),
    "customer.edited": ("edit", "quiet", _plain(lambda: gettext("Edited the facts"))),
    "customer.transferred": ("handover", "quiet", _owner),
    "customer.status": ("stage", "", _customer_status),
    "customer.graded": ("star", "", _graded),
    "customer.deleted": ("delete", "bad", _plain(lambda: gettext("Put the customer into the bin"))),
    "customer.restored": ("undo", "quiet", _plain(lambda: gettext("Took the customer out of the bin"))),
    "customer.tagged": ("tag", "quiet", _tagged),
    "customer.shared": ("member", "quiet", _shared),
    "customer.unshared": ("member", "quiet", _named(lambda name: gettext("%(name)s is no longer a collaborator", name=name))),
    "contact.created": ("contact", "quiet", _named(lambda name: gettext("New contact %(name)s", name=name))),
    "contact.edited": ("contact", "quiet", _named(lambda name: gettext("Edited the contact %(name)s", name=name))),
    "contact.deleted": ("delete", "quiet", _named(lambda name: gettext("Deleted the contact %(name)s", name=name))),
    "contact.restored": ("undo", "quiet", _named(lambda name: gettext("Restored the contact %(name)s", name=name))),
    "followup.written": ("followup", "", _plain(lambda: gettext("Wrote a follow-up"))),
    "followup.edited": ("followup", "quiet", _plain(lambda: gettext("Edited a follow-up"))),
    "followup.deleted": ("delete", "quiet", _plain(lambda: gettext("Deleted a follow-up"))),
    "followup.restored": ("undo", "quiet", _plain(lambda: gettext("Restored a follow-up"))),
    "plan.made": ("plan", "quiet", _plan_made),
    "plan.done": ("check", "good", _plain(lambda: gettext("Finished a plan"))),
    "plan.moved": ("plan", "quiet", _plan_moved),
    "plan.edited": ("plan", "quiet", _plain(lambda: gettext("Edited a plan"))),
    "plan.dropped": ("close", "quiet", _plain(lambda: gettext("Dropped a plan"))),
    "plan.reopened": ("undo", "quiet", _plain(lambda: gettext("Took up a plan again"))),
    "opportunity.created": ("opportunity", "", _opened),
    "opportunity.moved": ("stage", "", _moved),
    "opportunity.won": ("won", "good", _won),
    "opportunity.lost": ("lost", "bad", _lost),
    "opportunity.invalid": ("close", "quiet", _named(lambda name: gettext("Marked “%(name)s” as invalid", name=name))),
    "opportunity.reopened": ("undo", "quiet", _named(lambda name: gettext("Reopened “%(name)s”", name=name))),
    "opportunity.edited": ("edit", "quiet", _named(lambda name: gettext("Edited the opportunity “%(name)s”", name=name))),
    "opportunity.transferred": ("handover", "quiet", _opportunity_owner),
    "opportunity.deleted": ("delete", "quiet", _named(lambda name: gettext("Deleted the opportunity “%(name)s”", name=name))),
    "opportunity.restored": ("undo", "quiet", _named(lambda name: gettext("Restored the opportunity “%(name)s”", name=name))),
    "attachment.added": ("attachment", "quiet", _named(lambda name: gettext("Added the file %(name)s", name=name))),
    "attachment.removed": ("delete", "quiet", _named(lambda name: gettext("Removed the file %(name)s", name=name))),
    "attachment.restored": ("undo", "quiet", _named(lambda name: gettext("Restored the file %(name)s", name=name))),
    "member.joined": ("member", "quiet", _named(lambda name: gettext("%(name)s joined the team", name=name))),
    "member.deactivated": ("member", "quiet", _named(lambda name: gettext("%(name)s was deactivated", name=name))),
    "member.reactivated": ("member", "quiet", _named(lambda name: gettext("%(name)s was let in again", name=name))),
    "member.changed": ("member", "quiet", _named(lambda name: gettext("Changed the member %(name)s", name=name))),
    "scoring.changed": ("score", "quiet", _rules_changed),
    "company.changed": ("company", "quiet", _plain(lambda: gettext("Changed the company's profile"))),
    "role.added": ("role", "quiet", _named(lambda name: gettext("New role “%(name)s”", name=name))),
    "role.changed": ("role", "quiet", _named(lambda name: gettext("Changed the role “%(name)s”", name=name))),
    "role.removed": ("role", "quiet", _named(lambda name: gettext("Removed the role “%(name)s”", name=name))),
    "team.added": ("team", "quiet", _named(lambda name: gettext("New team “%(name)s”", name=name))),
    "team.changed": ("team", "quiet", _named(lambda name: gettext("Changed the team “%(name)s”", name=name))),
    "team.removed": ("team", "quiet", _named(lambda name: gettext("Removed the team “%(name)s”", name=name))),
    "bot.added": ("message", "quiet", _named(lambda name: gettext("New group bot “%(name)s”", name=name))),
    "bot.changed": ("message", "quiet", _named(lambda name: gettext("Changed the group bot “%(name)s”", name=name))),
    "bot.removed": ("message", "quiet", _named(lambda name: gettext("Removed the group bot “%(name)s”", name=name))),
    "territory.added": ("territory", "quiet", _named(lambda name: gettext("New territory “%(name)s”", name=name))),
    "territory.changed": ("territory", "quiet", _named(lambda name: gettext("Changed the territory “%(name)s”", name=name))),
    "territory.removed": ("territory", "quiet", _named(lambda name: gettext("Removed the territory “%(name)s”", name=name))),
    "export.made": ("export", "quiet", _exported),
    "export.downloaded": ("export", "quiet", _named(lambda name: gettext("Downloaded the export %(name)s", name=name))),
    "import.done": ("import", "", _imported),
    "import.undone": ("undo", "quiet", _named(lambda name: gettext("Undid the import of %(name)s", name=name))),
    "subscription.ordered": ("rent", "quiet", _ordered),
    "subscription.changed": ("rent", "quiet", _rent_changed),
    "subscription.cancelled": ("rent", "quiet", _plain(lambda: gettext("Cancelled the subscription"))),
    "subscription.kept": ("rent", "quiet", _plain(lambda: gettext("Kept the subscription as it is"))),
    "subscription.resumed": ("rent", "quiet", _plain(lambda: gettext("Took the subscription up again"))),
    "support.granted": ("shelter", "quiet", _let_in),
    "support.refused": ("shelter", "quiet", _plain(lambda: gettext("Refused to let Zuke support look in"))),
    "support.withdrawn": ("shelter", "quiet", _plain(lambda: gettext("Withdrew Zuke support's access"))),
    "support.restored": ("undo", "quiet", _plain(lambda: gettext("Took back the withdrawal of Zuke support's access"))),
    "support.asked": ("shelter", "", _asked),
    "support.visited": ("shelter", "", _visited),
    "sample.furnished": ("sample", "quiet", _sample),
    "sample.cleared": ("sample", "quiet", _plain(lambda: gettext("Cleared the sample data"))),
}
