"""Twenty companies browse at a steady pace while one imports 50,000 rows. How much longer do they wait?"""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.bench.interleave import percentile
from tests.faults import imports
from tests.faults.person import Person
from tests.faults.scene import Scene, new_mark

COMPANIES, ROWS, OWN_ROWS = 20, 50_000, 200
PAGES = ("customers", "opportunities", "customer")
PACE = 2.0  # seconds between two pages of one company
QUIET = 20.0  # seconds of browsing before the import, and as many after it
GOAL = 2.0
LONGEST = 900.0  # seconds that the import may take


@dataclass(slots=True)
class Heard:
    """Seconds that each page took while the machine was otherwise idle, and while somebody imported."""

    idle: list[float] = field(default_factory=list)
    loud: list[float] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0
    """That the import took, from the file to the last row."""

    @property
    def ratio(self) -> float:
        return percentile(self.loud, 0.95) / percentile(self.idle, 0.95)

    def tell(self) -> str:
        idle, loud = (f"p50 {percentile(times, 0.5) * 1000:.0f} ms, p95 {percentile(times, 0.95) * 1000:.0f} ms" for times in (self.idle, self.loud))
        return (
            f"{COMPANIES} companies browse: {idle} over {len(self.idle)} pages; while one imports {ROWS:,} rows in {self.seconds:.0f} s: {loud} "
            f"over {len(self.loud)} pages. Ratio of p95 {self.ratio:.2f}, goal ≤ {GOAL:g}; {self.failed} pages failed."
        )


def measure(scene: Scene, say: Callable[[str], None]) -> Heard:
    """A machine of one's own; some minutes."""
    scene.settle(COMPANIES + 1)
    *browsing, importer = scene.people
    for person in browsing:
        _import(person, OWN_ROWS)
    say(f"{COMPANIES} companies have {OWN_ROWS} customers each")
    heard, is_loud, over = Heard(), threading.Event(), threading.Event()
    threads = [threading.Thread(target=_browse, args=(person, heard, is_loud, over)) for person in browsing]
    for thread in threads:
        thread.start()
    time.sleep(QUIET)
    say("the import begins")
    is_loud.set()
    begun = time.monotonic()
    _import(importer, ROWS)
    heard.seconds = time.monotonic() - begun
    is_loud.clear()
    say("the import is done")
    time.sleep(QUIET)
    over.set()
    for thread in threads:
        thread.join()
    return heard


def _browse(person: Person, heard: Heard, is_loud: threading.Event, over: threading.Event) -> None:
    chance = random.Random(person.name)  # noqa: S311 - chance that can be repeated
    over.wait(chance.uniform(0, PACE))
    while not over.is_set():
        for page in PAGES:
            began_loud, begun = is_loud.is_set(), time.perf_counter()
            answer = person.get(person.customer if page == "customer" else page)
            took = time.perf_counter() - begun
            if answer is None or answer.status_code != 200:
                heard.failed += 1
            elif began_loud == is_loud.is_set():  # what lies across the border belongs to neither
                (heard.loud if began_loud else heard.idle).append(took)
            over.wait(max(0.0, PACE * chance.uniform(0.7, 1.3) - took))


def _import(person: Person, rows: int) -> None:
    place = imports.chosen(person, new_mark(), rows)
    assert place is not None and imports.matched(person, place) and imports.tried(person, place, LONGEST), f"no import by {person.name}"
    assert person.post(f"{place}/run", {}, page=place) is not None
    ends = time.monotonic() + LONGEST
    while time.monotonic() < ends:
        answer = person.get(place)
        if answer is not None and f'{place}/undo"' in answer.text:
            return
        time.sleep(0.5)
    raise TimeoutError(f"the import of {rows} rows does not end")
