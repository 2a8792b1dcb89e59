package db

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	sqlitelib "modernc.org/sqlite"
	sqlitecode "modernc.org/sqlite/lib"
)

// uniqueViolation is SQLSTATE 23505.
const uniqueViolation = "23505"

// IsDuplicate tells whether err says that such a row exists already.
func IsDuplicate(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == uniqueViolation
	}
	if e, ok := errors.AsType[*sqlitelib.Error](err); ok {
		return e.Code() == sqlitecode.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlitecode.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}
