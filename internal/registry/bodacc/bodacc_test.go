package bodacc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/registry"
)

// corpus are real records, one field of each changed where it named a person.
const corpus = "../../../../shared/corpus/registry/excerpts"

func real(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(corpus, name))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the corpus of register records is not on this machine:", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestRealRecordsAreRead(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]registry.Announcement{
		"bodacc_A200902491993.json": {
			ID: "A200902491993", SIRENs: []string{"482309382"}, Published: cal.Must("2009-12-27"), Type: "annonce",
			Family: "collective", Court: "TRIBUNAL DE COMMERCE DE BOULOGNE-SUR-MER", Debtor: "LE SAGITTAIRE",
			Judgment: registry.Judgment{
				Family: "Jugement prononçant", Nature: "Jugement de conversion en liquidation judiciaire", On: cal.Must("2009-12-10"),
			},
		},
		"bodacc_A202500995044_jugement_as_string.json": {
			ID: "A202500995044", SIRENs: []string{"383755949"}, Published: cal.Must("2025-05-23"), Type: "annonce",
			Family: "collective",
			Judgment: registry.Judgment{
				Family: "Jugement prononçant", Nature: "Jugement de conversion en redressement judiciaire",
				On: cal.Must("2025-04-16"),
			},
		},
		"bodacc_A202601765232_listepersonnes_as_string.json": {
			ID: "A202601765232", SIRENs: []string{"894670793"}, Published: cal.Must("2026-09-15"), Type: "annonce",
			Family: "collective", Court: "Greffe du Tribunal Judiciaire de Bayonne", Debtor: "Jean DUPONT", City: "BIARRITZ",
			Judgment: registry.Judgment{
				Family: "Jugement d'ouverture", Nature: "Jugement d'ouverture de liquidation judiciaire", On: cal.Must("2026-09-08"),
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, rejected, err := Read(real(t, name))
			if err != nil || len(rejected) != 0 {
				t.Fatal(err, rejected)
			}
			if diff := cmp.Diff([]registry.Announcement{want}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// opening is a record as records/1.0 nests it, closing one as explore v2.1 does, with
// the judgment that the client of the DINUM shows.
const (
	opening = `{"id":"A1","dateparution":"2026-10-20","typeavis":"annonce","familleavis":"collective","registre":"833 310 592,833310592","commercant":"ACME","jugement":"{\"famille\": \"Jugement d'ouverture\", \"nature\": \"Jugement d'ouverture d'une procédure de redressement judiciaire\", \"date\": \"2026-10-08\", \"complementJugement\": \"Désignant mandataire judiciaire Me Duval. Déclarations sous deux mois sur http://www.creditors-services.com\"}","url_complete":"https://www.bodacc.fr/annonce/detail-annonce/A/1"}`
	closing = `{"id":"A202002333642","typeavis":"rectificatif","registre":["833 310 592","833310592"],"numeroannonce":12,"jugement":"{\"date\": \"2020-11-19\", \"complementJugement\": \"Jugement prononçant la clôture de la procédure de liquidation judiciaire pour insuffisance d'actif.\", \"type\": \"initial\", \"famille\": \"Jugement de clôture\", \"nature\": \"Jugement de clôture pour insuffisance d'actif\"}","parutionavisprecedent":"{\"nomPublication\":\"BODACC B\",\"numeroParution\":\"20250104\",\"dateParution\":\"2025-05-31\",\"numeroAnnonce\":\"1525\"}","url_complete":"javascript:alert(1)"}`
)

func TestBothShapesOfTheInterfaceAreRead(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"records/1.0":  `{"nhits":2,"records":[{"datasetid":"x","fields":` + opening + `},{"fields":` + closing + `}]}`,
		"explore v2.1": `{"total_count":2,"results":[` + opening + `,` + closing + `]}`,
		"a list":       `[` + opening + `,` + closing + `]`,
		"with a mark":  "\ufeff" + `[` + opening + `,` + closing + `]`,
	} {
		got, rejected, err := Read([]byte(content))
		if err != nil || len(rejected) != 0 || len(got) != 2 {
			t.Errorf("%s: %v %v %v", name, got, rejected, err)
			continue
		}
		want := registry.Announcement{
			ID: "A202002333642", Type: "rectificatif", SIRENs: []string{"833310592"},
			Previous: "BODACC B 20250104 du 2025-05-31, annonce n° 1525",
			Judgment: registry.Judgment{
				Family: "Jugement de clôture", Nature: "Jugement de clôture pour insuffisance d'actif", On: cal.Must("2020-11-19"),
				Text: "Jugement prononçant la clôture de la procédure de liquidation judiciaire pour insuffisance d'actif.",
			},
		}
		if diff := cmp.Diff(want, got[1]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if got[0].SIRENs[0] != "833310592" || got[0].Debtor != "ACME" || got[0].Judgment.On != cal.Must("2026-10-08") {
			t.Errorf("%s: %+v", name, got[0])
		}
	}
	for _, content := range []string{`{"total_count":0,"results":[]}`, `{"nhits":0,"records":[]}`, `[]`} {
		if got, rejected, err := Read([]byte(content)); err != nil || len(got)+len(rejected) != 0 {
			t.Errorf("nothing found: %v %v %v", got, rejected, err)
		}
	}
}

func TestWhatIsNoAnnouncementIsRefusedOrRejected(t *testing.T) {
	t.Parallel()
	for _, content := range []string{"", "x", "null", "{}", `"A1"`, `{"error":"quota"}`, `[`, strings.Repeat("[", 100_000)} {
		if got, _, err := Read([]byte(content)); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%.20q is read as %v, %v", content, got, err)
		}
	}
	got, rejected, err := Read([]byte(`[{"registre":"1"},` + opening + `,{"id":"A3","jugement":"{oops"},[],{"id":{}}]`))
	if err != nil || len(got) != 1 || len(rejected) != 4 {
		t.Errorf("%d read, rejected %v, %v", len(got), rejected, err)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{opening, closing, `{"total_count":1,"results":[` + opening + `]}`, `{"nhits":1,"records":[{"fields":` + closing + `}]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		list, _, err := Read(content)
		if err != nil && fault.KindOf(err) != fault.KindInvalid {
			t.Fatalf("%v is not for a person", err)
		}
		for _, a := range list {
			if a.ID == "" || a.Type == "" {
				t.Fatalf("%+v", a)
			}
			for _, s := range a.SIRENs {
				if len(s) != 9 || strings.Trim(s, "0123456789") != "" {
					t.Fatalf("SIREN %q", s)
				}
			}
			if a.URL != "" && !strings.HasPrefix(a.URL, "https://") {
				t.Fatalf("address %q", a.URL)
			}
			if _, err := json.Marshal(a); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// stand stands in for the register and answers what it is told, the last answer again
// and again.
func stand(t *testing.T, answers ...http.HandlerFunc) (*Source, *atomic.Int64) {
	t.Helper()
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answers[min(int(asked.Add(1)), len(answers))-1](w, r)
	}))
	t.Cleanup(server.Close)
	s := New(server.URL+"/", 600)
	s.limit.SetLimit(1e6)
	s.wait = func(context.Context, time.Duration) error { return nil }
	return s, &asked
}

func says(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func TestALookUpTellsTheRegisterASIRENAndNothingElse(t *testing.T) {
	t.Parallel()
	var path, query string
	s, _ := stand(t, func(w http.ResponseWriter, r *http.Request) {
		path, query = r.URL.Path, r.URL.Query().Get("q")
		says(200, `{"nhits":1,"records":[{"fields":`+opening+`}]}`)(w, r)
	})
	got, err := s.Announcements(t.Context(), "833310592")
	if err != nil || len(got) != 1 || path != "/api/records/1.0/search/" || query != "registre:833310592" {
		t.Errorf("%v, %v; asked %s for %s", got, err, path, query)
	}
}

func TestARegisterThatMisbehavesIsAskedAgainOrGivenUp(t *testing.T) {
	t.Parallel()
	fine := says(200, `{"nhits":0,"records":[]}`)
	for name, c := range map[string]struct {
		answers []http.HandlerFunc
		asked   int64
		ok      bool
	}{
		"too many, then fine":    {[]http.HandlerFunc{says(429, "", "Retry-After", "1"), fine}, 2, true},
		"too many, for an hour":  {[]http.HandlerFunc{says(429, "", "Retry-After", "3600"), fine}, 1, false},
		"down for good":          {[]http.HandlerFunc{says(503, "")}, attempts, false},
		"refused":                {[]http.HandlerFunc{says(403, "")}, 1, false},
		"a page instead":         {[]http.HandlerFunc{says(200, "<html>")}, 1, false},
		"half a record":          {[]http.HandlerFunc{says(200, `{"nhits":1,"records":[{"fields":{"id":"A1","jugement":"{"}}]}`)}, 1, false},
		"sent elsewhere":         {[]http.HandlerFunc{says(302, "", "Location", "http://127.0.0.2:1/")}, attempts, false},
		"the line drops at once": {[]http.HandlerFunc{drop, fine}, 2, true},
		"the line drops halfway": {[]http.HandlerFunc{halfway, fine}, 2, true},
		"never stops talking":    {[]http.HandlerFunc{says(200, strings.Repeat(" ", maxBytes+2))}, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, asked := stand(t, c.answers...)
			_, err := s.Announcements(t.Context(), "833310592")
			if (err == nil) != c.ok || asked.Load() != c.asked {
				t.Errorf("asked %d times, want %d; %v", asked.Load(), c.asked, err)
			}
			if err != nil && fault.KindOf(err) != fault.KindUnavailable {
				t.Errorf("%v is not told as something to try later", err)
			}
		})
	}
}

func drop(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func halfway(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	fmt.Fprint(w, `{"nhits":`)
	panic(http.ErrAbortHandler)
}

func TestALookUpEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s, _ := stand(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	if _, err := s.Announcements(ctx, "833310592"); err == nil {
		t.Error("a look-up that was called off gave an answer")
	}
}
