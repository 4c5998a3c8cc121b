"""`python -m tests.faults`: the long form. docs/faults.md says what is asked."""

import argparse
import random
import signal
import sys
import time
from collections.abc import Sequence

from tests.faults import noise, phases, weather
from tests.faults.files import all_files
from tests.faults.killing import TARGETS, Killer
from tests.faults.machine import machine
from tests.faults.operations import OPERATIONS
from tests.faults.phases import HEAD, Tally
from tests.faults.reading import Read, try_all
from tests.faults.scene import Scene

COMPANIES, RENTERS = 4, 3
ABOUT = "Kill, flush, freeze; then look whether all is there, once. `python -m tests.faults files` reads hostile files, `noise` listens to an import."


def main(words: Sequence[str] | None = None) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the machine is stopped too
    names = [*OPERATIONS, *weather.KINDS]
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=ABOUT)
    parser.add_argument("what", nargs="*", help=f"operations and targets: {', '.join([*names, *TARGETS])}; all without a word")
    parser.add_argument("--times", type=int, default=20, help="kills of each target during each operation")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    given = list(sys.argv[1:] if words is None else words)
    if given[:1] == ["files"]:
        return read_files(given[1:])
    if given == ["noise"]:
        return listen()
    chosen = parser.parse_args(given)
    if unknown := set(chosen.what) - {*names, *TARGETS}:
        parser.error(f"nothing is called {', '.join(sorted(unknown))}")
    targets = [target for target in TARGETS if target in chosen.what] or list(TARGETS)
    wanted = [name for name in names if name in chosen.what] or names
    print(f"seed {chosen.seed}, {chosen.times} times, targets {', '.join(targets)}\n\n{HEAD}", flush=True)
    good = True
    with machine() as made:
        scene = Scene(made)
        scene.settle(COMPANIES)
        scene.open_shop(RENTERS)
        killer = Killer(made, scene.books, random.Random(chosen.seed))  # noqa: S311 - chance that can be repeated
        for name in wanted:
            tally = _one(scene, killer, name, targets, chosen.times, chosen.seed)
            print(tally.row(), flush=True)
            for trouble in tally.troubles:
                _say(f"TROUBLE {trouble}")
            good &= tally.is_good
        if not good:
            raise SystemExit(f"not all is well; what everybody said is in {made.keep_log()}")
    return 0


def _one(scene: Scene, killer: Killer, name: str, targets: Sequence[str], times: int, seed: int) -> Tally:
    _say(f"--- {name}")
    if name in weather.KINDS:
        hurt, during = weather.KINDS[name](times, _say), "reminders"  # the letters are what must not come twice
    else:
        hurt, during = phases.each_target(targets, times, _say), name
    tally = phases.run(scene, during, hurt, killer, seed=seed)
    tally.operation = name
    _say(f"asked and told yes so far: {scene.books.counts()}")
    return tally


def read_files(words: Sequence[str]) -> int:
    """`python -m tests.faults files [part of a name]`: every hostile file, one line each; how many were read, how many refused."""

    def tell(one: Read) -> None:
        print(f"{one.seconds:6.2f} s  {one.said:16} {one.name}{'  TROUBLE ' + one.trouble if one.trouble else ''}", flush=True)

    files = [(name, make) for name, make in all_files().items() if all(word in name for word in words)]
    found = try_all(files, tell)
    refused = sum(not one.said.endswith("rows") for one in found)
    troubles = sum(bool(one.trouble) for one in found)
    slowest, memory = max(one.seconds for one in found), max(one.memory for one in found) / 2**20
    print(f"{len(found)} files: {len(found) - refused} read, {refused} refused, {troubles} troubles")
    print(f"the slowest took {slowest:.0f} s, no process more than {memory:.0f} MB")
    return 1 if troubles else 0


def listen() -> int:
    """`python -m tests.faults noise`."""
    with machine() as made:
        heard = noise.measure(Scene(made), _say)
    print(heard.tell())
    return 0 if heard.ratio <= noise.GOAL and not heard.failed else 1


BEGUN = time.monotonic()


def _say(sentence: str) -> None:
    print(f"{time.monotonic() - BEGUN:7.1f} s  {sentence}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
