package lifecycletest

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"acquit/internal/lifecycle"
)

func name(text string) string { return strings.Trim(text, "</>") + ".xml" }

func sum(text string) string {
	s := sha256.Sum256([]byte(text))
	return hex.EncodeToString(s[:])
}

func outgoing(text string) lifecycle.Outgoing {
	return lifecycle.Outgoing{ID: "id" + text, Name: name(text), SHA256: sum(text), Raw: []byte(text)}
}
