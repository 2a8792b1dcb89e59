-- +goose Up

-- When a message was looked at for the last time and handed over: what was paid from
-- then on crossed with it. Empty for what was never handed over by a machine.
ALTER TABLE message ADD COLUMN handed_at TIMESTAMP;

-- +goose Down

ALTER TABLE message DROP COLUMN handed_at;
