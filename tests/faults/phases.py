"""One phase: people do one thing above all, and everything that takes part in it is killed again and again. Then all must be there, once."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.faults.books import Deed
from tests.faults.killing import Killer
from tests.faults.load import at_work
from tests.faults.operations import BESIDE, OPERATIONS, Operation
from tests.faults.reminders import longest_wait
from tests.faults.rest import come_to_rest, longest
from tests.faults.scene import Scene

Say = Callable[[str], None]


@dataclass(slots=True)
class Tally:
    """What one phase came to. `lost`, `halves` and `late` must be empty; `recovery` and `longest` in seconds."""

    operation: str
    kills: Counter[str] = field(default_factory=Counter)
    asked: int = 0
    said_yes: int = 0
    troubles: list[str] = field(default_factory=list)
    letters: int = 0
    repeated: int = 0
    twice: int = 0
    recovery: float = 0.0
    longest: float = 0.0

    @property
    def is_good(self) -> bool:
        return not self.troubles and not self.twice

    def row(self) -> str:
        kills = " ".join(f"{target} {count}" for target, count in self.kills.items())
        letters, waits = f"{self.letters} | {self.repeated} | {self.twice}", f"{self.recovery:.0f} s | {self.longest:.0f} s"
        return f"| {self.operation} | {kills} | {self.said_yes} of {self.asked} | {len(self.troubles)} | {letters} | {waits} |"


HEAD = (
    "| during | kill -9 | told yes | lost or half | letters | again under the same Message-ID | under two | last kill to rest | longest wait |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


def run(scene: Scene, name: str, hurt: Callable[[Killer, Operation], None], killer: Killer, *, seed: int) -> Tally:
    """`hurt` does the killing while people are at work."""
    operation, tally = OPERATIONS[name], Tally(name)
    deeds, letters, kills = len(scene.books.deeds), len(scene.machine.mail.taken()), len(killer.kills)
    begun = time.time()
    with at_work(scene, [operation, *(OPERATIONS[other] for other in BESIDE if other != name)], seed=seed):
        hurt(killer, operation)
        ended = time.time()
    _let_fall_due(scene.books.deeds[deeds:])
    tally.recovery, left = come_to_rest(scene.machine, ended)
    if left:
        tally.troubles.append(f"not done {tally.recovery:.0f} s after the last kill: {left.open}")
    tally.longest = max(longest(scene.machine, begun), longest_wait(scene, scene.books.deeds[deeds:]))
    tally.kills = Counter(kill.target for kill in killer.kills[kills:])
    _judge(scene, scene.books.deeds[deeds:], tally)
    sent = scene.machine.mail.taken()
    ids = [mail.id for mail in sent[letters:]]
    tally.letters, tally.repeated = len(ids), len(ids) - len(set(ids))
    renters = {renter.mail for renter in scene.renters}  # who stop and rent again are told again: tests.faults.rent counts their letters
    tally.twice = sum(len(under) - 1 for (to, *_), under in scene.machine.mail.by_matter().items() if to not in renters)
    return tally


def _let_fall_due(deeds: Sequence[Deed]) -> None:
    """What was asked for last lies some seconds ahead: it is not at rest before its time has come."""
    latest = max((deed.facts["due"] for deed in deeds if "due" in deed.facts), default=0.0)
    time.sleep(max(0.0, latest + 1 - time.time()))


def _judge(scene: Scene, deeds: Sequence[Deed], tally: Tally) -> None:
    tally.asked, tally.said_yes = len(deeds), sum(deed.said_yes for deed in deeds)
    for operation in OPERATIONS.values():
        tally.troubles += operation.troubles(scene, [deed for deed in deeds if deed.kind in operation.kinds])


def each_target(targets: Sequence[str], times: int, say: Say) -> Callable[[Killer, Operation], None]:
    """Every target so many times, in an order that chance decides."""

    def hurt(killer: Killer, operation: Operation) -> None:
        turns = list(targets) * times
        killer.chance.shuffle(turns)
        for turn, target in enumerate(turns, 1):
            kill = killer.kill(target, during=operation.kinds[0], spread=operation.spread)
            say(f"{operation.name} {turn}/{len(turns)}: {target} {kill.pids[0]}, back after {kill.back:.1f} s")

    return hurt
