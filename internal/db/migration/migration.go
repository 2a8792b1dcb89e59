// Package migration is the schema, in order: plain SQL that both engines take.
package migration

import "embed"

// Files are the migrations, named NNNN_what.sql.
//
//go:embed *.sql
var Files embed.FS
