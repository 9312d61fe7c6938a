-- Whoever publishes locks this row: what two rules that do not go together were each checked against is one set.
INSERT INTO outbox_channel (channel) VALUES ('publishing');
