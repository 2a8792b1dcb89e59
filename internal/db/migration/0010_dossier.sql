-- +goose Up

-- Proofs that people bring: contracts, delivery notes, extracts of registers…
-- Their bytes are in file. One without customer is the creditor's own, and
-- goes into every dossier.
CREATE TABLE evidence (
	creditor_id   TEXT NOT NULL,
	id            TEXT NOT NULL,
	customer_id   TEXT NOT NULL DEFAULT '',
	kind          TEXT NOT NULL,
	sha256        TEXT NOT NULL,
	name          TEXT NOT NULL,
	media_type    TEXT NOT NULL,
	size          BIGINT NOT NULL,
	on_day        DATE NOT NULL, -- that the paper bears
	note          TEXT NOT NULL DEFAULT '',
	made_by       TEXT NOT NULL DEFAULT '',
	created_at    TIMESTAMP NOT NULL,
	withdrawn_at  TIMESTAMP,
	withdrawn_by  TEXT NOT NULL DEFAULT '',
	withdrawn_why TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX evidence_customer ON evidence (creditor_id, customer_id);
CREATE INDEX evidence_file ON evidence (creditor_id, sha256);

-- The documents that a proof is about; none is all of the customer's.
CREATE TABLE evidence_item (
	creditor_id TEXT NOT NULL,
	evidence_id TEXT NOT NULL,
	document_id TEXT NOT NULL,
	PRIMARY KEY (creditor_id, evidence_id, document_id)
);
CREATE INDEX evidence_item_document ON evidence_item (creditor_id, document_id);

-- What was handed out: one row a customer of a file.
CREATE TABLE dossier (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	on_day      DATE NOT NULL,
	made_at     TIMESTAMP NOT NULL,
	made_by     TEXT NOT NULL DEFAULT '',
	recipient   TEXT NOT NULL DEFAULT '', -- for whom it was made
	sha256      TEXT NOT NULL, -- of the whole ZIP
	name        TEXT NOT NULL,
	size        BIGINT NOT NULL,
	files       BIGINT NOT NULL,
	score       BIGINT NOT NULL, -- percent
	kept        BOOLEAN NOT NULL, -- its bytes are in file
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX dossier_customer ON dossier (creditor_id, customer_id, id);
CREATE INDEX dossier_file ON dossier (creditor_id, sha256);

-- +goose Down
