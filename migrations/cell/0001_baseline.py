"""The cell plane as it was first released. Written by python -m migrations.draft."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS cell")
    op.execute("""
        CREATE TABLE cell.bells (
            tenant TEXT NOT NULL,
            due_at TIMESTAMP WITH TIME ZONE NOT NULL,
            kind TEXT NOT NULL,
            id UUID NOT NULL,
            CONSTRAINT pk_bells PRIMARY KEY (id)
        )
        """)
    op.execute("CREATE INDEX ix_bells_due_at ON cell.bells (due_at)")
    op.execute("CREATE INDEX ix_bells_tenant ON cell.bells (tenant, due_at)")
    op.execute("""
        CREATE TABLE cell.schemas (
            key TEXT NOT NULL,
            state TEXT NOT NULL,
            revision TEXT NOT NULL,
            error TEXT,
            made_at TIMESTAMP WITH TIME ZONE NOT NULL,
            claimed_at TIMESTAMP WITH TIME ZONE,
            migrated_at TIMESTAMP WITH TIME ZONE,
            CONSTRAINT pk_schemas PRIMARY KEY (key),
            CONSTRAINT ck_schemas_state CHECK (state IN ('vacant', 'let', 'leaving'))
        )
        """)
    op.execute("CREATE INDEX ix_schemas_revision ON cell.schemas (revision)")
    op.execute("CREATE INDEX ix_schemas_vacant ON cell.schemas (key) WHERE state = 'vacant'")
    op.execute("GRANT USAGE ON SCHEMA cell TO PUBLIC")
    op.execute("GRANT INSERT ON cell.bells TO PUBLIC")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON cell.bells TO zuke_app")
    op.execute("GRANT SELECT, UPDATE (state, claimed_at) ON cell.schemas TO zuke_app")
    op.execute("ALTER TABLE cell.bells ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY own ON cell.bells FOR INSERT TO PUBLIC WITH CHECK (tenant = current_user)")
    op.execute("CREATE POLICY sweeper ON cell.bells FOR ALL TO zuke_app USING (true) WITH CHECK (true)")
