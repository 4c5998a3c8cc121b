"""People at work, each in a thread of their own, until they are told to go home."""

import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.faults.operations import Operation
from tests.faults.scene import Scene


@contextmanager
def at_work(scene: Scene, operations: Sequence[Operation], *, seed: int) -> Iterator[None]:
    """One lane for each operation; each deed is done by somebody else. What a lane raises fails the block."""
    over, raised = threading.Event(), list[BaseException]()

    def lane(operation: Operation) -> None:
        chance = random.Random(f"{seed} {operation.name}")  # noqa: S311 - chance that can be repeated
        try:
            while not over.is_set():
                operation.act(scene, chance.choice(scene.people))
                over.wait(operation.pause * chance.uniform(0.5, 1.5))
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=lane, args=(operation,), name=operation.name) for operation in operations]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()
    if raised:
        raise raised[0]
