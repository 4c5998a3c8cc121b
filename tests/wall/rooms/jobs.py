"""Long work: seen by who asked for it, and by who looks after all of it."""

from tests.wall.routes import of, tenant

JOB = of("job", "Bob")
ASKED = (
    "INSERT INTO jobs (id, kind, state, params, member_id, created_at, due_at, finished_at) "
    "SELECT :job_id, 'import', '{state}', '{{}}', id, now(), now(), {ended} FROM members WHERE name = 'Bob'"
)
WAITS = ASKED.format(state="waiting", ended="NULL")
FAILED = ASKED.format(state="failed", ended="now()")
FILE = (
    "INSERT INTO job_files (id, job_id, role, name, media_type, size, content, created_at) "
    "VALUES (:file_id, :job_id, 'rejects', 'rejects.csv', 'text/csv', 3, 'a,b', now())"
)

UNSENT = (
    "INSERT INTO outbox (id, kind, payload, due_at, created_at, failed_at, failure) "
    "VALUES (:promise_id, 'mail', '{}', now(), now(), now(), 'no such user')"
)

ROUTES = {
    "GET jobs.index": tenant(may="alice"),
    "GET jobs.undelivered": tenant(may="alice"),
    "POST jobs.deliver_again": tenant(may="alice", promise_id=of("promise", "Bob"), before=UNSENT),
    "GET jobs.show": tenant(may="alice bob", job_id=JOB, before=FAILED),
    "POST jobs.cancellation": tenant(may="alice bob", job_id=JOB, before=WAITS),
    "POST jobs.retry": tenant(may="alice bob", job_id=JOB, before=FAILED),
    "GET jobs.file": tenant(may="alice bob", job_id=JOB, file_id=of("file", "Bob"), before=(FAILED, FILE)),
}
