"""The engine room: long work with its files and who may see to it, what members are told, scores.

Works with the release before: it only adds, and two indexes grow.
"""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    long_work()
    notifications()
    rights()
    short_words()
    scores()
    imports()
    belonging()


def long_work() -> None:
    op.execute("""
        CREATE TABLE jobs (
            kind TEXT NOT NULL,
            state TEXT DEFAULT 'waiting' NOT NULL,
            params JSONB NOT NULL,
            done BIGINT DEFAULT '0' NOT NULL,
            total BIGINT,
            result JSONB,
            failure JSONB,
            member_id UUID,
            created_at TIMESTAMP WITH TIME ZONE NOT NULL,
            due_at TIMESTAMP WITH TIME ZONE NOT NULL,
            started_at TIMESTAMP WITH TIME ZONE,
            finished_at TIMESTAMP WITH TIME ZONE,
            cancel_asked_at TIMESTAMP WITH TIME ZONE,
            attempts BIGINT DEFAULT '0' NOT NULL,
            lease UUID,
            leased_until TIMESTAMP WITH TIME ZONE,
            id UUID NOT NULL,
            CONSTRAINT pk_jobs PRIMARY KEY (id),
            CONSTRAINT ck_jobs_state CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled'))
        )
        """)
    op.execute("CREATE INDEX ix_jobs_open ON jobs (id) WHERE state IN ('waiting', 'running')")
    op.execute("""
        CREATE TABLE job_files (
            job_id UUID NOT NULL,
            role TEXT NOT NULL,
            name TEXT NOT NULL,
            media_type TEXT NOT NULL,
            size BIGINT NOT NULL,
            content BYTEA NOT NULL,
            created_at TIMESTAMP WITH TIME ZONE NOT NULL,
            id UUID NOT NULL,
            CONSTRAINT pk_job_files PRIMARY KEY (id),
            CONSTRAINT fk_job_files_job_id FOREIGN KEY(job_id) REFERENCES jobs (id) ON DELETE CASCADE
        )
        """)
    op.execute("CREATE INDEX ix_job_files_job_id ON job_files (job_id, role)")


def notifications() -> None:
    op.execute("ALTER TABLE members ADD COLUMN preferences JSONB")
    op.execute("""
        CREATE TABLE notifications (
            member_id UUID NOT NULL,
            kind TEXT NOT NULL,
            at TIMESTAMP WITH TIME ZONE NOT NULL,
            customer_id UUID,
            opportunity_id UUID,
            subject_id UUID,
            data JSONB NOT NULL,
            read_at TIMESTAMP WITH TIME ZONE,
            id UUID NOT NULL,
            CONSTRAINT pk_notifications PRIMARY KEY (id),
            CONSTRAINT fk_notifications_member_id FOREIGN KEY(member_id) REFERENCES members (id) ON DELETE CASCADE
        )
        """)
    op.execute("CREATE INDEX ix_notifications_member_id ON notifications (member_id, at, id)")
    op.execute("CREATE INDEX ix_notifications_unread ON notifications (member_id) WHERE read_at IS NULL")


def rights() -> None:
    op.execute("""
        UPDATE roles SET grants = jsonb_set(grants, '{settings,verbs}', grants #> '{settings,verbs}' || '["jobs"]')
        WHERE key IN ('owner', 'admin') AND NOT grants #> '{settings,verbs}' @> '["jobs"]'
        """)


def short_words() -> None:
    """One or two letters are found by lexemes of their own from now on (tenants.values.names)."""
    for table in ("customers", "contacts", "opportunities"):
        op.execute(f"""
        UPDATE {table} SET search = search || array_to_tsvector(ARRAY(
            SELECT DISTINCT '^' || left(word, letters) FROM unnest(tsvector_to_array(search)) AS word, generate_series(1, 2) AS letters
            WHERE word ~ '^[ -~]+$'
        ))
        """)  # noqa: S608  # three names of ours


def scores() -> None:
    op.execute("""
        CREATE TABLE scores (
            subject_id UUID NOT NULL,
            kind TEXT NOT NULL,
            score BIGINT NOT NULL,
            parts SMALLINT[] NOT NULL,
            version BIGINT NOT NULL,
            given TEXT,
            at TIMESTAMP WITH TIME ZONE NOT NULL,
            CONSTRAINT pk_scores PRIMARY KEY (subject_id),
            CONSTRAINT ck_scores_kind CHECK (kind IN ('customer', 'opportunity')),
            CONSTRAINT ck_scores_score CHECK (score BETWEEN 0 AND 100)
        )
        """)
    op.execute("CREATE INDEX ix_scores_customers ON scores (score, subject_id) WHERE kind = 'customer'")
    op.execute("""
        UPDATE roles SET grants = jsonb_set(grants, '{settings,verbs}', grants #> '{settings,verbs}' || '["scoring"]')
        WHERE key IN ('owner', 'admin') AND NOT grants #> '{settings,verbs}' @> '["scoring"]'
        """)


def imports() -> None:
    op.execute("""
        CREATE TABLE imports (
            kind TEXT NOT NULL,
            state TEXT DEFAULT 'matching' NOT NULL,
            name TEXT NOT NULL,
            form TEXT NOT NULL,
            note TEXT NOT NULL,
            height BIGINT NOT NULL,
            heading BIGINT NOT NULL,
            fields TEXT[] NOT NULL,
            options JSONB NOT NULL,
            counts JSONB NOT NULL,
            content BYTEA,
            job_id UUID,
            member_id UUID NOT NULL,
            created_at TIMESTAMP WITH TIME ZONE NOT NULL,
            done_at TIMESTAMP WITH TIME ZONE,
            undone_at TIMESTAMP WITH TIME ZONE,
            id UUID NOT NULL,
            CONSTRAINT pk_imports PRIMARY KEY (id),
            CONSTRAINT ck_imports_kind CHECK (kind IN ('customer', 'contact', 'followup', 'opportunity')),
            CONSTRAINT ck_imports_state CHECK (state IN ('matching', 'checked', 'done', 'undone'))
        )
        """)
    op.execute("""
        CREATE TABLE import_rows (
            import_id UUID NOT NULL,
            number BIGINT NOT NULL,
            state TEXT NOT NULL,
            record_id UUID,
            data JSONB,
            CONSTRAINT pk_import_rows PRIMARY KEY (import_id, number),
            CONSTRAINT ck_import_rows_state CHECK (state IN ('created', 'updated', 'skipped', 'failed', 'kept')),
            CONSTRAINT fk_import_rows_import_id FOREIGN KEY(import_id) REFERENCES imports (id) ON DELETE CASCADE
        )
        """)


def belonging() -> None:
    """What goes when its customer goes is found by an index, whether it lies in the bin or not: fifty thousand can be taken back.

    The fleet works in transactions, where nothing is dropped concurrently. It comes last: the lock is held for a moment, and waited for not long.
    """
    for table in ("contacts", "opportunities"):
        op.execute(f"CREATE INDEX ix_{table}_customer_id ON {table} (customer_id, id)")
    for table in ("contacts", "opportunities"):
        op.execute(f"-- squawk-ignore require-concurrent-index-deletion\nDROP INDEX ix_{table}_customer")
