"""The operators' room: for our own staff; for everybody else it does not exist."""

from tests.wall.routes import operator

REPORTED = (
    "INSERT INTO cell.job_reports (job_id, tenant, kind, state, attempts, asked_at) "
    "SELECT '0190a000-0000-7000-8000-0000000000aa', key, 'export', 'failed', 5, now() FROM saas.tenants WHERE slug = 'alpha'"
)

ROUTES = {
    "GET operator.show": operator(),
    "GET operator.jobs": operator(),
    "GET operator.audit": operator(),
    "GET operator.retry": operator(cell="main", job_id="0190a000-0000-7000-8000-0000000000aa", before_saas=REPORTED),
    "POST operator.retry": operator(
        cell="main", job_id="0190a000-0000-7000-8000-0000000000aa", data={"why": "They asked us to."}, before_saas=REPORTED
    ),
}
