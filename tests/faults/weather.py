"""What befalls the whole machine rather than one process: a store that is flushed or away, two sweepers, a clock that jumps."""

import time
from collections.abc import Callable

from redis import Redis

from sandbox.machine.processes import until
from tests.faults.killing import Kill, Killer
from tests.faults.operations import Operation
from tests.faults.person import Person

Hurt = Callable[[Killer, Operation], None]
Say = Callable[[str], None]

AWAY = 30.0  # seconds
JUMP = 2 * 3600.0  # seconds
OFFSETS = (JUMP, 0.0, -JUMP, 0.0)
AT_EACH = 8  # deeds between two jumps: some seconds, in which what is due by the new time comes
PAGES = ("", "customers", "plans", "opportunities")
SLOW = 5.0  # seconds that a page may take at most while the store is away, on a machine that is busy


def flushed(times: int, say: Say) -> Hurt:
    """FLUSHALL under load: every queue, and all that RQ knows of its workers, is gone."""

    def hurt(killer: Killer, operation: Operation) -> None:
        for turn in range(times):
            if not killer.books.wait_for(operation.kinds[0], 20):
                raise TimeoutError(f"nobody does {operation.name}")
            time.sleep(killer.chance.uniform(0, operation.spread))
            with Redis.from_url(killer.machine.store.url()) as redis:
                redis.flushall()
            killer.kills.append(Kill("FLUSHALL", time.time(), []))
            say(f"FLUSHALL {turn + 1}/{times}")
            time.sleep(killer.chance.uniform(0, 2))

    return hurt


def away(times: int, say: Say) -> Hurt:
    """The store is away for half a minute. Pages answer all the while, as quickly as ever."""

    def hurt(killer: Killer, operation: Operation) -> None:
        machine = killer.machine
        person = Person(machine.address)
        assert person.sign_up() is not None and person.slug
        machine.hold("valkey")
        killer.kill("valkey", during=operation.kinds[0], spread=operation.spread, comes_back=False)
        ends, slowest, asked = time.monotonic() + AWAY, 0.0, 0
        while time.monotonic() < ends:
            for page in PAGES:
                begun = time.monotonic()
                answer = person.get(page)
                assert answer is not None and answer.status_code == 200, f"/{page} answers {answer}"
                slowest, asked = max(slowest, time.monotonic() - begun), asked + 1
            time.sleep(0.2)
        say(f"valkey away for {AWAY:.0f} s: {asked} pages, the slowest took {slowest:.2f} s")
        assert slowest < SLOW, slowest
        machine.release("valkey")
        assert until(lambda: machine.is_up("valkey"), 30), "valkey does not come back"

    return hurt


def two_sweepers(times: int, say: Say) -> Hurt:
    """A second sweeper beside the first, for as long as it takes to do so many things."""

    def hurt(killer: Killer, operation: Operation) -> None:
        killer.machine.release("sweeper-2")
        for turn in range(times):
            if not killer.books.wait_for(operation.kinds[0], 20):
                raise TimeoutError(f"nobody does {operation.name}")
            with Redis.from_url(killer.machine.store.url()) as redis:
                redis.flushall()  # so that nothing is done but by the sweepers
            time.sleep(1)
            say(f"two sweepers {turn + 1}/{times}")
        killer.machine.hold("sweeper-2")
        killer.kill("sweeper-2", during=operation.kinds[0], spread=0, comes_back=False)

    return hurt


def clock(times: int, say: Say) -> Hurt:
    """The machine's clock jumps two hours ahead, back, two hours back, and ahead again, while people work by each of them."""

    def hurt(killer: Killer, operation: Operation) -> None:
        kind = operation.kinds[0]
        for jump in range(max(times, len(OFFSETS))):
            offset = OFFSETS[jump % len(OFFSETS)]
            killer.machine.move_clock(offset)
            killer.kills.append(Kill("clock", time.time(), []))
            say(f"the clock goes {offset / 3600:+.0f} h, {jump + 1}/{times}")
            before = _done(killer, kind)
            if not until(lambda before=before: _done(killer, kind) >= before + AT_EACH, 60):  # type: ignore[misc]
                raise TimeoutError(f"nobody can do {operation.name} two hours {'later' if offset > 0 else 'earlier'}")
        killer.machine.move_clock(0.0)

    return hurt


def _done(killer: Killer, kind: str) -> int:
    return sum(deed.said_yes for deed in killer.books.of(kind))


KINDS: dict[str, Callable[[int, Say], Hurt]] = {"flush": flushed, "away": away, "sweepers": two_sweepers, "clock": clock}
