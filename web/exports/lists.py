"""What each list shows, as an export asks for it: from the query string of the list's address."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from flask import abort
from flask_babel import get_locale

from tenants.exports.columns import Format
from tenants.exports.offered import OFFERED
from tenants.exports.order import Order, Subject, may_export
from tenants.workspace.views import saved_views
from web.contacts.views import filter_labels, read_wanted
from web.customers.chips import chips
from web.customers.listing import read_query
from web.customers.views import VIEWS_OF
from web.opportunities.filters import read_filters
from web.opportunities.list import DEFAULT_SORT
from web.opportunities.tools import chips_of
from web.ui.say import gettext
from web.visit import here


@dataclass(frozen=True, slots=True)
class Shown:
    """`order`: the list's own records with the columns that it shows. `others`: what can be exported with the same filter."""

    order: Order
    others: tuple[Subject, ...] = ()

    def of(self, subject: str, form: Format, *, all_columns: bool) -> Order:
        """What is asked for in the dialog. Follow-ups have no columns that a list shows."""
        if subject not in (self.order.of, *self.others):
            abort(400)
        if subject == self.order.of and not all_columns:
            return replace(self.order, form=form)
        return replace(self.order, of=subject, form=form, columns=tuple(OFFERED[subject]))

    @property
    def subjects(self) -> list[Subject]:
        return [subject for subject in (self.order.of, *self.others) if may_export(here().actor, subject)]


def customers(query: str) -> Shown:
    visit = here()
    listing = read_query(query, saved_views(visit.session, visit.actor, VIEWS_OF)[1])
    criteria = listing.criteria
    scene = {"mine": gettext("Mine"), "subordinates": gettext("Subordinates'"), "shared": gettext("Shared with me"), "watched": gettext("Watched")}
    told = [scene.get(criteria.scene, ""), _quoted(criteria.q), *(f"{one.label} {one.value}" for one in chips(listing))]
    columns = tuple(dict.fromkeys(("name", "region", *listing.columns)))
    return Shown(_order("customers", columns, listing.sort, criteria, told), ("followups",))


def contacts(query: str) -> Shown:
    wanted, sort = read_wanted(_pairs(query))
    told = [_quoted(wanted.q), *(label for name, label in filter_labels().items() if getattr(wanted, name))]
    columns = ("name", "post", "department", "decides", "customer", "mobile", "phone", "wechat", "mail", "birthday", "lunar")
    return Shown(_order("contacts", columns, sort, wanted, told))


def opportunities(query: str) -> Shown:
    pairs = _pairs(query)
    filters = read_filters(pairs)
    who = {"mine": gettext("Mine"), "subordinates": gettext("Subordinates'")}.get(filters.args.get("who", ""), "")
    told = [who, _quoted(filters.args.get("q", "")), *(f"{one.label} {one.value}" for one in chips_of(filters))]
    columns = ("name", "customer", "stage", "outcome", "amount", "probability", "score", "close", "closed", "since", "owner", "updated")
    return Shown(_order("opportunities", columns, pairs.get("sort", DEFAULT_SORT), filters.wanted, told))


LISTS: dict[str, Callable[[str], Shown]] = {"customers": customers, "contacts": contacts, "opportunities": opportunities}


def shown(of: str, query: str) -> Shown:
    """404 for a list that is none."""
    return LISTS[of](query[:4000]) if of in LISTS else abort(404)


def _order(of: Subject, columns: tuple[str, ...], sort: str, wanted: object, told: list[str]) -> Order:
    words = ", ".join(word for part in told if (word := part.strip()))
    return Order(of, "xlsx", columns, sort, wanted, here().today, str(get_locale() or "zh_Hans_CN"), words)  # type: ignore[arg-type]  # one of the three


def _pairs(query: str) -> dict[str, str]:
    return dict(reversed(parse_qsl(query)))


def _quoted(words: str) -> str:
    return f"“{words}”" if words else ""
