package match

import "testing"

func TestConfidenceRisesWithItsShare(t *testing.T) {
	for name, table := range map[string][]knot{"supported": supported, "alone": alone} {
		last := Confidence(0)
		for share := range 10_001 {
			c := interpolate(table, share)
			if c < last || c > certain {
				t.Fatalf("%s: %d gives %d after %d", name, share, c, last)
			}
			last = c
		}
		if interpolate(table, 0) != 0 {
			t.Errorf("%s: nothing gives something", name)
		}
	}
	if one := interpolate(alone, 10_000); one >= 9000 {
		t.Errorf("one piece of evidence gives %d", one)
	}
}

func TestSubsetsComeToTheirTarget(t *testing.T) {
	values := []int64{31_240, 118_999, 45_677, 9_950, 77_123, -12_345, 31_240, 500, 501, 499, 1, 2, 3, 4, 5, 6}
	want := map[subset]bool{}
	const target = 68_890 // 31 240 + 9 950 + … in several ways
	for s := subset(1); s < 1<<len(values); s++ {
		var sum int64
		for i, v := range values {
			if s&(1<<i) != 0 {
				sum += v
			}
		}
		if sum == target && s&(s-1) != 0 {
			want[s] = true
		}
	}
	got := subsets(values, target, maxFound, false)
	if len(got) != len(want) {
		t.Fatalf("%d sets, want %d", len(got), len(want))
	}
	for _, s := range got {
		if !want[s] {
			t.Errorf("%b does not come to %d", s, target)
		}
	}
}
