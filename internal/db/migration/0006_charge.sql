-- +goose Up

-- Figures of the law as a creditor holds them, laid over those that come with
-- the program. Rows only ever come: one without a value takes back the one
-- before it with its key and first day.
CREATE TABLE statute_figure (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	seq         BIGINT NOT NULL, -- the order in which they came
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
CREATE UNIQUE INDEX statute_figure_seq ON statute_figure (creditor_id, seq);

-- What a customer's contract says about late payment; where it says nothing, the
-- creditor's settings do.
CREATE TABLE charge_terms (
	creditor_id TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	rate        TEXT NOT NULL DEFAULT '', -- in percent
	imputation  TEXT NOT NULL DEFAULT '',
	basis       TEXT NOT NULL DEFAULT '',
	compound_on DATE, -- interest of whole years from this day on bears interest
	changed_at  TIMESTAMP NOT NULL,
	changed_by  TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (creditor_id, customer_id)
);

-- A formal notice that reached a customer, entered by hand.
CREATE TABLE charge_notice (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	received_on DATE NOT NULL,
	note        TEXT NOT NULL DEFAULT '',
	made_by     TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX charge_notice_customer ON charge_notice (creditor_id, customer_id);

-- Late interest or an indemnity claimed or waived on an invoice. A waiver of
-- what was claimed names the claim.
CREATE TABLE charge_entry (
	creditor_id  TEXT NOT NULL,
	id           TEXT NOT NULL,
	customer_id  TEXT NOT NULL,
	document_id  TEXT NOT NULL, -- the invoice
	what         TEXT NOT NULL CHECK (what IN ('interest', 'indemnity')),
	act          TEXT NOT NULL CHECK (act IN ('claimed', 'waived')),
	claim_id     TEXT NOT NULL DEFAULT '',
	currency     TEXT NOT NULL,
	amount       BIGINT NOT NULL CHECK (amount > 0),
	until_on     DATE NOT NULL, -- the last day that was counted
	on_day       DATE NOT NULL,
	reason       TEXT NOT NULL DEFAULT '',
	note_id      TEXT NOT NULL DEFAULT '', -- the debit note in the ledger that books it
	made_by      TEXT NOT NULL DEFAULT '',
	created_at   TIMESTAMP NOT NULL,
	withdrawn_at TIMESTAMP,
	withdrawn_by TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX charge_entry_customer ON charge_entry (creditor_id, customer_id);
CREATE INDEX charge_entry_note ON charge_entry (creditor_id, note_id);

-- The numbering of debit notes and of their credit notes: without gaps.
CREATE TABLE charge_number (
	creditor_id TEXT NOT NULL,
	series      TEXT NOT NULL, -- ND2026
	last        BIGINT NOT NULL,
	PRIMARY KEY (creditor_id, series)
);

-- An interest statement as it was issued: its files never change.
CREATE TABLE charge_statement (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	version     BIGINT NOT NULL,
	until_on    DATE NOT NULL,
	pdf         TEXT NOT NULL, -- fingerprints of the files
	xlsx        TEXT NOT NULL,
	made_by     TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, id)
);
CREATE UNIQUE INDEX charge_statement_version ON charge_statement (creditor_id, customer_id, version);

-- Charges are no part of a balance by age: the index that answers for it alone
-- tells them apart.
DROP INDEX document_open;
CREATE INDEX document_open ON document
	(creditor_id, customer_id, currency, due_on, issued_on, kind, open_amount, nature) WHERE open_amount <> 0;

-- +goose Down

DROP INDEX document_open;
CREATE INDEX document_open ON document
	(creditor_id, customer_id, currency, due_on, issued_on, kind, open_amount) WHERE open_amount <> 0;
DROP TABLE charge_statement;
DROP TABLE charge_number;
DROP TABLE charge_entry;
DROP TABLE charge_notice;
DROP TABLE charge_terms;
DROP TABLE statute_figure;
