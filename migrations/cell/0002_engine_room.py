"""The engine room: what workers report about the tenants of a cell. Only the app writes and reads it; tenants' roles do not.

Works with the release before: it only adds.
"""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE cell.job_reports (
            job_id UUID NOT NULL,
            tenant TEXT NOT NULL,
            kind TEXT NOT NULL,
            state TEXT NOT NULL,
            attempts BIGINT NOT NULL,
            asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
            started_at TIMESTAMP WITH TIME ZONE,
            ended_at TIMESTAMP WITH TIME ZONE,
            failure TEXT,
            again_at TIMESTAMP WITH TIME ZONE,
            CONSTRAINT pk_job_reports PRIMARY KEY (job_id)
        )
        """)
    op.execute("CREATE INDEX ix_job_reports_state ON cell.job_reports (state, job_id)")
    op.execute("CREATE INDEX ix_job_reports_tenant ON cell.job_reports (tenant)")
    op.execute("""
        CREATE TABLE cell.outbox_reports (
            tenant TEXT NOT NULL,
            open BIGINT NOT NULL,
            failed BIGINT NOT NULL,
            at TIMESTAMP WITH TIME ZONE NOT NULL,
            CONSTRAINT pk_outbox_reports PRIMARY KEY (tenant)
        )
        """)
    op.execute("""
        CREATE TABLE cell.sweeps (
            sweeper TEXT NOT NULL,
            at TIMESTAMP WITH TIME ZONE NOT NULL,
            passes BIGINT NOT NULL,
            bells BIGINT NOT NULL,
            lag DOUBLE PRECISION NOT NULL,
            CONSTRAINT pk_sweeps PRIMARY KEY (sweeper)
        )
        """)
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON cell.job_reports, cell.outbox_reports, cell.sweeps TO zuke_app")
