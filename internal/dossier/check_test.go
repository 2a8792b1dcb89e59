package dossier_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"acquit/internal/db/dbtest"
	"acquit/internal/dossier"
	"acquit/internal/fault"
)

func check(t *testing.T, content []byte) dossier.Checked {
	t.Helper()
	c, err := dossier.Check(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// archived is one archive, for tests that spoil copies of it.
func archived(t testing.TB) []byte {
	t.Helper()
	s := tell(t, dbtest.SQLite(t, dbtest.NewClock()))
	_, content := s.pack(s.request())
	return content
}

func TestAnArchiveAsItWasWrittenHolds(t *testing.T) {
	t.Parallel()
	whole := archived(t)
	c := check(t, whole)
	if !c.OK() || int(c.Files) != len(unpack(t, whole)) || c.Entries != 6 || c.BrokenAt != 0 || c.Manifest.Customers[0].Code != "C0042" {
		t.Errorf("%+v", c)
	}
}

// file is one file of an archive, to be written again by hand.
type file struct {
	name    string
	content string
	mode    uint32
}

func unpack(t testing.TB, content []byte) (list []file) {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, file{name: f.Name, content: string(b)})
	}
	return list
}

// repack writes files as an archive would, whatever they hold.
func repack(t testing.TB, list []file) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range list {
		h := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: dbtest.Now}
		if f.mode != 0 { // as Unix tools write it
			h.ExternalAttrs, h.CreatorVersion = f.mode<<16, 3<<8
		}
		in, err := w.CreateHeader(h)
		if err == nil {
			_, err = io.WriteString(in, f.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func at(list []file, name string) int {
	return slices.IndexFunc(list, func(f file) bool { return f.name == name })
}

// resum makes the manifest and the sums say again what the files hold, as a forger
// would who knows how.
func resum(list []file) []file {
	m := at(list, "MANIFEST.json")
	sums := ""
	for line := range strings.SplitSeq(strings.TrimSpace(list[at(list, "SHA256SUMS")].content), "\n") {
		old, name, _ := strings.Cut(line, "  ")
		i := at(list, name)
		if i < 0 || name == "MANIFEST.json" {
			continue
		}
		now := dossier.Fingerprint([]byte(list[i].content))
		list[m].content = strings.Replace(list[m].content, old, now, 1)
		head, tail, _ := strings.Cut(list[m].content, now)
		_, tail, _ = strings.Cut(tail, "\n")
		_, tail, _ = strings.Cut(tail, "\n")
		list[m].content = fmt.Sprintf("%s%s\",\n      \"size\": %d,\n%s", head, now, len(list[i].content), tail)
		sums += now + "  " + name + "\n"
	}
	sums += dossier.Fingerprint([]byte(list[m].content)) + "  MANIFEST.json\n"
	list[at(list, "SHA256SUMS")].content = sums
	return list
}

func TestWhatWasDoneToAnArchiveIsNamed(t *testing.T) {
	t.Parallel()
	whole := archived(t)
	const journal, message = "16-journal/journal.jsonl", "09-messages/0001-2026-11-22-relance-1-email.eml"
	for _, c := range []struct {
		name   string
		change func([]file) []file
		names  string // the file of a problem
		says   string
	}{
		{"a file changed", func(l []file) []file {
			l[at(l, "05-contrats/2025-10-25-Contrat-signe.pdf")].content += " "
			return l
		}, "05-contrats/2025-10-25-Contrat-signe.pdf", "empreinte"},
		{"a file gone", func(l []file) []file { return slices.Delete(l, at(l, message), at(l, message)+1) }, message, "manque"},
		{"a file more", func(l []file) []file { return append(l, file{name: "22-faux.pdf"}) }, "22-faux.pdf", "ne le connaît pas"},
		{"a file twice", func(l []file) []file { return append(l, l[0]) }, "01-parties.json", "deux fois"},
		{"a file twice but for capitals", func(l []file) []file {
			return append(l, file{name: "01-PARTIES.json"})
		}, "01-PARTIES.json", "deux fois"},
		{"a path that climbs", func(l []file) []file { return append(l, file{name: "../../.bashrc"}) }, "../../.bashrc", "dangereux"},
		{"a path of Windows", func(l []file) []file { return append(l, file{name: `C:\a.exe`}) }, `C:\a.exe`, "dangereux"},
		{"a device", func(l []file) []file { return append(l, file{name: "a/NUL.txt"}) }, "a/NUL.txt", "dangereux"},
		{"a link", func(l []file) []file { return append(l, file{name: "lien", content: "/etc/passwd", mode: 0o120777}) }, "lien", "ordinaire"},
		{"the sums changed", func(l []file) []file {
			l[at(l, "SHA256SUMS")].content = strings.Replace(l[at(l, "SHA256SUMS")].content, "a", "b", 1)
			return l
		}, "SHA256SUMS", "manifeste"},
		{"the manifest changed", func(l []file) []file {
			l[at(l, "MANIFEST.json")].content = strings.Replace(l[at(l, "MANIFEST.json")].content, "Delvaux", "Devlaux", 1)
			return l
		}, "MANIFEST.json", "empreinte"},
		{"the manifest cut", func(l []file) []file {
			l[at(l, "MANIFEST.json")].content = l[at(l, "MANIFEST.json")].content[:100]
			return l
		}, "MANIFEST.json", "ne se lit plus"},
		{"the sums gone", func(l []file) []file { return slices.Delete(l, at(l, "SHA256SUMS"), at(l, "SHA256SUMS")+1) }, "SHA256SUMS", "manque"},
		{"an entry of the journal changed, and all sums with it", func(l []file) []file {
			i := at(l, journal)
			l[i].content = strings.Replace(l[i].content, "remise oubliée", "remise refusée", 1)
			return resum(l)
		}, journal, "rompue à l’entrée"},
		{"an entry of the journal taken out, and all sums with it", func(l []file) []file {
			i := at(l, journal)
			lines := strings.SplitAfter(l[i].content, "\n")
			l[i].content = strings.Join(slices.Delete(lines, 2, 3), "")
			return resum(l)
		}, "16-journal/chaine.json", "lacunes"},
		{"the end of the journal cut off, and all sums with it", func(l []file) []file {
			i := at(l, journal)
			lines := strings.SplitAfter(l[i].content, "\n")
			l[i].content = strings.Join(lines[:len(lines)-2], "")
			return resum(l)
		}, "16-journal/chaine.json", "lacunes"},
		{"a message changed, and all sums with it", func(l []file) []file {
			l[at(l, message)].content = strings.Replace(l[at(l, message)].content, "Bonjour", "Payez !", 1)
			return resum(l)
		}, message, "que le journal dit parti"},
	} {
		got := check(t, repack(t, c.change(unpack(t, whole))))
		if !slices.ContainsFunc(got.Problems, func(p dossier.Problem) bool {
			return p.File == c.names && strings.Contains(p.Why.FR, c.says)
		}) {
			t.Errorf("%s: %+v", c.name, got.Problems)
		}
	}
}

func TestABundleThatWasMadeAgainIsToldFromTheOriginal(t *testing.T) {
	t.Parallel()
	whole := archived(t)
	list := unpack(t, whole)
	for i := range list {
		list[i].mode = 0o100644
	}
	if got := check(t, repack(t, list)); got.OK() || int(got.Files) != len(list) {
		t.Errorf("an archive written again by another hand passes for the original: %+v", got.Problems)
	}
	for name, spoilt := range map[string][]byte{
		"something behind": append(slices.Clone(whole), "<html>"...), "something in front": append([]byte("MZ"), whole...),
	} {
		if c, err := dossier.Check(bytes.NewReader(spoilt), int64(len(spoilt))); err == nil && c.OK() {
			t.Errorf("%s: nothing is wrong", name)
		}
	}
	for name, other := range map[string][]byte{
		"no ZIP": []byte("PK\x03\x04 but no more"), "another ZIP": repack(t, []file{{name: "a.txt"}}), "nothing": nil,
	} {
		if _, err := dossier.Check(bytes.NewReader(other), int64(len(other))); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whichever byte changes, somebody notices.
func TestNoByteCanChange(t *testing.T) {
	t.Parallel()
	whole := archived(t)
	const stride = 61 // prime: all fields of all headers come in turn
	for i := range whole {
		if i%stride != 0 && i < len(whole)-300 {
			continue
		}
		spoilt := slices.Clone(whole)
		spoilt[i] ^= 0x41
		c, err := dossier.Check(bytes.NewReader(spoilt), int64(len(spoilt)))
		if err == nil && c.OK() {
			t.Fatalf("byte %d of %d changed and nothing is wrong", i, len(whole))
		}
	}
}

// A ZIP that unpacks to much more than it says is not read to its end.
func TestABombIsNotUnpacked(t *testing.T) {
	t.Parallel()
	list := unpack(t, archived(t))
	list[at(list, "01-parties.json")].content = strings.Repeat("\x00", 200<<20)
	got := check(t, repack(t, list))
	if got.OK() {
		t.Error("a bomb passes")
	}
}

func FuzzCheck(f *testing.F) {
	whole := archived(f)
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add(repack(f, []file{{name: "MANIFEST.json", content: `{"format":"acquit-dossier","version":1}`}}))
	f.Add(repack(f, []file{
		{name: "MANIFEST.json", content: `{"format":"acquit-dossier","version":1,"customers":[{"folder":"a"}],"files":[{"path":"a/16-journal/chaine.json","size":-1}]}`},
		{name: "a/16-journal/chaine.json", content: `{"gaps":[]}`},
		{name: "a/16-journal/journal.jsonl", content: "{}\n"},
	}))
	f.Fuzz(func(t *testing.T, content []byte) {
		c, err := dossier.Check(bytes.NewReader(content), int64(len(content)))
		if err != nil && fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("an error that nobody can mend: %v", err)
		}
		if err == nil && c.OK() && !bytes.Equal(content, whole) && c.Manifest.Creditor.ID == "crd_test" {
			t.Error("other bytes than those written pass")
		}
	})
}
