-- +goose Up

CREATE TABLE promise (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	made_on     DATE NOT NULL,
	for_on      DATE NOT NULL,
	currency    TEXT NOT NULL,
	amount      BIGINT NOT NULL, -- 0: all that is open
	note        TEXT NOT NULL DEFAULT '',
	made_by     TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	ended_on    DATE, -- the first day it no longer stands
	ended_as    TEXT NOT NULL DEFAULT '' CHECK (ended_as IN ('', 'kept', 'partly', 'broken', 'withdrawn')),
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX promise_customer ON promise (creditor_id, customer_id);
CREATE INDEX promise_open ON promise (creditor_id, for_on, id) WHERE ended_on IS NULL;

-- The invoices of a promise, a plan or an announced payment.
CREATE TABLE agreement_item (
	creditor_id  TEXT NOT NULL,
	agreement_id TEXT NOT NULL,
	document_id  TEXT NOT NULL,
	PRIMARY KEY (creditor_id, agreement_id, document_id)
);
CREATE INDEX agreement_item_document ON agreement_item (creditor_id, document_id, agreement_id);

CREATE TABLE dispute (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	document_id TEXT NOT NULL,
	currency    TEXT NOT NULL,
	amount      BIGINT NOT NULL, -- 0: all of the invoice
	reason      TEXT NOT NULL,
	note        TEXT NOT NULL DEFAULT '',
	owner       TEXT NOT NULL DEFAULT '',
	deadline_on DATE,
	opened_on   DATE NOT NULL,
	opened_by   TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	closed_on   DATE, -- the first day it no longer stands
	outcome     TEXT NOT NULL DEFAULT '',
	closing     TEXT NOT NULL DEFAULT '', -- what was said when it was closed
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX dispute_customer ON dispute (creditor_id, customer_id);
CREATE INDEX dispute_open ON dispute (creditor_id, deadline_on, id) WHERE closed_on IS NULL;

CREATE TABLE hold (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	document_id TEXT, -- NULL: the whole customer
	from_on     DATE NOT NULL,
	until_on    DATE, -- its last day; NULL: until a person ends it
	reason      TEXT NOT NULL,
	made_by     TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	ended_on    DATE, -- the first day it no longer holds
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX hold_customer ON hold (creditor_id, customer_id);
CREATE INDEX hold_open ON hold (creditor_id, id) WHERE ended_on IS NULL;

CREATE TABLE plan (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	made_on     DATE NOT NULL,
	grace       BIGINT NOT NULL, -- days
	currency    TEXT NOT NULL,
	note        TEXT NOT NULL DEFAULT '',
	made_by     TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	ended_on    DATE, -- the first day it no longer stands
	ended_as    TEXT NOT NULL DEFAULT '' CHECK (ended_as IN ('', 'kept', 'broken', 'withdrawn')),
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX plan_customer ON plan (creditor_id, customer_id);
CREATE INDEX plan_open ON plan (creditor_id, id) WHERE ended_on IS NULL;
CREATE TABLE instalment (
	creditor_id TEXT NOT NULL,
	plan_id     TEXT NOT NULL,
	rank        BIGINT NOT NULL,
	due_on      DATE NOT NULL,
	amount      BIGINT NOT NULL,
	PRIMARY KEY (creditor_id, plan_id, rank)
);

-- A payment announced and not yet in the bank: for its agreement_item, or for
-- the customer at large when it has none.
CREATE TABLE in_flight (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	currency    TEXT NOT NULL,
	amount      BIGINT NOT NULL,
	on_day      DATE NOT NULL,
	until_on    DATE NOT NULL, -- the last day it may still be on its way
	source      TEXT NOT NULL DEFAULT '',
	note        TEXT NOT NULL DEFAULT '',
	made_by     TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	ended_on    DATE, -- the first day it no longer counts
	ended_as    TEXT NOT NULL DEFAULT '' CHECK (ended_as IN ('', 'arrived', 'failed', 'cancelled')),
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX in_flight_customer ON in_flight (creditor_id, customer_id);
CREATE INDEX in_flight_open ON in_flight (creditor_id, until_on, id) WHERE ended_on IS NULL;

-- How a customer has paid so far, computed once a day.
CREATE TABLE payer (
	creditor_id   TEXT NOT NULL,
	customer_id   TEXT NOT NULL,
	average_delay BIGINT NOT NULL, -- days after the due date, signed
	payments      BIGINT NOT NULL, -- how many it was computed from
	computed_on   DATE NOT NULL,
	PRIMARY KEY (creditor_id, customer_id)
);

-- A customer who replied, came to the portal or paid: what « reacted » means.
CREATE TABLE reaction (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	on_day      DATE NOT NULL,
	kind        TEXT NOT NULL,
	note        TEXT NOT NULL DEFAULT '',
	made_by     TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX reaction_customer ON reaction (creditor_id, customer_id, on_day);

CREATE TABLE scenario (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	name        TEXT NOT NULL,
	rank        BIGINT NOT NULL, -- the first that applies is taken
	active      BOOLEAN NOT NULL,
	version     BIGINT NOT NULL,
	document    TEXT NOT NULL, -- YAML of the current version
	per_day     BIGINT NOT NULL DEFAULT 0, -- at most so many new reminders a day; 0: no limit
	origin      TEXT NOT NULL DEFAULT '', -- the shipped scenario that it began as
	PRIMARY KEY (creditor_id, id)
);
CREATE UNIQUE INDEX scenario_name ON scenario (creditor_id, name);
CREATE TABLE scenario_version (
	creditor_id TEXT NOT NULL,
	scenario_id TEXT NOT NULL,
	version     BIGINT NOT NULL,
	document    TEXT NOT NULL,
	note        TEXT NOT NULL DEFAULT '', -- why it was changed
	made_by     TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, scenario_id, version)
);

CREATE TABLE template (
	creditor_id TEXT NOT NULL,
	name        TEXT NOT NULL,
	tone        TEXT NOT NULL,
	language    TEXT NOT NULL,
	audience    TEXT NOT NULL, -- the kinds of customers it speaks to, "business,public"
	content     TEXT NOT NULL,
	changed_at  TIMESTAMP NOT NULL,
	changed_by  TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (creditor_id, name, tone, language, audience)
);

CREATE TABLE run (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	on_day      DATE NOT NULL,
	state       TEXT NOT NULL CHECK (state IN ('running', 'done')),
	accounts    BIGINT NOT NULL DEFAULT 0,
	proposed    BIGINT NOT NULL DEFAULT 0,
	superseded  BIGINT NOT NULL DEFAULT 0,
	problems    TEXT NOT NULL DEFAULT '[]', -- JSON: what stopped alone, and what to do
	started_at  TIMESTAMP NOT NULL,
	ended_at    TIMESTAMP,
	made_by     TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX run_day ON run (creditor_id, on_day);

CREATE TABLE reminder (
	creditor_id   TEXT NOT NULL,
	id            TEXT NOT NULL,
	run_id        TEXT NOT NULL,
	customer_id   TEXT NOT NULL,
	scenario_id   TEXT NOT NULL,
	scenario      TEXT NOT NULL, -- its name and version as decided
	version       BIGINT NOT NULL,
	step          TEXT NOT NULL,
	step_at       BIGINT NOT NULL, -- offset from the due date, signed
	follow_up     BOOLEAN NOT NULL DEFAULT FALSE,
	tone          TEXT NOT NULL,
	formal        BOOLEAN NOT NULL,
	template      TEXT NOT NULL DEFAULT '',
	channels      TEXT NOT NULL, -- separated by commas
	approve       BOOLEAN NOT NULL, -- a person must
	state         TEXT NOT NULL CHECK (state IN
		('proposed', 'approved', 'sending', 'sent', 'failed', 'uncertain', 'dismissed', 'superseded')),
	on_day        DATE NOT NULL, -- the day it was decided for
	not_before    DATE, -- postponed by a person
	leader_id     TEXT NOT NULL,
	currency      TEXT NOT NULL,
	amount        BIGINT NOT NULL,
	credits       BIGINT NOT NULL DEFAULT 0,
	claims        BIGINT NOT NULL, -- how many
	max_age       BIGINT NOT NULL,
	details       TEXT NOT NULL, -- JSON: claims, coming, broken agreements, reasons
	edited        TEXT NOT NULL DEFAULT '', -- JSON: subject and body written by a person
	note          TEXT NOT NULL DEFAULT '',
	proposed_at   TIMESTAMP NOT NULL,
	decided_at    TIMESTAMP,
	decided_by    TEXT NOT NULL DEFAULT '',
	done_on       DATE, -- sent or dismissed
	PRIMARY KEY (creditor_id, id)
);
-- Pages of waiting reminders in the order of their groups, and the groups'
-- counts, from the index alone.
CREATE INDEX reminder_waiting ON reminder
	(creditor_id, state, formal, step_at, step, tone, currency, amount, id, not_before);
CREATE INDEX reminder_customer ON reminder (creditor_id, customer_id, on_day);
CREATE INDEX reminder_day ON reminder (creditor_id, on_day);
-- Accounts are read by customer: what waits, and what was done lately.
CREATE INDEX reminder_pending ON reminder (creditor_id, customer_id)
	WHERE state IN ('proposed', 'approved', 'sending', 'failed', 'uncertain');
CREATE INDEX reminder_done ON reminder (creditor_id, customer_id, done_on) WHERE state IN ('sent', 'dismissed');

CREATE TABLE reminder_claim (
	creditor_id TEXT NOT NULL,
	reminder_id TEXT NOT NULL,
	document_id TEXT NOT NULL,
	amount      BIGINT NOT NULL,
	PRIMARY KEY (creditor_id, reminder_id, document_id)
);
-- With the reminder, so that SQLite does not take the key, which covers it, for better.
CREATE INDEX reminder_claim_document ON reminder_claim (creditor_id, document_id, reminder_id);

-- The last step that really claimed an invoice.
CREATE TABLE position (
	creditor_id TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	document_id TEXT NOT NULL,
	step        TEXT NOT NULL,
	on_day      DATE NOT NULL,
	dismissed   BOOLEAN NOT NULL,
	reminder_id TEXT NOT NULL,
	PRIMARY KEY (creditor_id, customer_id, document_id)
);

CREATE TABLE message (
	creditor_id  TEXT NOT NULL,
	id           TEXT NOT NULL,
	reminder_id  TEXT NOT NULL,
	customer_id  TEXT NOT NULL,
	channel      TEXT NOT NULL,
	sender       TEXT NOT NULL,
	return_path  TEXT NOT NULL DEFAULT '',
	recipients   TEXT NOT NULL, -- separated by commas
	copies       TEXT NOT NULL DEFAULT '',
	subject      TEXT NOT NULL,
	message_ref  TEXT NOT NULL DEFAULT '', -- RFC 5322 Message-ID
	raw          BYTEA NOT NULL,
	sha256       TEXT NOT NULL,
	size         BIGINT NOT NULL,
	state        TEXT NOT NULL CHECK (state IN
		('queued', 'held', 'sending', 'sent', 'failed', 'uncertain', 'cancelled')),
	why          TEXT NOT NULL DEFAULT '', -- of a hold or a cancellation, in words
	attempts     BIGINT NOT NULL DEFAULT 0,
	next_at      TIMESTAMP NOT NULL, -- not before
	last_code    TEXT NOT NULL DEFAULT '',
	last_detail  TEXT NOT NULL DEFAULT '',
	created_at   TIMESTAMP NOT NULL,
	sent_at      TIMESTAMP,
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX message_state ON message (creditor_id, state, next_at, id);
CREATE INDEX message_customer ON message (creditor_id, customer_id, created_at);
CREATE INDEX message_reminder ON message (creditor_id, reminder_id);
CREATE INDEX message_sent ON message (creditor_id, sent_at);

CREATE TABLE delivery (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	message_id  TEXT NOT NULL,
	at          TIMESTAMP NOT NULL,
	outcome     TEXT NOT NULL,
	code        TEXT NOT NULL DEFAULT '',
	detail      TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX delivery_message ON delivery (creditor_id, message_id);

CREATE TABLE task (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	customer_id TEXT NOT NULL DEFAULT '',
	reminder_id TEXT NOT NULL DEFAULT '',
	kind        TEXT NOT NULL,
	key         TEXT NOT NULL DEFAULT '', -- what the program asks for once; '' from a person
	title       TEXT NOT NULL,
	detail      TEXT NOT NULL DEFAULT '',
	owner       TEXT NOT NULL DEFAULT '',
	due_on      DATE NOT NULL,
	made_by     TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	done_at     TIMESTAMP,
	done_by     TEXT NOT NULL DEFAULT '',
	outcome     TEXT NOT NULL DEFAULT '',
	note        TEXT NOT NULL DEFAULT '', -- what was said when it was done
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX task_open ON task (creditor_id, due_on, id) WHERE done_at IS NULL;
CREATE UNIQUE INDEX task_once ON task (creditor_id, key) WHERE done_at IS NULL AND key <> '';
CREATE INDEX task_customer ON task (creditor_id, customer_id);

-- Append-only; each entry's hash covers the one before.
CREATE TABLE journal (
	creditor_id TEXT NOT NULL,
	seq         BIGINT NOT NULL,
	at          TIMESTAMP NOT NULL,
	actor       TEXT NOT NULL,
	action      TEXT NOT NULL,
	subject     TEXT NOT NULL, -- what it is about: "customer/cus_…"
	body        TEXT NOT NULL, -- JSON
	previous    TEXT NOT NULL,
	hash        TEXT NOT NULL,
	PRIMARY KEY (creditor_id, seq)
);
CREATE INDEX journal_subject ON journal (creditor_id, subject, seq);

-- +goose Down
