"""What our own staff may do. Pure."""

from tenants.values.words import N_

# role -> (name, what it may)
ROLES: dict[str, tuple[str, frozenset[str]]] = {"operator": (N_("Operator"), frozenset({"see", "act"})), "viewer": (N_("Viewer"), frozenset({"see"}))}


def may(role: str, verb: str) -> bool:
    return role in ROLES and verb in ROLES[role][1]
