"""How it goes with a customer: which phases the talks have been through, and when. Times are in working days back from now."""

from dataclasses import dataclass
from random import Random

from tenants.demo.sample import OPEN_STAGES

# Where sixty opportunities stand: the open stages, won, lost, invalid.
Card = tuple[str, int]  # what came of it; the stage that an open one has reached, or how long ago it ended
DECK: tuple[Card, ...] = (
    *([("open", 0)] * 11),
    *([("open", 1)] * 10),
    *([("open", 2)] * 10),
    *([("open", 3)] * 7),
    *([("open", 4)] * 4),
    *(("won", back) for back in (1, 4, 8, 14, 21, 30, 44, 66, 98, 150)),
    *(("lost", back) for back in (3, 10, 20, 36, 70, 120)),
    *(("invalid", back) for back in (9, 40)),
)
PHASES = ("first", "need", "offer", "talk", "sign")
STATUSES = {"target": 26, "potential": 24, "prospective": 8, "regular": 28, "vip": 6, "lapsed": 8}


@dataclass(frozen=True, slots=True)
class Plot:
    """`phases` in order, one entry a follow-up; the one at index `anchor` happened `back` working days ago. `outcome` None: no opportunity."""

    status: str
    phases: tuple[str, ...]
    anchor: int
    back: int
    outcome: str | None = None


def plot_of(card: Card | None, rng: Random) -> Plot:
    """A card of the deck makes a plot with an opportunity; None one without."""
    if card is None:
        return _without_opportunity(rng)
    outcome, number = card
    if outcome == "open":
        phases = _through(number + 1, rng)
        return Plot("potential" if number < 2 else "prospective", phases, len(phases) - 1, rng.randrange(13), outcome)
    if outcome == "won":
        phases = (*_through(OPEN_STAGES, rng), "won")
        return Plot(rng.choice(("regular", "regular", "vip")), (*phases, *["serve"] * 9), len(phases) - 1, number + rng.randrange(2), outcome)
    if outcome == "lost":
        phases = (*_through(rng.randint(2, 4), rng), "lost")
        return Plot(rng.choice(("potential", "lapsed")), (*phases, *["quiet"] * 3), len(phases) - 1, number + rng.randrange(3), outcome)
    return Plot("target", ("first", "quiet"), 1, number + rng.randrange(5), outcome)


def _without_opportunity(rng: Random) -> Plot:
    status = rng.choices(list(STATUSES), list(STATUSES.values()))[0]
    if status == "target":
        phases: tuple[str, ...] = ("first",) * rng.randint(0, 1) + ("quiet",) * rng.randint(0, 1)
    elif status == "potential":
        phases = ("first", *["need"] * rng.randint(0, 2), *["quiet"] * rng.randint(0, 2))
    elif status == "prospective":
        phases = ("first", *["need"] * rng.randint(1, 2), *["offer"] * rng.randint(1, 2))
    elif status == "lapsed":
        phases = ("serve",) * rng.randint(2, 6) + ("quiet",) * rng.randint(1, 3)
    else:
        phases = ("serve",) * rng.randint(5, 12)
    back = rng.randint(70, 150) if status == "lapsed" else _last_contact(rng, is_buying=status in ("prospective", "regular", "vip"))
    return Plot(status, phases, max(len(phases) - 1, 0), back)


def _last_contact(rng: Random, *, is_buying: bool) -> int:
    """Those who buy were mostly spoken to lately; some of the others have been forgotten."""
    spans = (rng.randint(0, 12), rng.randint(12, 45), rng.randint(45, 120 if is_buying else 230))
    return rng.choices(spans, (58, 32, 10) if is_buying else (38, 36, 26))[0]


def _through(stages: int, rng: Random) -> tuple[str, ...]:
    """Talks through the first so many stages, some taking more than one."""
    return tuple(phase for phase in PHASES[:stages] for _ in range(1 if phase == "first" else rng.choice((1, 1, 2))))
