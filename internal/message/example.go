package message

import (
	"acquit/internal/cal"
	"acquit/internal/money"
)

// Example is invented facts in which everything is known, to show a template
// before any customer is at hand.
func Example(language string, to Audience) Facts {
	euros := func(cents int64) money.Amount { return money.New(cents, money.EUR) }
	f := Facts{
		Language: language,
		Today:    cal.Must("2026-11-23"),
		Creditor: Creditor{
			Name:    "Atelier Dupont",
			Legal:   "SARL au capital de 20 000 €, RCS Lyon 732 829 320",
			Address: "14 rue des Tanneurs\n69003 Lyon",
			SIREN:   "732829320",
			Phone:   "04 72 00 12 34",
			Email:   "comptabilite@atelier-dupont.example",
			Website: "www.atelier-dupont.example",
			Bank:    Bank{Holder: "Atelier Dupont", IBAN: "FR7630006000011234567890189", BIC: "AGRIFRPP"},
		},
		Collector: Collector{
			Name: "Sophie Martin", Title: "Comptabilité clients",
			Email: "sophie.martin@atelier-dupont.example", Phone: "04 72 00 12 35",
		},
		Customer: Customer{Code: "C0142", Name: "Imprimerie Delvaux", Kind: to},
		Contact:  Contact{Civility: "Madame", First: "Claire", Last: "Vidal", Email: "claire.vidal@delvaux.example"},
		Step:     Step{ID: "relance-2", Title: "Deuxième relance"},
		Claimed: []Line{
			{
				Number: "F2026-0871", Order: "4500017", Issued: cal.Must("2026-10-08"), Due: cal.Must("2026-11-07"),
				Total: euros(2_450_00), Claimed: euros(2_450_00), Days: 16,
			},
			{
				Number: "F2026-0902", Issued: cal.Must("2026-10-13"), Due: cal.Must("2026-11-12"),
				Total: euros(1_740_00), Claimed: euros(1_440_00), Days: 11,
			},
		},
		Coming: []Line{{
			Number: "F2026-0911", Issued: cal.Must("2026-10-29"), Due: cal.Must("2026-11-28"),
			Total: euros(980_50), Claimed: euros(980_50), Days: -5,
		}},
		Credits: euros(120_00),
		Total:   euros(3_770_00),
		Earlier: []Earlier{
			{On: cal.Must("2026-11-02"), Title: "Rappel avant échéance", Channel: "email"},
			{On: cal.Must("2026-11-13"), Title: "Première relance", Channel: "email"},
		},
		Broken:    &Promise{Made: cal.Must("2026-11-14"), For: cal.Must("2026-11-20"), Amount: euros(2_450_00)},
		Promise:   &Promise{Made: cal.Must("2026-11-23"), For: cal.Must("2026-11-30"), Amount: euros(3_770_00)},
		Deadline:  cal.Must("2026-12-01"),
		Reference: "C0142 F2026-0871",
		ReplyTo:   "sophie.martin@atelier-dupont.example",
	}
	if to != Consumer {
		f.Interest = &Interest{
			Until: f.Today, Rate: "12.40", Amount: euros(18_74), Indemnity: euros(80_00), Count: 2,
		}
	}
	return f
}

// bare is the example with nothing but what every message has: one invoice,
// nobody known by name, nothing said before.
func (f Facts) bare() Facts {
	return Facts{
		Language: f.Language,
		Today:    f.Today,
		Creditor: Creditor{Name: f.Creditor.Name},
		Customer: Customer{Name: f.Customer.Name, Kind: f.Customer.Kind},
		Claimed:  f.Claimed[:1],
		Total:    f.Claimed[0].Claimed,
	}
}
