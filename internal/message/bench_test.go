package message

import "testing"

// BenchmarkRender writes a reminder of two invoices, text and HTML.
func BenchmarkRender(b *testing.B) {
	lib := library(b)
	f := Example("fr", Business)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := lib.Render(f, "relance-2", Firm); err != nil {
			b.Fatal(err)
		}
	}
}
