-- +goose Up

-- Remittance advices: what customers say that a payment pays. The bytes are in
-- file. One whose entry has not come yet waits.
CREATE TABLE advice (
	creditor_id   TEXT NOT NULL,
	id            TEXT NOT NULL,
	sha256        TEXT NOT NULL,
	name          TEXT NOT NULL, -- of the file
	payer         TEXT NOT NULL,
	reference     TEXT NOT NULL, -- of the payment, as the payer numbers it
	paid_on       DATE, -- null where the advice does not tell
	currency      TEXT NOT NULL, -- empty where it tells no total
	total         BIGINT NOT NULL,
	paid_currency TEXT NOT NULL, -- the total or else the sum of the lines; empty where neither is known
	paid          BIGINT NOT NULL,
	entry_id      TEXT NOT NULL, -- the entry of the bank; empty while it waits
	attached_by   TEXT NOT NULL,
	attached_at   TIMESTAMP,
	made_by       TEXT NOT NULL,
	created_at    TIMESTAMP NOT NULL,
	withdrawn_at  TIMESTAMP,
	withdrawn_by  TEXT NOT NULL,
	withdrawn_why TEXT NOT NULL,
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX advice_entry ON advice (creditor_id, entry_id) WHERE withdrawn_at IS NULL;
CREATE INDEX advice_file ON advice (creditor_id, sha256);

CREATE TABLE advice_line (
	creditor_id TEXT NOT NULL,
	advice_id   TEXT NOT NULL,
	seq         BIGINT NOT NULL,
	number      TEXT NOT NULL, -- as the customer writes it
	on_day      DATE,
	currency    TEXT NOT NULL, -- empty where no amount is told
	amount      BIGINT NOT NULL, -- negative for a credit note
	gross       BIGINT NOT NULL, -- with the discount; 0 where the line tells none
	discount    BIGINT NOT NULL,
	line        BIGINT NOT NULL, -- of the file
	PRIMARY KEY (creditor_id, advice_id, seq)
);

-- Entries that a person took an advice off: it is never put there again by itself.
CREATE TABLE advice_refused (
	creditor_id TEXT NOT NULL,
	advice_id   TEXT NOT NULL,
	entry_id    TEXT NOT NULL,
	PRIMARY KEY (creditor_id, advice_id, entry_id)
);

-- +goose Down
