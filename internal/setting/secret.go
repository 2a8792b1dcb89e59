package setting

import (
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"

	"acquit/internal/fault"
)

// Sealed is a secret as it is kept. It never prints; Box.Open gives its words.
type Sealed struct {
	owner  string // creditor and name: a sealed text moved elsewhere does not open
	sealed string
}

// IsSet tells whether there is a secret.
func (s Sealed) IsSet() bool { return s.sealed != "" }

// String says only whether there is a secret.
func (s Sealed) String() string {
	if s.sealed == "" {
		return ""
	}
	return Hidden
}

// GoString keeps %#v from showing more.
func (s Sealed) GoString() string { return s.String() }

// Hidden stands for a secret wherever its value would be shown.
const Hidden = "••••••••"

// secret is a setting that is sealed at rest.
func secret(d Definition, check func(string) error) Key[Sealed] {
	d.Kind = KindSecret
	read := func(s string) (string, error) {
		if len(s) > maxSecret {
			return "", &fault.Invalid{Message: fmt.Sprintf("au plus %d caractères", maxSecret)}
		}
		if check == nil || s == "" {
			return s, nil
		}
		return s, check(s)
	}
	parse := func(s string) (Sealed, error) {
		if s == "" {
			return Sealed{}, nil
		}
		owner, sealed, ok := strings.Cut(s, "\n")
		if !ok || !strings.HasPrefix(sealed, sealMark) {
			return Sealed{}, &fault.Invalid{
				Field: d.Name, Message: "ce secret n’est pas scellé", Mend: "le saisir à nouveau",
			}
		}
		return Sealed{owner: owner, sealed: sealed}, nil
	}
	return key(d, parse, read)
}

// sealMark names the way in which a text is sealed, for the day there is another.
const sealMark = "x1:"

// Box seals and opens secrets with one key (XChaCha20-Poly1305). The zero Box
// seals nothing: it is an error to use it.
type Box struct{ aead cipher.AEAD }

// KeySize is how many bytes a key has.
const KeySize = chacha20poly1305.KeySize

// NewBox is a box whose key has KeySize bytes.
func NewBox(key []byte) (Box, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return Box{}, &fault.Invalid{
			Field:   "ACQUIT_SECRET_KEY",
			Message: fmt.Sprintf("la clé des secrets doit avoir %d octets, elle en a %d", KeySize, len(key)),
			Mend:    "64 chiffres hexadécimaux, par exemple de openssl rand -hex 32",
		}
	}
	return Box{aead: aead}, nil
}

// ReadKey reads a key written as 64 hexadecimal digits or in base 64.
func ReadKey(text string) ([]byte, error) {
	text = strings.TrimSpace(text)
	if key, err := hex.DecodeString(text); err == nil && len(key) == KeySize {
		return key, nil
	}
	if key, err := base64.StdEncoding.DecodeString(text); err == nil && len(key) == KeySize {
		return key, nil
	}
	return nil, &fault.Invalid{
		Field:   "ACQUIT_SECRET_KEY",
		Message: fmt.Sprintf("la clé des secrets ne se lit pas comme %d octets", KeySize),
		Mend:    "64 chiffres hexadécimaux, par exemple de openssl rand -hex 32",
	}
}

// KeyFile reads the key kept at path and makes one when there is no such file.
// Whoever has the file and the database has the secrets: it is for its owner's
// eyes only.
func KeyFile(path string) ([]byte, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		content, err = makeKey(path)
	}
	if err != nil {
		return nil, &fault.Unavailable{Message: "la clé des secrets « " + path + " » ne se lit pas", Err: err}
	}
	return ReadKey(string(content))
}

// makeKey writes the key whole under another name first, so that nobody reads
// half a key; where another process was quicker, its key counts.
func makeKey(path string) ([]byte, error) {
	key := make([]byte, KeySize)
	rand.Read(key)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".acquit-key-*") // readable by its owner only
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(hex.EncodeToString(key) + "\n")
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return os.ReadFile(path)
}

// seal closes words up for owner.
func (b Box) seal(owner, words string) (string, error) {
	if words == "" {
		return "", nil
	}
	if b.aead == nil {
		return "", &fault.Unavailable{Message: "aucune clé ne protège les secrets : ACQUIT_SECRET_KEY manque"}
	}
	nonce := make([]byte, b.aead.NonceSize())
	rand.Read(nonce)
	return sealMark + base64.StdEncoding.EncodeToString(b.aead.Seal(nonce, nonce, []byte(words), []byte(owner))), nil
}

// Open gives the words of a secret; of none, the empty string.
func (b Box) Open(s Sealed) (string, error) {
	if !s.IsSet() {
		return "", nil
	}
	closed := &fault.Unavailable{Message: "ce secret ne s’ouvre pas avec la clé d’aujourd’hui : le saisir à nouveau"}
	content, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(s.sealed, sealMark))
	if err != nil || b.aead == nil || len(content) < b.aead.NonceSize() {
		return "", closed
	}
	size := b.aead.NonceSize()
	words, err := b.aead.Open(nil, content[:size], content[size:], []byte(s.owner))
	if err != nil {
		return "", closed
	}
	return string(words), nil
}
