//go:build !unix

package cluster

import (
	"errors"
	"os/exec"
)

// account runs the server; here there is none, and tests of PostgreSQL need a
// given server.
type account struct{}

func unprivileged() (account, error) {
	return account{}, errors.New("clusters for tests are started on Unix only")
}

func (account) home() (string, error) { return "", errors.ErrUnsupported }

func (account) own(string) error { return errors.ErrUnsupported }

func (account) command(name string, args ...string) *exec.Cmd { return exec.Command(name, args...) }

func lock(string) (func(), error) { return nil, errors.ErrUnsupported }
