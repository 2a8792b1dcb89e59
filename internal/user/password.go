package user

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"acquit/internal/fault"
)

// cost is what a guess costs (RFC 9106 §4, the second recommended option: 64 MiB
// and three passes).
type cost struct {
	time    uint32
	memory  uint32 // KiB
	threads uint8
}

var today = cost{time: 3, memory: 64 * 1024, threads: 4}

// Bounds of what a stored hash may ask for, so that a tampered row cannot take
// the memory of the machine.
const (
	maxMemory = 1024 * 1024 // KiB
	maxTime   = 16
	saltSize  = 16
	hashSize  = 32
)

// Bounds of a password. The CNIL (délibération 2022-100) is content with twelve
// characters where repeated failures lock the account, as they do here.
const (
	MinPassword = 12
	maxPassword = 1024 // bytes
)

// Hasher makes and checks password hashes, a few at a time: each takes 64 MiB,
// and a flood of attempts must not take them all at once.
type Hasher struct {
	slots chan struct{}
	cost  cost
	decoy string // checked when there is no such person, so that the answer takes as long
}

// NewHasher lets at most concurrent hashes be made at once.
func NewHasher(concurrent int) *Hasher {
	return newHasher(concurrent, today)
}

func newHasher(concurrent int, c cost) *Hasher {
	return &Hasher{slots: make(chan struct{}, concurrent), cost: c, decoy: c.hash(rand.Text())}
}

// Hash is a password as it is kept: the parameters, the salt and the hash.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	return h.cost.hash(password), nil
}

// Prepare gives p, who is still to be added, a first password.
func (h *Hasher) Prepare(ctx context.Context, p Person, password string) (Person, error) {
	if err := p.tidy(); err != nil {
		return Person{}, err
	}
	if err := checkPassword(p, password); err != nil {
		return Person{}, err
	}
	hash, err := h.Hash(ctx, password)
	p.password = hash
	return p, err
}

// Check tells whether password is the one that hash was made of, and whether it
// should be hashed anew with the cost of today.
func (h *Hasher) Check(ctx context.Context, hash, password string) (right, stale bool, err error) {
	if err := h.enter(ctx); err != nil {
		return false, false, err
	}
	defer h.leave()
	c, salt, want, err := readHash(hash)
	if err != nil {
		return false, false, err
	}
	got := argon2.IDKey([]byte(password), salt, c.time, c.memory, c.threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1, c != h.cost, nil
}

func (h *Hasher) enter(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return &fault.Unavailable{Message: "trop de connexions en même temps", Err: ctx.Err()}
	}
}

func (h *Hasher) leave() { <-h.slots }

// The form of a hash is that of the reference implementation.
const hashFormat = "$argon2id$v=%d$m=%d,t=%d,p=%d$"

func (c cost) hash(password string) string {
	salt := make([]byte, saltSize)
	rand.Read(salt)
	sum := argon2.IDKey([]byte(password), salt, c.time, c.memory, c.threads, hashSize)
	text := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf(hashFormat, argon2.Version, c.memory, c.time, c.threads) + text(salt) + "$" + text(sum)
}

func readHash(s string) (c cost, salt, sum []byte, err error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 {
		return c, nil, nil, fmt.Errorf("password hash has %d parts, not 6", len(parts))
	}
	var version int
	head := strings.Join(parts[:4], "$") + "$"
	if _, err := fmt.Sscanf(head, hashFormat, &version, &c.memory, &c.time, &c.threads); err != nil {
		return c, nil, nil, fmt.Errorf("password hash: %w", err)
	}
	if version != argon2.Version || c.memory > maxMemory || c.time == 0 || c.time > maxTime || c.threads == 0 {
		return c, nil, nil, fmt.Errorf("password hash with parameters %s", head)
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return c, nil, nil, fmt.Errorf("password salt: %w", err)
	}
	if sum, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(sum) != hashSize {
		return c, nil, nil, fmt.Errorf("password hash of %d bytes: %w", len(sum), err)
	}
	return c, salt, sum, nil
}

// checkPassword refuses what is guessed first: what is short, the person's own
// words, and one thing repeated.
func checkPassword(p Person, password string) error {
	wrong := func(message string) error {
		return &fault.Invalid{
			Field: "password", Message: message,
			Mend: fmt.Sprintf("au moins %d caractères : une phrase de quatre mots convient", MinPassword),
		}
	}
	lower := strings.ToLower(password)
	local, _, _ := strings.Cut(p.Email, "@")
	switch {
	case utf8.RuneCountInString(password) < MinPassword:
		return wrong("ce mot de passe est trop court")
	case len(password) > maxPassword:
		return wrong("ce mot de passe est trop long")
	case !utf8.ValidString(password):
		return wrong("ce mot de passe ne se lit pas")
	case strings.Contains(lower, p.Email), len(local) > 3 && strings.Contains(lower, local):
		return wrong("ce mot de passe contient votre adresse")
	case different(lower) < 5:
		return wrong("ce mot de passe répète trop peu de caractères")
	}
	return nil
}

// different is how many different characters s has.
func different(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}
