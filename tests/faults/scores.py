"""Scores follow what people do, and what they make of the rules: at rest, reckoning anew changes none."""

import datetime as dt
import time
from collections.abc import Iterator

from sqlalchemy.exc import OperationalError

from tenants.scoring import keeping
from tenants.scoring.sources import Day
from tests.faults.books import Deed
from tests.faults.person import Person
from tests.faults.scene import Scene, new_mark
from workers.tenancy import now

EVERY = 3  # deeds of which one has everybody rescored


def touch(scene: Scene, person: Person) -> None:
    """Speaks to a customer, whose score then is another; or has all of the firm rescored, as saving rules does."""
    mark = new_mark()
    with scene.books.deed("touch", mark, person.slug) as deed:
        if len(scene.books.deeds) % EVERY:
            answer = person.post(f"{person.customer}/followups", {"content": mark, "means": "visit"}, page=person.customer)
            deed.status = answer.status_code if answer is not None else None
        else:
            try:
                with scene.inside(person.slug) as session:
                    keeping.ask_for_all(session, at=now())
                deed.status = 200
            except OperationalError:  # the database is away: nobody has said yes
                deed.status = None
        deed.answered = time.time()


def troubles_of_scores(scene: Scene, deeds: list[Deed]) -> Iterator[str]:
    at = dt.datetime.now(dt.UTC)
    for slug in {deed.company for deed in deeds}:
        tenant = scene.tenant(slug)
        with scene.inside(slug) as session:
            run = keeping.rescore_all(session, Day.of(at, tenant.zone), at=at)
            session.rollback()
        if run.written or run.regraded:
            yield f"company {slug}: {run.written} scores and {len(run.regraded)} grades were not as they should be"
