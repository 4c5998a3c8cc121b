"""One server, many processes: the first in starts it, the last out stops it, and a killed one counts as gone.

Each user holds a shared lock on ``users``; the kernel takes it back however the process ends. Who can get that lock for himself alone is the last.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def shared(directory: Path, *, start: Callable[[], None], stop: Callable[[], None], is_running: Callable[[], bool]) -> Iterator[None]:
    """Hold the server of ``directory`` for the block, together with everybody else who asks for it."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "users").open("a") as users:
        with _alone(directory):
            is_first = _try_alone(users.fileno())
            if is_first or not is_running():
                start()
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield
        finally:
            with _alone(directory):
                if _try_alone(users.fileno()):
                    stop()
                # Said aloud: a forked child has the same lock, and closing alone would leave it held.
                fcntl.flock(users, fcntl.LOCK_UN)


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    with (directory / "door").open("a") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


def _try_alone(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
