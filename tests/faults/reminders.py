"""A plan's minute comes: its owner is told under the bell once, and by mail under one Message-ID, whoever was killed meanwhile."""

import datetime as dt
import time
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from tests.faults.books import Deed
from tests.faults.person import Person
from tests.faults.scene import Scene, count, new_mark

SOON = (1.5, 3.0, 4.5)  # seconds until it is due
ZONE = ZoneInfo("Asia/Shanghai")


def plan(scene: Scene, person: Person) -> None:
    mark = new_mark()
    due = time.time() + SOON[len(scene.books.deeds) % len(SOON)]
    local = dt.datetime.fromtimestamp(due, ZONE)
    with scene.books.deed("plan", mark, person.slug, due=due, mail=person.mail) as deed:
        form = {"content": mark, "means": "phone", "due_at": f"{local:%Y-%m-%dT%H:%M:%S}"}
        answer = person.post(f"{person.customer}/plans", form, page=person.customer)
        deed.status, deed.answered = (answer.status_code if answer is not None else None), time.time()


def troubles_of_reminders(scene: Scene, deeds: list[Deed]) -> Iterator[str]:
    letters = scene.machine.mail.by_mark()
    with scene.machine.admin() as admin:
        for deed in deeds:
            key = scene.tenant(deed.company).key
            made = count(admin, key, "plans", "content", deed.mark)
            if made != 1 if deed.said_yes else made > 1:
                yield f"plan {deed.mark}, answered {deed.status}, is there {made} times"
            query = (
                f"SELECT count(*), count(n.id) FROM {key}.plans p LEFT JOIN {key}.notifications n ON n.subject_id = p.id AND n.kind = 'plan.due' "
                "WHERE p.content = %s AND p.created_at < p.due_at"
            )
            row = admin.execute(query.encode(), (deed.mark,)).fetchone()
            due, told = row or (0, 0)
            sent = {mail.id for mail in letters.get(deed.mark, ()) if mail.to == deed.facts["mail"]}
            if told != due or len(sent) != due:
                yield f"plan {deed.mark}: due {due}, told {told} times under the bell, by {len(sent)} letters"


def longest_wait(scene: Scene, deeds: list[Deed]) -> float:
    """From the minute at which a plan was due (or was said yes to, if that was later) to its first letter, in seconds."""
    letters = scene.machine.mail.by_mark()
    waits = [
        min(mail.at for mail in letters[deed.mark]) - max(int(deed.facts["due"]), deed.answered or 0)
        for deed in deeds
        if deed.kind == "plan" and deed.said_yes and deed.mark in letters
    ]
    return max(waits, default=0.0)
