"""Imports: for who may bring records into the house."""

from tests.wall.routes import of, tenant

LEADERS = "alice mei"
DRAFT, TRIED = {"import_id": of("import", "Bob")}, {"import_id": of("import", "Alice")}
MADE = (
    "INSERT INTO imports (id, kind, state, name, form, note, height, heading, fields, options, counts, content, member_id, created_at, done_at) "
    "SELECT {key}, 'customer', '{state}', 'a.csv', 'csv', 'UTF-8', 2, 0, ARRAY['name'], '{{}}', "
    """'{{"created": 0, "updated": 0, "skipped": 0, "failed": 1}}', '\\x789c8b56ca4bcc4d558ae58a564ad44b02d2002d57049f', """
    "id, now(), {done} FROM members WHERE name = 'Mei'"
)
FAILED = """INSERT INTO import_rows (import_id, number, state, data) SELECT id, 2, 'failed', '{"errors": []}' FROM imports WHERE id = :import_id"""
MATCHING, CHECKED = (MADE.format(state=state, done="NULL", key=":import_id") for state in ("matching", "checked"))
SOME = MADE.format(state="checked", done="NULL", key="gen_random_uuid()")
JOB = (
    "INSERT INTO jobs (id, kind, params, state, created_at, due_at) "
    "SELECT :job_id, 'import', jsonb_build_object('import', id), 'done', now(), now() FROM imports LIMIT 1"
)

ROUTES = {
    "GET imports.index": tenant(may=LEADERS),
    "GET imports.new": tenant(may=LEADERS),
    "POST imports.create": tenant(may=LEADERS, data={"kind": "customer"}, answers={422}),
    "GET imports.template": tenant(may=LEADERS, kind="customer"),
    "GET imports.columns": tenant(may=LEADERS, before=MATCHING, **DRAFT),
    "POST imports.match": tenant(may=LEADERS, before=MATCHING, data={"field-0": "name", "act": "preview"}, **DRAFT),
    "GET imports.show": tenant(may=LEADERS, before=(CHECKED, FAILED), **TRIED),
    "POST imports.run": tenant(may=LEADERS, before=CHECKED, **TRIED),
    "POST imports.undo": tenant(may=LEADERS, before=MADE.format(state="done", done="now()", key=":import_id"), **TRIED),
    "POST imports.cancel": tenant(may=LEADERS, before=CHECKED, **TRIED),
    "GET imports.rejects": tenant(may=LEADERS, before=(CHECKED, FAILED), **TRIED),
    "GET imports.of_job": tenant(may=LEADERS, before=(SOME, JOB), job_id=of("job", "Bob")),
}
