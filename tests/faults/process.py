"""`python -m tests.faults.process gunicorn|workers.boot|workers.sweeper …`: runs it under a clock that can be moved.

The file `clock` in the folder of the machine says by how many seconds.
"""

import datetime as dt
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from gunicorn.app import wsgiapp  # type: ignore[import-untyped]

from tenants.jobs import leases
from tenants.wall import outbox
from tests.faults import counting
from workers import boot, sweeper

LOOK = 0.1  # seconds between two looks at the clock


class Clock:
    """The time of day of this process. What counts seconds (time.monotonic) goes on, as on a machine whose clock is put right."""

    def __init__(self, file: Path) -> None:
        self.file, self.offset = file, 0.0
        self._travel: object = None

    def follow(self) -> None:
        """From now on, in this process and in those that are forked from it."""
        self.look()
        threading.Thread(target=self._keep_looking, name="clock", daemon=True).start()

    def _keep_looking(self) -> None:
        while True:
            time.sleep(LOOK)
            self.look()

    def look(self) -> None:
        wanted = float(self.file.read_text() or 0) if self.file.exists() else 0.0
        if wanted != self.offset:
            self._move(wanted)

    def _move(self, wanted: float) -> None:
        import time_machine

        if isinstance(self._travel, time_machine.travel):
            self._travel.stop()
        self._travel, self.offset = None, wanted
        if wanted:
            self._travel = time_machine.travel(time.time() + wanted, tick=True)
            self._travel.start()


def hurry() -> None:
    """For the short form: who waits for a dead worker's lease to end waits seconds."""
    short = dt.timedelta(seconds=6)
    outbox.LEASE = leases.LEASE = sweeper.AGAIN = short


def main(words: list[str]) -> None:
    clock = Clock(Path(os.environ["ZUKE_FAULTS"]) / "clock")
    clock.follow()
    os.register_at_fork(after_in_child=clock.follow)
    if os.environ.get("ZUKE_FAULTS_HURRY"):
        hurry()
    counting.register()
    sys.argv = words
    RUNS[words[0]]()


RUNS: dict[str, Callable[[], object]] = {"gunicorn": wsgiapp.run, "workers.boot": lambda: boot.main(sys.argv[1:]), "workers.sweeper": sweeper.main}


if __name__ == "__main__":
    main(sys.argv[1:])
