// Package lifecycletest proves a platform: whatever the way, what is sent arrives
// once and whole, and what comes is given once, oldest first, until it is taken.
package lifecycletest

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/lifecycle"
)

// Peer is the other side of a platform, for a test.
type Peer interface {
	// Put makes a message come, after those put before.
	Put(name string, raw []byte)
	// Got are the bytes of the messages that arrived, in their order.
	Got() [][]byte
}

// Run proves the platform that start gives, each time with nothing on the way.
func Run(t *testing.T, start func(t *testing.T) (lifecycle.Platform, Peer)) {
	t.Run("what is sent arrives once and whole", func(t *testing.T) {
		p, peer := start(t)
		for _, text := range []string{"<un/>", "<deux/>"} {
			r := p.Send(t.Context(), outgoing(text))
			if r.Outcome != lifecycle.Handed || r.Flow == "" {
				t.Fatalf("%+v", r)
			}
			v, err := p.Judge(t.Context(), lifecycle.Outgoing{ID: "id" + text, Name: name(text), SHA256: sum(text)})
			if err != nil || !v.Found {
				t.Errorf("it does not find what it has: %+v, %v", v, err)
			}
		}
		if diff := cmp.Diff([][]byte{[]byte("<un/>"), []byte("<deux/>")}, peer.Got()); diff != "" {
			t.Error(diff)
		}
		if v, err := p.Judge(t.Context(), outgoing("<jamais/>")); err != nil || v.Found {
			t.Errorf("it finds what it never had: %+v, %v", v, err)
		}
	})
	t.Run("what comes is given once", func(t *testing.T) {
		p, peer := start(t)
		in := &taker{}
		peer.Put("a.xml", []byte("<a/>"))
		peer.Put("b.xml", []byte("<b/>"))
		in.collect(t, p, nil)
		in.collect(t, p, nil)
		peer.Put("c.xml", []byte("<c/>"))
		in.collect(t, p, nil)
		if diff := cmp.Diff([]string{"<a/>", "<b/>", "<c/>"}, in.texts); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("what could not be taken comes again", func(t *testing.T) {
		p, peer := start(t)
		in := &taker{}
		peer.Put("a.xml", []byte("<a/>"))
		peer.Put("b.xml", []byte("<b/>"))
		broken := errors.New("the database is away")
		in.fail = broken
		in.collect(t, p, broken)
		in.fail = nil
		in.collect(t, p, nil)
		if diff := cmp.Diff([]string{"<a/>", "<b/>"}, in.texts); diff != "" {
			t.Error(diff)
		}
	})
}

// taker is who collects, as the room does: with a position and the flows it knows.
type taker struct {
	position string
	flows    []string
	texts    []string
	fail     error
}

func (k *taker) collect(t *testing.T, p lifecycle.Platform, want error) {
	t.Helper()
	known := func(flow string) (bool, error) { return slices.Contains(k.flows, flow), nil }
	next, err := p.Collect(t.Context(), k.position, known, func(in lifecycle.Incoming) error {
		if k.fail != nil {
			return k.fail
		}
		k.flows, k.texts = append(k.flows, in.Flow), append(k.texts, string(in.Raw))
		return nil
	})
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %v", err, want)
	}
	k.position = next
}
