-- +goose Up

-- Who answers for a customer's debts (C. civ. 2288): told of what goes unpaid.
CREATE TABLE guarantor (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	name        TEXT NOT NULL,
	person      BOOLEAN NOT NULL, -- a natural person, whom C. civ. 2302 and 2303 protect
	street      TEXT NOT NULL DEFAULT '',
	postal_code TEXT NOT NULL DEFAULT '',
	city        TEXT NOT NULL DEFAULT '',
	country     TEXT NOT NULL DEFAULT 'FR',
	language    TEXT NOT NULL DEFAULT 'fr',
	signed_on   DATE,
	ends_on     DATE,
	currency    TEXT NOT NULL DEFAULT 'EUR',
	ceiling     BIGINT NOT NULL DEFAULT 0, -- 0: none is known
	note        TEXT NOT NULL DEFAULT '',
	made_by     TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	ended_on    DATE, -- the first day the guarantee no longer stands for us
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX guarantor_customer ON guarantor (creditor_id, customer_id);

-- The image above a signature: a person's, or the creditor's own (person '').
CREATE TABLE signature (
	creditor_id TEXT NOT NULL,
	person_id   TEXT NOT NULL,
	sha256      TEXT NOT NULL, -- in file
	created_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, person_id)
);

-- +goose Down

DROP TABLE signature;
DROP TABLE guarantor;
