-- +goose Up

-- Accounts that statements speak of. They are not those printed on letters
-- (bank_account): a statement of an account that nobody declared is kept too.
CREATE TABLE bank_source (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	iban        TEXT NOT NULL, -- empty while only a number is known
	number      TEXT NOT NULL, -- as a file wrote it, without spaces
	holder      TEXT NOT NULL,
	bic         TEXT NOT NULL,
	label       TEXT NOT NULL, -- what people call it
	created_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, id)
);

-- Statements, as they came.
CREATE TABLE bank_statement (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	source_id   TEXT NOT NULL,
	currency    TEXT NOT NULL,
	kind        TEXT NOT NULL CHECK (kind IN ('booked', 'interim', 'details')),
	format      TEXT NOT NULL,
	number      TEXT NOT NULL, -- the bank's
	from_on     DATE,
	to_on       DATE,
	opening_on  DATE,
	opening     BIGINT, -- null where the file states none
	closing_on  DATE,
	closing     BIGINT,
	first_on    DATE, -- the days that it or its entries cover
	last_on     DATE,
	entries     BIGINT NOT NULL, -- read so far
	amount      BIGINT NOT NULL, -- of them together
	import_id   TEXT NOT NULL,
	file        TEXT NOT NULL,
	sha256      TEXT NOT NULL, -- of the file
	place       TEXT NOT NULL, -- within an archive
	nth         BIGINT NOT NULL, -- among the statements of the file
	line        BIGINT NOT NULL,
	created_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, id)
);
CREATE UNIQUE INDEX bank_statement_place ON bank_statement (creditor_id, sha256, place, nth, source_id, currency);
CREATE INDEX bank_statement_source ON bank_statement (creditor_id, source_id, currency, to_on);
CREATE INDEX bank_statement_import ON bank_statement (creditor_id, import_id);

-- What is known of each movement, from all that was said of it. Its identifier
-- stays, whatever is learnt later.
CREATE TABLE bank_entry (
	creditor_id  TEXT NOT NULL,
	id           TEXT NOT NULL,
	source_id    TEXT NOT NULL,
	statement_id TEXT NOT NULL, -- the first that had it
	currency     TEXT NOT NULL,
	on_day       DATE NOT NULL, -- booked
	amount       BIGINT NOT NULL, -- positive for money that came in
	status       TEXT NOT NULL CHECK (status IN ('booked', 'pending')),
	means        TEXT NOT NULL,
	label        TEXT NOT NULL,
	end_to_end   TEXT NOT NULL,
	mandate      TEXT NOT NULL,
	bank_ref     TEXT NOT NULL,
	party        TEXT NOT NULL,
	party_iban   TEXT NOT NULL,
	batch        TEXT NOT NULL,
	whole_id     TEXT NOT NULL, -- the batch total of which this is a detail
	detailed     BOOLEAN NOT NULL, -- a batch total whose details are known
	counts       BOOLEAN NOT NULL, -- is money: not told a second time by its batch or its details
	returned     TEXT NOT NULL, -- why money went back: a code, or "?" without one; empty otherwise
	undoes_id    TEXT NOT NULL, -- the entry that it takes back
	used         BOOLEAN NOT NULL, -- something in the books stands on it
	known        TEXT NOT NULL, -- JSON: all that is known
	mark         TEXT NOT NULL, -- grows with each change
	created_at   TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX bank_entry_day ON bank_entry (creditor_id, source_id, on_day);
CREATE INDEX bank_entry_amount ON bank_entry (creditor_id, source_id, amount, on_day);
CREATE INDEX bank_entry_mark ON bank_entry (creditor_id, mark);
CREATE INDEX bank_entry_whole ON bank_entry (creditor_id, whole_id) WHERE whole_id <> '';
CREATE INDEX bank_entry_undoes ON bank_entry (creditor_id, undoes_id) WHERE undoes_id <> '';
CREATE INDEX bank_entry_returned ON bank_entry (creditor_id, source_id, on_day) WHERE returned <> '';

-- What was said of an entry, as it came: never changed.
CREATE TABLE bank_record (
	creditor_id  TEXT NOT NULL,
	statement_id TEXT NOT NULL,
	seq          BIGINT NOT NULL, -- its place in the statement, from 1
	entry_id     TEXT NOT NULL,
	line         BIGINT NOT NULL,
	part         BIGINT NOT NULL, -- of a batch
	hash         TEXT NOT NULL, -- SHA-256 of raw
	raw          TEXT NOT NULL,
	said         TEXT NOT NULL, -- JSON: what was read in it
	PRIMARY KEY (creditor_id, statement_id, seq)
);
CREATE INDEX bank_record_entry ON bank_record (creditor_id, entry_id);

-- +goose Down

DROP TABLE bank_record;
DROP TABLE bank_entry;
DROP TABLE bank_statement;
DROP TABLE bank_source;
