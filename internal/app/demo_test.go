package app_test

import (
	"net"
	"testing"

	"acquit/internal/app"
	"acquit/internal/cal"
	"acquit/internal/fault"
)

// Making the company takes seconds: an address that cannot be had is said before.
func TestTheDemonstrationRefusesItsAddressBeforeItsCompany(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for addr, kind := range map[string]fault.Kind{
		"":                    fault.KindInvalid, // not all addresses of the machine
		"127.0.0.1":           fault.KindInvalid,
		"127.0.0.1:70000":     fault.KindInvalid,
		taken.Addr().String(): fault.KindConflict,
	} {
		err := app.Demo(t.Context(), app.DemoOptions{
			Addr: addr, Customers: 1, On: cal.Must("2026-11-23"), Env: func(string) string { return "" },
			Progress: func(string, int) { t.Errorf("%q: a company is made", addr) },
			Ready:    func(string) { t.Errorf("%q: opened", addr) },
		})
		if fault.KindOf(err) != kind {
			t.Errorf("%q: got %v", addr, err)
		}
	}
}
