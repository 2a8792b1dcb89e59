package creditor

import (
	"context"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/setting"
)

// Calendar is the working days of the scope's creditor: those of its region
// without its closures. It needs Read.
func Calendar(ctx context.Context, tx *db.Tx, s Scope) (*cal.Calendar, error) {
	closures, err := Closures(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	region, err := setting.Read(ctx, tx, s.Creditor, setting.Region)
	if err != nil {
		return nil, err
	}
	days := make([]cal.Period, len(closures))
	for i, c := range closures {
		days[i] = c.Days
	}
	return cal.NewCalendar(region, days...), nil
}
