"""How much longer twenty companies wait while one imports 50,000 rows. On a machine of its own: tests.faults.noise says how."""

from tests.bench.house import House
from tests.bench.interleave import Figure, percentile
from tests.bench.say import say
from tests.faults import noise
from tests.faults.machine import machine
from tests.faults.scene import Scene


def measure(house: House, *, rounds: int) -> list[Figure]:
    """`house` and `rounds` are those of the other benches; this one stops the time of what people see while it goes on."""
    with machine() as made:
        heard = noise.measure(Scene(made), say)
    loud, idle = (percentile(times, 0.95) for times in (heard.loud, heard.idle))
    medians = percentile(heard.loud, 0.5) / percentile(heard.idle, 0.5)
    spread = (min(medians, heard.ratio), max(medians, heard.ratio))
    return [
        Figure("noise", loud, idle, spread, noise.GOAL, len(heard.loud), note=f"{heard.tell()} In place of the middle half: the ratio of medians.")
    ]
