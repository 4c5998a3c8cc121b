"""The operators' room: for our own staff; for everybody else it does not exist."""

from tests.wall.routes import look, operator

AWAY = {422}  # alpha rents already, and Stripe does not answer here
REPORTED = (
    "INSERT INTO cell.job_reports (job_id, tenant, kind, state, attempts, asked_at) "
    "SELECT '0190a000-0000-7000-8000-0000000000aa', key, 'export', 'failed', 5, now() FROM saas.tenants WHERE slug = 'alpha'"
)

TENANT = look("SELECT id FROM saas.tenants WHERE slug = :company", plane="saas")
WHY = {"why": "They asked us to."}
PAYER = "INSERT INTO saas.subscriptions (tenant_id, payer) SELECT id, 'cus_' || slug FROM saas.tenants"

REASON = {"why": "A payment failed, and we look for the cause."}
VISIT = "0190a000-0000-7000-8000-0000000000cc"
VISITING = (
    "INSERT INTO saas.support_visits (id, tenant_id, person_id, session_id, name, reason, began_at, ends_at, rooms) "
    f"SELECT '{VISIT}', t.id, p.id, p.id, p.name, 'A payment failed.', now(), now() + interval '1 hour', '{{}}' "
    "FROM saas.tenants t, saas.people p WHERE t.slug = 'alpha' AND p.mail = 'olga@zuke.example'"
)

ROUTES = {
    "GET operator.visit": operator(tenant_id=TENANT),
    "POST operator.visit": operator(tenant_id=TENANT, data=REASON),
    "GET operator.ask": operator(tenant_id=TENANT),
    "POST operator.ask": operator(tenant_id=TENANT, data=REASON),
    "POST operator.end_visit": operator(visit_id=VISIT, before_saas=VISITING),
    "GET operator.tenants": operator(),
    "GET operator.tenant": operator(tenant_id=TENANT),
    "GET operator.trial": operator(tenant_id=TENANT),
    "POST operator.trial": operator(tenant_id=TENANT, data=WHY | {"days": "10"}, answers=AWAY),
    "GET operator.credit": operator(tenant_id=TENANT),
    "POST operator.credit": operator(tenant_id=TENANT, data=WHY | {"amount": "29"}, before_saas=PAYER, answers=AWAY),
    "GET operator.closing": operator(tenant_id=TENANT),
    "POST operator.closing": operator(tenant_id=TENANT, data=WHY),
    "GET operator.reopening": operator(tenant_id=TENANT),
    "POST operator.reopening": operator(tenant_id=TENANT, data=WHY, before_saas="UPDATE saas.tenants SET closed_at = now()"),
    "GET operator.show": operator(),
    "GET operator.jobs": operator(),
    "GET operator.audit": operator(),
    "GET operator.retry": operator(cell="main", job_id="0190a000-0000-7000-8000-0000000000aa", before_saas=REPORTED),
    "POST operator.retry": operator(
        cell="main", job_id="0190a000-0000-7000-8000-0000000000aa", data={"why": "They asked us to."}, before_saas=REPORTED
    ),
}
