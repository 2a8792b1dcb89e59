package bench_test

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"acquit/internal/demo/bankyear"
	"acquit/internal/match"
)

// score counts what became of the entries of a replay.
type score struct {
	out        int // money that left
	returned   int // of it, what took back money of before
	nobodys    int // money that came in and is nobody's
	taken      int // of it, allocated by mistake
	came       int // money that is somebody's
	unknowable int // of it, what nobody could tell from the statement
	alone      int // allocated automatically
	wrong      int // of it, wrongly
	alonePlain int // allocated automatically of what could be known
	rest       int // somebody's, knowable, not automatic
	first      int // of it, right at the first place
	firstThree int // of it, right among the first three
	restAll    int // with what nobody could tell
	threeAll   int
	suspected  int // of what waits and could be known, the true customer is among the suspects
	suspects   int // of all that waits, together
	bands      [len(bandEdges)]band
	cases      map[string]*tally
	mistakes   []string
}

// band is a stretch of confidence: how often its first explanations were right.
type band struct{ count, right int }

// bandEdges are where the bands begin.
var bandEdges = [...]match.Confidence{0, 1000, 2500, 5000, 7500, 9000, 9500, 9900, 9950, 9990}

// tally is what became of one kind of entries.
type tally struct{ count, alone, wrong, missed int }

func (s *score) count(m bankyear.Movement, a match.Answer, want match.Explanation, alone bool) {
	isRight := len(a.Explanations) > 0 && !m.Truth.Nobody && right(a.Explanations[0], want)
	if len(a.Explanations) > 0 {
		n := len(bandEdges) - 1
		for ; a.Explanations[0].Confidence < bandEdges[n]; n-- {
		}
		s.bands[n].count++
		if isRight {
			s.bands[n].right++
		}
	}
	t := s.tally(m.Truth)
	t.count++
	if alone {
		s.alone++
		t.alone++
		if !isRight {
			s.wrong++
			t.wrong++
			s.mistake(m, a, want)
		}
	}
	if m.Truth.Nobody {
		s.nobodys++
		if alone {
			s.taken++
		}
		return
	}
	s.came++
	if m.Truth.Unknowable {
		s.unknowable++
	} else if alone {
		s.alonePlain++
	}
	if alone {
		return
	}
	s.waits(m, a, want, t)
}

// waits counts an entry that a person sees.
func (s *score) waits(m bankyear.Movement, a match.Answer, want match.Explanation, t *tally) {
	three := slices.ContainsFunc(a.Explanations[:min(3, len(a.Explanations))], func(x match.Explanation) bool { return right(x, want) })
	s.restAll++
	s.suspects += len(a.Suspects)
	if three {
		s.threeAll++
	}
	if m.Truth.Unknowable {
		return
	}
	s.rest++
	if slices.Contains(a.Suspects, want.Customer) {
		s.suspected++
	}
	switch {
	case three:
		s.firstThree++
		if right(a.Explanations[0], want) {
			s.first++
		}
	default:
		t.missed++
		s.mistake(m, a, want)
	}
}

func (s *score) tally(t bankyear.Truth) *tally {
	key := fmt.Sprintf("%s, %s, %s", t.Named, t.Paid, t.Payer)
	if t.Nobody {
		key = "nobody's: " + string(t.Payer)
	}
	if t.Unknowable {
		key = "(unknowable) " + key
	}
	if s.cases == nil {
		s.cases = map[string]*tally{}
	}
	if s.cases[key] == nil {
		s.cases[key] = &tally{}
	}
	return s.cases[key]
}

// kept is how many mistakes are told in full.
const kept = 400

func (s *score) mistake(m bankyear.Movement, a match.Answer, want match.Explanation) {
	if len(s.mistakes) >= kept {
		return
	}
	e := m.Entry
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s %q from %q, end to end %q, structured %q\n  true (%s, %s, %s): %s\n", e.BankRef, e.On, e.Amount,
		e.Texts, e.Party.Name, e.EndToEnd, e.Structured, m.Truth.Named, m.Truth.Paid, m.Truth.Payer, told(want))
	for _, x := range a.Explanations[:min(3, len(a.Explanations))] {
		fmt.Fprintf(&b, "  %5d unique %v: %s\n", x.Confidence, a.Unique, told(x))
	}
	s.mistakes = append(s.mistakes, b.String())
}

func told(x match.Explanation) string {
	var words []string
	for _, l := range x.Lines {
		words = append(words, fmt.Sprintf("%s %s %s", l.Customer, l.Item, l.Amount))
	}
	for _, a := range x.Adjustments {
		words = append(words, fmt.Sprintf("%s %s", a.Kind, a.Amount))
	}
	if !x.Remainder.IsZero() {
		words = append(words, fmt.Sprintf("%s keeps %s", x.Customer, x.Remainder))
	}
	return strings.Join(words, "; ")
}

func share(n, of int) float64 { return 100 * float64(n) / float64(max(1, of)) }

// precision is the share of right ones among automatic allocations.
func (s *score) precision() float64 { return share(s.alone-s.wrong, s.alone) }

// rate is the share of somebody's money that is allocated automatically.
func (s *score) rate() float64 { return share(s.alone-s.taken, s.came) }

// three is the share of what waits and could be known that has its truth among
// the first three proposals.
func (s *score) three() float64 { return share(s.firstThree, s.rest) }

// tell tells everything.
func (s *score) tell(w io.Writer) {
	fmt.Fprintf(w, "entries %d: came in %d (nobody could tell %d), nobody's %d, left %d, of them returns %d\n",
		s.came+s.nobodys+s.out, s.came, s.unknowable, s.nobodys, s.out, s.returned)
	fmt.Fprintf(w, "automatic %d: %.2f %% of what came in, %.2f %% of what could be known; right %.3f %% (%d wrong, %d of nobody's)\n",
		s.alone, s.rate(), share(s.alonePlain, s.came-s.unknowable), s.precision(), s.wrong, s.taken)
	fmt.Fprintf(w, "of %d that wait and could be known: first %.2f %%, among three %.2f %%; suspects name the payer %.2f %%; of all %d that wait: among three %.2f %%, %.1f suspects each\n",
		s.rest, share(s.first, s.rest), s.three(), share(s.suspected, s.rest), s.restAll, share(s.threeAll, s.restAll),
		float64(s.suspects)/float64(max(s.restAll, 1)))
	fmt.Fprintln(w, "confidence      count    observed")
	for i, b := range s.bands {
		fmt.Fprintf(w, "from %6.2f %%  %7d  %7.2f %%\n", float64(bandEdges[i])/100, b.count, share(b.right, b.count))
	}
	var keys []string
	for k, t := range s.cases {
		if t.wrong+t.missed > 0 || t.count-t.alone > 0 {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(x, y string) int {
		a, b := s.cases[x], s.cases[y]
		return cmp.Or(cmp.Compare(b.wrong, a.wrong), cmp.Compare(b.missed, a.missed), cmp.Compare(b.count-b.alone, a.count-a.alone), cmp.Compare(x, y))
	})
	fmt.Fprintln(w, " count  alone  wrong missed  case (how named, how paid, who paid)")
	for _, k := range keys[:min(40, len(keys))] {
		t := s.cases[k]
		fmt.Fprintf(w, "%6d %6d %6d %6d  %s\n", t.count, t.alone, t.wrong, t.missed, k)
	}
}
