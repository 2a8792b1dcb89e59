-- +goose Up

-- From when a task is listed, where that is before the day by which it must be done.
ALTER TABLE task ADD COLUMN show_on DATE;

-- What the creditor knows of a claim beyond its invoice: of one invoice, or of all
-- of a customer's.
CREATE TABLE limitation_rule (
	creditor_id  TEXT NOT NULL,
	subject_id   TEXT NOT NULL, -- a customer or a document
	customer_id  TEXT NOT NULL,
	kind         TEXT NOT NULL DEFAULT '', -- of claim; '' as the creditor's setting says
	months       BIGINT NOT NULL DEFAULT 0, -- set by contract (C. civ. 2254); 0 as the law says
	performed_on DATE, -- of an invoice: goods delivered, service done
	note         TEXT NOT NULL DEFAULT '',
	changed_at   TIMESTAMP NOT NULL,
	changed_by   TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (creditor_id, subject_id)
);
CREATE INDEX limitation_rule_customer ON limitation_rule (creditor_id, customer_id);

-- What happened to a claim and may bear on the time to sue, noted by a person.
CREATE TABLE limitation_event (
	creditor_id  TEXT NOT NULL,
	id           TEXT NOT NULL,
	customer_id  TEXT NOT NULL,
	document_id  TEXT NOT NULL DEFAULT '', -- '' is all that was owed on the day
	on_day       DATE NOT NULL,
	type         TEXT NOT NULL,
	certainty    TEXT NOT NULL CHECK (certainty IN ('text', 'published', 'reading')),
	source       TEXT NOT NULL DEFAULT '', -- '' is a person
	proof        TEXT NOT NULL DEFAULT '', -- sha256 of a file
	proof_name   TEXT NOT NULL DEFAULT '',
	note         TEXT NOT NULL DEFAULT '',
	made_by      TEXT NOT NULL DEFAULT '',
	created_at   TIMESTAMP NOT NULL,
	withdrawn_at TIMESTAMP,
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX limitation_event_customer ON limitation_event (creditor_id, customer_id, on_day);

-- Acts of procedure that have begun, each with the day by which it must be done.
CREATE TABLE procedure_step (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	step        TEXT NOT NULL,
	seat        TEXT NOT NULL DEFAULT '',
	started_on  DATE NOT NULL,
	deadline_on DATE NOT NULL,
	task_id     TEXT NOT NULL,
	note        TEXT NOT NULL DEFAULT '',
	made_by     TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX procedure_step_customer ON procedure_step (creditor_id, customer_id, started_on);

-- A collective procedure of a customer.
CREATE TABLE insolvency (
	creditor_id   TEXT NOT NULL,
	id            TEXT NOT NULL,
	customer_id   TEXT NOT NULL,
	kind          TEXT NOT NULL CHECK (kind IN ('safeguard', 'recovery', 'liquidation')),
	judgment_on   DATE NOT NULL,
	published_on  DATE,
	court         TEXT NOT NULL DEFAULT '',
	office_name   TEXT NOT NULL DEFAULT '', -- mandataire judiciaire or liquidateur
	office_street TEXT NOT NULL DEFAULT '',
	office_postal TEXT NOT NULL DEFAULT '',
	office_city   TEXT NOT NULL DEFAULT '',
	office_email  TEXT NOT NULL DEFAULT '',
	far           BOOLEAN NOT NULL, -- the creditor lives outside the territory: two months more
	securities    TEXT NOT NULL DEFAULT '', -- in words, for the declaration
	retention     BOOLEAN NOT NULL, -- goods sold under retention of title
	source        TEXT NOT NULL, -- hand or the identifier of an announcement
	note          TEXT NOT NULL DEFAULT '',
	made_by       TEXT NOT NULL DEFAULT '',
	created_at    TIMESTAMP NOT NULL,
	declared_on   DATE, -- posted
	tracking      TEXT NOT NULL DEFAULT '',
	objected_on   DATE, -- a letter of the mandataire that contests the claim was received
	closed_on     DATE,
	closed_as     TEXT NOT NULL DEFAULT '' CHECK (closed_as IN ('', 'closed', 'plan', 'mistake')),
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX insolvency_customer ON insolvency (creditor_id, customer_id, judgment_on);
CREATE INDEX insolvency_open ON insolvency (creditor_id, judgment_on, id) WHERE closed_on IS NULL;

-- Announcements of a register that were recognised as a customer's.
CREATE TABLE announcement (
	creditor_id  TEXT NOT NULL,
	customer_id  TEXT NOT NULL,
	register     TEXT NOT NULL,
	id           TEXT NOT NULL, -- the register's own: A202601765232
	meaning      TEXT NOT NULL,
	published_on DATE,
	title        TEXT NOT NULL, -- as the register says it
	content      TEXT NOT NULL, -- JSON
	seen_at      TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, customer_id, register, id)
);

-- When a customer was last looked up in a register.
CREATE TABLE register_check (
	creditor_id TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	register    TEXT NOT NULL,
	checked_at  TIMESTAMP NOT NULL,
	problem     TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (creditor_id, customer_id, register)
);

-- +goose Down

DROP TABLE register_check;
DROP TABLE announcement;
DROP TABLE insolvency;
DROP TABLE procedure_step;
DROP TABLE limitation_event;
DROP TABLE limitation_rule;
ALTER TABLE task DROP COLUMN show_on;
