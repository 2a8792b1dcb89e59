package camt

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"acquit/internal/bank"
	"acquit/internal/bank/banktest"
	"acquit/internal/ingest"
)

var drivers = []ingest.Driver{Driver}

// object is a piece of what another reader made of a file. An object that was
// written before stands as "__RECURSIVITY__".
type object map[string]any

func (o object) at(path ...string) any {
	var v any = map[string]any(o)
	for _, p := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[p]
	}
	return v
}

func (o object) text(path ...string) string {
	s, _ := o.at(path...).(string)
	return s
}

// gather collects what the objects of some classes say under a key.
func gather(v any, key string, classes ...string) []string {
	var found []string
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			found = append(found, gather(x, key, classes...)...)
		}
	case map[string]any:
		class, _ := v["__CLASS__"].(string)
		class = class[strings.LastIndexByte(class, '\\')+1:]
		if s, ok := v[key].(string); ok && s != "" && slices.Contains(classes, class) {
			found = append(found, strings.Join(strings.Fields(s), " "))
		}
		for _, x := range v {
			found = append(found, gather(x, key, classes...)...)
		}
	}
	return found
}

func TestRealFilesAreReadAsTheirCompanionsTell(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(banktest.Corpus(t, "camt-genkgo"), "test/data/*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no companions: %v", err)
	}
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var told object
			if err := json.Unmarshal(b, &told); err != nil {
				t.Fatal(err)
			}
			r := banktest.Disk(t, drivers, strings.TrimSuffix(path, ".json")+".xml")
			entries, records := listed(told)
			raw, err := os.ReadFile(strings.TrimSuffix(path, ".json") + ".xml")
			if err != nil {
				t.Fatal(err)
			}
			// A companion lists only the last record in full.
			if n := bytes.Count(raw, []byte("<Ntry>")); len(r.Rejected) > 0 || len(r.Entries) != n || len(entries) > n ||
				records == 1 && len(entries) != n || len(r.File.Statements) != records {
				t.Fatalf("%d entries in %d statements (%v), want %d (%d told) in %d",
					len(r.Entries), len(r.File.Statements), r.Rejected, n, len(entries), records)
			}
			for i, e := range entries {
				compare(t, r.Entries[len(r.Entries)-len(entries)+i], e)
			}
		})
	}
}

// listed are the entries of the whole message and those that only their record
// has, and the number of records.
func listed(told object) (entries []object, records int) {
	add := func(v any) {
		list, _ := v.([]any)
		for _, e := range list {
			if m, ok := e.(map[string]any); ok {
				entries = append(entries, m)
			}
		}
	}
	add(told["getEntries"])
	list, _ := told["getRecords"].([]any)
	for _, r := range list {
		if m, ok := r.(map[string]any); ok {
			add(m["getEntries"])
		}
	}
	return entries, len(list)
}

func compare(t *testing.T, e *bank.Entry, told object) {
	t.Helper()
	amount := struct{ Minor, Currency string }{
		told.text("getAmount", "getAmount"), told.text("getAmount", "getCurrency", "getCode"),
	}
	if got := strings.ReplaceAll(e.Amount.Decimal(), ".", ""); strings.TrimLeft(got, "0") != strings.TrimLeft(amount.Minor, "0") ||
		string(e.Amount.Currency) != amount.Currency {
		t.Errorf("amount %v, want %v", e.Amount, amount)
	}
	for what, pair := range map[string][2]string{
		"booked":    {e.On.String(), day10(told, "getBookingDate")},
		"value":     {e.Value.String(), day10(told, "getValueDate")},
		"reference": {e.BankRef, told.text("getAccountServicerReference")},
		"account":   {e.Statement.Account.Key(), told.text("getRecord", "getAccount", "getIdentification")},
	} {
		if pair[1] != "" && pair[0] != pair[1] {
			t.Errorf("%s: %q, want %q", what, pair[0], pair[1])
		}
	}
	if (e.Status == bank.IsBooked) != (told.text("getStatus") == "BOOK") {
		t.Errorf("status %s, want %s", e.Status, told.text("getStatus"))
	}
	if e.Reversal != told.at("getReversalIndicator").(bool) {
		t.Errorf("reversal %v", e.Reversal)
	}
	balances(t, e.Statement, told)
	told = maps.Clone(told)
	delete(told, "getRecord")
	details(t, e, map[string]any(told))
}

func day10(told object, key string) string {
	s := told.text(key, "0")
	return s[:min(len(s), 10)]
}

// balances holds the opening and closing balances against those of the record,
// where booked and available ones are both called so.
func balances(t *testing.T, s *bank.Statement, told object) {
	t.Helper()
	list, _ := told.at("getRecord", "getBalances").([]any)
	want := map[string][]string{}
	for _, b := range list {
		o := object(b.(map[string]any))
		kind := o.text("getType")
		want[kind] = append(want[kind], o.text("getAmount", "getAmount")+" "+o.text("getAmount", "getCurrency", "getCode")+" "+day10(o, "getDate"))
	}
	for kind, got := range map[string]*bank.Balance{"opening": s.Opening, "closing": s.Closing} {
		if got == nil && s.Kind == bank.Booked && len(want[kind]) > 0 {
			t.Errorf("no %s balance, want one of %q", kind, want[kind])
		}
		if got == nil || len(want[kind]) == 0 {
			continue
		}
		have := strings.Replace(got.Amount.String(), ".", "", 1) + " " + got.On.String()
		if !slices.Contains(want[kind], have) {
			t.Errorf("%s balance %s, want one of %q", kind, have, want[kind])
		}
	}
}

// details holds what is told of the payments against the entry.
func details(t *testing.T, e *bank.Entry, told any) {
	t.Helper()
	for _, text := range append(gather(told, "getMessage", "UnstructuredRemittanceInformation"),
		gather(told, "getAdditionalRemittanceInformation", "StructuredRemittanceInformation")...) {
		if !slices.Contains(e.Texts, text) {
			t.Errorf("the text %q is not among %q", text, e.Texts)
		}
	}
	for _, ref := range gather(told, "getRef", "CreditorReferenceInformation") {
		if !slices.Contains(e.Structured, ref) {
			t.Errorf("the reference %q is not among %q", ref, e.Structured)
		}
	}
	for _, ref := range append(gather(told, "getEndToEndId", "Reference"), gather(told, "getUuidEndToEndReference", "Reference")...) {
		if e.EndToEnd != ref && !slices.Contains(e.Structured, ref) {
			t.Errorf("end to end %q, want %q", e.EndToEnd, ref)
		}
	}
	names := gather(told, "getName", "Debtor", "Creditor", "UltimateDebtor", "UltimateCreditor")
	mentioned := append([]string{e.Party.Name, e.Ultimate.Name}, e.Texts...)
	if len(names) > 0 && !slices.ContainsFunc(names, func(n string) bool { return slices.Contains(mentioned, n) }) {
		t.Errorf("party %+v on behalf of %+v, want one of %q", e.Party, e.Ultimate, names)
	}
	ibans := gather(told, "getIdentification", "IbanAccount", "OtherAccount", "BBANAccount")
	if e.Party.IBAN != "" && !slices.Contains(ibans, e.Party.IBAN) {
		t.Errorf("account %q, want one of %q", e.Party.IBAN, ibans)
	}
}

func TestAMessageWithoutStatementIsRefused(t *testing.T) {
	t.Parallel()
	r := banktest.Disk(t, drivers, filepath.Join(banktest.Corpus(t, "camt-genkgo"), "test/data/camt053.v2.wrong.xml"))
	if len(r.Entries) != 0 || len(r.Rejected) != 1 || r.Rejected[0].Reason != "ce message CAMT ne contient aucun relevé" {
		t.Errorf("got %v", r.Rejected)
	}
}
