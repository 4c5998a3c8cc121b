"""Brings events to their endpoints, and lets the clock strike what is due, while the server runs."""

import threading
import time
import traceback

from sandbox.stripe import deliveries
from sandbox.stripe.app import Sandbox

EVERY = 0.2  # seconds between two looks for letters
CLOCK_EVERY = 2.0  # seconds between two looks at the clock


class Postman:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def work(self, stop: threading.Event) -> None:
        """Until it is told to stop; what goes wrong is shown, and the next round comes."""
        looked = 0.0
        while not stop.wait(EVERY):
            try:
                if time.monotonic() - looked > CLOCK_EVERY:
                    looked = time.monotonic()
                    with self.sandbox.world():
                        pass  # entering it answers what is due
                self.round()
            except Exception:
                traceback.print_exc()

    def round(self, *, everything: bool = False) -> int:
        """Brings what is due, one after the other; how many were taken."""
        with self.sandbox.store.transaction():
            world = self.sandbox.bare()
            posts = deliveries.due(world, everything=everything)
        taken = 0
        for post in posts:
            was_taken, said = deliveries.send(post)
            with self.sandbox.store.transaction():
                deliveries.note(self.sandbox.bare(), post, taken=was_taken, said=said)
            taken += was_taken
        return taken
