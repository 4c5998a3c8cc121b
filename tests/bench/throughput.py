"""Requests a second of the signed-in customer list, over the same page by django-tenants without sign-in or permissions."""

from statistics import median

from tests.bench import peer
from tests.bench.house import LARGE, House
from tests.bench.interleave import Figure, middle
from tests.bench.say import say
from tests.bench.servers import gunicorn, throughput

GOAL = 1.5
CLIENTS, WORKERS, SECONDS = 8, 2, 4.0


def measure(house: House, *, rounds: int) -> list[Figure]:
    peer.move_in(house)
    path, cookie = f"/{LARGE}/customers", f"zuke={house.sign_in()}"
    with (
        gunicorn("ours", "web.wsgi:app", house.environment(), workers=WORKERS) as ours,
        gunicorn("peer", "tests.bench.peers.wsgi:application", peer.environment(house), workers=WORKERS, headers={"Host": peer.HOST}) as theirs,
    ):
        line = ours.line()
        ours_body, their_body = ours.ask(line, path, cookie), theirs.ask(theirs.line(), "/customers")
        say(f"one page: ours {len(ours_body):,} bytes, theirs {len(their_body):,}")
        rates: tuple[list[float], list[float]] = ([], [])
        for number in range(-1, max(rounds // 10, 3)):
            one = throughput(ours, path, cookie, seconds=SECONDS, clients=CLIENTS)
            other = throughput(theirs, "/customers", "", seconds=SECONDS, clients=CLIENTS)
            if number >= 0:  # the first round only warms up
                rates[0].append(one)
                rates[1].append(other)
            say(f"ours {one:.1f}/s, theirs {other:.1f}/s")
    mine, yours = map(median, rates)
    note = (
        f"{mine:.1f} over {yours:.1f} requests a second; gunicorn gthread, {WORKERS} workers × 4 threads each, {CLIENTS} clients on the same cores; "
        f"{len(ours_body) / 1024:.0f} and {len(their_body) / 1024:.0f} KiB a page"
    )
    spread = middle([a / b for a, b in zip(*rates, strict=True)])
    return [Figure("requests a second, ours over django-tenants", mine, yours, spread, GOAL, len(rates[0]), note, at_least=True)]
