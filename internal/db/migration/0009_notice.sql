-- +goose Up

-- A formal notice, from its approval on: what became of it is the fold of its events.
CREATE TABLE notice (
	creditor_id  TEXT NOT NULL,
	id           TEXT NOT NULL,
	customer_id  TEXT NOT NULL,
	reminder_id  TEXT NOT NULL,
	way          TEXT NOT NULL CHECK (way IN ('paper', 'electronic')),
	state        TEXT NOT NULL CHECK (state IN
		('approved', 'deposited', 'presented', 'received', 'refused', 'unclaimed', 'returned', 'cancelled')),
	currency     TEXT NOT NULL,
	amount       BIGINT NOT NULL, -- all that it asks for
	days         BIGINT NOT NULL, -- given to pay
	printed_on   DATE NOT NULL, -- the deadline that the letter says
	deadline_on  DATE NOT NULL, -- as events have moved it
	approved_on  DATE NOT NULL,
	approved_by  TEXT NOT NULL,
	tracking     TEXT NOT NULL DEFAULT '',
	points       TEXT NOT NULL DEFAULT '[]', -- JSON: the check as it stood at the approval
	created_at   TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX notice_reminder ON notice (creditor_id, reminder_id, id);
CREATE INDEX notice_customer ON notice (creditor_id, customer_id, approved_on);
CREATE INDEX notice_state ON notice (creditor_id, state, deadline_on, id);

CREATE TABLE notice_item (
	creditor_id TEXT NOT NULL,
	notice_id   TEXT NOT NULL,
	document_id TEXT NOT NULL,
	PRIMARY KEY (creditor_id, notice_id, document_id)
);
CREATE INDEX notice_item_document ON notice_item (creditor_id, document_id);

-- What the post, a provider or a person told; withdrawn, never deleted.
CREATE TABLE notice_event (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	notice_id   TEXT NOT NULL,
	kind        TEXT NOT NULL,
	on_day      DATE NOT NULL,
	note        TEXT NOT NULL DEFAULT '',
	file_name   TEXT NOT NULL DEFAULT '',
	sha256      TEXT NOT NULL DEFAULT '', -- of the acknowledgement, in file
	made_by     TEXT NOT NULL,
	created_at  TIMESTAMP NOT NULL,
	withdrawn_at TIMESTAMP,
	withdrawn_by TEXT NOT NULL DEFAULT '',
	why          TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX notice_event_notice ON notice_event (creditor_id, notice_id);

-- +goose Down

DROP TABLE notice_event;
DROP TABLE notice_item;
DROP TABLE notice;
