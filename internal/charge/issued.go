package charge

import (
	"time"

	"acquit/internal/cal"
)

// Issued is an interest statement as it was issued: a version, and the fingerprints
// of its files, which never change.
type Issued struct {
	ID       string
	Customer string
	Version  int64
	Until    cal.Date
	PDF      string
	XLSX     string
	By       string
	At       time.Time
}
