-- +goose Up

-- What only the electronic form of an invoice or credit note tells, and the
-- messages of its life ask for.
CREATE TABLE electronic_invoice (
	creditor_id TEXT NOT NULL,
	document_id TEXT NOT NULL,
	import_id   TEXT NOT NULL DEFAULT '',
	process     TEXT NOT NULL DEFAULT '', -- BT-23: S1, B2…
	type_code   TEXT NOT NULL DEFAULT '', -- BT-3
	debits      BOOLEAN NOT NULL DEFAULT FALSE, -- VAT is due when invoiced, not when collected
	seller      TEXT NOT NULL DEFAULT '', -- SIREN
	buyer       TEXT NOT NULL DEFAULT '', -- SIREN
	buyer_name  TEXT NOT NULL DEFAULT '',
	endpoint    TEXT NOT NULL DEFAULT '', -- of the buyer: "0225:123456789" (BT-49)
	created_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, document_id)
);

-- Its VAT breakdown (BG-23).
CREATE TABLE electronic_vat (
	creditor_id TEXT NOT NULL,
	document_id TEXT NOT NULL,
	position    BIGINT NOT NULL,
	category    TEXT NOT NULL,
	rate        BIGINT NOT NULL, -- hundredths of a percent
	basis       BIGINT NOT NULL,
	tax         BIGINT NOT NULL,
	PRIMARY KEY (creditor_id, document_id, position)
);

-- Messages about the life of electronic invoices, as they came or left: their
-- bytes are in file.
CREATE TABLE lifecycle_message (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	way         TEXT NOT NULL CHECK (way IN ('in', 'out')),
	ref         TEXT NOT NULL DEFAULT '', -- MDT-4
	name        TEXT NOT NULL DEFAULT '', -- of the file
	sha256      TEXT NOT NULL,
	origin      TEXT NOT NULL DEFAULT '', -- the import's source, or the platform
	import_id   TEXT NOT NULL DEFAULT '',
	flow        TEXT NOT NULL DEFAULT '', -- its identifier at the platform
	state       TEXT NOT NULL CHECK (state IN
		('taken', 'ready', 'sending', 'sent', 'accepted', 'refused', 'uncertain', 'cancelled')),
	tries       BIGINT NOT NULL DEFAULT 0,
	try_at      TIMESTAMP, -- not before
	detail      TEXT NOT NULL DEFAULT '', -- what the platform said last
	made_by     TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	changed_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, id)
);
CREATE UNIQUE INDEX lifecycle_message_once ON lifecycle_message (creditor_id, way, sha256);
CREATE INDEX lifecycle_message_import ON lifecycle_message (creditor_id, import_id) WHERE import_id <> '';
CREATE INDEX lifecycle_message_going ON lifecycle_message (creditor_id, state, id)
	WHERE state IN ('ready', 'sending', 'sent', 'uncertain');

-- One status of one invoice. Told twice it is the same.
CREATE TABLE lifecycle_status (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	message_id  TEXT NOT NULL,
	identity    TEXT NOT NULL, -- of what it says
	code        TEXT NOT NULL,
	told_at     TEXT NOT NULL, -- by the civil clock, as the message writes it
	on_day      DATE NOT NULL,
	number      TEXT NOT NULL,
	issued_on   DATE,
	said        TEXT NOT NULL, -- JSON: all of it
	customer_id TEXT NOT NULL DEFAULT '', -- none while it waits for its invoice
	document_id TEXT NOT NULL DEFAULT '',
	waits       TEXT NOT NULL DEFAULT '', -- why it waits; 'aside' when a person put it aside
	problem     TEXT NOT NULL DEFAULT '', -- why it has no effect though it should
	created_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, id)
);
CREATE UNIQUE INDEX lifecycle_status_once ON lifecycle_status (creditor_id, identity);
CREATE INDEX lifecycle_status_document ON lifecycle_status (creditor_id, document_id, told_at);
CREATE INDEX lifecycle_status_customer ON lifecycle_status (creditor_id, customer_id, told_at);
CREATE INDEX lifecycle_status_waits ON lifecycle_status (creditor_id, number) WHERE document_id = '';
CREATE INDEX lifecycle_status_message ON lifecycle_status (creditor_id, message_id);

-- What a status did, once.
CREATE TABLE lifecycle_effect (
	creditor_id TEXT NOT NULL,
	status_id   TEXT NOT NULL,
	kind        TEXT NOT NULL CHECK (kind IN ('stop', 'dispute', 'hold', 'payment', 'task')),
	document_id TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	subject_id  TEXT NOT NULL DEFAULT '', -- the dispute, the hold…; none where there was nothing to do
	code        TEXT NOT NULL,
	on_day      DATE NOT NULL,
	ended_on    DATE, -- the first day it no longer stands
	note        TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, status_id, kind, document_id)
);
CREATE INDEX lifecycle_effect_document ON lifecycle_effect (creditor_id, document_id);
CREATE INDEX lifecycle_effect_stop ON lifecycle_effect (creditor_id, customer_id) WHERE kind = 'stop';

-- Which allocations were declared collected (212), by VAT rate. One that was
-- undone before it was declared has no message.
CREATE TABLE lifecycle_collected (
	creditor_id   TEXT NOT NULL,
	allocation_id TEXT NOT NULL,
	rate          BIGINT NOT NULL, -- hundredths of a percent
	document_id   TEXT NOT NULL,
	message_id    TEXT NOT NULL DEFAULT '',
	amount        BIGINT NOT NULL, -- VAT included, signed
	PRIMARY KEY (creditor_id, allocation_id, rate)
);
CREATE INDEX lifecycle_collected_document ON lifecycle_collected (creditor_id, document_id);
CREATE INDEX lifecycle_collected_message ON lifecycle_collected (creditor_id, message_id);

-- How far a platform or a folder has been read.
CREATE TABLE lifecycle_cursor (
	creditor_id TEXT NOT NULL,
	platform    TEXT NOT NULL,
	position    TEXT NOT NULL DEFAULT '',
	checked_at  TIMESTAMP NOT NULL,
	problem     TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (creditor_id, platform)
);

-- +goose Down

DROP TABLE lifecycle_cursor;
DROP TABLE lifecycle_collected;
DROP TABLE lifecycle_effect;
DROP TABLE lifecycle_status;
DROP TABLE lifecycle_message;
DROP TABLE electronic_vat;
DROP TABLE electronic_invoice;
