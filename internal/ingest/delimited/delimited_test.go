package delimited

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	_ "acquit/internal/propertytest"
)

type line struct {
	At    int
	Cells []string
}

func rows(t testing.TB, text, sep string, width int) []line {
	t.Helper()
	r := NewReader(strings.NewReader(text), sep, '\n')
	r.Width = width
	var all []line
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if row.Err != nil {
			all = append(all, line{row.Line, []string{"!" + row.Err.Error()}})
			continue
		}
		all = append(all, line{row.Line, slices.Clone(row.Cells)})
	}
}

func TestRecordsAreReadAsProgramsWriteThem(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text, sep string
		width     int
		want      []line
	}{
		"plain":               {"a;b\n1;2\n", ";", 2, []line{{1, []string{"a", "b"}}, {2, []string{"1", "2"}}}},
		"CRLF, blank, no end": {"a;b\r\n\r\n1;2", ";", 2, []line{{1, []string{"a", "b"}}, {3, []string{"1", "2"}}}},
		"quotes":              {`"a;b";"c ""d"" e"; "f" ;g`, ";", 0, []line{{1, []string{"a;b", `c "d" e`, "f", "g"}}}},
		"line end in quotes":  {"1;\"rue A\nbât. B\";2\n3;4;5\n", ";", 3, []line{{1, []string{"1", "rue A\nbât. B", "2"}}, {3, []string{"3", "4", "5"}}}},
		"tabs":                {"\"a\"\t\t\n", "\t", 0, []line{{1, []string{"a", "", ""}}}},
		"quote in a field":    {`1;Société "Le Parc" SA;2`, ";", 3, []line{{1, []string{"1", `Société "Le Parc" SA`, "2"}}}},
		"name in quotes":      {`1;"Le Parc" SA;2`, ";", 3, []line{{1, []string{"1", `"Le Parc" SA`, "2"}}}},
		"quote never closed":  {"1;\"Le Parc;2\n3;b;4\n5;c;6\n", ";", 3, []line{{1, []string{"1", `"Le Parc`, "2"}}, {2, []string{"3", "b", "4"}}, {3, []string{"5", "c", "6"}}}},
		"inches":              {"1;écran 24\";2\n3;écran 27\";4\n", ";", 3, []line{{1, []string{"1", `écran 24"`, "2"}}, {2, []string{"3", `écran 27"`, "4"}}}},
		"zero byte":           {"1;\x00;2\n3;4;5\n", ";", 3, []line{{1, []string{"!" + errZero.Error()}}, {2, []string{"3", "4", "5"}}}},
	} {
		if diff := cmp.Diff(c.want, rows(t, c.text, c.sep, c.width)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestEndlessLinesAreRejectedAndPassed(t *testing.T) {
	t.Parallel()
	text := "a;b\n" + strings.Repeat("x", maxLine+10) + "\n1;2\n" + strings.Repeat(";", MaxCells+1) + "\n3;4\n"
	got := rows(t, text, ";", 2)
	want := []line{
		{1, []string{"a", "b"}},
		{2, []string{"!" + errLineTooLong.Error()}},
		{3, []string{"1", "2"}},
		{4, []string{"!" + ErrTooWide.Error()}},
		{5, []string{"3", "4"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What the standard library writes is read back the same.
func TestWellFormedTextIsReadLikeTheStandardLibraryReadsIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		cell := rapid.StringMatching(`[a-zé ";,\n']{0,8}`)
		width := rapid.IntRange(2, 5).Draw(rt, "width")
		records := rapid.SliceOfN(rapid.SliceOfN(cell, width, width), 1, 8).Draw(rt, "records")
		var b strings.Builder
		w := csv.NewWriter(&b)
		w.Comma = ';'
		for i, rec := range records {
			rec[0] = "k" + rec[0] // no record is a blank line
			if err := w.Write(records[i]); err != nil {
				rt.Fatal(err)
			}
		}
		w.Flush()
		std := csv.NewReader(strings.NewReader(b.String()))
		std.Comma = ';'
		want, err := std.ReadAll()
		if err != nil {
			rt.Fatal(err)
		}
		var got [][]string
		for _, l := range rows(t, b.String(), ";", 0) {
			got = append(got, l.Cells)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("%q (-want +got):\n%s", b.String(), diff)
		}
	})
}

func FuzzRecords(f *testing.F) {
	f.Add("a;b\n\"1\n2\";3\n")
	f.Add("\"\"\"\"\"\n\"x\";\"y")
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, l := range rows(t, text, ";", 3) {
			if l.At <= last {
				t.Fatalf("line %d after %d in %q", l.At, last, text)
			}
			last = l.At
		}
	})
}
