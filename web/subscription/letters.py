"""What the people who see to the rent are told by mail, in their language, when the mail leaves."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from saas.plans.catalogue import CATALOGUE
from saas.registry.life import KEPT, READING
from tenants.wall.tenant import Tenant
from web.closed import contact
from web.mail import Letter, public_url
from web.ui.money import money
from web.ui.say import gettext


def letter(tenant: Tenant, state: str, until: dt.datetime, *, is_ours: bool = False) -> Letter:
    """Before `state` ends at `until`, or when it begins. `is_ours`: an operator has closed it, and there is nothing to pay."""
    day = {"company": tenant.name, "day": f"{until.astimezone(tenant.zone):%Y-%m-%d}"}
    subject, *paragraphs = (_closed_by_us if is_ours else WORDS[state])(day)
    way = gettext("See what it costs, and rent") if state == "trial" else gettext("See how to pay")
    foot = gettext("You get this email because you see to the subscription of %(company)s.", company=tenant.name)
    there = public_url("subscription.show", slug=tenant.slug)
    return Letter(subject, tuple(paragraphs), None if is_ours else (way, there), foot=(foot, ""))


def twice(tenant: Tenant, told: dict[str, Any]) -> Letter:
    """It was rented twice; `told`: plan and seats of what goes on, refunded and credited (CNY)."""
    plan = CATALOGUE[told["plan"]].name
    going_on = gettext("%(plan)s with %(seats)s seats", plan=gettext(plan), seats=told["seats"])
    refunded, credited = Decimal(told["refunded"]), Decimal(told["credited"])
    paragraphs = [
        gettext("Two people ordered Zuke for %(company)s, or it was ordered in two windows. One order is enough.", company=tenant.name),
        gettext("The first one goes on: %(what)s. The second one was ended.", what=going_on),
    ]
    if refunded:
        paragraphs.append(gettext("%(amount)s go back to where they were paid from. Banks take up to ten days for it.", amount=money(refunded)))
    if credited:
        paragraphs.append(gettext("%(amount)s are credited; the next invoices use them up.", amount=money(credited)))
    if not refunded and not credited:
        paragraphs.append(gettext("Nothing was paid for it. If an invoice came with it, that is void: please do not pay it."))
    foot = gettext("You get this email because you see to the subscription of %(company)s.", company=tenant.name)
    there = public_url("subscription.show", slug=tenant.slug)
    subject = gettext("%(company)s was rented twice: the second order is undone", company=tenant.name)
    return Letter(subject, tuple(paragraphs), (gettext("See the subscription"), there), foot=(foot, ""))


Day = dict[str, str]


def _trial(day: Day) -> tuple[str, ...]:
    return (
        gettext("The trial of %(company)s ends on %(day)s", **day),
        gettext("Rent Zuke before then, and nothing is interrupted. The first payment is due when the trial is over."),
        gettext("If you do not: for %(days)s days everything can be read and exported, and nothing is deleted.", days=READING.days),
    )


def _past_due(day: Day) -> tuple[str, ...]:
    return (
        gettext("An invoice of %(company)s is overdue", **day),
        gettext("Please pay it by %(day)s. Until then everything goes on as usual; after that your data can only be read until it is paid.", **day),
    )


def _read_only(day: Day) -> tuple[str, ...]:
    return (
        gettext("%(company)s can be read, but no longer written", **day),
        gettext("Everything can be read and exported until %(day)s; then the workspace is closed.", **day),
        gettext("As soon as you rent or pay, everything goes on where it stopped."),
    )


def _closed(day: Day) -> tuple[str, ...]:
    return (
        gettext("The workspace of %(company)s is closed; its data are erased on %(day)s", **day),
        gettext(
            "The rent was not paid. We keep the data for %(days)s days after closing, until %(day)s. Then they are erased.", days=KEPT.days, **day
        ),
        gettext("If you pay before then, everything is back at once. If you only want to have your data, write to %(contact)s.", contact=contact()),
    )


def _closed_by_us(day: Day) -> tuple[str, ...]:
    return (
        gettext("The workspace of %(company)s is closed; its data are erased on %(day)s", **day),
        gettext("We have closed it, and nothing is charged any more. We keep the data until %(day)s. Then they are erased.", **day),
        gettext("If you think that this is a mistake, or want to have your data, write to %(contact)s before then.", contact=contact()),
    )


WORDS: dict[str, Callable[[Day], tuple[str, ...]]] = {"trial": _trial, "past_due": _past_due, "read_only": _read_only, "closed": _closed}
