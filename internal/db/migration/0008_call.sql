-- +goose Up

-- A telephone call that was made, or tried.
CREATE TABLE call (
	creditor_id TEXT NOT NULL,
	id          TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	reminder_id TEXT NOT NULL DEFAULT '', -- the step that asked for it; none for another
	task_id     TEXT NOT NULL DEFAULT '',
	script      TEXT NOT NULL DEFAULT '',
	on_day      DATE NOT NULL,
	number      TEXT NOT NULL DEFAULT '', -- that was dialled
	person      TEXT NOT NULL DEFAULT '', -- who spoke for the customer
	outcome     TEXT NOT NULL CHECK (outcome IN
		('reached', 'promised', 'disputes', 'plan', 'paid', 'refuses', 'back', 'no_answer', 'wrong_number')),
	attempt     BIGINT NOT NULL, -- the how many-th call of its step
	again_on    DATE, -- when to call again
	note        TEXT NOT NULL DEFAULT '',
	made_by     TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL,
	PRIMARY KEY (creditor_id, id)
);
CREATE INDEX call_customer ON call (creditor_id, customer_id, on_day);
CREATE INDEX call_reminder ON call (creditor_id, reminder_id);

-- What a call led to: promises, disputes, plans, announced payments, tasks.
CREATE TABLE call_result (
	creditor_id TEXT NOT NULL,
	call_id     TEXT NOT NULL,
	kind        TEXT NOT NULL CHECK (kind IN ('promise', 'dispute', 'plan', 'payment', 'task')),
	subject_id  TEXT NOT NULL,
	PRIMARY KEY (creditor_id, call_id, subject_id)
);

-- A call counts as having been heard only once somebody was reached.
ALTER TABLE reminder ADD COLUMN spoken BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Down

ALTER TABLE reminder DROP COLUMN spoken;
DROP TABLE call_result;
DROP TABLE call;
