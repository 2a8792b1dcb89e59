package email

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"

	"github.com/emersion/go-msgauth/dkim"

	"acquit/internal/fault"
)

// DKIM signs what leaves, where the server does not (RFC 6376). There is no
// signature while Key is empty.
type DKIM struct {
	Domain   string
	Selector string
	Key      string // RSA or Ed25519 private key in PEM
}

// signer signs messages; nil signs nothing.
type signer struct{ options dkim.SignOptions }

// signed are the fields that nobody may change on the way. Those named twice
// may not even be added (RFC 6376, 8.15).
var signed = []string{
	"From", "From", "Reply-To", "To", "To", "Cc", "Subject", "Subject", "Date", "Message-Id", "In-Reply-To",
	"References", "Mime-Version", "Content-Type", "Content-Transfer-Encoding", "Content-Language",
}

func newSigner(d DKIM) (*signer, error) {
	if d.Key == "" {
		return nil, nil
	}
	if d.Domain == "" || d.Selector == "" {
		return nil, &fault.Invalid{
			Field: "dkim_domain", Message: "la signature DKIM n’a pas de domaine ou de sélecteur",
			Mend: "remplissez les deux, ou retirez la clé",
		}
	}
	key, err := privateKey(d.Key)
	if err != nil {
		return nil, err
	}
	return &signer{dkim.SignOptions{
		Domain: d.Domain, Selector: d.Selector, Signer: key, HeaderKeys: signed,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
	}}, nil
}

func privateKey(text string) (crypto.Signer, error) {
	wrong := &fault.Invalid{
		Field: "dkim_key", Message: "la clé DKIM n’est pas une clé privée RSA ou Ed25519 lisible",
		Mend: "collez-la en PEM, sans mot de passe",
	}
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, wrong
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, wrong
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return key, nil
	case ed25519.PrivateKey:
		return key, nil
	}
	return nil, wrong
}

// sign is raw with its signature before it.
func (s *signer) sign(raw []byte) ([]byte, error) {
	if s == nil {
		return raw, nil
	}
	var out strings.Builder
	if err := dkim.Sign(&out, bytes.NewReader(raw), &s.options); err != nil {
		return nil, err
	}
	return []byte(out.String()), nil
}
