-- +goose Up

-- Figures of the law as a creditor holds them, laid over those that come with
-- the program. Rows only ever come: one without a value takes back the one
-- before it with its key and first day.
CREATE TABLE statute_figure (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	key         TEXT NOT NULL,
	value       TEXT NOT NULL, -- in the unit of the key; '' takes back
	from_on     DATE,
	until_on    DATE, -- its last day
	source      TEXT NOT NULL,
	read_on     DATE NOT NULL,
	verified    BOOLEAN NOT NULL,
	note        TEXT NOT NULL DEFAULT '',
	made_by     TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, id)
);

-- +goose Down

DROP TABLE statute_figure;
