"""Seats that the renewal leaves, consents to look into a company, and visits to it.

Works with the release before: it only adds.
"""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("ALTER TABLE saas.tenants ADD COLUMN seats_later BIGINT")
    _support()
    _visits()


def _support() -> None:
    op.execute("""
        CREATE TABLE saas.support_consents (
            tenant_id UUID NOT NULL,
            asked_at TIMESTAMP WITH TIME ZONE,
            asked_by TEXT,
            asked_why TEXT,
            decided_at TIMESTAMP WITH TIME ZONE,
            decided_by TEXT,
            what_for TEXT,
            ends_at TIMESTAMP WITH TIME ZONE,
            withdrawn_at TIMESTAMP WITH TIME ZONE,
            withdrawn_by TEXT,
            id UUID NOT NULL,
            CONSTRAINT pk_support_consents PRIMARY KEY (id),
            CONSTRAINT fk_support_consents_tenant_id FOREIGN KEY(tenant_id) REFERENCES saas.tenants (id)
        )
        """)
    op.execute("CREATE INDEX ix_support_consents_tenant_id ON saas.support_consents (tenant_id, id)")


def _visits() -> None:
    op.execute("""
        CREATE TABLE saas.support_visits (
            tenant_id UUID NOT NULL,
            person_id UUID NOT NULL,
            session_id UUID NOT NULL,
            name TEXT NOT NULL,
            consent_id UUID,
            reason TEXT,
            began_at TIMESTAMP WITH TIME ZONE NOT NULL,
            ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
            ended_at TIMESTAMP WITH TIME ZONE,
            ending TEXT,
            rooms TEXT[] NOT NULL,
            id UUID NOT NULL,
            CONSTRAINT pk_support_visits PRIMARY KEY (id),
            CONSTRAINT ck_support_visits_ground CHECK (consent_id IS NOT NULL OR reason IS NOT NULL),
            CONSTRAINT fk_support_visits_tenant_id FOREIGN KEY(tenant_id) REFERENCES saas.tenants (id),
            CONSTRAINT fk_support_visits_person_id FOREIGN KEY(person_id) REFERENCES saas.people (id),
            CONSTRAINT fk_support_visits_consent_id FOREIGN KEY(consent_id) REFERENCES saas.support_consents (id)
        )
        """)
    op.execute("CREATE INDEX ix_support_visits_tenant_id ON saas.support_visits (tenant_id, id)")
    op.execute("CREATE INDEX ix_support_visits_person_id ON saas.support_visits (person_id, id)")
    op.execute("CREATE INDEX ix_support_visits_consent_id ON saas.support_visits (consent_id)")
