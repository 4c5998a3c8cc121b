"""What people do while things are killed, and how one sees afterwards that what they were told yes to is there, whole, and once."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy.exc import OperationalError

from tests.faults import counting
from tests.faults.books import Deed
from tests.faults.exports import export, troubles_of_exports
from tests.faults.imports import import_customers, troubles_of_imports
from tests.faults.person import Person
from tests.faults.reminders import plan, troubles_of_reminders
from tests.faults.rent import CHECKOUT, RECONCILIATION, WEBHOOKS
from tests.faults.scene import Scene, count, new_mark
from tests.faults.scores import touch, troubles_of_scores
from tests.faults.signups import troubles_of_signups


@dataclass(frozen=True, slots=True)
class Operation:
    """`act` is done again and again, `pause` seconds apart; `spread`: for how long after its beginning it is worth being killed.

    `kinds`: of the deeds that it does, the first one first.
    """

    name: str
    kinds: tuple[str, ...]
    act: Callable[[Scene, Person], None]
    troubles: Callable[[Scene, list[Deed]], Iterator[str]]
    pause: float
    spread: float


def sign_up(scene: Scene, _: Person) -> None:
    person = Person(scene.machine.address)
    with scene.books.deed("sign-up", person.name, person.name) as deed:
        answer = person.sign_up()
        deed.status, deed.answered = (answer.status_code if answer is not None else None), time.time()


def write(scene: Scene, person: Person) -> None:
    """A new customer, and what was said to him."""
    mark = new_mark()
    with scene.books.deed("customer", mark, person.slug) as deed:
        answer = person.post("customers", {"name": mark, "kind": "company"}, page="customers/new")
        deed.status, deed.answered = (answer.status_code if answer is not None else None), time.time()
    if not deed.said_yes or answer is None:
        return
    place = answer.headers["Location"].partition("?")[0]
    with scene.books.deed("followup", mark, person.slug) as deed:
        answer = person.post(f"{place}/followups", {"content": mark, "means": "phone"}, page=place)
        deed.status, deed.answered = (answer.status_code if answer is not None else None), time.time()


def ask_for_long_work(scene: Scene, person: Person) -> None:
    mark = new_mark()
    with scene.books.deed("counting", mark, person.slug) as deed:
        try:
            with scene.inside(person.slug) as session:
                counting.ask(session, mark)
        except OperationalError:  # the database is away: nobody has said yes
            return
        deed.status, deed.answered = 200, time.time()


def troubles_of_writing(scene: Scene, deeds: list[Deed]) -> Iterator[str]:
    tables = {"customer": ("customers", "name"), "followup": ("followups", "content")}
    with scene.machine.admin() as admin:
        for deed in deeds:
            found = count(admin, scene.tenant(deed.company).key, *tables[deed.kind], deed.mark)
            if found != 1 if deed.said_yes else found > 1:
                yield f"{deed.kind} {deed.mark}, answered {deed.status}, is there {found} times"


def troubles_of_long_work(scene: Scene, deeds: list[Deed]) -> Iterator[str]:
    with scene.machine.admin() as admin:
        for deed in deeds:
            found = admin.execute(
                f"SELECT value->>'times' FROM {scene.tenant(deed.company).key}.settings WHERE key = %s".encode(), (counting.key_of(deed.mark),)
            ).fetchone()
            if (found != ("1",)) if deed.said_yes else found not in (None, ("1",)):
                yield f"long work {deed.mark}, asked for: {deed.said_yes}, was done {found[0] if found else 0} times"


RENTING = (("checkout", CHECKOUT, 1.5), ("webhooks", WEBHOOKS, 0.6), ("reconciliation", RECONCILIATION, 0.6))
OPERATIONS = {
    one.name: one
    for one in (
        Operation("sign-up", ("sign-up",), sign_up, troubles_of_signups, pause=0.5, spread=0.6),
        Operation("writing", ("customer", "followup"), write, troubles_of_writing, pause=0.2, spread=0.5),
        Operation("reminders", ("plan",), plan, troubles_of_reminders, pause=0.4, spread=6.0),
        Operation("scoring", ("touch",), touch, troubles_of_scores, pause=0.6, spread=1.5),
        Operation("import", ("import",), import_customers, troubles_of_imports, pause=1.0, spread=4.0),
        Operation("export", ("export",), export, troubles_of_exports, pause=1.5, spread=1.0),
        *(Operation(name, doing.kinds, doing, doing.troubles, pause=0.2, spread=spread) for name, doing, spread in RENTING),
        Operation("long work", ("counting",), ask_for_long_work, troubles_of_long_work, pause=4.0, spread=2.0),
    )
}
BESIDE = ("writing", "long work")  # goes on whatever else is done: there is always something to lose, and a work-horse to kill
