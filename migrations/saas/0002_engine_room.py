"""The engine room: our own staff, and what they do.

Works with the release before: it only adds.
"""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE saas.operators (
            person_id UUID NOT NULL,
            role TEXT NOT NULL,
            added_at TIMESTAMP WITH TIME ZONE NOT NULL,
            added_by_id UUID,
            CONSTRAINT pk_operators PRIMARY KEY (person_id),
            CONSTRAINT ck_operators_role CHECK (role IN ('operator', 'viewer')),
            CONSTRAINT fk_operators_person_id FOREIGN KEY(person_id) REFERENCES saas.people (id)
        )
        """)
    op.execute("""
        CREATE TABLE saas.operator_audit (
            at TIMESTAMP WITH TIME ZONE NOT NULL,
            person_id UUID,
            what TEXT NOT NULL,
            tenant_id UUID,
            why TEXT NOT NULL,
            data JSONB NOT NULL,
            id UUID NOT NULL,
            CONSTRAINT pk_operator_audit PRIMARY KEY (id)
        )
        """)
    op.execute("CREATE INDEX ix_operator_audit_tenant_id ON saas.operator_audit (tenant_id, id)")
    op.execute("INSERT INTO saas.operators (person_id, role, added_at) SELECT id, 'operator', now() FROM saas.people WHERE is_operator")
