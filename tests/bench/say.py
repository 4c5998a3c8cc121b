import sys
import time

BEGUN = time.monotonic()


def say(sentence: str) -> None:
    """What is going on, on standard error: standard output is for figures."""
    print(f"{time.monotonic() - BEGUN:7.1f} s  {sentence}", file=sys.stderr, flush=True)
