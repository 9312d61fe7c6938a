-- One set of migrations for H2 and MariaDB. Moments are Unix milliseconds (BIGINT), texts of JSON are LONGTEXT,
-- names are case-sensitive on both. A file that was released is never changed.

CREATE TABLE workspace (
    id                VARCHAR(64)  NOT NULL PRIMARY KEY,
    name              VARCHAR(200) NOT NULL,
    -- a second person must approve a revision before it is published
    approval_required BOOLEAN      NOT NULL,
    created_at        BIGINT       NOT NULL,
    version           INT          NOT NULL
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO workspace (id, name, approval_required, created_at, version) VALUES ('default', 'Default', FALSE, 0, 1);

CREATE TABLE account (
    id            BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name          VARCHAR(64)  NOT NULL,
    display_name  VARCHAR(200) NOT NULL,
    role          VARCHAR(16)  NOT NULL,
    password_hash VARCHAR(200) NOT NULL,
    enabled       BOOLEAN      NOT NULL,
    created_at    BIGINT       NOT NULL,
    version       INT          NOT NULL,
    CONSTRAINT account_name UNIQUE (name)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- For machines. The secret itself is shown once and never kept.
CREATE TABLE api_token (
    id            BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name          VARCHAR(64)  NOT NULL,
    role          VARCHAR(16)  NOT NULL,
    secret_sha256 CHAR(64)     NOT NULL,
    created_by    VARCHAR(64)  NOT NULL,
    created_at    BIGINT       NOT NULL,
    expires_at    BIGINT,
    revoked_at    BIGINT,
    CONSTRAINT api_token_secret UNIQUE (secret_sha256)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Append-only.
CREATE TABLE audit_entry (
    id         BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    created_at BIGINT       NOT NULL,
    actor      VARCHAR(80)  NOT NULL,
    action     VARCHAR(40)  NOT NULL,
    subject    VARCHAR(20)  NOT NULL,
    subject_id VARCHAR(128) NOT NULL,
    revision   INT,
    detail     LONGTEXT
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX audit_entry_subject ON audit_entry (subject, subject_id);

CREATE TABLE rule (
    id                VARCHAR(64)  NOT NULL PRIMARY KEY,
    workspace_id      VARCHAR(64)  NOT NULL,
    name              VARCHAR(200) NOT NULL,
    state             VARCHAR(16)  NOT NULL,
    -- what the editor opens; the highest number used (a pause is a revision too)
    head_revision     INT          NOT NULL,
    last_revision     INT          NOT NULL,
    -- waits for a decision; approved by somebody else than its author
    review_revision   INT,
    approved_revision INT,
    -- what the engine was last told to run
    running_revision  INT,
    created_by        VARCHAR(80)  NOT NULL,
    created_at        BIGINT       NOT NULL,
    updated_by        VARCHAR(80)  NOT NULL,
    updated_at        BIGINT       NOT NULL,
    -- optimistic locking: every change of the row adds one
    version           INT          NOT NULL,
    CONSTRAINT rule_workspace FOREIGN KEY (workspace_id) REFERENCES workspace (id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Append-only: what was ever saved of a rule.
CREATE TABLE rule_revision (
    rule_id    VARCHAR(64)  NOT NULL,
    revision   INT          NOT NULL,
    kind       VARCHAR(16)  NOT NULL,
    -- whose content it began from
    based_on   INT,
    definition LONGTEXT     NOT NULL,
    report     LONGTEXT     NOT NULL,
    remark     VARCHAR(500) NOT NULL,
    created_by VARCHAR(80)  NOT NULL,
    created_at BIGINT       NOT NULL,
    PRIMARY KEY (rule_id, revision),
    CONSTRAINT rule_revision_rule FOREIGN KEY (rule_id) REFERENCES rule (id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- What somebody has open and not saved as a revision; may be wrong or half-written, and of a rule that is not there yet.
CREATE TABLE rule_draft (
    author     VARCHAR(80) NOT NULL,
    rule_id    VARCHAR(64) NOT NULL,
    based_on   INT,
    body       LONGTEXT    NOT NULL,
    updated_at BIGINT      NOT NULL,
    version    INT         NOT NULL,
    PRIMARY KEY (author, rule_id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- What the engine is told: a row for each revision of a rule, written in the transaction that publishes it. Change
-- capture reads it, so it is the table of deploy/change-capture/rule_outbox.sql, word for word.
CREATE TABLE rule_outbox (
    id         BIGINT       NOT NULL AUTO_INCREMENT,
    rule_id    VARCHAR(64)  NOT NULL,
    revision   BIGINT       NOT NULL,
    status     VARCHAR(16)  NOT NULL,
    rule       LONGTEXT     NOT NULL,
    audience   VARCHAR(64)  NULL,
    sends      INT          NOT NULL DEFAULT 1,
    created_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (id),
    UNIQUE (rule_id, revision)
) DEFAULT CHARSET = utf8mb4;

-- Which rows went out on which channel. Rows, not one position: ids become visible out of order.
CREATE TABLE outbox_delivery (
    channel      VARCHAR(300) NOT NULL,
    outbox_id    BIGINT       NOT NULL,
    delivered_at BIGINT       NOT NULL,
    PRIMARY KEY (channel, outbox_id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- One instance at a time sends on a channel: a compacted topic keeps the last message, not the highest revision.
CREATE TABLE outbox_channel (
    channel VARCHAR(300) NOT NULL PRIMARY KEY
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- The last outbox row of each rule: together, the complete set.
CREATE TABLE publication (
    rule_id      VARCHAR(64) NOT NULL PRIMARY KEY,
    outbox_id    BIGINT      NOT NULL,
    revision     INT         NOT NULL,
    status       VARCHAR(16) NOT NULL,
    -- P, where history ends and live begins
    published_at BIGINT      NOT NULL
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- What the subtasks of a job last said about each rule.
CREATE TABLE acknowledgement (
    job        VARCHAR(64) NOT NULL,
    subtask    INT         NOT NULL,
    rule_id    VARCHAR(64) NOT NULL,
    revision   INT         NOT NULL,
    state      VARCHAR(16) NOT NULL,
    problems   LONGTEXT    NOT NULL,
    updated_at BIGINT      NOT NULL,
    PRIMARY KEY (job, subtask, rule_id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX acknowledgement_rule ON acknowledgement (rule_id);

-- The subtasks that were heard of, and what they judge by.
CREATE TABLE job_subtask (
    job        VARCHAR(64) NOT NULL,
    subtask    INT         NOT NULL,
    -- how many subtasks the job had when it spoke
    subtasks   INT         NOT NULL,
    rules_hash VARCHAR(64) NOT NULL,
    updated_at BIGINT      NOT NULL,
    PRIMARY KEY (job, subtask)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- The embedded tag store: users' tags as the engine reads them, and which uploads made them.
CREATE TABLE user_tags (
    user_id  VARCHAR(128) NOT NULL PRIMARY KEY,
    tags     LONGTEXT     NOT NULL,
    batch_id BIGINT       NOT NULL
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE tag_batch (
    id         BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
    users      BIGINT      NOT NULL,
    created_by VARCHAR(80) NOT NULL,
    created_at BIGINT      NOT NULL
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE audience (
    id             VARCHAR(64) NOT NULL PRIMARY KEY,
    -- the predicate over tags; null: its members come from outside
    profile        LONGTEXT,
    current_number INT         NOT NULL,
    created_at     BIGINT      NOT NULL
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Append-only.
CREATE TABLE audience_version (
    audience_id VARCHAR(64)  NOT NULL,
    number      INT          NOT NULL,
    sha256      CHAR(64)     NOT NULL,
    users       BIGINT       NOT NULL,
    -- up to 20 user ids, a JSON list
    examples    LONGTEXT     NOT NULL,
    profile     LONGTEXT,
    -- the batch of tags that it was resolved against
    batch_mark  VARCHAR(64)  NOT NULL,
    created_by  VARCHAR(80)  NOT NULL,
    created_at  BIGINT       NOT NULL,
    PRIMARY KEY (audience_id, number)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- By content: equal members are kept once.
CREATE TABLE audience_members (
    sha256  CHAR(64) NOT NULL PRIMARY KEY,
    members LONGBLOB NOT NULL
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Templates that were added; those that come with the service are files.
CREATE TABLE rule_template (
    id         VARCHAR(64) NOT NULL PRIMARY KEY,
    body       LONGTEXT    NOT NULL,
    created_by VARCHAR(80) NOT NULL,
    created_at BIGINT      NOT NULL,
    version    INT         NOT NULL
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Answers to writes that carried an Idempotency-Key.
CREATE TABLE idempotent_answer (
    actor          VARCHAR(80)  NOT NULL,
    idempotency_key VARCHAR(128) NOT NULL,
    request_sha256 CHAR(64)     NOT NULL,
    status         INT          NOT NULL,
    content_type   VARCHAR(100),
    body           LONGTEXT,
    created_at     BIGINT       NOT NULL,
    PRIMARY KEY (actor, idempotency_key)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX idempotent_answer_age ON idempotent_answer (created_at);

-- What jobs reported. Kept for a time, by when it came.
CREATE TABLE rule_match (
    id          BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    match_id    CHAR(32)     NOT NULL,
    rule_id     VARCHAR(64)  NOT NULL,
    revision    INT          NOT NULL,
    user_id     VARCHAR(128) NOT NULL,
    -- of the event or deadline
    happened_at BIGINT       NOT NULL,
    received_at BIGINT       NOT NULL,
    body        LONGTEXT     NOT NULL,
    CONSTRAINT rule_match_match_id UNIQUE (match_id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX rule_match_rule ON rule_match (rule_id, happened_at);
CREATE INDEX rule_match_user ON rule_match (user_id, happened_at);
CREATE INDEX rule_match_happened ON rule_match (happened_at);
CREATE INDEX rule_match_received ON rule_match (received_at);

-- How many came in a minute, so that a chart needs no look at them all.
CREATE TABLE match_rate (
    rule_id VARCHAR(64) NOT NULL,
    -- when it began
    at_minute BIGINT    NOT NULL,
    matches BIGINT      NOT NULL,
    PRIMARY KEY (rule_id, at_minute)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX match_rate_minute ON match_rate (at_minute);

-- Users' events of late: for time lines, explanations by replay, forecasts. Bounded by age and number.
CREATE TABLE recent_event (
    id          BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    -- of user, time and bytes: the same event again is no other one
    event_hash  CHAR(32)     NOT NULL,
    user_id     VARCHAR(128) NOT NULL,
    happened_at BIGINT       NOT NULL,
    -- 0 to 999, by the user: so many of them are a sample of users with all their events
    bucket      INT          NOT NULL,
    raw         LONGTEXT     NOT NULL,
    CONSTRAINT recent_event_hash UNIQUE (event_hash)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX recent_event_user ON recent_event (user_id, happened_at);
CREATE INDEX recent_event_bucket ON recent_event (bucket, happened_at);
CREATE INDEX recent_event_happened ON recent_event (happened_at);

-- Logs that were uploaded for backtests; the bytes are files in the data folder.
CREATE TABLE data_set (
    id         BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(200) NOT NULL,
    bytes      BIGINT       NOT NULL,
    events     BIGINT       NOT NULL,
    users      BIGINT       NOT NULL,
    bad        BIGINT       NOT NULL,
    began_at   BIGINT,
    ended_at   BIGINT,
    created_by VARCHAR(80)  NOT NULL,
    created_at BIGINT       NOT NULL
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE backtest (
    id          BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
    rule_id     VARCHAR(64) NOT NULL,
    -- null: of the live sample
    data_set_id BIGINT,
    -- what is tried, and what it is compared with
    request     LONGTEXT    NOT NULL,
    state       VARCHAR(16) NOT NULL,
    result      LONGTEXT,
    failure     VARCHAR(1000),
    created_by  VARCHAR(80) NOT NULL,
    created_at  BIGINT      NOT NULL,
    ended_at    BIGINT
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- How events and properties are called on screens; rules keep the names of the log.
CREATE TABLE display_name (
    kind VARCHAR(16)  NOT NULL,
    name VARCHAR(128) NOT NULL,
    en   VARCHAR(200) NOT NULL,
    zh   VARCHAR(200) NOT NULL,
    PRIMARY KEY (kind, name)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
