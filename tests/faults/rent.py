"""A company pays on Stripe's page, Stripe tells, the night compares: whoever is killed meanwhile, our word is Stripe's, and nobody pays twice."""

import itertools
import random
import re
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import dict_row

from saas.billing.living import NIGHT, TOLD
from sandbox.machine.processes import until
from tests.faults.books import Deed
from tests.faults.person import Person
from tests.faults.rest import come_to_rest
from tests.faults.scene import Scene, new_mark
from tests.faults.shop import BADLY, LIVE, NEVER, WELL

PAGE = "settings/subscription"
TOLD_PRICE = re.compile(r'name="told"[^>]* value="([^"]+)"')
RENT = """
    SELECT t.id::text AS tenant, t.state, t.plan AS let_plan, t.seats AS let_seats, s.payer, s.id, s.standing, s.plan, s.seats
    FROM saas.tenants t LEFT JOIN saas.subscriptions s ON s.tenant_id = t.id WHERE t.slug = %s
"""
turn, chance = itertools.count(), random.Random(7)  # noqa: S311 - which of several deeds, the same in each run


@dataclass(frozen=True, slots=True)
class Doing:
    """What an operation does with one company at a time, and how Stripe's post works meanwhile."""

    kinds: tuple[str, ...]
    post: dict[str, int]
    act: Callable[[Scene, Person, dict[str, Any]], None]

    def __call__(self, scene: Scene, _: Person) -> None:
        scene.machine.shop.let_the_post_work(self.post)
        renter = scene.renters[next(turn) % len(scene.renters)]
        try:
            with scene.machine.admin() as admin:
                known = _known(admin, renter.slug)
        except psycopg.OperationalError:  # the database is away
            time.sleep(0.2)
            return
        self.act(scene, renter, known)

    def troubles(self, scene: Scene, deeds: list[Deed]) -> Iterator[str]:
        if not deeds:
            return
        shop = scene.machine.shop
        shop.bring_the_post()
        if self.post is NEVER:
            with scene.machine.admin() as admin:
                _ring_night(admin)
                assert until(lambda: not _is_night(admin), 120), "the night does not end"
        _, left = come_to_rest(scene.machine, time.time())
        if left:
            yield f"Stripe's word is not heard: {left.open}"
        with scene.machine.admin() as admin:
            for renter in scene.renters:
                yield from _troubles(scene, admin, renter.slug, [deed for deed in deeds if deed.company == renter.slug])
                yield from _of_letters(scene, admin, renter)
        shop.let_the_post_work(WELL)


def check_out(scene: Scene, renter: Person, known: dict[str, Any]) -> None:
    """Who does not rent pays on Stripe's page, and comes back or does not; who rents takes one seat more, or ends it."""
    if known["standing"] not in LIVE:
        _check_out(scene, renter)
    elif chance.random() < 0.5:
        _take_a_seat(scene, renter, known)
    else:
        with scene.books.deed("ending", new_mark(), renter.slug) as deed:
            live = [one for one in scene.machine.shop.subscriptions(known["payer"]) if one.status in LIVE]
            for one in live:
                scene.machine.shop.v1.subscriptions.cancel(one.id)
            deed.status, deed.answered = 200, time.time()


def _check_out(scene: Scene, renter: Person) -> None:
    mark = new_mark()
    with scene.books.deed("checkout", mark, renter.slug) as deed:
        form = {"plan": "standard", "seats": "3", "means": "card", "title": f"Firm {renter.name}", "mail": renter.mail, "once": mark}
        answer = renter.post(f"{PAGE}/new", form, page=f"{PAGE}/new")
        place = answer.headers.get("Location", "") if answer is not None else ""
        if not place.startswith(scene.machine.shop.address):
            deed.status = answer.status_code if answer is not None and answer.status_code >= 400 else None
            return
        back = scene.machine.shop.pay(place)
        if back is None:
            return
        deed.status, deed.answered = 200, time.time()
        if chance.random() < 0.8:  # some close the window
            renter.get(back.removeprefix(scene.machine.address))


def _take_a_seat(scene: Scene, renter: Person, known: dict[str, Any]) -> None:
    """As the page does it: first the price is told, then yes is said to it."""
    seats, place = known["seats"] + 1, f"{PAGE}/change"
    with scene.books.deed("seat", new_mark(), renter.slug, subscription=known["id"], seats=seats) as deed:
        form = {"plan": known["plan"], "seats": seats, "once": uuid.uuid4().hex}
        quoted = renter.post(place, form, page=place)
        told = TOLD_PRICE.search(quoted.text) if quoted is not None else None
        if told is None:
            return
        answer = renter.post(place, form | {"told": told[1], "yes": "1"}, page=place)
        deed.facts["answer"] = answer.status_code if answer is not None else None
        deed.status, deed.answered = (200 if deed.facts["answer"] == 303 else None), time.time()


def happen(kind: str) -> Callable[[Scene, Person, dict[str, Any]], None]:
    """Something at Stripe's that only notices, or the night, tell of."""

    def act(scene: Scene, renter: Person, known: dict[str, Any]) -> None:
        if known["payer"] is None:
            _check_out(scene, renter)
            return
        shop = scene.machine.shop
        with scene.books.deed(kind, new_mark(), renter.slug) as deed:
            newest = next(iter(shop.subscriptions(known["payer"])), None)
            if newest is None or newest.status not in LIVE:
                shop.subscribe(known["payer"], known["tenant"], seats=4)
            elif chance.random() < 0.3:
                shop.v1.subscriptions.cancel(newest.id)
            else:
                shop.put_seats(newest, newest.items.data[0].quantity + 1)
            deed.status, deed.answered = 200, time.time()
            if kind == "difference":
                _try_to_ring(scene)
            time.sleep(0.3)  # the post is on its way, or the night is at work: worth being killed

    return act


def _try_to_ring(scene: Scene) -> None:
    try:
        with scene.machine.admin() as admin:
            _ring_night(admin)
    except psycopg.OperationalError:  # the next night then
        return


def _ring_night(admin: psycopg.Connection) -> None:
    admin.execute("INSERT INTO cell.bells (id, tenant, kind, due_at) VALUES (gen_random_uuid(), 'saas', %s, now())", (NIGHT,))


def _is_night(admin: psycopg.Connection) -> bool:
    """A bell that is being answered hangs half a minute ahead until it is."""
    row = admin.execute("SELECT count(*) FROM cell.bells WHERE kind = %s AND due_at < now() + interval '1 minute'", (NIGHT,)).fetchone()
    return row != (0,)


def _known(admin: psycopg.Connection, slug: str) -> dict[str, Any]:
    found = admin.cursor(row_factory=dict_row).execute(RENT, (slug,)).fetchone()
    assert found is not None, slug
    return found


def _troubles(scene: Scene, admin: psycopg.Connection, slug: str, deeds: list[Deed]) -> Iterator[str]:
    ours, shop = _known(admin, slug), scene.machine.shop
    payers = shop.payers(ours["tenant"])
    if len(payers) > 1:
        yield f"{slug} is {len(payers)} customers of Stripe's"
    if ours["payer"] is None:
        if any(deed.said_yes for deed in deeds):
            yield f"{slug} has paid, and is not known to rent"
        return
    found = shop.subscriptions(ours["payer"])
    yield from _of_word(slug, ours, found)
    yield from _of_money(slug, ours["payer"], scene, found, deeds)
    yield from _of_events(admin, slug, ours, scene)
    yield from _of_life(admin, slug, ours["tenant"])


def _of_word(slug: str, ours: dict[str, Any], found: list[Any]) -> Iterator[str]:
    """Stripe's and ours."""
    live = [one.id for one in found if one.status in LIVE]
    if len(live) > 1:
        yield f"{slug} rents {len(live)} times: {live}"
    if found:
        item = found[0].items.data[0]
        theirs = (found[0].id, found[0].status, item.price.metadata["plan"], item.quantity)
        if theirs != (ours["id"], ours["standing"], ours["plan"], ours["seats"]):
            yield f"{slug}: Stripe says {theirs}, we {ours}"
    if live and (ours["state"], ours["let_plan"], ours["let_seats"]) != ("active", ours["plan"], ours["seats"]):
        yield f"{slug} pays, and has {ours}"
    if not live and ours["state"] == "active":
        yield f"{slug} rents nothing, and is active"


def _of_money(slug: str, payer: str, scene: Scene, found: list[Any], deeds: list[Deed]) -> Iterator[str]:
    """Each month is paid once, each seat once; what was paid for is there."""
    shop = scene.machine.shop
    first = [str(one.parent.subscription_details.subscription) for one in shop.paid(payer, "subscription_create")]
    if sorted(first) != sorted(one.id for one in found):
        yield f"{slug} has {len(found)} subscriptions and paid {len(first)} first months"
    bought = scene.books.of("checkout")
    paid = sum(deed.company == slug and deed.said_yes for deed in bought)
    if paid > len(found):
        yield f"{slug} paid {paid} times, and has {len(found)} subscriptions"
    seats = [deed for deed in scene.books.of("seat") if deed.company == slug]
    bills = len(shop.paid(payer, "subscription_update"))
    if not sum(deed.said_yes for deed in seats) <= bills <= len(seats):
        yield f"{slug} took {sum(deed.said_yes for deed in seats)} of {len(seats)} seats, and paid {bills}"
    answers = [deed.facts["answer"] for deed in seats if deed.facts.get("answer") is not None]
    if len(answers) > 2 and 303 not in answers:
        yield f"{slug}: nobody can take a seat: {answers}"
    quantity = {one.id: one.items.data[0].quantity for one in found}
    for deed in deeds:
        if deed.kind == "seat" and deed.said_yes and quantity[deed.facts["subscription"]] < deed.facts["seats"]:
            yield f"{slug}: a seat that was told yes is not at Stripe's"


def _of_events(admin: psycopg.Connection, slug: str, ours: dict[str, Any], scene: Scene) -> Iterator[str]:
    """What was brought is kept and looked at."""
    taken = scene.machine.shop.taken(ours["payer"])
    kept: dict[str, bool] = dict(
        admin.execute("SELECT id, applied_at IS NOT NULL FROM saas.stripe_events WHERE payer = %s", (ours["payer"],)).fetchall()
    )
    if lost := taken - kept.keys():
        yield f"{slug}: {len(lost)} events were taken and are not there: {sorted(lost)[:3]}"
    if waiting := [event for event, is_applied in kept.items() if not is_applied]:
        yield f"{slug}: {len(waiting)} events wait"


def _of_life(admin: psycopg.Connection, slug: str, tenant: str) -> Iterator[str]:
    """Each step begins where the one before ended."""
    steps = admin.execute("SELECT before, after FROM saas.tenant_changes WHERE tenant_id = %s ORDER BY id", (tenant,)).fetchall()
    for (_, after), (before, _) in itertools.pairwise(steps):
        if after != before:
            yield f"{slug} went to {after}, and on from {before}"
    if any(before == after for before, after in steps):
        yield f"{slug} went to where it was: {steps}"


def _of_letters(scene: Scene, admin: psycopg.Connection, renter: Person) -> Iterator[str]:
    """One for each step that is told, and the one of the sign-up."""
    query = "SELECT count(*) FROM saas.tenant_changes c JOIN saas.tenants t ON t.id = c.tenant_id WHERE t.slug = %s AND c.after = ANY(%s)"
    row = admin.execute(query, (renter.slug, list(TOLD))).fetchone()
    letters = {mail.id for mail in scene.machine.mail.to(renter.mail)}
    if row is None or len(letters) - 1 > row[0]:
        yield f"{renter.slug} got {len(letters)} letters for {row} steps"


CHECKOUT = Doing(("checkout", "seat", "ending"), WELL, check_out)
WEBHOOKS = Doing(("notice",), BADLY, happen("notice"))
RECONCILIATION = Doing(("difference",), NEVER, happen("difference"))
