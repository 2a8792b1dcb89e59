package user

import (
	"context"
	"time"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
)

const selectPerson = `
	SELECT id, email, name, phone, language, password_hash, created_at, disabled_at
	FROM person`

func scanPerson(r db.Row) (p Person, err error) {
	err = r.Scan(&p.ID, &p.Email, &p.Name, &p.Phone, &p.Language, &p.password, db.Instant(&p.CreatedAt),
		db.Instant(&p.DisabledAt))
	return p, err
}

// Find is the person of that identifier.
func Find(ctx context.Context, tx *db.Tx, id string) (Person, error) {
	return db.One(ctx, tx, scanPerson, selectPerson+`
		WHERE id = $1`, id)
}

// ByEmail is the person of that address.
func ByEmail(ctx context.Context, tx *db.Tx, email string) (Person, error) {
	return db.One(ctx, tx, scanPerson, selectPerson+`
		WHERE email = $1`, normal(email))
}

// Any tells whether there is anybody at all.
func Any(ctx context.Context, tx *db.Tx) (bool, error) {
	n, err := db.One(ctx, tx, db.Value[int64], `
		SELECT count(*)
		FROM (SELECT id FROM person LIMIT 1) AS first`)
	return n > 0, err
}

func insert(ctx context.Context, tx *db.Tx, p Person) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO person (id, email, name, phone, language, password_hash, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		p.ID, p.Email, p.Name, p.Phone, p.Language, p.password, p.CreatedAt)
	return err
}

func update(ctx context.Context, tx *db.Tx, p Person) error {
	n, err := tx.Exec(ctx, `
		UPDATE person
		SET name = $2, phone = $3, language = $4
		WHERE id = $1`, p.ID, p.Name, p.Phone, p.Language)
	return found(n, err, p.ID)
}

// setDisabled keeps a person from signing in since an instant, or with nil lets
// them again.
func setDisabled(ctx context.Context, tx *db.Tx, id string, at any) error {
	n, err := tx.Exec(ctx, `
		UPDATE person
		SET disabled_at = $2
		WHERE id = $1`, id, at)
	return found(n, err, id)
}

func storePassword(ctx context.Context, tx *db.Tx, id, hash string) error {
	n, err := tx.Exec(ctx, `
		UPDATE person
		SET password_hash = $2
		WHERE id = $1`, id, hash)
	return found(n, err, id)
}

func found(n int64, err error, id string) error {
	if err == nil && n == 0 {
		return fault.NotFound("personne %s", id)
	}
	return err
}

func scanMembership(r db.Row) (m Membership, err error) {
	err = r.Scan(&m.Creditor, &m.CreditorName, &m.Rights, &m.Sender)
	return m, err
}

// Memberships are a person's places, by the creditors' names.
func Memberships(ctx context.Context, tx *db.Tx, person string) ([]Membership, error) {
	return db.All(ctx, tx, scanMembership, `
		SELECT m.creditor_id, c.name, m.rights, m.sender
		FROM membership AS m
		JOIN creditor AS c ON c.id = m.creditor_id
		WHERE m.person_id = $1
		ORDER BY lower(c.name), c.id`, person)
}

// Names are what the members are called, by identifier.
func Names(ctx context.Context, tx *db.Tx, s creditor.Scope) (map[string]string, error) {
	members, err := Members(ctx, tx, s)
	names := make(map[string]string, len(members))
	for _, m := range members {
		names[m.ID] = m.Name
	}
	return names, err
}

func scanMember(r db.Row) (m Member, err error) {
	err = r.Scan(&m.ID, &m.Email, &m.Name, &m.Phone, &m.Language, &m.password, db.Instant(&m.CreatedAt),
		db.Instant(&m.DisabledAt), &m.Rights, &m.Sender)
	return m, err
}

// Members are the people of the scope's creditor, by name.
func Members(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]Member, error) {
	if err := s.Need(creditor.Read); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scanMember, `
		SELECT p.id, p.email, p.name, p.phone, p.language, p.password_hash, p.created_at, p.disabled_at, m.rights,
			m.sender
		FROM membership AS m
		JOIN person AS p ON p.id = m.person_id
		WHERE m.creditor_id = $1
		ORDER BY lower(p.name), p.id`, s.Creditor)
}

func putMembership(ctx context.Context, tx *db.Tx, s creditor.Scope, person string, m Membership) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO membership (creditor_id, person_id, rights, sender)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (creditor_id, person_id) DO UPDATE
		SET rights = EXCLUDED.rights, sender = EXCLUDED.sender`, s.Creditor, person, m.Rights, m.Sender)
	return err
}

func deleteMembership(ctx context.Context, tx *db.Tx, s creditor.Scope, person string) error {
	n, err := tx.Exec(ctx, `
		DELETE FROM membership
		WHERE creditor_id = $1 AND person_id = $2`, s.Creditor, person)
	return found(n, err, person)
}

// failures are attempts to sign in that were not, or not yet, right.
type failures struct {
	count int64
	last  time.Time
}

func scanFailures(r db.Row) (f failures, err error) {
	err = r.Scan(&f.count, db.Instant(&f.last))
	return f, err
}

func failuresOf(ctx context.Context, tx *db.Tx, key string) (failures, error) {
	return db.One(ctx, tx, scanFailures, `
		SELECT count, last_at
		FROM login_failure
		WHERE key = $1`, key)
}

func putFailures(ctx context.Context, tx *db.Tx, key string, f failures) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO login_failure (key, count, last_at)
		VALUES ($1, $2, $3)
		ON CONFLICT (key) DO UPDATE
		SET count = EXCLUDED.count, last_at = EXCLUDED.last_at`, key, f.count, f.last)
	return err
}

func clearFailures(ctx context.Context, tx *db.Tx, key string, before time.Time) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM login_failure
		WHERE key = $1 OR last_at < $2`, key, before)
	return err
}

func findSession(ctx context.Context, tx *db.Tx, hash string, now time.Time) ([]byte, error) {
	return db.One(ctx, tx, db.Value[[]byte], `
		SELECT content
		FROM web_session
		WHERE token_hash = $1 AND expires_at > $2`, hash, now)
}

func putSession(ctx context.Context, tx *db.Tx, hash string, content []byte, expires time.Time) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO web_session (token_hash, content, expires_at)
		VALUES ($1, $2, $3)
		ON CONFLICT (token_hash) DO UPDATE
		SET content = EXCLUDED.content, expires_at = EXCLUDED.expires_at`, hash, content, expires)
	return err
}

func deleteSession(ctx context.Context, tx *db.Tx, hash string, now time.Time) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM web_session
		WHERE token_hash = $1 OR expires_at <= $2`, hash, now)
	return err
}
