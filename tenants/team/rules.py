"""What a role may hold: verbs per kind of record, and one data scope per kind. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tenants.values.words import N_

# From narrow to wide. A scope says whose records one sees: own ones always count.
SCOPES: dict[str, str] = {
    "own": N_("Own"),
    "subordinates": N_("Own and subordinates'"),
    "team": N_("Own team's"),
    "team_tree": N_("Own team's and its sub-teams'"),
    "territory": N_("Own territories'"),
    "all": N_("All"),
}

# The kinds of record, with the verbs that exist for each. Contacts, follow-ups, plans and attachments are seen with their customer.
VERBS: dict[str, tuple[str, ...]] = {
    "customer": ("read", "create", "edit", "transfer", "delete", "export", "import"),
    "contact": ("read", "create", "edit", "delete"),
    "followup": ("read", "create", "edit", "delete"),
    "opportunity": ("read", "create", "edit", "transfer", "delete", "export"),
    "statistics": ("read",),
    "settings": ("company", "members", "roles", "territories", "stages", "scoring", "fields", "subscription", "log", "jobs"),
}
SCOPED = ("customer", "opportunity")
KIND_NAMES: dict[str, str] = {
    "customer": N_("Customers"),
    "contact": N_("Contacts"),
    "followup": N_("Follow-ups"),
    "opportunity": N_("Opportunities"),
    "statistics": N_("Statistics"),
    "settings": N_("Settings"),
}
VERB_NAMES: dict[str, str] = {
    "read": N_("View"),
    "create": N_("Create"),
    "edit": N_("Edit"),
    "transfer": N_("Transfer"),
    "delete": N_("Delete"),
    "export": N_("Export"),
    "import": N_("Import"),
    "company": N_("Company"),
    "members": N_("Members and teams"),
    "roles": N_("Roles and permissions"),
    "territories": N_("Territories"),
    "stages": N_("Stages"),
    "scoring": N_("Scoring"),
    "fields": N_("Fields"),
    "subscription": N_("Subscription"),
    "log": N_("Log"),
    "jobs": N_("Jobs"),
}


@dataclass(frozen=True, slots=True)
class Grant:
    scope: str
    verbs: frozenset[str]


def grants_of(raw: Mapping[str, Any]) -> dict[str, Grant]:
    """The grants that a role's JSON holds. What we do not know of is not granted."""
    return {
        kind: Grant(
            scope=entry.get("scope", "own") if entry.get("scope", "own") in SCOPES else "own",
            verbs=frozenset(entry.get("verbs", ())) & frozenset(VERBS[kind]),
        )
        for kind, entry in raw.items()
        if kind in VERBS
    }


def _grants(scope: str, **verbs: str) -> dict[str, Any]:
    """`verbs`: kind -> verbs in one string; "*" means every verb of the kind."""
    return {kind: {"scope": scope, "verbs": list(VERBS[kind]) if words == "*" else words.split()} for kind, words in verbs.items()}


_EVERYTHING = _grants("all", customer="*", contact="*", followup="*", opportunity="*", statistics="*", settings="*")

# key -> (name, grants): the roles that a new company starts with.
DEFAULT_ROLES: dict[str, tuple[str, dict[str, Any]]] = {
    "owner": (N_("Boss"), _EVERYTHING),
    "admin": (N_("Administrator"), _EVERYTHING),
    "sales_manager": (N_("Sales manager"), _grants("team_tree", customer="*", contact="*", followup="*", opportunity="*", statistics="*")),
    "sales": (N_("Sales"), _grants("own", customer="read create edit", contact="*", followup="*", opportunity="read create edit", statistics="*")),
    "support": (N_("Support"), _grants("all", customer="read", contact="read create edit", followup="read create edit", opportunity="read")),
    "finance": (N_("Finance"), _grants("all", customer="read export", contact="read", followup="read", opportunity="read export", statistics="*")),
    "read_only": (N_("Read only"), _grants("all", customer="read", contact="read", followup="read", opportunity="read", statistics="*")),
}
UNCHANGEABLE = frozenset({"owner"})
