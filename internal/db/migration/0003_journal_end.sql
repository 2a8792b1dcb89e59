-- +goose Up

-- Where each journal ends: entries that are taken off its end show too.
CREATE TABLE journal_end (
	creditor_id TEXT NOT NULL PRIMARY KEY,
	seq         BIGINT NOT NULL,
	hash        TEXT NOT NULL
);
INSERT INTO journal_end (creditor_id, seq, hash)
SELECT creditor_id, seq, hash
FROM journal
WHERE seq = (SELECT max(last.seq) FROM journal last WHERE last.creditor_id = journal.creditor_id);

-- +goose Down

DROP TABLE journal_end;
