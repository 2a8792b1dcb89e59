-- +goose Up

-- Who collects amicably for this creditor (CPCE R124-1 to R124-7). A new row
-- replaces the one before, which stays readable.
CREATE TABLE mandate (
	creditor_id TEXT NOT NULL,
	rank        BIGINT NOT NULL, -- the highest holds
	id          TEXT NOT NULL,
	voice       TEXT NOT NULL CHECK (voice IN ('collector', 'creditor', 'off')),
	name        TEXT NOT NULL,
	address     TEXT NOT NULL,
	insurance   TEXT NOT NULL,
	iban        TEXT NOT NULL, -- the account for what is collected, and nothing else
	bic         TEXT NOT NULL,
	declared_on DATE, -- to the procureur
	agreed_on   DATE, -- with the creditor
	fees        TEXT NOT NULL, -- owed by the creditor alone
	terms       TEXT NOT NULL, -- of paying over
	since_on    DATE NOT NULL,
	made_by     TEXT NOT NULL,
	created_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, rank)
);

-- What was paid over to the creditor.
CREATE TABLE remittance (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	on_day      DATE NOT NULL,
	currency    TEXT NOT NULL,
	amount      BIGINT NOT NULL,
	reference   TEXT NOT NULL,
	made_by     TEXT NOT NULL,
	created_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, id)
);

CREATE TABLE remittance_item (
	creditor_id   TEXT NOT NULL,
	document_id   TEXT NOT NULL, -- the payment: paid over once
	remittance_id TEXT NOT NULL,
	PRIMARY KEY (creditor_id, document_id)
);

-- +goose Down

DROP TABLE remittance_item;
DROP TABLE remittance;
DROP TABLE mandate;
