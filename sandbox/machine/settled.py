"""What an earlier start has settled: that the tables are those of this code, and that the demo companies and Stripe's plans stand.

The note lies among the cluster's data and goes when they go. It holds for exactly the files that migrate and furnish.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sandbox.machine.bare import ROOT

DECIDING = ("migrations/**/*.py", "migrations/*.sql", "tenants/demo/*.py", "saas/plans/*.py", "web/demo.py", "requirements.lock")


@dataclass(frozen=True, slots=True)
class Settled:
    """`commands`: what is run when nothing is settled; others settle anew. `beside`: what must still be there as well."""

    note: Path
    commands: tuple[str, ...]
    beside: tuple[Path, ...] = ()

    def told(self) -> str | None:
        """What the demo told when it was furnished; None when something is to be done."""
        try:
            kept = json.loads(self.note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return str(kept["told"]) if kept.get("of") == self._fingerprint() and all(path.exists() for path in self.beside) else None

    def keep(self, told: str) -> None:
        self.note.write_text(json.dumps({"of": self._fingerprint(), "told": told}), encoding="utf-8")

    def _fingerprint(self) -> str:
        sums = hashlib.sha256("\0".join(self.commands).encode())
        for path in _deciding(ROOT):
            sums.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
        return sums.hexdigest()


def _deciding(root: Path) -> Iterable[Path]:
    return sorted(path for pattern in DECIDING for path in root.glob(pattern))
