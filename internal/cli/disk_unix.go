//go:build linux || darwin || freebsd

package cli

import "syscall"

// freeDisk is how many bytes are free where a folder lies.
func freeDisk(dir string) (free uint64, known bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, false
	}
	return uint64(s.Bavail) * uint64(s.Bsize), true //nolint:unconvert // their types differ between systems
}
