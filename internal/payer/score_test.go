package payer_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"acquit/internal/i18n"
	"acquit/internal/payer"
	_ "acquit/internal/propertytest"
)

func TestScoresSayWhatTookTheirPointsOff(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		b     payer.Behaviour
		score int
		grade string
		why   []string
	}{
		"pays when due":  {payer.Behaviour{Payments: 9}, 100, "A", nil},
		"pays early":     {payer.Behaviour{Payments: 9, AverageDelay: -6}, 100, "A", nil},
		"nothing known":  {payer.Behaviour{}, 80, "B", []string{"aucun règlement connu depuis un an (−20\u00a0points)"}},
		"usual delays":   {payer.Behaviour{Payments: 9, AverageDelay: 12}, 88, "A", []string{"paie en moyenne 12\u00a0jours après l’échéance (−12\u00a0points)"}},
		"loyal, late":    {payer.Behaviour{Payments: 9, Overdue: 45}, 81, "A", []string{"la plus ancienne facture échue a 45\u00a0jours de retard (−19\u00a0points)"}},
		"later":          {payer.Behaviour{Payments: 9, Overdue: 46}, 81, "A", []string{"la plus ancienne facture échue a 46\u00a0jours de retard (−19\u00a0points)"}},
		"late too long":  {payer.Behaviour{Payments: 9, Overdue: 47}, 80, "B", []string{"la plus ancienne facture échue a 47\u00a0jours de retard (−20\u00a0points)"}},
		"one day":        {payer.Behaviour{Payments: 9, AverageDelay: 1, BrokenPromises: 1}, 94, "A", []string{"1\u00a0promesse non tenue (−5\u00a0points)", "paie en moyenne 1\u00a0jour après l’échéance (−1\u00a0point)"}},
		"contested":      {payer.Behaviour{Payments: 9, AverageDelay: 4, Disputed: true}, 70, "B", []string{"un litige est ouvert (−26\u00a0points)", "paie en moyenne 4\u00a0jours après l’échéance (−4\u00a0points)"}},
		"contested, bad": {payer.Behaviour{Payments: 9, Overdue: 96, Disputed: true}, 60, "B", []string{"la plus ancienne facture échue a 96\u00a0jours de retard (−40\u00a0points)"}},
		"the worst": {payer.Behaviour{Payments: 2, AverageDelay: 90, Overdue: 400, BrokenPromises: 7, Disputed: true}, 0, "D", []string{
			"la plus ancienne facture échue a 400\u00a0jours de retard (−50\u00a0points)",
			"paie en moyenne 90\u00a0jours après l’échéance (−35\u00a0points)", "7\u00a0promesses non tenues (−15\u00a0points)",
		}},
	} {
		score, drivers := c.b.Score()
		var why []string
		for _, d := range drivers {
			why = append(why, d.Say(i18n.FR))
		}
		if score != c.score || payer.Grade(score) != c.grade {
			t.Errorf("%s: %d %s, want %d %s", name, score, payer.Grade(score), c.score, c.grade)
		}
		if diff := cmp.Diff(c.why, why); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func drawBehaviour(t *rapid.T) payer.Behaviour {
	return payer.Behaviour{
		Payments:       rapid.IntRange(0, 3).Draw(t, "payments"),
		AverageDelay:   rapid.IntRange(-90, 200).Draw(t, "delay"),
		Overdue:        rapid.IntRange(0, 500).Draw(t, "overdue"),
		BrokenPromises: rapid.IntRange(0, 9).Draw(t, "broken"),
		Disputed:       rapid.Bool().Draw(t, "disputed"),
	}
}

func TestAWorseBehaviourNeverScoresBetter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBehaviour(t)
		score, drivers := b.Score()
		lost := 0
		for i, d := range drivers {
			lost += d.Points
			if d.Points <= 0 || i > 0 && d.Points > drivers[i-1].Points {
				t.Fatalf("%+v: %+v", b, drivers)
			}
			for _, l := range []i18n.Lang{i18n.FR, i18n.EN} {
				if text := d.Say(l); strings.HasPrefix(text, string(d.Code)) || strings.Contains(text, "%") {
					t.Fatalf("%s is told as %q", d.Code, text)
				}
			}
		}
		if score < 0 || score > 100 || lost != 100-score {
			t.Fatalf("%+v: %d, where %+v", b, score, drivers)
		}
		worse := b
		worse.AverageDelay += rapid.IntRange(0, 60).Draw(t, "later on average")
		worse.Overdue += rapid.IntRange(0, 60).Draw(t, "later now")
		worse.BrokenPromises += rapid.IntRange(0, 3).Draw(t, "more broken")
		worse.Disputed = b.Disputed || rapid.Bool().Draw(t, "contested now")
		less, _ := worse.Score()
		if less > score || payer.Grade(less) < payer.Grade(score) {
			t.Fatalf("%+v scores %d, %+v %d", b, score, worse, less)
		}
	})
}

func TestPromisesAndDisputesWeighWithinTheirBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBehaviour(t)
		score, _ := b.Score()
		kept, calm := b, b
		kept.BrokenPromises, calm.Disputed = 0, false
		if with, _ := kept.Score(); with-score > 15 {
			t.Fatalf("%+v: broken promises take %d points", b, with-score)
		}
		if b.Disputed && score > 70 {
			t.Fatalf("%+v scores %d in spite of a dispute", b, score)
		}
		if without, _ := calm.Score(); score != min(without, 70) && b.Disputed {
			t.Fatalf("%+v: the dispute makes %d of %d", b, score, without)
		}
	})
}
