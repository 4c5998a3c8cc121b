"""The rent: what a tenant rents at Stripe, what Stripe has told us, and when a tenant's life goes on.

Works with the release before: it only adds.
"""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _tenants()
    _stripe_events()
    _subscriptions()
    _referrals()


def _tenants() -> None:
    op.execute("ALTER TABLE saas.tenants ADD COLUMN seats BIGINT")
    op.execute("ALTER TABLE saas.tenants ADD COLUMN next_step_at TIMESTAMP WITH TIME ZONE")
    op.execute("ALTER TABLE saas.tenants ADD COLUMN closed_at TIMESTAMP WITH TIME ZONE")
    op.execute("ALTER TABLE saas.tenants ADD COLUMN warned TEXT")
    op.execute("ALTER TABLE saas.tenants ADD COLUMN warned_at TIMESTAMP WITH TIME ZONE")
    op.execute("CREATE INDEX ix_tenants_next_step_at ON saas.tenants (next_step_at) WHERE next_step_at IS NOT NULL")
    op.execute("ALTER TABLE saas.tenant_changes ADD COLUMN event TEXT")
    # Trials that run already lead on by themselves, too.
    op.execute("UPDATE saas.tenants SET next_step_at = trial_ends_at WHERE state = 'trial'")


def _stripe_events() -> None:
    op.execute("""
        CREATE TABLE saas.stripe_events (
            id TEXT NOT NULL,
            kind TEXT NOT NULL,
            at TIMESTAMP WITH TIME ZONE NOT NULL,
            about TEXT NOT NULL,
            payer TEXT,
            received_at TIMESTAMP WITH TIME ZONE NOT NULL,
            applied_at TIMESTAMP WITH TIME ZONE,
            CONSTRAINT pk_stripe_events PRIMARY KEY (id)
        )
        """)
    op.execute("CREATE INDEX ix_stripe_events_open ON saas.stripe_events (payer) WHERE applied_at IS NULL")


def _subscriptions() -> None:
    op.execute("""
        CREATE TABLE saas.subscriptions (
            tenant_id UUID NOT NULL,
            payer TEXT NOT NULL,
            id TEXT,
            standing TEXT,
            plan TEXT,
            seats BIGINT,
            price NUMERIC(12, 2),
            ends_at TIMESTAMP WITH TIME ZONE,
            stops_at TIMESTAMP WITH TIME ZONE,
            ended_at TIMESTAMP WITH TIME ZONE,
            is_sent BOOLEAN DEFAULT false NOT NULL,
            waits_for BIGINT,
            later_plan TEXT,
            later_seats BIGINT,
            overdue_since TIMESTAMP WITH TIME ZONE,
            title TEXT,
            tax_number TEXT,
            mail TEXT,
            read_at TIMESTAMP WITH TIME ZONE,
            CONSTRAINT pk_subscriptions PRIMARY KEY (tenant_id),
            CONSTRAINT fk_subscriptions_tenant_id FOREIGN KEY(tenant_id) REFERENCES saas.tenants (id),
            CONSTRAINT uq_subscriptions_payer UNIQUE (payer)
        )
        """)


def _referrals() -> None:
    op.execute("""
        CREATE TABLE saas.referrals (
            tenant_id UUID NOT NULL,
            referrer_id UUID NOT NULL,
            state TEXT NOT NULL,
            came_at TIMESTAMP WITH TIME ZONE NOT NULL,
            decided_at TIMESTAMP WITH TIME ZONE,
            checks JSONB NOT NULL,
            amount NUMERIC(12, 2),
            referrer_amount NUMERIC(12, 2),
            CONSTRAINT pk_referrals PRIMARY KEY (tenant_id),
            CONSTRAINT ck_referrals_state CHECK (state IN ('came', 'credited', 'refused')),
            CONSTRAINT fk_referrals_tenant_id FOREIGN KEY(tenant_id) REFERENCES saas.tenants (id),
            CONSTRAINT fk_referrals_referrer_id FOREIGN KEY(referrer_id) REFERENCES saas.tenants (id)
        )
        """)
    op.execute("CREATE INDEX ix_referrals_referrer_id ON saas.referrals (referrer_id)")
    op.execute("""
        CREATE TABLE saas.referral_links (
            code TEXT NOT NULL,
            tenant_id UUID NOT NULL,
            CONSTRAINT pk_referral_links PRIMARY KEY (code),
            CONSTRAINT uq_referral_links_tenant_id UNIQUE (tenant_id),
            CONSTRAINT fk_referral_links_tenant_id FOREIGN KEY(tenant_id) REFERENCES saas.tenants (id)
        )
        """)
