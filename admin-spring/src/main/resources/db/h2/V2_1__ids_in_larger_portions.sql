-- H2 alone: it takes ids from a counter in portions of 32, and each portion is a commit of its own, which WRITE_DELAY=0
-- writes out with all that other commits hold. A process that dies leaves a gap of up to a portion, which means nothing.
ALTER TABLE rule_match ALTER COLUMN id SET CACHE 10000;
ALTER TABLE recent_event ALTER COLUMN id SET CACHE 10000;
