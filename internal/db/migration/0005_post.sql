-- +goose Up

-- A message may be ready: on paper, in the hands of a person who posts it. The
-- table is made anew, because SQLite cannot change a CHECK.
CREATE TABLE message_anew (
	creditor_id  TEXT NOT NULL,
	id           TEXT NOT NULL,
	reminder_id  TEXT NOT NULL,
	customer_id  TEXT NOT NULL,
	channel      TEXT NOT NULL,
	sender       TEXT NOT NULL,
	return_path  TEXT NOT NULL DEFAULT '',
	recipients   TEXT NOT NULL, -- separated by commas; the lines of a postal address by line breaks
	copies       TEXT NOT NULL DEFAULT '',
	subject      TEXT NOT NULL,
	message_ref  TEXT NOT NULL DEFAULT '', -- RFC 5322 Message-ID
	raw          BYTEA NOT NULL,
	sha256       TEXT NOT NULL,
	size         BIGINT NOT NULL,
	state        TEXT NOT NULL CHECK (state IN
		('queued', 'held', 'sending', 'ready', 'sent', 'failed', 'uncertain', 'cancelled')),
	why          TEXT NOT NULL DEFAULT '', -- of a hold or a cancellation, in words
	attempts     BIGINT NOT NULL DEFAULT 0,
	next_at      TIMESTAMP NOT NULL, -- not before
	last_code    TEXT NOT NULL DEFAULT '',
	last_detail  TEXT NOT NULL DEFAULT '',
	created_at   TIMESTAMP NOT NULL,
	sent_at      TIMESTAMP,
	remote_ref   TEXT NOT NULL DEFAULT '', -- the identifier that the other side gave it
	PRIMARY KEY (creditor_id, id)
);
INSERT INTO message_anew (creditor_id, id, reminder_id, customer_id, channel, sender, return_path, recipients, copies,
	subject, message_ref, raw, sha256, size, state, why, attempts, next_at, last_code, last_detail, created_at, sent_at)
SELECT creditor_id, id, reminder_id, customer_id, channel, sender, return_path, recipients, copies,
	subject, message_ref, raw, sha256, size, state, why, attempts, next_at, last_code, last_detail, created_at, sent_at
FROM message;
DROP TABLE message;
ALTER TABLE message_anew RENAME TO message;
CREATE INDEX message_state ON message (creditor_id, state, next_at, id);
CREATE INDEX message_customer ON message (creditor_id, customer_id, created_at);
CREATE INDEX message_reminder ON message (creditor_id, reminder_id);
CREATE INDEX message_sent ON message (creditor_id, sent_at);

-- Letters printed together; the bytes are in file.
CREATE TABLE post_batch (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	on_day      DATE NOT NULL,
	made_at     TIMESTAMP NOT NULL,
	made_by     TEXT NOT NULL DEFAULT '',
	duplex      BOOLEAN NOT NULL,
	sha256      TEXT NOT NULL,
	pages       BIGINT NOT NULL, -- with the blank ones
	PRIMARY KEY (creditor_id, id)
);
CREATE TABLE post_item (
	creditor_id TEXT NOT NULL,
	batch_id    TEXT NOT NULL,
	message_id  TEXT NOT NULL,
	rank        BIGINT NOT NULL,
	pages       BIGINT NOT NULL,
	tracking    TEXT NOT NULL DEFAULT '', -- number of a registered letter
	back_at     TIMESTAMP, -- taken out of the pile
	PRIMARY KEY (creditor_id, batch_id, message_id)
);
CREATE INDEX post_item_message ON post_item (creditor_id, message_id);

-- What a provider says of a letter that it posts.
CREATE TABLE post_track (
	creditor_id TEXT NOT NULL,
	message_id  TEXT NOT NULL,
	provider    TEXT NOT NULL,
	state       TEXT NOT NULL,
	detail      TEXT NOT NULL DEFAULT '', -- its words
	at          TIMESTAMP, -- of that state, by the provider
	checked_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, message_id)
);

-- Letters that came back. The address is kept as it was written: once it is
-- corrected, it is another one.
CREATE TABLE returned_letter (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	message_id  TEXT NOT NULL DEFAULT '',
	address     TEXT NOT NULL,
	reason      TEXT NOT NULL,
	on_day      DATE NOT NULL,
	made_by     TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX returned_letter_customer ON returned_letter (creditor_id, customer_id, address);

-- +goose Down
