"""What the reader of imports makes of hostile files: rows, or a sentence; never anything else, in little time and memory."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tenants.imports.reading import read
from tenants.values.words import Refusal
from tests.faults.files import Make, all_files

SECONDS, MEMORY = 60.0, 512 * 2**20
HOUSE = Path(__file__).parents[2]
WAS_HERE = Path("/tmp/zuke-was-here.xml"), Path("/tmp/zuke-was-here")


@dataclass(frozen=True, slots=True)
class Read:
    """`said`: the refusal's name, or "N rows". `memory`: the most, in bytes, that any process which reads has taken so far."""

    name: str
    said: str
    seconds: float
    memory: int
    trouble: str = ""


def try_all(files: Iterable[tuple[str, Make]], say: Callable[[Read], None] = lambda _: None) -> list[Read]:
    found = []
    for name, make in files:
        one = _try(name, make())
        say(one)
        found.append(one)
    return found


def try_apart(names: Sequence[str]) -> list[Read]:
    """As `try_all`, in a process of its own: what other children of ours have taken (a browser is large) is not counted."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.faults.reading"], input=json.dumps(names), cwd=HOUSE, stdout=subprocess.PIPE, text=True, check=True
    )
    return [Read(**one) for one in json.loads(told.stdout)]


def _try(name: str, content: bytes) -> Read:
    begun, trouble = time.monotonic(), ""
    try:
        sheet = read("file", content)
        said = f"{sheet.height} rows"
        if sum(1 for _ in sheet.rows()) != sheet.height:
            trouble = "not as many rows as were promised"
    except Refusal as refusal:
        said = type(refusal).__name__
        if not refusal.sentence or (refusal.sentence % refusal.params) == "":
            trouble = "it is refused without a sentence"
    except Exception as error:
        said, trouble = type(error).__name__, repr(error)[:200]
    seconds = time.monotonic() - begun
    memory = _most_memory()
    if seconds > SECONDS:
        trouble = f"{seconds:.0f} seconds"
    elif memory > MEMORY:
        trouble = f"{memory / 2**20:.0f} MB"
    elif any(place.exists() for place in WAS_HERE):
        trouble = "it has written where it had nothing to write"
    return Read(name, said, seconds, memory, trouble)


def _most_memory() -> int:
    """The most, in bytes, that any process of ours that has ended has taken."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


if __name__ == "__main__":
    files = all_files()
    print(json.dumps([asdict(one) for one in try_all((name, files[name]) for name in json.load(sys.stdin))]))
