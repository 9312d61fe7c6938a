-- Ms until a subtask said that it would speak again; null: it never said so, and its silence says nothing.
ALTER TABLE job_subtask ADD COLUMN heard_every BIGINT;
-- When a stopped rule was left out of the complete set, because all that judge know that it is stopped.
ALTER TABLE publication ADD COLUMN settled_at BIGINT;
-- Since when a row that went out is to go out once more.
ALTER TABLE outbox_delivery ADD COLUMN again_at BIGINT;
