package user

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"acquit/internal/db"
	"acquit/internal/fault"
)

// LinkLife is how long an invitation, or a link to choose another password, can
// be used.
const LinkLife = 72 * time.Hour

// Links signs the links by which people choose a password. A link needs no row:
// its signature covers the hash of the password that stood when it was made, so
// that it works once.
type Links struct{ key []byte }

// NewLinks signs with a key derived from the installation's own.
func NewLinks(secret []byte) Links {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("acquit: links to choose a password"))
	return Links{key: mac.Sum(nil)}
}

// Make is the last part of a link for p, good until now plus LinkLife.
func (l Links) Make(p Person, now time.Time) string {
	body := p.ID + "." + strconv.FormatInt(now.Add(LinkLife).Unix(), 36)
	return body + "." + l.sign(body, p)
}

func (l Links) sign(body string, p Person) string {
	mac := hmac.New(sha256.New, l.key)
	fmt.Fprintf(mac, "%s\n%s\n%s", body, p.Email, p.password)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// errLink is the one answer to a link that cannot be used any more.
var errLink = &fault.Denied{Message: "ce lien a déjà servi ou n’est plus valable : demandez-en un autre"}

// Open is the person whom a link lets choose a password.
func (l Links) Open(ctx context.Context, tx *db.Tx, link string) (Person, error) {
	i := strings.LastIndexByte(link, '.')
	if i < 0 {
		return Person{}, errLink
	}
	body, signature := link[:i], link[i+1:]
	id, end, _ := strings.Cut(body, ".")
	until, err := strconv.ParseInt(end, 36, 64)
	if err != nil || tx.Now.Unix() > until {
		return Person{}, errLink
	}
	p, err := Find(ctx, tx, id)
	if errors.Is(err, fault.ErrNotFound) {
		return Person{}, errLink
	}
	if err != nil {
		return Person{}, err
	}
	if !hmac.Equal([]byte(signature), []byte(l.sign(body, p))) || !p.DisabledAt.IsZero() {
		return Person{}, errLink
	}
	return p, nil
}
