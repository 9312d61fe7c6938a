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

-- What somebody has open and not saved as a revision; may be wrong or half-written.
CREATE TABLE rule_draft (
    rule_id    VARCHAR(64) NOT NULL,
    author     VARCHAR(80) NOT NULL,
    based_on   INT         NOT NULL,
    body       LONGTEXT    NOT NULL,
    updated_at BIGINT      NOT NULL,
    version    INT         NOT NULL,
    PRIMARY KEY (rule_id, author),
    CONSTRAINT rule_draft_rule FOREIGN KEY (rule_id) REFERENCES rule (id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Append-only: what the engine is told, one row a change, written in the transaction of the change.
CREATE TABLE outbox (
    id         BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
    rule_id    VARCHAR(64) NOT NULL,
    revision   INT         NOT NULL,
    status     VARCHAR(16) NOT NULL,
    -- the rule as the engine reads it
    payload    LONGTEXT    NOT NULL,
    -- the id of its audience, null for everyone
    audience   VARCHAR(64),
    created_at BIGINT      NOT NULL,
    CONSTRAINT outbox_revision UNIQUE (rule_id, revision)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Which rows went out on which channel. Rows, not one position: ids become visible out of order.
CREATE TABLE outbox_delivery (
    outbox_id    BIGINT      NOT NULL,
    channel      VARCHAR(40) NOT NULL,
    delivered_at BIGINT      NOT NULL,
    PRIMARY KEY (channel, outbox_id),
    CONSTRAINT outbox_delivery_row FOREIGN KEY (outbox_id) REFERENCES outbox (id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- The last outbox row of each rule: together, the complete set.
CREATE TABLE publication (
    rule_id      VARCHAR(64) NOT NULL PRIMARY KEY,
    outbox_id    BIGINT      NOT NULL,
    revision     INT         NOT NULL,
    status       VARCHAR(16) NOT NULL,
    -- P, where history ends and live begins
    published_at BIGINT      NOT NULL,
    -- false: put away; the complete set lacks it
    listed       BOOLEAN     NOT NULL,
    CONSTRAINT publication_outbox FOREIGN KEY (outbox_id) REFERENCES outbox (id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- What the subtasks of a job last said about each rule.
CREATE TABLE acknowledgement (
    job        VARCHAR(64) NOT NULL,
    subtask    INT         NOT NULL,
    rule_id    VARCHAR(64) NOT NULL,
    revision   INT         NOT NULL,
    state      VARCHAR(16) NOT NULL,
    problems   LONGTEXT    NOT NULL,
    rules_hash VARCHAR(64) NOT NULL,
    -- how many subtasks the job has
    subtasks   INT         NOT NULL,
    updated_at BIGINT      NOT NULL,
    PRIMARY KEY (job, subtask, rule_id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX acknowledgement_rule ON acknowledgement (rule_id);

-- The embedded tag store: users' tags as the engine reads them, and when a batch of them was complete.
CREATE TABLE user_tags (
    user_id  VARCHAR(128) NOT NULL PRIMARY KEY,
    tags     LONGTEXT     NOT NULL,
    batch_id BIGINT       NOT NULL
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE tag_batch (
    id         BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    source     VARCHAR(200) NOT NULL,
    users      BIGINT       NOT NULL,
    complete   BOOLEAN      NOT NULL,
    created_by VARCHAR(80)  NOT NULL,
    created_at BIGINT       NOT NULL
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE audience (
    id         VARCHAR(64) NOT NULL PRIMARY KEY,
    -- the predicate over tags
    profile    LONGTEXT    NOT NULL,
    current    INT         NOT NULL,
    created_at BIGINT      NOT NULL,
    version    INT         NOT NULL
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Append-only.
CREATE TABLE audience_version (
    audience_id VARCHAR(64) NOT NULL,
    number      INT         NOT NULL,
    sha256      CHAR(64)    NOT NULL,
    users       BIGINT      NOT NULL,
    -- up to 20 user ids, a JSON list
    examples    LONGTEXT    NOT NULL,
    profile     LONGTEXT    NOT NULL,
    -- the batch of tags that it was resolved against
    batch_mark  VARCHAR(64) NOT NULL,
    created_at  BIGINT      NOT NULL,
    PRIMARY KEY (audience_id, number)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- By content: equal members are kept once.
CREATE TABLE audience_members (
    sha256 CHAR(64) NOT NULL PRIMARY KEY,
    bytes  LONGBLOB NOT NULL
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
