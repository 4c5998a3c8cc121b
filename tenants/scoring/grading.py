"""A grade from a score: by thresholds, or by shares of all customers. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from tenants.values.words import N_, Refusal

Mode = Literal["off", "thresholds", "shares"]
MODES: tuple[Mode, ...] = get_args(Mode)
GRADES = ("A", "B", "C")
ABOVE_ALL = 101  # a score that nobody has


class BadThresholds(Refusal):
    sentence = N_("A begins above B: whole numbers from 1 to 100, the first the greater one.")


class BadShares(Refusal):
    sentence = N_("Shares are whole per cent, at least 1, and together less than 100.")


@dataclass(frozen=True, slots=True)
class Cuts:
    """The least score of an A and of a B; below is C."""

    a: int = 70
    b: int = 40

    def grade(self, score: int) -> str:
        return "A" if score >= self.a else "B" if score >= self.b else "C"


@dataclass(frozen=True, slots=True)
class Grading:
    """`a` and `b` are thresholds; `share_a` and `share_b` per cent of the customers: the best of them, and the next."""

    mode: Mode = "thresholds"
    a: int = 70
    b: int = 40
    share_a: int = 20
    share_b: int = 30

    @property
    def cuts(self) -> Cuts:
        return Cuts(self.a, self.b)

    def plain(self) -> dict[str, Any]:
        return {"mode": self.mode, "a": self.a, "b": self.b, "share_a": self.share_a, "share_b": self.share_b}

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "Grading":
        known = cls()
        mode = next((mode for mode in MODES if mode == raw.get("mode")), known.mode)
        return cls(mode, *(int(raw.get(name, getattr(known, name))) for name in ("a", "b", "share_a", "share_b")))

    def checked(self) -> "Grading":
        """Raises `BadThresholds`, `BadShares`."""
        if not 0 < self.b < self.a <= 100:
            raise BadThresholds
        if self.share_a < 1 or self.share_b < 1 or self.share_a + self.share_b >= 100:
            raise BadShares
        return self


def cuts_by_share(counts: Mapping[int, int], share_a: int, share_b: int) -> Cuts:
    """From how many have which score. Who has the same score gets the same grade, so a share is never exceeded but for the very best."""
    total, best = sum(counts.values()), max((score for score, count in counts.items() if count), default=ABOVE_ALL)
    a = min(_least(counts, total * share_a), best)
    return Cuts(a, min(_least(counts, total * (share_a + share_b)), a))


def _least(counts: Mapping[int, int], most: int) -> int:
    """The least score that no more than `most` (in hundredths of a customer) have or exceed."""
    above, least = 0, ABOVE_ALL
    for score in sorted(counts, reverse=True):
        above += counts[score]
        if above * 100 > most:
            return least
        least = score
    return least
