-- +goose Up

CREATE TABLE creditor (
	id          TEXT NOT NULL PRIMARY KEY,
	name        TEXT NOT NULL,
	legal_form  TEXT NOT NULL DEFAULT '',
	capital     TEXT NOT NULL DEFAULT '',
	siren       TEXT NOT NULL DEFAULT '',
	siret       TEXT NOT NULL DEFAULT '',
	vat_id      TEXT NOT NULL DEFAULT '',
	register    TEXT NOT NULL DEFAULT '', -- "RCS Lille"
	street      TEXT NOT NULL DEFAULT '',
	postal_code TEXT NOT NULL DEFAULT '',
	city        TEXT NOT NULL DEFAULT '',
	country     TEXT NOT NULL DEFAULT 'FR',
	email       TEXT NOT NULL DEFAULT '',
	phone       TEXT NOT NULL DEFAULT '',
	website     TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL
);

CREATE TABLE bank_account (
	creditor_id TEXT NOT NULL REFERENCES creditor (id),
	id          TEXT NOT NULL,
	holder      TEXT NOT NULL,
	iban        TEXT NOT NULL,
	bic         TEXT NOT NULL DEFAULT '',
	currency    TEXT NOT NULL DEFAULT 'EUR',
	created_at  TIMESTAMP NOT NULL,
	ended_at    TIMESTAMP,
	PRIMARY KEY (creditor_id, id)
);

CREATE TABLE closure (
	creditor_id TEXT NOT NULL REFERENCES creditor (id),
	id          TEXT NOT NULL,
	from_on     DATE NOT NULL,
	until_on    DATE NOT NULL,
	label       TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (creditor_id, id)
);

CREATE TABLE setting (
	creditor_id TEXT NOT NULL REFERENCES creditor (id),
	name        TEXT NOT NULL,
	value       TEXT NOT NULL,
	changed_at  TIMESTAMP NOT NULL,
	changed_by  TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (creditor_id, name)
);

CREATE TABLE person (
	id            TEXT NOT NULL PRIMARY KEY,
	email         TEXT NOT NULL,
	name          TEXT NOT NULL,
	phone         TEXT NOT NULL DEFAULT '',
	language      TEXT NOT NULL DEFAULT 'fr',
	password_hash TEXT NOT NULL DEFAULT '',
	created_at    TIMESTAMP NOT NULL,
	disabled_at   TIMESTAMP
);
CREATE UNIQUE INDEX person_email ON person (email);

CREATE TABLE membership (
	creditor_id TEXT NOT NULL REFERENCES creditor (id),
	person_id   TEXT NOT NULL REFERENCES person (id),
	rights      TEXT NOT NULL CHECK (rights IN ('manage', 'work', 'read')),
	sender      TEXT NOT NULL DEFAULT '', -- the address this person's messages leave from
	PRIMARY KEY (creditor_id, person_id)
);
CREATE INDEX membership_person ON membership (person_id);

CREATE TABLE web_session (
	token_hash TEXT NOT NULL PRIMARY KEY,
	content    BYTEA NOT NULL,
	expires_at TIMESTAMP NOT NULL
);
CREATE INDEX web_session_expiry ON web_session (expires_at);

CREATE TABLE login_failure (
	key          TEXT NOT NULL PRIMARY KEY,
	count        BIGINT NOT NULL,
	last_at      TIMESTAMP NOT NULL
);

CREATE TABLE customer (
	creditor_id  TEXT NOT NULL REFERENCES creditor (id),
	id           TEXT NOT NULL,
	code         TEXT NOT NULL,
	name         TEXT NOT NULL,
	kind         TEXT NOT NULL DEFAULT 'business' CHECK (kind IN ('business', 'consumer', 'public')),
	siren        TEXT NOT NULL DEFAULT '',
	siret        TEXT NOT NULL DEFAULT '',
	vat_id       TEXT NOT NULL DEFAULT '',
	street       TEXT NOT NULL DEFAULT '',
	postal_code  TEXT NOT NULL DEFAULT '',
	city         TEXT NOT NULL DEFAULT '',
	country      TEXT NOT NULL DEFAULT 'FR',
	language     TEXT NOT NULL DEFAULT 'fr' CHECK (language IN ('fr', 'en')),
	tags         TEXT NOT NULL DEFAULT '', -- ",grand-compte,transport,": sorted, each between commas
	terms        TEXT NOT NULL DEFAULT '', -- words of the payment term, e.g. "45 jours fin de mois"
	email        TEXT NOT NULL DEFAULT '', -- the company's general address
	phone        TEXT NOT NULL DEFAULT '',
	collector_id TEXT NOT NULL DEFAULT '',
	scenario     TEXT NOT NULL DEFAULT '', -- named by a person; otherwise the first that applies
	note         TEXT NOT NULL DEFAULT '',
	since_on     DATE,
	insolvent_on DATE,
	import_id    TEXT NOT NULL DEFAULT '',
	created_at   TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, id)
);
CREATE UNIQUE INDEX customer_code ON customer (creditor_id, code);
CREATE INDEX customer_name ON customer (creditor_id, name, id);

CREATE TABLE contact (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	role        TEXT NOT NULL DEFAULT 'accounting'
		CHECK (role IN ('accounting', 'purchasing', 'manager', 'sales', 'other')),
	civility    TEXT NOT NULL DEFAULT '',
	first_name  TEXT NOT NULL DEFAULT '',
	last_name   TEXT NOT NULL DEFAULT '',
	email       TEXT NOT NULL DEFAULT '',
	phone       TEXT NOT NULL DEFAULT '',
	bounced_at  TIMESTAMP,
	import_id   TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	ended_at    TIMESTAMP,
	PRIMARY KEY (creditor_id, id),
	FOREIGN KEY (creditor_id, customer_id) REFERENCES customer (creditor_id, id)
);
CREATE INDEX contact_customer ON contact (creditor_id, customer_id);

-- Invoices, credit notes and payments. An amount is positive; the kind gives
-- its direction. open_amount is kept by the ledger room alone, in the
-- transaction of the allocation.
CREATE TABLE document (
	creditor_id  TEXT NOT NULL,
	id           TEXT NOT NULL,
	customer_id  TEXT NOT NULL,
	kind         TEXT NOT NULL CHECK (kind IN ('invoice', 'credit_note', 'payment')),
	number       TEXT NOT NULL,
	part         TEXT NOT NULL DEFAULT '', -- tells apart the due dates of one invoice, or payments of one reference
	nature       TEXT NOT NULL DEFAULT '', -- opening, advance, refund, write_off, correction, noted: not simply one of its kind
	issued_on    DATE NOT NULL,
	due_on       DATE,
	currency     TEXT NOT NULL,
	amount       BIGINT NOT NULL CHECK (amount >= 0),
	open_amount  BIGINT NOT NULL,
	net_amount   BIGINT,
	order_ref    TEXT NOT NULL DEFAULT '',
	contract_ref TEXT NOT NULL DEFAULT '',
	preceding    TEXT NOT NULL DEFAULT '', -- the invoice that a credit note corrects
	terms        TEXT NOT NULL DEFAULT '',
	label        TEXT NOT NULL DEFAULT '',
	source       TEXT NOT NULL DEFAULT '',
	import_id    TEXT NOT NULL DEFAULT '',
	brought      BIGINT NOT NULL DEFAULT 0, -- fingerprint of what its source last said of it
	created_at   TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, id)
);
CREATE UNIQUE INDEX document_number ON document (creditor_id, number, customer_id, kind, part);
CREATE INDEX document_customer ON document (creditor_id, customer_id);
-- Covers the aged balance and the reading of accounts.
CREATE INDEX document_open ON document
	(creditor_id, customer_id, currency, due_on, issued_on, kind, open_amount) WHERE open_amount <> 0;

-- When a customer last paid.
CREATE INDEX document_payment ON document (creditor_id, customer_id, issued_on) WHERE kind = 'payment';

-- A dated amount of a payment or credit note set against an invoice; undone by
-- a row with the negative amount that names it.
CREATE TABLE allocation (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	credit_id   TEXT NOT NULL, -- the payment or credit note
	invoice_id  TEXT NOT NULL,
	amount      BIGINT NOT NULL CHECK (amount <> 0),
	made_on     DATE NOT NULL,
	reverses    TEXT,
	reason      TEXT NOT NULL DEFAULT '',
	import_id   TEXT NOT NULL DEFAULT '',
	made_by     TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX allocation_customer ON allocation (creditor_id, customer_id);
CREATE INDEX allocation_credit ON allocation (creditor_id, credit_id);
CREATE INDEX allocation_invoice ON allocation (creditor_id, invoice_id);
CREATE INDEX allocation_day ON allocation (creditor_id, made_on);
CREATE UNIQUE INDEX allocation_reversal ON allocation (creditor_id, reverses) WHERE reverses IS NOT NULL;

-- The balance of a customer account as the general ledger states it.
CREATE TABLE ledger_balance (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	on_day      DATE NOT NULL,
	account     TEXT NOT NULL,
	customer    TEXT NOT NULL, -- the code of the customer, or '' for the whole account
	currency    TEXT NOT NULL,
	amount      BIGINT NOT NULL,
	import_id   TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX ledger_balance_day ON ledger_balance (creditor_id, on_day);

-- Files kept as they came: invoices' PDFs, imported files.
CREATE TABLE file (
	creditor_id TEXT NOT NULL,
	sha256      TEXT NOT NULL,
	name        TEXT NOT NULL,
	media_type  TEXT NOT NULL,
	size        BIGINT NOT NULL,
	content     BYTEA NOT NULL,
	created_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, sha256)
);
CREATE TABLE document_file (
	creditor_id TEXT NOT NULL,
	document_id TEXT NOT NULL,
	sha256      TEXT NOT NULL,
	name        TEXT NOT NULL,
	import_id   TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (creditor_id, document_id, sha256)
);

-- What must be mended before an invoice is chased, or is worth knowing.
CREATE TABLE finding (
	creditor_id TEXT NOT NULL,
	document_id TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	code        TEXT NOT NULL,
	fr          TEXT NOT NULL DEFAULT '', -- the words shown
	en          TEXT NOT NULL DEFAULT '',
	source      TEXT NOT NULL DEFAULT '', -- the article
	blocking    BOOLEAN NOT NULL,
	lasting     BOOLEAN NOT NULL DEFAULT FALSE, -- from a file we no longer have: looking again does not clear it
	import_id   TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (creditor_id, document_id, code)
);
CREATE INDEX finding_customer ON finding (creditor_id, customer_id);
CREATE INDEX finding_code ON finding (creditor_id, code, document_id);

-- What a source last said of a customer: an import touches only what its source
-- says anew, so that what a person mended stays.
CREATE TABLE customer_source (
	creditor_id TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	source      TEXT NOT NULL,
	said        TEXT NOT NULL, -- JSON
	fingerprint BIGINT NOT NULL, -- of the first row that said it
	import_id   TEXT NOT NULL DEFAULT '', -- the last one that changed it
	PRIMARY KEY (creditor_id, customer_id, source)
);

CREATE TABLE import (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	source      TEXT NOT NULL,
	mode        TEXT NOT NULL CHECK (mode IN ('stock', 'delta')),
	state       TEXT NOT NULL CHECK (state IN ('running', 'done', 'stopped', 'undone')),
	digest      TEXT NOT NULL DEFAULT '', -- of the files' contents: an interrupted import is taken up again by it
	files       TEXT NOT NULL, -- JSON: names, hashes, formats, counts
	note        TEXT NOT NULL DEFAULT '',
	made_by     TEXT NOT NULL DEFAULT '',
	on_day      DATE NOT NULL,
	started_at  TIMESTAMP NOT NULL,
	ended_at    TIMESTAMP,
	undone_at   TIMESTAMP,
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX import_source ON import (creditor_id, source, state);

-- What an import found and changed, so that it can be undone.
CREATE TABLE import_change (
	creditor_id TEXT NOT NULL,
	import_id   TEXT NOT NULL,
	id          TEXT NOT NULL,
	entity      TEXT NOT NULL, -- document, customer, contact, said
	entity_id   TEXT NOT NULL,
	before      TEXT NOT NULL, -- JSON of what stood there
	after       TEXT NOT NULL,
	PRIMARY KEY (creditor_id, import_id, id)
);

CREATE TABLE rejected_row (
	creditor_id TEXT NOT NULL,
	import_id   TEXT NOT NULL,
	id          TEXT NOT NULL,
	file        TEXT NOT NULL,
	line        BIGINT NOT NULL,
	col         BIGINT NOT NULL,
	reason      TEXT NOT NULL,
	mend        TEXT NOT NULL DEFAULT '',
	cells       TEXT NOT NULL DEFAULT '[]', -- JSON: the row as it was
	PRIMARY KEY (creditor_id, import_id, id)
);

CREATE TABLE column_mapping (
	creditor_id TEXT NOT NULL,
	source      TEXT NOT NULL,
	header      TEXT NOT NULL, -- fingerprint of the names of the columns
	content     TEXT NOT NULL, -- JSON
	changed_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, source, header)
);

-- +goose Down
