"""What was asked of the machine, and what it answered: only what it said yes to must be there afterwards."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition
from typing import Any


@dataclass(slots=True)
class Deed:
    """`mark` is a word that is nowhere else; `said_yes` when the answer was below 400; times are seconds since 1970."""

    kind: str
    mark: str
    company: str
    begun: float
    answered: float | None = None
    status: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def said_yes(self) -> bool:
        return self.status is not None and self.status < 400


class Books:
    """Many threads write, one reads."""

    def __init__(self) -> None:
        self.deeds: list[Deed] = []
        self._changed = Condition()

    @contextmanager
    def deed(self, kind: str, mark: str, company: str, **facts: Any) -> Iterator[Deed]:
        """Written down before it is asked, so that nothing that was asked is missing."""
        one = Deed(kind, mark, company, time.time(), facts=facts)
        with self._changed:
            self.deeds.append(one)
            self._changed.notify_all()
        yield one

    def wait_for(self, kind: str, seconds: float) -> bool:
        """Until a deed of this kind begins; False when none did."""
        with self._changed:
            so_far = len(self.deeds)
            return self._changed.wait_for(lambda: any(one.kind == kind for one in self.deeds[so_far:]), seconds)

    def of(self, kind: str) -> list[Deed]:
        with self._changed:
            return [one for one in self.deeds if one.kind == kind]

    def counts(self) -> dict[str, tuple[int, int]]:
        """By kind: how many were asked, how many were said yes to."""
        asked, yes = Counter(one.kind for one in self.deeds), Counter(one.kind for one in self.deeds if one.said_yes)
        return {kind: (asked[kind], yes[kind]) for kind in asked}
