package xmltree

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	_ "acquit/internal/propertytest"
)

// steps are the events of a document in short.
func steps(text string, names ...string) []string {
	var list []string
	s := NewStream(strings.NewReader(text), names...)
	for {
		e, err := s.Next()
		switch {
		case errors.Is(err, io.EOF):
			return list
		case err != nil:
			return append(list, "! "+err.Error())
		case e.Piece != nil && e.Piece.Err != nil:
			list = append(list, fmt.Sprintf("? %d:%d", e.Piece.Line, e.Piece.Column))
		case e.Piece != nil:
			list = append(list, fmt.Sprintf("%d:%d %s", e.Piece.Line, e.Piece.Column, e.Piece.Raw))
		default:
			list = append(list, "<"+e.Start+"/"+e.End)
		}
	}
}

func TestPiecesComeOneByOneAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"<a>\n <n:b x='1'>é<c/></n:b><b/></a>":                           {"<a/", "2:2 <n:b x='1'>é<c/></n:b>", "2:25 <b/>", "</a"},
		"<a><!-- <b> --><![CDATA[<b>]]><bb/><b><![CDATA[</b>]]></b></a>": {"<a/", "<bb/", "</bb", "1:36 <b><![CDATA[</b>]]></b>", "</a"},
		"<a><b>1<b>2</b></a>": {
			"<a/",
			"? 1:4",
			"1:8 <b>2</b>", "</a",
		},
		"<a><x><b>1</x><b>2</b></a>": {
			"<a/", "<x/",
			"? 1:7",
			"</x", "1:15 <b>2</b>", "</a",
		},
	} {
		if diff := cmp.Diff(want, steps(text, "b")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	for _, text := range []string{"<!DOCTYPE x><a/>", "<a><b/>", "<a></c>", strings.Repeat("<d>", MaxDepth+1)} {
		list := steps(text, "b")
		if len(list) == 0 || !strings.HasPrefix(list[len(list)-1], "! ") {
			t.Errorf("%.40s: got %q, want a refusal", text, list)
		}
	}
}

// What is read in pieces is what is read as a tree.
func TestPiecesAreThoseOfTheTree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var b strings.Builder
		b.WriteString("<r>\n")
		n := rapid.IntRange(0, 5).Draw(rt, "pieces")
		for i := range n {
			fmt.Fprintf(&b, "<p><i>%d</i>%s<d>x</d>\n<d>y</d></p>", i, strings.Repeat("\n", rapid.IntRange(0, 3).Draw(rt, "lines")))
		}
		b.WriteString("</r>")
		tree, err := Parse([]byte(b.String()))
		if err != nil {
			rt.Fatal(err)
		}
		s := NewStream(strings.NewReader(b.String()), "p")
		for _, want := range tree.All("p") {
			p := nextPiece(rt, s)
			got, err := p.Parse()
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(Node{})); err != nil || diff != "" {
				rt.Fatalf("%v (-tree +piece):\n%s", err, diff)
			}
			rest, inner, before, after := p.Cut("d")
			if len(inner) != 2 || inner[1].Line != want.All("d")[1].Line || !strings.HasSuffix(string(after), "</p>") || !strings.HasPrefix(string(before), "<p>") {
				rt.Fatalf("cut %q into %q and %v", p.Raw, rest.Raw, inner)
			}
		}
	})
}

func nextPiece(rt *rapid.T, s *Stream) *Piece {
	for {
		e, err := s.Next()
		if err != nil {
			rt.Fatal(err)
		}
		if e.Piece != nil {
			return e.Piece
		}
	}
}
