// Package propertytest makes property tests draw the same cases in every run,
// so that what fails for one fails for all. A test package that imports rapid
// imports this one for its effect. ACQUIT_TEST_SEED=7 draws others, and 0 others
// each time (with -count=1: a cached result does not know it); the flag
// -rapid.seed still goes first.
package propertytest

import (
	"cmp"
	"flag"
	"os"

	_ "pgregory.net/rapid" // which brings the flag
)

func init() { //nolint:gochecknoinits // the package is imported for this effect
	if err := flag.Set("rapid.seed", cmp.Or(os.Getenv("ACQUIT_TEST_SEED"), "1")); err != nil {
		panic("ACQUIT_TEST_SEED: " + err.Error())
	}
}
