"""How an import is to be done, as its form says; kept with it as JSON."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self, get_args

from tenants.values.words import N_

Policy = Literal["skip", "update", "create"]
POLICIES: tuple[Policy, ...] = get_args(Policy)
POLICY_NAMES: dict[str, str] = {
    "skip": N_("Leave the existing one as it is"),
    "update": N_("Fill the existing one's fields with those of the file"),
    "create": N_("Create another one all the same"),
}


@dataclass(frozen=True, slots=True)
class Options:
    """`owner_id`: whose the new ones are where the file does not say. `choices`, `offered`: see tenants.imports.rows.World.

    `words`: how a follow-up tells of people whom we do not know: {"author": "Originally by %(name)s", "contact": …}.
    """

    policy: Policy = "skip"
    owner_id: uuid.UUID | None = None
    tags: tuple[str, ...] = ()
    makes_customers: bool = False
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    offered: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        owner = kept.get("owner_id")
        plain = {name: kept[name] for name in ("policy", "makes_customers", "choices", "offered", "words") if name in kept}
        return cls(**plain, owner_id=uuid.UUID(owner) if owner else None, tags=tuple(kept.get("tags", ())))

    def kept(self) -> dict[str, Any]:
        return {
            "policy": self.policy,
            "owner_id": str(self.owner_id) if self.owner_id else None,
            "tags": list(self.tags),
            "makes_customers": self.makes_customers,
            "choices": {name: dict(known) for name, known in self.choices.items()},
            "offered": dict(self.offered),
            "words": dict(self.words),
        }
