-- +goose Up

-- Entries of all accounts, the newest first, page by page.
CREATE INDEX bank_entry_newest ON bank_entry (creditor_id, on_day, id);

-- +goose Down

DROP INDEX bank_entry_newest;
