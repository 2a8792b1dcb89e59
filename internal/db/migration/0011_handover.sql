-- +goose Up

-- Those who collect or sue for a creditor. Fees are never charged to the debtor.
CREATE TABLE partner (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	kind        TEXT NOT NULL CHECK (kind IN ('agency', 'bailiff', 'lawyer')),
	name        TEXT NOT NULL,
	street      TEXT NOT NULL DEFAULT '',
	postal_code TEXT NOT NULL DEFAULT '',
	city        TEXT NOT NULL DEFAULT '',
	siren       TEXT NOT NULL DEFAULT '',
	contact     TEXT NOT NULL DEFAULT '',
	email       TEXT NOT NULL DEFAULT '',
	phone       TEXT NOT NULL DEFAULT '',
	rate        BIGINT NOT NULL DEFAULT 0, -- of what is collected, in basis points
	fixed       BIGINT NOT NULL DEFAULT 0, -- per hand-over, in minor units of its currency
	mandate     TEXT NOT NULL DEFAULT '', -- reference of the agreement (CPCE R124-3)
	note        TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	ended_at    TIMESTAMP,
	PRIMARY KEY (creditor_id, id)
);

CREATE TABLE handover (
	creditor_id  TEXT NOT NULL,
	id           TEXT NOT NULL,
	customer_id  TEXT NOT NULL,
	partner_id   TEXT NOT NULL DEFAULT '', -- none while prepared for nobody yet
	state        TEXT NOT NULL CHECK (state IN ('prepared', 'handed', 'recalled', 'closed')),
	outcome      TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'paid', 'partial', 'irrecoverable')),
	currency     TEXT NOT NULL,
	rate         BIGINT NOT NULL DEFAULT 0, -- the fee terms as they stood
	fixed        BIGINT NOT NULL DEFAULT 0,
	mandate      TEXT NOT NULL DEFAULT '',
	dossier      TEXT NOT NULL DEFAULT '', -- SHA-256 of the file handed over
	dossier_name TEXT NOT NULL DEFAULT '',
	hold_id      TEXT NOT NULL DEFAULT '',
	reminder_id  TEXT NOT NULL DEFAULT '', -- the step that prepared it
	note         TEXT NOT NULL DEFAULT '',
	prepared_on  DATE NOT NULL,
	prepared_by  TEXT NOT NULL DEFAULT '',
	handed_on    DATE,
	handed_mark  TEXT NOT NULL DEFAULT '', -- allocations after it came in since
	handed_by    TEXT NOT NULL DEFAULT '',
	ended_on     DATE,
	ended_by     TEXT NOT NULL DEFAULT '',
	ending       TEXT NOT NULL DEFAULT '', -- why it was recalled, what was said when it was closed
	certified_on DATE, -- the certificate of irrecoverability
	certificate  TEXT NOT NULL DEFAULT '', -- its SHA-256
	certificate_name TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX handover_customer ON handover (creditor_id, customer_id);
CREATE INDEX handover_state ON handover (creditor_id, state, id);

CREATE TABLE handover_item (
	creditor_id TEXT NOT NULL,
	handover_id TEXT NOT NULL,
	document_id TEXT NOT NULL,
	principal   BIGINT NOT NULL,
	interest    BIGINT NOT NULL,
	indemnity   BIGINT NOT NULL,
	PRIMARY KEY (creditor_id, handover_id, document_id)
);
CREATE INDEX handover_item_document ON handover_item (creditor_id, document_id);

-- What the partner told.
CREATE TABLE handover_note (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	handover_id TEXT NOT NULL,
	on_day      DATE NOT NULL,
	status      TEXT NOT NULL,
	amount      BIGINT NOT NULL DEFAULT 0, -- what it says to have collected
	text        TEXT NOT NULL DEFAULT '',
	made_by     TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX handover_note_of ON handover_note (creditor_id, handover_id, on_day);

-- What the creditor received and told the partner of, allocation by allocation.
CREATE TABLE handover_declaration (
	creditor_id TEXT NOT NULL,
	handover_id TEXT NOT NULL,
	allocation_id TEXT NOT NULL,
	id          TEXT NOT NULL, -- of the declaration, which may tell several
	on_day      DATE NOT NULL,
	way         TEXT NOT NULL,
	made_by     TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (creditor_id, handover_id, allocation_id)
);

-- What the partner paid out.
CREATE TABLE handover_remittance (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	handover_id TEXT NOT NULL,
	on_day      DATE NOT NULL,
	gross       BIGINT NOT NULL,
	fee         BIGINT NOT NULL,
	net         BIGINT NOT NULL,
	payment_id  TEXT NOT NULL DEFAULT '', -- the payment in the books that it is
	reference   TEXT NOT NULL DEFAULT '',
	made_by     TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX handover_remittance_of ON handover_remittance (creditor_id, handover_id);

CREATE TABLE write_off (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	document_id TEXT NOT NULL,
	handover_id TEXT NOT NULL DEFAULT '',
	currency    TEXT NOT NULL,
	amount      BIGINT NOT NULL,
	event       TEXT NOT NULL, -- what made it irrecoverable
	event_on    DATE NOT NULL,
	reason      TEXT NOT NULL,
	state       TEXT NOT NULL CHECK (state IN ('asked', 'done', 'refused', 'reversed')),
	asked_on    DATE NOT NULL,
	asked_by    TEXT NOT NULL,
	decided_on  DATE,
	decided_by  TEXT NOT NULL DEFAULT '',
	reversed_on DATE,
	reversed_by TEXT NOT NULL DEFAULT '',
	reversal    TEXT NOT NULL DEFAULT '', -- why
	credit_id   TEXT NOT NULL DEFAULT '',
	allocation_id TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX write_off_customer ON write_off (creditor_id, customer_id);
CREATE INDEX write_off_state ON write_off (creditor_id, state, decided_on);

-- Customers whose case seems ripe, as the last look found.
CREATE TABLE legal_signal (
	creditor_id TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	first_on    DATE NOT NULL,
	seen_on     DATE NOT NULL,
	signals     TEXT NOT NULL, -- JSON
	currency    TEXT NOT NULL,
	amount      BIGINT NOT NULL, -- overdue
	asked       BOOLEAN NOT NULL DEFAULT FALSE, -- a task was made, which is made once
	until_on    DATE, -- set aside until the end of that day
	reason      TEXT NOT NULL DEFAULT '',
	set_by      TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (creditor_id, customer_id)
);

-- What a person told of a customer's case, for the ways that are open.
CREATE TABLE legal_fact (
	creditor_id TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	facts       TEXT NOT NULL, -- JSON
	told_on     DATE NOT NULL,
	told_by     TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (creditor_id, customer_id)
);

-- +goose Down
