package reminder_test

import (
	"bytes"
	"testing"
)

func TestAStepThatAttachesTheStatementSendsIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		owner := d.customer("C1", "compta@c1.example")
		d.invoice(owner, "F1", "2026-11-18", 450_00)
		for _, day := range []string{"2026-11-23", "2026-12-03", "2026-12-18"} {
			d.on(day)
			d.run()
			d.approveAll()
			d.send()
		}
		var names []string
		for _, files := range d.wire.joined {
			name := ""
			for _, f := range files {
				name = f.Name
				if f.Type != "application/pdf" || !bytes.HasPrefix(f.Data, []byte("%PDF-")) {
					t.Errorf("%s is no PDF: %s", f.Name, f.Type)
				}
			}
			names = append(names, name)
		}
		if len(names) < 2 || names[0] != "" || names[len(names)-1] != "Relevé de compte.pdf" {
			t.Errorf("joined %q, want nothing to the first and the statement to the last", names)
		}
	})
}
