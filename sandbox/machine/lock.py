"""Make the lock files anew from pyproject.toml: ``python -m sandbox.machine.lock`` (needs uv)."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
# What each is for: the image, bin/up, bin/test. Every one holds all of the one before.
LOCKS = {"requirements.lock": [], "requirements-laptop.lock": ["laptop"], "requirements-test.lock": ["test"]}
HOW = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--quiet"]


def main() -> None:
    widest = ROOT / "requirements-test.lock"
    for name in reversed(LOCKS):
        extras = [f"--extra={extra}" for extra in LOCKS[name]]
        same_versions = [] if name == widest.name else [f"--constraint={widest.name}"]
        subprocess.run(["uv", "pip", "compile", "pyproject.toml", *extras, *same_versions, *HOW, "-o", name], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
