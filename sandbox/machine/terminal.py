"""One log for many processes: each line bears the name of who said it, in colour where that is seen."""

import os
import sys
from typing import TextIO

COLOURS = {"up": 37, "postgres": 34, "valkey": 31, "migrate": 35, "demo": 35, "web": 36, "short": 32, "heavy": 92, "sweeper": 33, "mail": 95}


class Terminal:
    def __init__(self, out: TextIO | None = None) -> None:
        self.out = out or sys.stdout
        self.is_gone = False
        """Nobody reads any more (`bin/up | head`)."""
        self._coloured = self.out.isatty() and "NO_COLOR" not in os.environ

    def say(self, name: str, line: str) -> None:
        """One line in the log."""
        mark = f"{name:<8} | "
        self.write(f"\x1b[{COLOURS.get(name, 37)}m{mark}\x1b[0m{line}" if self._coloured else mark + line)

    def write(self, text: str) -> None:
        """Something for the person, without a name before it."""
        if self.is_gone:
            return
        try:
            print(text, file=self.out, flush=True)
        except (BrokenPipeError, OSError):
            self.is_gone = True
