-- +goose Up

-- What was made of an entry of a bank statement so far. The first run after it
-- came makes the row; examined_at is NULL until a run has looked at it as it stands.
CREATE TABLE cash_entry (
	creditor_id    TEXT NOT NULL,
	entry_id       TEXT NOT NULL,
	on_day         DATE NOT NULL,
	state          TEXT NOT NULL DEFAULT 'open'
		CHECK (state IN ('open', 'auto', 'applied', 'aside', 'returned', 'linked')),
	customer_id    TEXT NOT NULL DEFAULT '', -- whose money it is, once that is known
	application_id TEXT NOT NULL DEFAULT '', -- the one that holds
	pair_id        TEXT NOT NULL DEFAULT '', -- the entry that this one takes back, or that took it back
	code           TEXT NOT NULL DEFAULT '', -- why it was set aside: fee, outgoing, own, person
	reason         TEXT NOT NULL DEFAULT '', -- in words
	answer         TEXT NOT NULL DEFAULT '', -- JSON: what the last run answered
	confidence     BIGINT NOT NULL DEFAULT 0, -- of the first proposal, in ten-thousandths
	examined_at    TIMESTAMP,
	changed_at     TIMESTAMP NOT NULL,
	changed_by     TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (creditor_id, entry_id)
);
CREATE INDEX cash_entry_state ON cash_entry (creditor_id, state, on_day, entry_id);
CREATE INDEX cash_entry_examined ON cash_entry (creditor_id, examined_at);
CREATE INDEX cash_entry_customer ON cash_entry (creditor_id, customer_id, on_day);

-- Whose money an entry that is not applied could be.
CREATE TABLE cash_suspect (
	creditor_id TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	entry_id    TEXT NOT NULL,
	rank        BIGINT NOT NULL, -- from 1, the likeliest first
	PRIMARY KEY (creditor_id, customer_id, entry_id)
);
CREATE INDEX cash_suspect_entry ON cash_suspect (creditor_id, entry_id);

-- An entry applied to the books: what was agreed to, by whom, and its undoing.
CREATE TABLE cash_application (
	creditor_id   TEXT NOT NULL,
	id            TEXT NOT NULL,
	entry_id      TEXT NOT NULL,
	kind          TEXT NOT NULL CHECK (kind IN ('payment', 'link', 'return', 'refund')),
	content       TEXT NOT NULL, -- JSON: the explanation
	confidence    BIGINT NOT NULL DEFAULT 0,
	made_by       TEXT NOT NULL,
	made_at       TIMESTAMP NOT NULL,
	undone_by     TEXT NOT NULL DEFAULT '',
	undone_at     TIMESTAMP,
	undone_reason TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX cash_application_entry ON cash_application (creditor_id, entry_id);
-- An entry is applied once.
CREATE UNIQUE INDEX cash_application_live ON cash_application (creditor_id, entry_id) WHERE undone_at IS NULL;

-- What an application made or used, so that it can be followed both ways.
CREATE TABLE cash_part (
	creditor_id    TEXT NOT NULL,
	application_id TEXT NOT NULL,
	thing_id       TEXT NOT NULL, -- a document, an allocation, an announced payment
	kind           TEXT NOT NULL CHECK (kind IN ('payment', 'adjustment', 'allocation', 'announced', 'link', 'refund', 'reopened')),
	amount         BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (creditor_id, application_id, thing_id)
);
CREATE INDEX cash_part_thing ON cash_part (creditor_id, thing_id);

-- What a person undid: never done again by the rule.
CREATE TABLE cash_refused (
	creditor_id TEXT NOT NULL,
	entry_id    TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	item_id     TEXT NOT NULL, -- '' for the customer at large
	made_by     TEXT NOT NULL,
	made_at     TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, entry_id, customer_id, item_id)
);

-- Payers known from before, by what names them: "iban:FR76…", "name:…", "mandate:…".
CREATE TABLE cash_memory (
	creditor_id TEXT NOT NULL,
	key         TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	times       BIGINT NOT NULL,
	PRIMARY KEY (creditor_id, key, customer_id)
);
CREATE INDEX cash_memory_customer ON cash_memory (creditor_id, customer_id);

-- Rows of accounting files about money that the bank had already brought: they
-- stand for that document and are not booked again.
CREATE TABLE cash_claim (
	creditor_id TEXT NOT NULL,
	document_id TEXT NOT NULL, -- made from a bank entry
	customer_id TEXT NOT NULL,
	source      TEXT NOT NULL,
	number      TEXT NOT NULL,
	on_day      DATE NOT NULL,
	amount      BIGINT NOT NULL,
	rank        BIGINT NOT NULL, -- tells rows that say the very same apart
	import_id   TEXT NOT NULL,
	PRIMARY KEY (creditor_id, document_id, source, number, on_day, rank)
);
CREATE INDEX cash_claim_customer ON cash_claim (creditor_id, customer_id, source);
CREATE INDEX cash_claim_import ON cash_claim (creditor_id, import_id);

-- The last run of a creditor, and up to which mark of bank_entry its entries have a row.
CREATE TABLE cash_run (
	creditor_id TEXT NOT NULL PRIMARY KEY,
	mark        TEXT NOT NULL DEFAULT '',
	started_at  TIMESTAMP NOT NULL,
	ended_at    TIMESTAMP,
	content     TEXT NOT NULL DEFAULT '{}' -- JSON: its report
);

-- The payments of some days, to find money that came twice.
CREATE INDEX document_paid_on ON document (creditor_id, issued_on) WHERE kind = 'payment';
CREATE INDEX document_refund ON document (creditor_id, issued_on) WHERE nature = 'refund' AND kind = 'invoice';

-- +goose Down

DROP INDEX document_refund;
DROP INDEX document_paid_on;

DROP TABLE cash_run;
DROP TABLE cash_claim;
DROP TABLE cash_memory;
DROP TABLE cash_refused;
DROP TABLE cash_part;
DROP TABLE cash_application;
DROP TABLE cash_suspect;
DROP TABLE cash_entry;
