"""Who is killed, and when. Everything that chance decides comes from one seed."""

import os
import random
import signal
import time
from dataclasses import dataclass, field

from sandbox.machine.processes import until
from tests.faults.books import Books
from tests.faults.machine import Machine

TARGETS = ("worker", "horse", "sweeper", "web", "valkey", "postgres")
BACK = 60.0  # seconds until what was killed must live again
PATIENCE = 60.0  # seconds for somebody to do what is to be disturbed


@dataclass(slots=True)
class Kill:
    target: str
    at: float
    pids: list[int]
    back: float | None = None
    """Seconds until it did its work again."""


@dataclass(slots=True)
class Killer:
    machine: Machine
    books: Books
    chance: random.Random
    kills: list[Kill] = field(default_factory=list)

    def kill(self, target: str, *, during: str, spread: float, comes_back: bool = True) -> Kill:
        """At some moment of the next deed of the kind `during`; returns when what was killed works again. Raises `TimeoutError` when it does not."""
        if not self.books.wait_for(during, PATIENCE):
            raise TimeoutError(f"nobody does {during}")
        names, pids = self._aim(target)
        if target != "horse":
            time.sleep(self.chance.uniform(0, spread))
            names, pids = self._aim(target)
        kill = Kill(target, time.time(), pids)
        for pid in pids:
            _kill(pid)
        self.kills.append(kill)
        if not comes_back:
            return kill
        if not until(lambda: all(self.machine.pid(name) not in {None, *pids} and self.machine.is_up(name) for name in names), BACK):
            raise TimeoutError(f"{target} does not come back; see {self.machine.keep_log()}")
        kill.back = time.time() - kill.at
        return kill

    def _aim(self, target: str) -> tuple[list[str], list[int]]:
        """The names of what must come back, and the processes to kill."""
        machine, choose = self.machine, self.chance.choice
        if target == "horse":
            return [], [self._horse()]
        if target == "postgres":  # as when the power goes: nobody of it lives on to tidy
            master = _known(machine.pid("postgres"))
            return ["postgres"], [master, *machine.children(master)]
        name = choose(("short", "short-2", "heavy")) if target == "worker" else target
        master = _known(machine.pid(name))
        if target == "web" and (workers := machine.children(master)) and self.chance.random() < 0.5:
            return [], [choose(workers)]
        return [name], [master]

    def _horse(self) -> int:
        """Waits until the heavy worker has one, and then a moment."""
        horses: list[int] = []

        def seen() -> bool:
            worker = self.machine.pid("heavy")
            horses[:] = self.machine.children(worker) if worker else []
            return bool(horses)

        if not until(seen, BACK):
            raise TimeoutError("no long work is done")
        time.sleep(self.chance.uniform(0, 1.0))
        return horses[0]


def _known(pid: int | None) -> int:
    if pid is None:
        raise TimeoutError("what is to be killed does not live")
    return pid


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:  # it has just ended by itself
        return
