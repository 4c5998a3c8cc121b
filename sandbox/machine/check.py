"""Everything that must hold: `bin/test` comes here once the packages are installed.

With arguments, pytest alone with these arguments. ZUKE_NOTHING_SKIPPED=1 makes a test that was not run a failure.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from xml.etree import ElementTree

from sandbox.machine import browser
from sandbox.machine.bare import ROOT

BROWSER_TESTS = "tests/browser"
REPORT = ROOT / "var" / "test" / "report.xml"
# Two at a time, the longest first. All by -m: the first lines of installed scripts hold an absolute path and break when a checkout is moved.
STEPS = {
    "types": ["-m", "mypy"],
    "lint": ["-m", "ruff", "check"],
    "format": ["-m", "ruff", "format", "--check"],
    "imports": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    "words": ["-m", "web.cli", "words", "--check"],
}


@dataclass(slots=True)
class Round:
    """One run of everything, and how each step went."""

    went: list[tuple[str, float, str]] = field(default_factory=list)

    begun: float = field(default_factory=time.monotonic)

    def step(self, name: str, work: Callable[[], "Outcome"]) -> None:
        """Do one step, or wait for one that was begun."""
        print(f"\n=== {name} ===", flush=True)
        outcome = work()
        print(outcome.said, end="", flush=True)
        self.went.append((name, outcome.seconds, outcome.trouble))

    @property
    def failed(self) -> bool:
        return any(trouble for _, _, trouble in self.went)

    def tell(self, unseen: str) -> None:
        print("\n=== bin/test ===")
        for name, seconds, trouble in self.went:
            print(f"  {name:<10} {seconds:7.1f} s   {trouble or 'ok'}")
        print(f"  {'all':<10} {time.monotonic() - self.begun:7.1f} s   {'FAILED' if self.failed else 'ok'}")
        if unseen:
            print(f"\n!!! {unseen}", flush=True)


@dataclass(frozen=True, slots=True)
class Outcome:
    seconds: float
    trouble: str
    """What is wrong, nothing when nothing is."""
    said: str = ""


def run(arguments: list[str], said: IO[str] | None = None) -> str:
    """What is wrong with the end of a Python program, nothing when it ended well. It speaks into `said`, or aloud."""
    code = subprocess.run([sys.executable, *arguments], cwd=ROOT, stdout=said, stderr=said, check=False).returncode
    return f"exit code {code}" if code else ""


def quietly(arguments: list[str]) -> Outcome:
    begun = time.monotonic()
    with TemporaryFile("w+") as said:
        trouble = run(arguments, said)
        said.seek(0)
        return Outcome(time.monotonic() - begun, trouble, said.read())


def aloud(work: Callable[[], str]) -> Outcome:
    begun = time.monotonic()
    trouble = work()
    return Outcome(time.monotonic() - begun, trouble)


def check(*, strict: bool) -> int:
    all_of_it = Round()
    chromium = browser.bring()
    unseen = "" if chromium else "NOT RUN: the browser tests. There is no Chromium here, and it could not be installed; set ZUKE_CHROMIUM to one."
    os.environ["ZUKE_CHROMIUM"] = chromium or ""
    with ThreadPoolExecutor(2) as two:  # what they say is told in order
        begun = {name: two.submit(quietly, arguments) for name, arguments in STEPS.items()}
        for name, outcome in begun.items():
            all_of_it.step(name, outcome.result)
    all_of_it.step("pytest", lambda: aloud(lambda: pytest(chromium, strict=strict)))
    if strict and unseen:
        all_of_it.went.append(("browser", 0.0, "not run"))
    all_of_it.tell(unseen)
    return 1 if all_of_it.failed else 0


def pytest(chromium: str | None, *, strict: bool) -> str:
    """All tests but the bench; the browser's only where there is one."""
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.unlink(missing_ok=True)
    without = ["tests/bench", *([] if chromium else [BROWSER_TESTS])]
    trouble = run(["-m", "pytest", "-n", "2", "-rs", f"--junitxml={REPORT}", *(f"--ignore={place}" for place in without), "tests"])
    skipped = names_of_skipped(REPORT) if strict and REPORT.exists() else []
    if skipped:
        print(f"Nothing may be skipped here, and these were: {', '.join(skipped)}")
        return trouble or f"{len(skipped)} tests were skipped"
    return trouble


def names_of_skipped(report: Path) -> list[str]:
    """Which tests were not run, after pytest's report; expected failures did run."""
    cases = ElementTree.parse(report).iter("testcase")  # noqa: S314 - we wrote it ourselves
    return [f"{case.get('classname')}::{case.get('name')}" for case in cases if case.find("skipped[@type='pytest.skip']") is not None]


def main() -> int:
    if sys.argv[1:]:
        return subprocess.run([sys.executable, "-m", "pytest", *sys.argv[1:]], cwd=ROOT, check=False).returncode
    return check(strict=os.environ.get("ZUKE_NOTHING_SKIPPED") == "1")


if __name__ == "__main__":
    raise SystemExit(main())
