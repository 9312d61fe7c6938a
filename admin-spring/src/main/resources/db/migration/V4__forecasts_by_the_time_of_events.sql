-- A log may run faster than the clock: what came is counted by the time of its events, from where the sample ended.
ALTER TABLE rule_forecast ADD COLUMN sample_ended_at BIGINT NOT NULL DEFAULT 0;
-- The time of the last event when the revision ceased to run.
ALTER TABLE rule_forecast ADD COLUMN last_event_at BIGINT;
