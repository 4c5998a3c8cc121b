"""From a bare machine to a virtual environment, with stand-ins for uv and pip."""

import re
import subprocess
import sys
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from sandbox.machine import bare
from sandbox.machine.lock import LOCKS

ROOT = bare.ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with locks that need nothing from outside."""
    root = tmp_path / "a check out"
    root.mkdir()
    for lock in LOCKS:
        (root / lock).write_text(f"# {lock}\n")
    return root


@pytest.fixture
def without_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)


@pytest.fixture
def quick(without_uv: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Real environments, but without the pip inside, which takes seconds; the locks here are empty, so pip would do nothing."""
    run = bare._run

    def without_pip(command: list[str]) -> str | None:
        if command[1:3] == ["-m", "pip"]:
            return None
        return run([*command, "--without-pip"] if command[1:3] == ["-m", "venv"] else command)

    monkeypatch.setattr(bare, "_run", without_pip)


@pytest.mark.usefixtures("quick")
def test_made_once_and_then_left_alone(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = bare.environment(checkout, "requirements-laptop.lock")
    assert subprocess.run([python, "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True, check=True).stdout.strip() == str(
        checkout / ".venv"
    )

    monkeypatch.setattr(bare, "_install", lambda *_: pytest.fail("installed again"))
    assert bare.environment(checkout, "requirements-laptop.lock") == python


@pytest.mark.usefixtures("without_uv")
def test_without_uv_pip_does_it(checkout: Path) -> None:
    python = bare.environment(checkout, "requirements-laptop.lock")
    assert subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=True).stdout


@pytest.mark.usefixtures("without_uv")
def test_without_ensurepip_the_pip_outside_installs_inside(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, installed = bare._run, []

    def as_on_bare_debian(command: list[str]) -> str | None:
        if "install" in command:
            installed.append(command)
            return None
        return "ensurepip is not available" if "venv" in command and "--without-pip" not in command else run(command)

    monkeypatch.setattr(bare, "_run", as_on_bare_debian)
    python = bare.environment(checkout, "requirements-laptop.lock")
    assert subprocess.run([python, "-c", "print(1)"], capture_output=True, check=True).stdout
    assert [command[:5] for command in installed] == [[sys.executable, "-m", "pip", "--python", str(python)]]


@pytest.mark.usefixtures("quick")
def test_a_changed_lock_is_installed(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare.environment(checkout, "requirements-laptop.lock")
    (checkout / "requirements-laptop.lock").write_text("# newer\n")
    installed: list[Path] = []
    monkeypatch.setattr(bare, "_install", lambda _, lock: installed.append(lock))
    bare.environment(checkout, "requirements-laptop.lock")
    assert installed == [checkout / "requirements-laptop.lock"]


@pytest.mark.usefixtures("quick")
def test_bin_up_leaves_what_bin_test_installed(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare.environment(checkout, "requirements-test.lock")
    monkeypatch.setattr(bare, "_install", lambda *_: pytest.fail("installed again"))
    bare.environment(checkout, "requirements-laptop.lock")


@pytest.mark.usefixtures("quick")
def test_an_environment_is_brought_up_to_date_where_it_is(checkout: Path) -> None:
    python = bare.environment(checkout, "requirements-laptop.lock")
    mine = checkout / ".venv" / "mine"
    mine.touch()
    (checkout / "requirements-laptop.lock").write_text("# newer\n")
    assert bare.environment(checkout, "requirements-laptop.lock") == python
    assert mine.exists()


@pytest.mark.usefixtures("quick")
def test_an_environment_of_another_python_is_made_anew(checkout: Path) -> None:
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    bare.environment(checkout, "requirements-laptop.lock")
    assert subprocess.run([python, "-c", "print(1)"], capture_output=True, check=True).stdout


@pytest.mark.usefixtures("quick")
def test_an_interrupted_installation_is_begun_again(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(bare, "_install", interrupted)
        bare.environment(checkout, "requirements-laptop.lock")
    python = bare.environment(checkout, "requirements-laptop.lock")
    assert python.exists()


@pytest.mark.usefixtures("without_uv")
def test_a_package_whose_hash_is_wrong_is_refused_with_the_reason(checkout: Path) -> None:
    (checkout / "requirements-laptop.lock").write_text("six==1.17.0 --hash=sha256:" + "0" * 64 + "\n")
    with pytest.raises(bare.Refused, match=r"(?s)could not install the packages of requirements-laptop.lock.*exit code"):
        bare.environment(checkout, "requirements-laptop.lock")
    assert not (checkout / ".venv" / "installed-from").exists()


def test_an_old_python_gets_one_sentence(tmp_path: Path) -> None:
    """The file runs with the version number of an old Python, and with no newer one beside it."""
    pretend = f"import sys; sys.version_info = (3, 9, 2, 'final', 0); sys.version = '3.9.2 (old)'; sys.path.insert(0, {str(ROOT)!r})\n"
    done = subprocess.run(
        [sys.executable, "-c", pretend + "import sandbox.machine.oldest"], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == "Zuke needs Python 3.11 or newer, and this is Python 3.9.2. Install a newer one and start again.\n"


def test_an_old_python_goes_on_as_a_newer_one_beside_it(tmp_path: Path) -> None:
    newer = tmp_path / "python3.12"
    newer.write_text('#!/bin/sh\necho "newer: $1"\n')
    newer.chmod(0o755)
    pretend = f"import sys; sys.version_info = (3, 9, 2, 'final', 0); sys.argv = ['bin/up']; sys.path.insert(0, {str(ROOT)!r})\n"
    done = subprocess.run(
        [sys.executable, "-c", pretend + "import sandbox.machine.oldest"], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=True
    )
    assert done.stdout == "newer: bin/up\n"


def test_the_first_lines_are_readable_for_an_old_python() -> None:
    for file in (ROOT / "bin" / "up", ROOT / "bin" / "test", ROOT / "sandbox" / "machine" / "oldest.py"):
        assert not re.search(r"""\bf["']|:=|\bmatch\b.*:$|->|\bnonlocal\b""", file.read_text(), re.MULTILINE), file


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_fits_pyproject_and_names_no_index(lock: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = list(project["dependencies"])
    for extra in {"requirements.lock": [], "requirements-laptop.lock": ["laptop"], "requirements-test.lock": ["laptop", "test"]}[lock]:
        wanted += [one for one in project["optional-dependencies"][extra] if not one.startswith("zuke[")]
    text = (ROOT / lock).read_text()
    locked = {name.lower(): version for name, version in re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)", text, re.MULTILINE)}
    for requirement in wanted:
        name, _, version = requirement.partition("==")
        name = re.split(r"[\[<>=]", name)[0].lower()
        assert name in locked, f"{name} is not locked: python -m sandbox.machine.lock"
        assert version in {"", locked[name]}, f"{name} is locked at {locked[name]}: python -m sandbox.machine.lock"
    assert not re.search(r"https?://|--(extra-)?index|--find-links", text)
    assert text.count("--hash=sha256:") >= len(locked)


def test_the_locks_agree_with_each_other() -> None:
    versions = [dict(re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE)) for lock in LOCKS]
    for narrow, wide in pairwise(versions):
        assert narrow.items() <= wide.items()
