//go:build !linux && !darwin && !freebsd

package cli

// freeDisk is not known here.
func freeDisk(string) (free uint64, known bool) { return 0, false }
