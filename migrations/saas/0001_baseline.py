"""The saas plane as it was first released. Written by python -m migrations.draft."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS saas")
    op.execute("GRANT USAGE ON SCHEMA saas TO zuke_app")
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA saas GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO zuke_app")
    op.execute("""
        CREATE TABLE saas.outbox (
            kind TEXT NOT NULL,
            payload JSONB NOT NULL,
            due_at TIMESTAMP WITH TIME ZONE NOT NULL,
            created_at TIMESTAMP WITH TIME ZONE NOT NULL,
            leased_until TIMESTAMP WITH TIME ZONE,
            attempts INTEGER DEFAULT '0' NOT NULL,
            done_at TIMESTAMP WITH TIME ZONE,
            failed_at TIMESTAMP WITH TIME ZONE,
            failure TEXT,
            id UUID NOT NULL,
            CONSTRAINT pk_outbox PRIMARY KEY (id)
        )
        """)
    op.execute("CREATE INDEX ix_outbox_open ON saas.outbox (due_at) WHERE done_at IS NULL AND failed_at IS NULL")
    op.execute("""
        CREATE TABLE saas.people (
            mail TEXT NOT NULL,
            name TEXT NOT NULL,
            password_hash TEXT,
            mail_confirmed_at TIMESTAMP WITH TIME ZONE,
            locale TEXT,
            theme TEXT DEFAULT 'auto' NOT NULL,
            shortcuts BOOLEAN DEFAULT 'true' NOT NULL,
            is_operator BOOLEAN DEFAULT 'false' NOT NULL,
            created_at TIMESTAMP WITH TIME ZONE NOT NULL,
            id UUID NOT NULL,
            CONSTRAINT pk_people PRIMARY KEY (id),
            CONSTRAINT ck_people_mail_is_lower CHECK (mail = lower(mail)),
            CONSTRAINT uq_people_mail UNIQUE (mail)
        )
        """)
    op.execute("""
        CREATE TABLE saas.tenants (
            key TEXT NOT NULL,
            slug TEXT NOT NULL,
            name TEXT NOT NULL,
            cell TEXT NOT NULL,
            state TEXT NOT NULL,
            locale TEXT NOT NULL,
            timezone TEXT DEFAULT 'Asia/Shanghai' NOT NULL,
            plan TEXT DEFAULT 'trial' NOT NULL,
            trial_ends_at TIMESTAMP WITH TIME ZONE,
            created_at TIMESTAMP WITH TIME ZONE NOT NULL,
            id UUID NOT NULL,
            CONSTRAINT pk_tenants PRIMARY KEY (id),
            CONSTRAINT ck_tenants_state CHECK (state IN ('trial', 'active', 'past_due', 'read_only', 'closed', 'erased')),
            CONSTRAINT uq_tenants_key UNIQUE (key),
            CONSTRAINT uq_tenants_slug UNIQUE (slug)
        )
        """)
    op.execute("""
        CREATE TABLE saas.throttles (
            key TEXT NOT NULL,
            hits INTEGER NOT NULL,
            until TIMESTAMP WITH TIME ZONE NOT NULL,
            CONSTRAINT pk_throttles PRIMARY KEY (key)
        )
        """)
    op.execute("""
        CREATE TABLE saas.invitations (
            tenant_id UUID NOT NULL,
            mail TEXT NOT NULL,
            role_id UUID NOT NULL,
            team_id UUID,
            token_hash BYTEA NOT NULL,
            invited_by_id UUID NOT NULL,
            created_at TIMESTAMP WITH TIME ZONE NOT NULL,
            expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
            accepted_at TIMESTAMP WITH TIME ZONE,
            accepted_by_id UUID,
            revoked_at TIMESTAMP WITH TIME ZONE,
            id UUID NOT NULL,
            CONSTRAINT pk_invitations PRIMARY KEY (id),
            CONSTRAINT fk_invitations_tenant_id FOREIGN KEY(tenant_id) REFERENCES saas.tenants (id),
            CONSTRAINT uq_invitations_token_hash UNIQUE (token_hash),
            CONSTRAINT fk_invitations_invited_by_id FOREIGN KEY(invited_by_id) REFERENCES saas.people (id),
            CONSTRAINT fk_invitations_accepted_by_id FOREIGN KEY(accepted_by_id) REFERENCES saas.people (id)
        )
        """)
    op.execute("CREATE INDEX ix_invitations_tenant_id ON saas.invitations (tenant_id, created_at)")
    op.execute("""
        CREATE TABLE saas.memberships (
            person_id UUID NOT NULL,
            tenant_id UUID NOT NULL,
            created_at TIMESTAMP WITH TIME ZONE NOT NULL,
            ended_at TIMESTAMP WITH TIME ZONE,
            id UUID NOT NULL,
            CONSTRAINT pk_memberships PRIMARY KEY (id),
            CONSTRAINT fk_memberships_person_id FOREIGN KEY(person_id) REFERENCES saas.people (id),
            CONSTRAINT fk_memberships_tenant_id FOREIGN KEY(tenant_id) REFERENCES saas.tenants (id)
        )
        """)
    op.execute("CREATE INDEX ix_memberships_tenant_id ON saas.memberships (tenant_id)")
    op.execute("CREATE UNIQUE INDEX uq_memberships_person_id_tenant_id ON saas.memberships (person_id, tenant_id)")
    op.execute("""
        CREATE TABLE saas.oidc_links (
            issuer TEXT NOT NULL,
            subject TEXT NOT NULL,
            person_id UUID NOT NULL,
            created_at TIMESTAMP WITH TIME ZONE NOT NULL,
            CONSTRAINT pk_oidc_links PRIMARY KEY (issuer, subject),
            CONSTRAINT fk_oidc_links_person_id FOREIGN KEY(person_id) REFERENCES saas.people (id)
        )
        """)
    op.execute("CREATE INDEX ix_oidc_links_person_id ON saas.oidc_links (person_id)")
    op.execute("""
        CREATE TABLE saas.one_time_links (
            person_id UUID NOT NULL,
            purpose TEXT NOT NULL,
            token_hash BYTEA NOT NULL,
            created_at TIMESTAMP WITH TIME ZONE NOT NULL,
            expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
            used_at TIMESTAMP WITH TIME ZONE,
            id UUID NOT NULL,
            CONSTRAINT pk_one_time_links PRIMARY KEY (id),
            CONSTRAINT ck_one_time_links_purpose CHECK (purpose IN ('confirm', 'reset')),
            CONSTRAINT fk_one_time_links_person_id FOREIGN KEY(person_id) REFERENCES saas.people (id),
            CONSTRAINT uq_one_time_links_token_hash UNIQUE (token_hash)
        )
        """)
    op.execute("CREATE INDEX ix_one_time_links_person_id ON saas.one_time_links (person_id)")
    op.execute("""
        CREATE TABLE saas.sessions (
            token_hash BYTEA NOT NULL,
            person_id UUID NOT NULL,
            created_at TIMESTAMP WITH TIME ZONE NOT NULL,
            seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
            expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
            ended_at TIMESTAMP WITH TIME ZONE,
            address TEXT,
            agent TEXT,
            means TEXT DEFAULT 'password' NOT NULL,
            id UUID NOT NULL,
            CONSTRAINT pk_sessions PRIMARY KEY (id),
            CONSTRAINT uq_sessions_token_hash UNIQUE (token_hash),
            CONSTRAINT fk_sessions_person_id FOREIGN KEY(person_id) REFERENCES saas.people (id)
        )
        """)
    op.execute("CREATE INDEX ix_sessions_person_id ON saas.sessions (person_id) WHERE ended_at IS NULL")
    op.execute("""
        CREATE TABLE saas.tenant_changes (
            tenant_id UUID NOT NULL,
            at TIMESTAMP WITH TIME ZONE NOT NULL,
            before TEXT,
            after TEXT NOT NULL,
            why TEXT NOT NULL,
            person_id UUID,
            id UUID NOT NULL,
            CONSTRAINT pk_tenant_changes PRIMARY KEY (id),
            CONSTRAINT fk_tenant_changes_tenant_id FOREIGN KEY(tenant_id) REFERENCES saas.tenants (id)
        )
        """)
    op.execute("CREATE INDEX ix_tenant_changes_tenant_id ON saas.tenant_changes (tenant_id, at)")
