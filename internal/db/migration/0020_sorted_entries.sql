-- +goose Up

-- Entries of all accounts by amount and by payer, page by page. The payer is written
-- as the list of entries asks for it.
CREATE INDEX bank_entry_by_amount ON bank_entry (creditor_id, amount, id);
CREATE INDEX bank_entry_by_payer ON bank_entry (creditor_id, lower(CASE WHEN party <> '' THEN party ELSE label END), id);

-- +goose Down

DROP INDEX bank_entry_by_payer;
DROP INDEX bank_entry_by_amount;
