-- What the admin service publishes: a row for each revision of a rule, written in the transaction that publishes it.
-- Change capture carries the rows to the topic of rules (docs/operators/change-capture.md).
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
