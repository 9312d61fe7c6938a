-- Lists are read in the order of an index from its first row on: every column and direction of ORDER BY is here, because
-- H2 sorts all that is found where one differs. Writes carry one index less than before: what is forgotten is found by
-- the id, which grows as rows come.
CREATE INDEX rule_match_by_rule ON rule_match (rule_id, happened_at DESC, id DESC);
CREATE INDEX rule_match_by_user ON rule_match (user_id, happened_at DESC, id DESC);
CREATE INDEX rule_match_by_time ON rule_match (happened_at DESC, id DESC);
ALTER TABLE rule_match DROP INDEX rule_match_rule;
ALTER TABLE rule_match DROP INDEX rule_match_user;
ALTER TABLE rule_match DROP INDEX rule_match_happened;
ALTER TABLE rule_match DROP INDEX rule_match_received;

-- A sample is read by time, and its users are told from the bucket, which is in the index: rows of others stay unread.
CREATE INDEX recent_event_by_user ON recent_event (user_id, happened_at DESC, id DESC);
CREATE INDEX recent_event_by_time ON recent_event (happened_at, id, bucket);
ALTER TABLE recent_event DROP INDEX recent_event_user;
ALTER TABLE recent_event DROP INDEX recent_event_bucket;
ALTER TABLE recent_event DROP INDEX recent_event_happened;
