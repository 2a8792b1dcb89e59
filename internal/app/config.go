// Package app is the program put together: configuration, the lists of
// drivers, opening, serving and stopping.
package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"acquit/internal/fault"
	"acquit/internal/setting"
)

// Env reads the environment. A secret may also be in a file that NAME_FILE
// names, so that it is in no process list.
type Env func(name string) string

func (e Env) secret(name string) (string, error) {
	path := e(name + "_FILE")
	if path == "" {
		return e(name), nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return "", &fault.Invalid{Field: name + "_FILE", Message: err.Error()}
	}
	return strings.TrimSpace(string(content)), nil
}

// DefaultDB is the database in the user's data folder.
func (e Env) DefaultDB() (string, error) {
	dir := e("XDG_DATA_HOME")
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", &fault.Invalid{
				Field: "db", Message: "le dossier personnel est inconnu", Mend: "donner --db sqlite:CHEMIN",
			}
		}
		dir = filepath.Join(home, ".local", "share")
	}
	return "sqlite:" + filepath.Join(dir, "acquit", "acquit.db"), nil
}

// key is the key of the secrets: ACQUIT_SECRET_KEY, else a file beside the
// SQLite database. PostgreSQL is shared by machines: they need the same key.
func (e Env) key(url string) ([]byte, error) {
	text, err := e.secret("ACQUIT_SECRET_KEY")
	if err != nil {
		return nil, err
	}
	if text != "" {
		return setting.ReadKey(text)
	}
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		return setting.KeyFile(strings.TrimPrefix(path, "//") + ".key")
	}
	return nil, errNoKey
}

var errNoKey = errors.New("ACQUIT_SECRET_KEY manque")

// needKey is what a server on PostgreSQL says without a key; the command line
// works without one as long as no secret is read.
func needKey() error {
	return &fault.Invalid{
		Field: "ACQUIT_SECRET_KEY", Message: "la clé des secrets manque",
		Mend: fmt.Sprintf("%d octets en hexadécimal, la même sur toutes les machines : openssl rand -hex %d", setting.KeySize, setting.KeySize),
	}
}
