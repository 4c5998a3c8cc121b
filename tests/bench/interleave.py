"""A figure is a ratio: A and B are asked in turn, in one run, so that whatever else the machine does falls on both."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median, quantiles

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Figure:
    """What `ours` took over what `floor` took, in seconds, or answers a second. `spread`: the middle half of the rounds' own ratios."""

    name: str
    ours: float
    floor: float
    spread: tuple[float, float]
    goal: float
    rounds: int
    note: str = ""
    at_least: bool = False  # answers a second: the more the better, and the goal is a lower limit
    more: dict[str, object] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return self.ours / self.floor

    @property
    def is_met(self) -> bool:
        return self.ratio >= self.goal if self.at_least else self.ratio <= self.goal

    def row(self) -> str:
        sign = "≥" if self.at_least else "≤"
        met = "yes" if self.is_met else "**no**"
        low, high = self.spread
        tell = per_second if self.at_least else amount
        figures = f"{tell(self.ours)} | {tell(self.floor)} | **{self.ratio:.3g}** | {low:.3g}–{high:.3g}"
        return f"| {self.name} | {figures} | {sign} {self.goal:g} | {met} | {self.note} |"


HEAD = "| what | ours | over | ratio | middle half | goal | met | how |\n|---|---|---|---|---|---|---|---|"


def amount(seconds: float) -> str:
    return f"{seconds * 1000:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def per_second(rate: float) -> str:
    return f"{rate:.3g} /s"


def in_turn(ours: Work, floor: Work, *, rounds: int, warm: int = 5) -> tuple[list[float], list[float]]:
    """Seconds of each, asked A B A B …; who goes first changes from round to round. `warm` rounds before do not count."""
    for _ in range(warm):
        ours()
        floor()
    times: tuple[list[float], list[float]] = ([], [])
    gc.collect()
    for number in range(rounds):
        for which in (0, 1) if number % 2 else (1, 0):
            times[which].append(clocked((ours, floor)[which]))
    return times


def clocked(work: Work) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def figure(name: str, times: tuple[list[float], list[float]], *, goal: float, note: str = "", **more: object) -> Figure:
    """Medians over medians."""
    ours, floor = times
    return Figure(name, median(ours), median(floor), middle([a / b for a, b in zip(ours, floor, strict=True)]), goal, len(ours), note, more=more)


def middle(ratios: list[float]) -> tuple[float, float]:
    if len(ratios) < 2:
        return ratios[0], ratios[0]
    quarters = quantiles(ratios, n=4, method="inclusive")
    return quarters[0], quarters[2]


def percentile(times: list[float], share: float) -> float:
    """`share` of 0.95: nineteen of twenty were quicker."""
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]
