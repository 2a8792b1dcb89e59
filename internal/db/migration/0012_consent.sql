-- +goose Up

-- That a customer agreed to electronic registered letters (CPCE L100); taken
-- back, never deleted.
CREATE TABLE notice_consent (
	creditor_id  TEXT NOT NULL,
	id           TEXT NOT NULL,
	customer_id  TEXT NOT NULL,
	on_day       DATE NOT NULL,
	how          TEXT NOT NULL, -- in words: by which writing
	file_name    TEXT NOT NULL DEFAULT '',
	sha256       TEXT NOT NULL DEFAULT '', -- of the proof, in file
	made_by      TEXT NOT NULL,
	created_at   TIMESTAMP NOT NULL,
	withdrawn_at TIMESTAMP,
	withdrawn_by TEXT NOT NULL DEFAULT '',
	why          TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX notice_consent_customer ON notice_consent (creditor_id, customer_id, on_day);

-- +goose Down

DROP TABLE notice_consent;
