"""设置: each page asks for a permission of its own; of those on stage only the owner holds them."""

from tests.wall.routes import look, public, tenant

ROLE = look("SELECT id FROM roles WHERE key = 'sales'")
OWN_ROLE = look("SELECT id FROM roles WHERE key = 'finance'")
MEMBER = look("SELECT id FROM members WHERE name IN ('Bob', 'Charlie')")
TEAM = look("SELECT id FROM teams")
MATRIX = {"name": "Office", "verbs": "customer.read", "scope-customer": "own"}

ROUTES = {
    "GET landing.show": public(),
    "GET landing.prices": public(),
    "GET landing.terms": public(),
    "GET landing.privacy": public(),
    "GET landing.robots": public(),
    "GET workbench.show": tenant(),
    "POST workbench.dismissal": tenant(may="alice"),
    "GET palette.find_anything": tenant(),
    "POST sample.furnishing": tenant(may="alice"),
    "POST sample.removal": tenant(may="alice"),
    "GET settings.index": tenant(may="alice"),
    "GET settings.company": tenant(may="alice"),
    "POST settings.company": tenant(may="alice", data={"name": "Alpha", "timezone": "Asia/Shanghai", "locale": "en"}),
    "GET settings.log": tenant(may="alice"),
    "GET support.show": tenant(may="alice"),
    "POST support.show": tenant(may="alice", data={"days": "3", "what_for": "The import of Monday"}),
    "POST support.refuse": tenant(may="alice"),
    "POST support.withdraw": tenant(may="alice"),
    "POST support.restore": tenant(may="alice", consent_id="0190a000-0000-7000-8000-0000000000dd"),
    "GET team.members": tenant(may="alice"),
    "GET team.member": tenant(may="alice", member_id=MEMBER),
    "POST team.member": tenant(may="alice", member_id=MEMBER, data={"name": "Robert", "role_id": ROLE}),
    "POST team.deactivation": tenant(may="alice", member_id=MEMBER),
    "POST team.reactivation": tenant(may="alice", member_id=MEMBER),
    "GET team.invite": tenant(may="alice"),
    "POST team.invite": tenant(may="alice", data={"mail": "dora@alpha.example", "role_id": ROLE, "team_id": ""}),
    "GET team.teams": tenant(may="alice"),
    "GET team.new_team": tenant(may="alice"),
    "POST team.new_team": tenant(may="alice", data={"name": "East", "parent_id": "", "leader_id": ""}),
    "GET team.roles": tenant(may="alice"),
    "GET team.new_role": tenant(may="alice"),
    "POST team.new_role": tenant(may="alice", data=MATRIX),
    "GET team.role": tenant(may="alice", role_id=ROLE),
    "POST team.role": tenant(may="alice", role_id=ROLE, data=MATRIX),
    "POST team.role_removal": tenant(may="alice", role_id=OWN_ROLE),
    "GET team.territories": tenant(may="alice"),
    "GET team.new_territory": tenant(may="alice"),
    "POST team.new_territory": tenant(may="alice", data={"name": "East", "parent_id": ""}),
}

_NODE = "INSERT INTO {table} (id, name, path) VALUES ('0190a000-0000-7000-8000-0000000000aa', 'West', '/0190a000-0000-7000-8000-0000000000aa/')"
_NODE_ID = "0190a000-0000-7000-8000-0000000000aa"
ROUTES |= {
    f"{method} team.{name}": tenant(
        may="alice", before=_NODE.format(table=kind), data=data, **{argument: look(f"SELECT id FROM {kind} WHERE name = 'West'")}
    )
    for kind, name, argument in (("teams", "team", "team_id"), ("territories", "territory", "territory_id"))
    for method, data in (("GET", {}), ("POST", {"name": "North", "parent_id": "", "leader_id": ""}))
}
ROUTES |= {
    f"POST team.{name}_removal": tenant(
        may="alice", before=_NODE.format(table=kind), **{argument: look(f"SELECT id FROM {kind} WHERE name = 'West'")}
    )
    for kind, name, argument in (("teams", "team", "team_id"), ("territories", "territory", "territory_id"))
}

# That another company's invitation is not found is asked in tests/web/team/test_members.py.
_INVITATION = "0190a000-0000-7000-8000-0000000000bb"
_INVITE = (
    "INSERT INTO saas.invitations (id, tenant_id, mail, role_id, token_hash, invited_by_id, created_at, expires_at) "
    f"SELECT '{_INVITATION}', t.id, 'dora@alpha.example', t.id, '\\x00', p.id, now(), now() + interval '1 day' "
    "FROM saas.tenants t, saas.people p WHERE t.slug = 'alpha' AND p.mail = 'alice@alpha.example'"
)
ROUTES |= {f"POST team.{verb}": tenant(may="alice", before_saas=_INVITE, invitation_id=_INVITATION) for verb in ("resend", "revocation")}
