-- revision 0002
-- Written by python -m migrations.draft; one statement a paragraph, no schema named.

CREATE TABLE counters (
    key TEXT NOT NULL,
    last INTEGER NOT NULL,
    CONSTRAINT pk_counters PRIMARY KEY (key)
);

CREATE TABLE customers (
    name TEXT NOT NULL,
    number TEXT NOT NULL,
    short_name TEXT,
    kind TEXT DEFAULT 'company' NOT NULL,
    industry TEXT,
    business TEXT,
    size TEXT,
    standing TEXT,
    region TEXT,
    address TEXT,
    credit_code TEXT,
    rivals TEXT,
    phone TEXT,
    website TEXT,
    invoice_title TEXT,
    source TEXT,
    remark TEXT,
    parent_id UUID,
    status TEXT DEFAULT 'target' NOT NULL,
    status_since TIMESTAMP WITH TIME ZONE NOT NULL,
    grade TEXT,
    owner_id UUID,
    territory_id UUID,
    next_contact_at TIMESTAMP WITH TIME ZONE,
    last_followup_at TIMESTAMP WITH TIME ZONE,
    name_key TEXT NOT NULL,
    core_name TEXT NOT NULL,
    search TSVECTOR NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by_id UUID,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    deleted_by_id UUID,
    version INTEGER DEFAULT '1' NOT NULL,
    id UUID NOT NULL,
    sample BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_customers PRIMARY KEY (id),
    CONSTRAINT ck_customers_kind CHECK (kind IN ('company', 'person')),
    CONSTRAINT ck_customers_status CHECK (status IN ('target', 'potential', 'prospective', 'regular', 'vip', 'lapsed')),
    CONSTRAINT uq_customers_number UNIQUE (number),
    CONSTRAINT fk_customers_parent_id FOREIGN KEY(parent_id) REFERENCES customers (id) ON DELETE SET NULL
);

CREATE INDEX ix_customers_bin ON customers (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE INDEX ix_customers_core_name ON customers (core_name);

CREATE INDEX ix_customers_created ON customers (created_at, id) WHERE deleted_at IS NULL;

CREATE INDEX ix_customers_credit_code ON customers (credit_code);

CREATE INDEX ix_customers_grade ON customers ((coalesce(grade, '~')), id) WHERE deleted_at IS NULL;

CREATE INDEX ix_customers_last_followup ON customers ((coalesce(last_followup_at, '-infinity'::timestamptz)), id) WHERE deleted_at IS NULL;

CREATE INDEX ix_customers_name_key ON customers (name_key, id) WHERE deleted_at IS NULL;

CREATE INDEX ix_customers_next_contact ON customers ((coalesce(next_contact_at, 'infinity'::timestamptz)), id) WHERE deleted_at IS NULL;

CREATE INDEX ix_customers_owner ON customers (owner_id, next_contact_at) INCLUDE (id, last_followup_at, created_at, status, grade) WHERE deleted_at IS NULL;

CREATE INDEX ix_customers_parent_id ON customers (parent_id);

CREATE INDEX ix_customers_sample ON customers (id) WHERE sample;

CREATE INDEX ix_customers_search ON customers USING gin (search) WHERE deleted_at IS NULL;

CREATE INDEX ix_customers_territory ON customers (territory_id, id) WHERE deleted_at IS NULL;

CREATE TABLE events (
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    kind TEXT NOT NULL,
    member_id UUID,
    customer_id UUID,
    opportunity_id UUID,
    subject_id UUID,
    data JSONB NOT NULL,
    id UUID NOT NULL,
    sample BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_events PRIMARY KEY (id)
);

CREATE INDEX ix_events_at ON events (at, id);

CREATE INDEX ix_events_customer ON events (customer_id, at, id);

CREATE INDEX ix_events_opportunity ON events (opportunity_id, at, id);

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
);

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
);

CREATE INDEX ix_jobs_open ON jobs (id) WHERE state IN ('waiting', 'running');

CREATE TABLE lost_reasons (
    name TEXT NOT NULL,
    position INTEGER DEFAULT '0' NOT NULL,
    archived_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    sample BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_lost_reasons PRIMARY KEY (id)
);

CREATE TABLE outbox (
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
);

CREATE INDEX ix_outbox_open ON outbox (due_at) WHERE done_at IS NULL AND failed_at IS NULL;

CREATE TABLE pipelines (
    name TEXT NOT NULL,
    position INTEGER DEFAULT '0' NOT NULL,
    archived_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    sample BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_pipelines PRIMARY KEY (id)
);

CREATE TABLE roles (
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    grants JSONB NOT NULL,
    position INTEGER DEFAULT '0' NOT NULL,
    id UUID NOT NULL,
    sample BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_roles PRIMARY KEY (id),
    CONSTRAINT uq_roles_key UNIQUE (key)
);

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
);

CREATE INDEX ix_scores_customers ON scores (score, subject_id) WHERE kind = 'customer';

CREATE TABLE settings (
    key TEXT NOT NULL,
    value JSONB NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_settings PRIMARY KEY (key)
);

CREATE TABLE tags (
    name TEXT NOT NULL,
    colour TEXT DEFAULT 'grey' NOT NULL,
    id UUID NOT NULL,
    sample BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_tags PRIMARY KEY (id),
    CONSTRAINT uq_tags_name UNIQUE (name)
);

CREATE TABLE teams (
    name TEXT NOT NULL,
    parent_id UUID,
    leader_id UUID,
    path TEXT NOT NULL,
    position INTEGER DEFAULT '0' NOT NULL,
    id UUID NOT NULL,
    sample BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_teams PRIMARY KEY (id),
    CONSTRAINT fk_teams_parent_id FOREIGN KEY(parent_id) REFERENCES teams (id)
);

CREATE INDEX ix_teams_leader_id ON teams (leader_id);

CREATE INDEX ix_teams_path ON teams (path text_pattern_ops);

CREATE TABLE territories (
    name TEXT NOT NULL,
    parent_id UUID,
    path TEXT NOT NULL,
    position INTEGER DEFAULT '0' NOT NULL,
    id UUID NOT NULL,
    sample BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_territories PRIMARY KEY (id),
    CONSTRAINT fk_territories_parent_id FOREIGN KEY(parent_id) REFERENCES territories (id)
);

CREATE INDEX ix_territories_path ON territories (path text_pattern_ops);

CREATE TABLE attachments (
    customer_id UUID NOT NULL,
    opportunity_id UUID,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    content BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by_id UUID,
    deleted_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    sample BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_attachments PRIMARY KEY (id),
    CONSTRAINT fk_attachments_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id) ON DELETE CASCADE
);

CREATE INDEX ix_attachments_customer ON attachments (customer_id, id);

CREATE INDEX ix_attachments_opportunity_id ON attachments (opportunity_id);

CREATE TABLE contacts (
    customer_id UUID NOT NULL,
    name TEXT NOT NULL,
    sex TEXT,
    department TEXT,
    post TEXT,
    is_decision_maker BOOLEAN DEFAULT 'false' NOT NULL,
    mobile TEXT,
    phone TEXT,
    wechat TEXT,
    qq TEXT,
    mail TEXT,
    birthday DATE,
    birthday_is_lunar BOOLEAN DEFAULT 'false' NOT NULL,
    habits TEXT,
    address TEXT,
    remark TEXT,
    left_at DATE,
    name_key TEXT NOT NULL,
    search TSVECTOR NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by_id UUID,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    deleted_by_id UUID,
    version INTEGER DEFAULT '1' NOT NULL,
    id UUID NOT NULL,
    sample BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_contacts PRIMARY KEY (id),
    CONSTRAINT ck_contacts_sex CHECK (sex IN ('female', 'male')),
    CONSTRAINT fk_contacts_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id) ON DELETE CASCADE
);

CREATE INDEX ix_contacts_customer_id ON contacts (customer_id, id);

CREATE INDEX ix_contacts_name_key ON contacts (name_key, id) WHERE deleted_at IS NULL;

CREATE INDEX ix_contacts_search ON contacts USING gin (search) WHERE deleted_at IS NULL;

CREATE TABLE customer_tags (
    customer_id UUID NOT NULL,
    tag_id UUID NOT NULL,
    CONSTRAINT pk_customer_tags PRIMARY KEY (customer_id, tag_id),
    CONSTRAINT fk_customer_tags_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id) ON DELETE CASCADE,
    CONSTRAINT fk_customer_tags_tag_id FOREIGN KEY(tag_id) REFERENCES tags (id) ON DELETE CASCADE
);

CREATE INDEX ix_customer_tags_tag_id ON customer_tags (tag_id, customer_id);

CREATE TABLE evaluations (
    customer_id UUID NOT NULL,
    period TEXT NOT NULL,
    grade TEXT NOT NULL,
    figures JSONB NOT NULL,
    remark TEXT,
    member_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    id UUID NOT NULL,
    sample BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_evaluations PRIMARY KEY (id),
    CONSTRAINT fk_evaluations_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX uq_evaluations_customer_id_period ON evaluations (customer_id, period);

CREATE TABLE followups (
    customer_id UUID NOT NULL,
    contact_id UUID,
    opportunity_id UUID,
    plan_id UUID,
    means TEXT NOT NULL,
    content TEXT NOT NULL,
    result TEXT,
    next_contact_at TIMESTAMP WITH TIME ZONE,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    member_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    version INTEGER DEFAULT '1' NOT NULL,
    id UUID NOT NULL,
    sample BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_followups PRIMARY KEY (id),
    CONSTRAINT ck_followups_means CHECK (means IN ('phone', 'wechat', 'visit', 'sms', 'mail', 'event')),
    CONSTRAINT fk_followups_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id) ON DELETE CASCADE
);

CREATE INDEX ix_followups_at ON followups (at) INCLUDE (member_id) WHERE deleted_at IS NULL;

CREATE INDEX ix_followups_customer ON followups (customer_id, at);

CREATE INDEX ix_followups_member ON followups (member_id, at);

CREATE INDEX ix_followups_opportunity_id ON followups (opportunity_id);

CREATE TABLE import_rows (
    import_id UUID NOT NULL,
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    record_id UUID,
    data JSONB,
    CONSTRAINT pk_import_rows PRIMARY KEY (import_id, number),
    CONSTRAINT ck_import_rows_state CHECK (state IN ('created', 'updated', 'skipped', 'failed', 'kept')),
    CONSTRAINT fk_import_rows_import_id FOREIGN KEY(import_id) REFERENCES imports (id) ON DELETE CASCADE
);

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
);

CREATE INDEX ix_job_files_job_id ON job_files (job_id, role);

CREATE TABLE members (
    person_id UUID,
    name TEXT NOT NULL,
    mail TEXT NOT NULL,
    mobile TEXT,
    post TEXT,
    role_id UUID NOT NULL,
    team_id UUID,
    joined_at TIMESTAMP WITH TIME ZONE NOT NULL,
    deactivated_at TIMESTAMP WITH TIME ZONE,
    preferences JSONB,
    version INTEGER DEFAULT '1' NOT NULL,
    id UUID NOT NULL,
    sample BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_members PRIMARY KEY (id),
    CONSTRAINT uq_members_person_id UNIQUE (person_id),
    CONSTRAINT fk_members_role_id FOREIGN KEY(role_id) REFERENCES roles (id),
    CONSTRAINT fk_members_team_id FOREIGN KEY(team_id) REFERENCES teams (id)
);

CREATE INDEX ix_members_role_id ON members (role_id);

CREATE INDEX ix_members_team_id ON members (team_id);

CREATE TABLE plans (
    customer_id UUID NOT NULL,
    contact_id UUID,
    opportunity_id UUID,
    member_id UUID,
    means TEXT NOT NULL,
    content TEXT NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    done_at TIMESTAMP WITH TIME ZONE,
    done_by_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by_id UUID,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    version INTEGER DEFAULT '1' NOT NULL,
    id UUID NOT NULL,
    sample BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_plans PRIMARY KEY (id),
    CONSTRAINT ck_plans_means CHECK (means IN ('phone', 'wechat', 'visit', 'sms', 'mail', 'event')),
    CONSTRAINT fk_plans_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id) ON DELETE CASCADE
);

CREATE INDEX ix_plans_customer ON plans (customer_id, due_at);

CREATE INDEX ix_plans_open ON plans (member_id, due_at) WHERE done_at IS NULL AND deleted_at IS NULL;

CREATE INDEX ix_plans_opportunity_id ON plans (opportunity_id);

CREATE TABLE stages (
    pipeline_id UUID NOT NULL,
    name TEXT NOT NULL,
    kind TEXT DEFAULT 'open' NOT NULL,
    probability INTEGER NOT NULL,
    slow_after INTEGER DEFAULT '14' NOT NULL,
    position INTEGER NOT NULL,
    archived_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    sample BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_stages PRIMARY KEY (id),
    CONSTRAINT ck_stages_kind CHECK (kind IN ('open', 'won', 'lost', 'invalid')),
    CONSTRAINT ck_stages_probability CHECK (probability BETWEEN 0 AND 100),
    CONSTRAINT fk_stages_pipeline_id FOREIGN KEY(pipeline_id) REFERENCES pipelines (id)
);

CREATE INDEX ix_stages_pipeline_id ON stages (pipeline_id, position);

CREATE TABLE collaborators (
    customer_id UUID NOT NULL,
    member_id UUID NOT NULL,
    may_write BOOLEAN DEFAULT 'false' NOT NULL,
    until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_collaborators PRIMARY KEY (customer_id, member_id),
    CONSTRAINT fk_collaborators_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id) ON DELETE CASCADE,
    CONSTRAINT fk_collaborators_member_id FOREIGN KEY(member_id) REFERENCES members (id) ON DELETE CASCADE
);

CREATE INDEX ix_collaborators_member_id ON collaborators (member_id, customer_id);

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
);

CREATE INDEX ix_notifications_member_id ON notifications (member_id, at, id);

CREATE INDEX ix_notifications_unread ON notifications (member_id) WHERE read_at IS NULL;

CREATE TABLE opportunities (
    customer_id UUID NOT NULL,
    contact_id UUID,
    pipeline_id UUID NOT NULL,
    stage_id UUID NOT NULL,
    stage_since TIMESTAMP WITH TIME ZONE NOT NULL,
    outcome TEXT DEFAULT 'open' NOT NULL,
    name TEXT NOT NULL,
    amount NUMERIC(14, 2) NOT NULL,
    probability INTEGER NOT NULL,
    expected_close_on DATE,
    source TEXT,
    products TEXT,
    remark TEXT,
    lost_reason_id UUID,
    lost_remark TEXT,
    closed_at TIMESTAMP WITH TIME ZONE,
    rank TEXT COLLATE "C" NOT NULL,
    owner_id UUID,
    search TSVECTOR NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by_id UUID,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    deleted_by_id UUID,
    version INTEGER DEFAULT '1' NOT NULL,
    id UUID NOT NULL,
    sample BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_opportunities PRIMARY KEY (id),
    CONSTRAINT ck_opportunities_outcome CHECK (outcome IN ('open', 'won', 'lost', 'invalid')),
    CONSTRAINT ck_opportunities_amount CHECK (amount >= 0),
    CONSTRAINT ck_opportunities_probability CHECK (probability BETWEEN 0 AND 100),
    CONSTRAINT fk_opportunities_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id) ON DELETE CASCADE,
    CONSTRAINT fk_opportunities_pipeline_id FOREIGN KEY(pipeline_id) REFERENCES pipelines (id),
    CONSTRAINT fk_opportunities_stage_id FOREIGN KEY(stage_id) REFERENCES stages (id),
    CONSTRAINT fk_opportunities_lost_reason_id FOREIGN KEY(lost_reason_id) REFERENCES lost_reasons (id)
);

CREATE INDEX ix_opportunities_board ON opportunities (stage_id, rank, id) INCLUDE (owner_id, pipeline_id, outcome, amount, probability, created_at, closed_at, expected_close_on) WHERE deleted_at IS NULL;

CREATE INDEX ix_opportunities_close ON opportunities (expected_close_on, id) WHERE deleted_at IS NULL;

CREATE INDEX ix_opportunities_customer_id ON opportunities (customer_id, id);

CREATE INDEX ix_opportunities_lost_reason_id ON opportunities (lost_reason_id);

CREATE INDEX ix_opportunities_outcome ON opportunities (outcome, closed_at) WHERE deleted_at IS NULL;

CREATE INDEX ix_opportunities_owner ON opportunities (owner_id, id) WHERE deleted_at IS NULL;

CREATE INDEX ix_opportunities_pipeline_id ON opportunities (pipeline_id);

CREATE INDEX ix_opportunities_search ON opportunities USING gin (search) WHERE deleted_at IS NULL;

CREATE TABLE saved_views (
    page TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    member_id UUID NOT NULL,
    is_shared BOOLEAN DEFAULT 'false' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    id UUID NOT NULL,
    CONSTRAINT pk_saved_views PRIMARY KEY (id),
    CONSTRAINT fk_saved_views_member_id FOREIGN KEY(member_id) REFERENCES members (id) ON DELETE CASCADE
);

CREATE INDEX ix_saved_views_member_id ON saved_views (member_id);

CREATE INDEX ix_saved_views_page ON saved_views (page, member_id);

CREATE TABLE territory_members (
    territory_id UUID NOT NULL,
    member_id UUID NOT NULL,
    CONSTRAINT pk_territory_members PRIMARY KEY (territory_id, member_id),
    CONSTRAINT fk_territory_members_territory_id FOREIGN KEY(territory_id) REFERENCES territories (id) ON DELETE CASCADE,
    CONSTRAINT fk_territory_members_member_id FOREIGN KEY(member_id) REFERENCES members (id) ON DELETE CASCADE
);

CREATE INDEX ix_territory_members_member_id ON territory_members (member_id);

CREATE TABLE watches (
    customer_id UUID NOT NULL,
    member_id UUID NOT NULL,
    CONSTRAINT pk_watches PRIMARY KEY (customer_id, member_id),
    CONSTRAINT fk_watches_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id) ON DELETE CASCADE,
    CONSTRAINT fk_watches_member_id FOREIGN KEY(member_id) REFERENCES members (id) ON DELETE CASCADE
);

CREATE INDEX ix_watches_member_id ON watches (member_id, customer_id);

CREATE TABLE stage_moves (
    opportunity_id UUID NOT NULL,
    stage_id UUID NOT NULL,
    member_id UUID,
    entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    left_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    sample BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_stage_moves PRIMARY KEY (id),
    CONSTRAINT fk_stage_moves_opportunity_id FOREIGN KEY(opportunity_id) REFERENCES opportunities (id) ON DELETE CASCADE,
    CONSTRAINT fk_stage_moves_stage_id FOREIGN KEY(stage_id) REFERENCES stages (id)
);

CREATE INDEX ix_stage_moves_opportunity_id ON stage_moves (opportunity_id, entered_at);

CREATE INDEX ix_stage_moves_stage_id ON stage_moves (stage_id, entered_at);
