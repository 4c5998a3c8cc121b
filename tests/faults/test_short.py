"""The short form: everything is killed once while people work, in one machine; then all must be there, once. docs/faults.md tells of the long one."""

import random
from collections.abc import Iterator, Sequence

import pytest

from tests.faults import phases
from tests.faults.killing import TARGETS, Killer
from tests.faults.machine import machine
from tests.faults.scene import Scene

SEED = random.SystemRandom().randrange(10**9)


@pytest.fixture
def scene(loopback: None) -> Iterator[Scene]:
    with machine(hurried=True) as made:
        scene = Scene(made)
        scene.settle(2)
        scene.open_shop(2)
        yield scene


def test_everything_is_killed_once_and_nothing_is_lost(scene: Scene) -> None:
    _hurt(scene, "sign-up", TARGETS)
    _hurt(scene, "checkout", ("web", "worker"))
    for what in ("webhooks", "reconciliation"):
        _hurt(scene, what, ("worker",))


def _hurt(scene: Scene, what: str, targets: Sequence[str]) -> None:
    killer = Killer(scene.machine, scene.books, random.Random(SEED))  # noqa: S311 - chance that can be repeated
    tally = phases.run(scene, what, phases.each_target(targets, 1, print), killer, seed=SEED)
    print(f"seed {SEED}\n{phases.HEAD}\n{tally.row()}")
    assert tally.troubles == [], scene.machine.keep_log()
    assert tally.twice == 0
