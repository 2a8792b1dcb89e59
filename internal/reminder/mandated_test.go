package reminder_test

import (
	"context"
	"strings"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/mandate"
	"acquit/internal/reminder"
)

// Who collects for another sends nothing before its mandate is whole; then every
// message says so, and the second names the first.
func TestUnderAMandateEveryMessageSaysWhoCollects(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		c := d.customer("C1", "compta@c1.example")
		d.invoice(c, "F1", "2026-11-07", 1000_00)
		d.on("2026-11-12")
		m := mandate.Mandate{
			Voice: mandate.Collector, Name: "Recouvrement Martin", Address: "3 rue des Halles, 69002 Lyon",
			IBAN: "FR7630006000011234567890189", Declared: cal.Must("2026-01-02"), Agreed: cal.Must("2026-10-01"),
			Fees: "10 %", Terms: "sous 30 jours",
		}
		save := func() {
			d.write(func(ctx context.Context, tx *db.Tx) error { return mandate.Save(ctx, tx, d.s, &m, d.today()) })
		}
		save()
		d.run()
		err := d.DB.Write(t.Context(), func(tx *db.Tx) error {
			return d.Approve(t.Context(), tx, d.s, d.waiting()[0].ID)
		})
		if err == nil || !strings.Contains(err.Error(), "assurance") {
			t.Fatalf("without insurance: got %v", err)
		}
		m.Insurance = "Assureur, police 12"
		save()
		first := d.preview()
		for _, want := range []string{
			"Recouvrement Martin, 3 rue des Halles", "recouvrement amiable", "Principal", "charge du créancier", "mauvaise foi",
		} {
			if !strings.Contains(first.Text, want) || !strings.Contains(first.HTML, want) {
				t.Errorf("the first message does not say %q", want)
			}
		}
		if !strings.HasPrefix(first.From, "Recouvrement Martin") {
			t.Errorf("from %q", first.From)
		}
		id := d.waiting()[0].ID
		d.approveAll()
		d.send()
		d.on("2026-12-10")
		d.run()
		if second := d.preview(); !strings.Contains(second.Text, id) || !strings.Contains(second.Text, "première lettre") {
			t.Errorf("the second message does not name the first:\n%s", second.Text)
		}
	})
}

// preview is the first waiting reminder as its customer would read it.
func (d *desk) preview() (p reminder.Preview) {
	d.t.Helper()
	first := d.waiting()[0].ID
	d.write(func(ctx context.Context, tx *db.Tx) error {
		r, err := reminder.Find(ctx, tx, d.s, first)
		if err != nil {
			return err
		}
		p, err = d.Preview(ctx, tx, d.s, r)
		return err
	})
	return p
}
