package policy

import (
	"context"

	"acquit/internal/agreement"
	"acquit/internal/creditor"
	"acquit/internal/db"
)

const selectScenario = `
	SELECT id, name, rank, active, version, document, per_day, origin
	FROM scenario`

func scanScenario(r db.Row) (s Scenario, err error) {
	err = r.Scan(&s.ID, &s.Name, &s.Rank, &s.Active, &s.Version, &s.Document, &s.PerDay, &s.Origin)
	return s, err
}

// List are the creditor's scenarios, by rank.
func List(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]Scenario, error) {
	return db.All(ctx, tx, scanScenario, selectScenario+`
		WHERE creditor_id = $1
		ORDER BY rank, id`, s.Creditor)
}

// Find is the scenario of that identifier.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Scenario, error) {
	one, err := db.One(ctx, tx, scanScenario, selectScenario+`
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
	return one, agreement.Missing(err, "scénario %s", id)
}

// FindByName is the scenario of that name.
func FindByName(ctx context.Context, tx *db.Tx, s creditor.Scope, name string) (Scenario, error) {
	one, err := db.One(ctx, tx, scanScenario, selectScenario+`
		WHERE creditor_id = $1 AND name = $2`, s.Creditor, name)
	return one, agreement.Missing(err, "scénario « %.60s »", name)
}

// History are the versions of a scenario, newest first.
func History(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) ([]Version, error) {
	return db.All(ctx, tx, func(r db.Row) (v Version, err error) {
		err = r.Scan(&v.Version, &v.Document, &v.Note, &v.By, db.Instant(&v.CreatedAt))
		return v, err
	}, `
		SELECT version, document, note, made_by, created_at
		FROM scenario_version
		WHERE creditor_id = $1 AND scenario_id = $2
		ORDER BY version DESC`, s.Creditor, id)
}

func insert(ctx context.Context, tx *db.Tx, s creditor.Scope, one Scenario) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO scenario (creditor_id, id, name, rank, active, version, document, per_day, origin)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		s.Creditor, one.ID, one.Name, one.Rank, one.Active, one.Version, one.Document, one.PerDay, one.Origin)
	return err
}

func update(ctx context.Context, tx *db.Tx, s creditor.Scope, one Scenario) error {
	_, err := tx.Exec(ctx, `
		UPDATE scenario
		SET name = $3, rank = $4, active = $5, version = $6, document = $7, per_day = $8
		WHERE creditor_id = $1 AND id = $2`,
		s.Creditor, one.ID, one.Name, one.Rank, one.Active, one.Version, one.Document, one.PerDay)
	return err
}

func insertVersion(ctx context.Context, tx *db.Tx, s creditor.Scope, one Scenario, why string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO scenario_version (creditor_id, scenario_id, version, document, note, made_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, s.Creditor, one.ID, one.Version, one.Document, why, s.Actor, tx.Now)
	return err
}

// renameChosen follows a scenario's new name at the customers for whom a person
// chose it.
func renameChosen(ctx context.Context, tx *db.Tx, s creditor.Scope, from, to string) error {
	_, err := tx.Exec(ctx, `
		UPDATE customer
		SET scenario = $3
		WHERE creditor_id = $1 AND scenario = $2`, s.Creditor, from, to)
	return err
}
