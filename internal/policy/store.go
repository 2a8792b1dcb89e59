package policy

import (
	"context"

	"acquit/internal/creditor"
	"acquit/internal/db"
)

const selectScenario = `
	SELECT id, name, rank, active, version, document, per_day
	FROM scenario`

func scanScenario(r db.Row) (s Scenario, err error) {
	return s, r.Scan(&s.ID, &s.Name, &s.Rank, &s.Active, &s.Version, &s.Document, &s.PerDay)
}

// List are the creditor's scenarios, by rank.
func List(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]Scenario, error) {
	return db.All(ctx, tx, scanScenario, selectScenario+`
		WHERE creditor_id = $1
		ORDER BY rank, id`, s.Creditor)
}

// Find is the scenario of that identifier.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Scenario, error) {
	return db.One(ctx, tx, scanScenario, selectScenario+`
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
}

// FindByName is the scenario of that name.
func FindByName(ctx context.Context, tx *db.Tx, s creditor.Scope, name string) (Scenario, error) {
	return db.One(ctx, tx, scanScenario, selectScenario+`
		WHERE creditor_id = $1 AND name = $2`, s.Creditor, name)
}

// History are the versions of a scenario, newest first.
func History(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) ([]Version, error) {
	return db.All(ctx, tx, func(r db.Row) (v Version, err error) {
		return v, r.Scan(&v.Version, &v.Document, &v.By, db.Instant(&v.CreatedAt))
	}, `
		SELECT version, document, made_by, created_at
		FROM scenario_version
		WHERE creditor_id = $1 AND scenario_id = $2
		ORDER BY version DESC`, s.Creditor, id)
}

func insert(ctx context.Context, tx *db.Tx, s creditor.Scope, one Scenario) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO scenario (creditor_id, id, name, rank, active, version, document, per_day)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		s.Creditor, one.ID, one.Name, one.Rank, one.Active, one.Version, one.Document, one.PerDay)
	return err
}

func update(ctx context.Context, tx *db.Tx, s creditor.Scope, one Scenario) error {
	_, err := tx.Exec(ctx, `
		UPDATE scenario
		SET rank = $3, active = $4, version = $5, document = $6, per_day = $7
		WHERE creditor_id = $1 AND id = $2`,
		s.Creditor, one.ID, one.Rank, one.Active, one.Version, one.Document, one.PerDay)
	return err
}

func insertVersion(ctx context.Context, tx *db.Tx, s creditor.Scope, one Scenario) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO scenario_version (creditor_id, scenario_id, version, document, made_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6)`, s.Creditor, one.ID, one.Version, one.Document, s.Actor, tx.Now)
	return err
}
