"""From a bare machine to our own virtual environment. Standard library only."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[2]
WIDEST = "requirements-test.lock"
ENOUGH = 500  # MB on the disk: packages, databases and their logs


class Refused(Exception):
    """Why we cannot start, in a sentence for the person at the terminal."""


def enter(command: str, lock: str, module: str) -> NoReturn:
    """Become ``module`` inside the virtual environment of ``lock``."""
    try:
        python = environment(ROOT, lock)
    except (Refused, OSError) as reason:
        sys.exit(f"bin/{command}: {reason}")
    except KeyboardInterrupt:
        sys.exit(130)
    os.environ["PYTHONPATH"] = str(ROOT)
    os.execv(python, [str(python), "-m", module, *sys.argv[1:]])  # noqa: S606


def environment(root: Path, lock: str) -> Path:
    """A Python that has everything in ``lock``; made when missing, left alone when up to date."""
    home = root / ".venv"
    stamp, python = home / "installed-from", home / "bin" / "python"
    (root / "var").mkdir(exist_ok=True)
    with (root / "var" / "venv.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        lock = _wider(root, lock, stamp)
        mark = f"{lock} {hashlib.sha256((root / lock).read_bytes()).hexdigest()} {sys.version_info.major}.{sys.version_info.minor}"
        if not (stamp.is_file() and stamp.read_text() == mark and os.access(python, os.X_OK)):
            require_space(root)
            stamp.unlink(missing_ok=True)
            _install(home, root / lock)
            stamp.write_text(mark)
    return python


def require_space(directory: Path) -> None:
    """Refuse to fill a disk that is nearly full."""
    free = shutil.disk_usage(directory).free // 1_000_000
    if free < ENOUGH:
        raise Refused(f"the disk that holds {directory} is full: {free} MB are left and Zuke needs {ENOUGH} MB. Make room and start again.")


def _wider(root: Path, lock: str, stamp: Path) -> str:
    """bin/test installs more than bin/up, and the next bin/up must not take it away."""
    installed = stamp.read_text().split(" ")[0] if stamp.is_file() else ""
    return WIDEST if installed == WIDEST and (root / WIDEST).exists() else lock


def _install(home: Path, lock: Path) -> None:
    print(f"Installing the packages of {lock.name} into .venv (once) ...", flush=True)
    failures = ""
    for way in (_with_uv, _with_pip):
        if (failure := way(home, lock)) is None:
            return
        failures += failure
    raise Refused(f"could not install the packages of {lock.name}.{failures}")


def _with_uv(home: Path, lock: Path) -> str | None:
    uv = shutil.which("uv")
    if not uv:
        return ""
    made = None if _is_usable(home) else _run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(home)])
    return made or _run([uv, "pip", "sync", "--quiet", "--python", str(home / "bin" / "python"), "--require-hashes", str(lock)])


def _with_pip(home: Path, lock: Path) -> str | None:
    install = ["install", "--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes", "-r", str(lock)]
    python = str(home / "bin" / "python")
    if not _is_usable(home):
        # Debian without python3-venv puts no pip inside.
        whole = _run([sys.executable, "-m", "venv", "--clear", str(home)])
        if whole and (bare := _run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(home)])):
            return bare
    if _run([python, "-m", "pip", "--version"]) is None:
        return _run([python, "-m", "pip", *install])
    return _run([sys.executable, "-m", "pip", "--python", python, *install])


def _is_usable(home: Path) -> bool:
    """Is there an environment of our version of Python? It is brought up to date where it is: somebody may be running from it."""
    python = home / "bin" / "python"
    ours = f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]} or sys.prefix == sys.base_prefix)"
    return python.exists() and _run([str(python), "-c", ours]) is None


def _run(command: list[str]) -> str | None:
    """None when it worked, otherwise what it said last."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode == 0:
        return None
    said = "".join(f"\n    {line}" for line in done.stdout.strip().splitlines()[-6:])
    return f"\n  {' '.join(command[:4])} ... ended with exit code {done.returncode}:{said}"
