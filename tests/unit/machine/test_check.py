"""bin/test itself: what it runs, what it says, and when it fails."""

from pathlib import Path
from typing import IO

import pytest

from sandbox.machine import browser, check

REPORT = """<testsuites><testsuite>
<testcase classname="tests.a" name="passes"/>
<testcase classname="tests.a" name="is_skipped"><skipped type="pytest.skip" message="no time"/></testcase>
<testcase classname="tests.a" name="fails_as_expected"><skipped type="pytest.xfail" message=""/></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """What would have been run; all of it succeeds."""
    ran: list[list[str]] = []

    def run(arguments: list[str], said: IO[str] | None = None) -> str:
        ran.append(arguments)
        return ""

    monkeypatch.setattr(check, "run", run)
    monkeypatch.setattr(check, "REPORT", tmp_path / "report.xml")
    monkeypatch.setattr(browser, "bring", lambda: "/usr/bin/chromium")
    monkeypatch.setenv("ZUKE_CHROMIUM", "")
    return ran


def test_runs_everything_and_tells_how_long_each_took(commands: list[list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    assert check.check(strict=True) == 0
    said = capsys.readouterr().out
    assert [line.split()[0] for line in said.partition("=== bin/test ===")[2].split("\n") if line] == [*check.STEPS, "pytest", "all"]
    assert sorted(command[1] for command in commands if command[0] == "-m") == ["mypy", "pytest", "ruff", "ruff", "web.cli"]
    assert commands[-1][1] == "pytest"
    assert not any("tests/browser" in word for word in commands[-1])
    assert "--ignore=tests/bench" in commands[-1]


def test_goes_on_after_a_failure_and_fails_at_the_end(
    commands: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(check.STEPS, "lint", ["-c", "broken"])
    fine = check.run
    monkeypatch.setattr(check, "run", lambda arguments, said=None: "exit code 1" if arguments[-1] == "broken" else fine(arguments))
    assert check.check(strict=False) == 1
    assert commands[-1][1] == "pytest"
    assert "FAILED" in capsys.readouterr().out


@pytest.mark.parametrize(("strict", "code"), [(False, 0), (True, 1)])
def test_without_a_browser_says_so_loudly(
    commands: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, strict: bool, code: int
) -> None:
    monkeypatch.setattr(browser, "bring", lambda: None)
    assert check.check(strict=strict) == code
    assert "--ignore=tests/browser" in commands[-1]
    assert capsys.readouterr().out.strip().splitlines()[-1].startswith("!!! NOT RUN: the browser tests.")


@pytest.mark.parametrize(("strict", "trouble"), [(False, ""), (True, "1 tests were skipped")])
def test_where_nothing_may_be_skipped_a_skipped_test_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, strict: bool, trouble: str
) -> None:
    report = tmp_path / "report.xml"
    monkeypatch.setattr(check, "REPORT", report)
    monkeypatch.setattr(check, "run", lambda _: report.write_text(REPORT) and "")
    assert check.pytest("chromium", strict=strict) == trouble
    assert check.names_of_skipped(report) == ["tests.a::is_skipped"]


def test_a_step_that_fails_says_its_exit_code() -> None:
    assert check.run(["-c", "raise SystemExit(3)"]) == "exit code 3"
    assert check.run(["-c", "pass"]) == ""


def test_a_browser_elsewhere_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mine = tmp_path / "my browser"
    mine.touch(mode=0o755)
    monkeypatch.setenv("ZUKE_CHROMIUM", str(mine))
    assert browser.find() == str(mine)
    monkeypatch.setenv("ZUKE_CHROMIUM", str(tmp_path / "none"))
    assert browser.find() is None
