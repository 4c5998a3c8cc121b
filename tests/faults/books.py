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
    is_over: bool = False
    """Nobody waits for an answer any more."""

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
        try:
            yield one
        finally:
            one.is_over = True

    def wait_for(self, kind: str, seconds: float) -> bool:
        """Until a deed of this kind is under way; False when none was."""
        with self._changed:
            return self._changed.wait_for(lambda: any(one.kind == kind and not one.is_over for one in self.deeds[-200:]), seconds)

    def of(self, kind: str) -> list[Deed]:
        with self._changed:
            return [one for one in self.deeds if one.kind == kind]

    def counts(self) -> dict[str, tuple[int, int]]:
        """By kind: how many were asked, how many were said yes to."""
        asked, yes = Counter(one.kind for one in self.deeds), Counter(one.kind for one in self.deeds if one.said_yes)
        return {kind: (asked[kind], yes[kind]) for kind in asked}
