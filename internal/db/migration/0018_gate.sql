-- +goose Up

-- What an import was about: files of a bank tell nothing of invoices, and the
-- other way round.
ALTER TABLE import ADD COLUMN about TEXT NOT NULL DEFAULT 'books' CHECK (about IN ('books', 'bank', 'status'));

-- A source that is used no more: its age keeps nothing back.
CREATE TABLE source_retired (
	creditor_id TEXT NOT NULL,
	kind        TEXT NOT NULL CHECK (kind IN ('books', 'bank')),
	name        TEXT NOT NULL,
	retired_at  TIMESTAMP NOT NULL,
	retired_by  TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (creditor_id, kind, name)
);

-- Messages that belong to no reminder: an apology, a confirmation.
ALTER TABLE message ADD COLUMN purpose TEXT NOT NULL DEFAULT '';

-- +goose Down

ALTER TABLE message DROP COLUMN purpose;
DROP TABLE source_retired;
ALTER TABLE import DROP COLUMN about;
