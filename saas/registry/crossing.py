"""Work in two planes at once holds two connections. Few do it at a time, so that a pool never waits for itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from tenants.values.words import N_, Refusal

AT_ONCE = 2  # in a process
PATIENCE = 10.0  # seconds

_lanes = BoundedSemaphore(AT_ONCE)


class Crowded(Refusal):
    sentence = N_("Many companies are signing up right now. Please try again in a moment.")


@contextmanager
def crossing() -> Iterator[None]:
    """Enter it before the first query, with no transaction open. Raises `Crowded`."""
    if not _lanes.acquire(timeout=PATIENCE):
        raise Crowded
    try:
        yield
    finally:
        _lanes.release()
