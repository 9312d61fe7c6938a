-- What was expected of a revision when it began to run, so that it can be compared with what came.
CREATE TABLE rule_forecast (
    rule_id          VARCHAR(64) NOT NULL,
    revision         INT         NOT NULL,
    made_at          BIGINT      NOT NULL,
    -- when this revision ceased to be the one that runs; null: it runs
    ended_at         BIGINT,
    matches_per_hour DOUBLE      NOT NULL,
    -- users of the audience; null: everyone
    audience         BIGINT,
    state_bytes      BIGINT      NOT NULL,
    sample_users     BIGINT      NOT NULL,
    sample_events    BIGINT      NOT NULL,
    PRIMARY KEY (rule_id, revision)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
