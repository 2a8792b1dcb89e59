package cluster

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// superuser owns every database of our own clusters; it needs no password,
// since they listen on the loopback interface only and hold nothing but tests.
const superuser = "acquit"

// portAttempts bounds the search for a port that nobody takes between our
// asking for it and the server's binding it.
const portAttempts = 5

// settings make a cluster that is quick and need not survive anything.
// Autovacuum is off because its workers get in the way of copying templates.
var settings = []string{
	"fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
	"shared_buffers=32MB", "max_connections=200", "autovacuum=off", "jit=off",
	"listen_addresses=127.0.0.1", "unix_socket_directories=", "timezone=UTC", "log_min_messages=warning",
}

// watch starts the server of directory $2 on the programs in $1 with options $3,
// says "ready", and waits for the end of its standard input: that comes when
// the test process has gone, were it killed. Then nothing is left of it.
const watch = `
"$1/pg_ctl" -D "$2" -l "$2/log" -o "$3" -s -w -t 120 start </dev/null >/dev/null 2>&1 && echo ready || echo failed
read -r end
"$1/pg_ctl" -D "$2" -s -m immediate stop </dev/null >/dev/null 2>&1
rm -rf "$2"
`

// launch starts a cluster of our own.
func launch() (*server, error) {
	bin, version, err := programs()
	if err != nil {
		return nil, err
	}
	who, err := unprivileged()
	if err != nil {
		return nil, err
	}
	seed, err := who.seed(bin, version)
	if err != nil {
		return nil, fmt.Errorf("make a cluster: %w", err)
	}
	for range portAttempts {
		var s *server
		if s, err = who.serve(bin, seed); err == nil {
			return s, nil
		}
	}
	return nil, fmt.Errorf("start a cluster: %w", err)
}

// programs finds the newest server programs and their version, such as "15.18".
func programs() (bin, version string, err error) {
	var places []string
	if path, err := exec.LookPath("postgres"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			places = append(places, filepath.Dir(path))
		}
	}
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		places = append(places, strings.TrimSpace(string(out)))
	}
	debian, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.Reverse(debian)
	for _, bin := range append(places, debian...) {
		if _, err := os.Stat(filepath.Join(bin, "initdb")); err != nil {
			continue // pg_config alone comes with the client library
		}
		out, err := exec.Command(filepath.Join(bin, "postgres"), "--version").Output()
		if words := strings.Fields(string(out)); err == nil && len(words) >= 3 {
			return bin, words[2], nil
		}
	}
	return "", "", errors.New("the PostgreSQL server programs are not installed")
}

// seed is the folder with the files of a fresh cluster, made by the first
// process that needs it. Its name holds all that its content depends on.
func (a account) seed(bin, version string) (string, error) {
	home, err := a.home()
	if err != nil {
		return "", err
	}
	seed := filepath.Join(home, "seed-"+version)
	unlock, err := lock(filepath.Join(home, "lock"))
	if err != nil {
		return "", err
	}
	defer unlock()
	if _, err := os.Stat(seed); err == nil {
		return seed, nil
	}
	made := seed + ".new" // a cut initdb leaves this behind, never a half-made seed
	if err := os.RemoveAll(made); err != nil {
		return "", err
	}
	args := append([]string{"-D", made, "-U", superuser, "-A", "trust", "-N", "--wal-segsize=1"}, collation(version)...)
	if out, err := a.command(filepath.Join(bin, "initdb"), args...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return seed, os.Rename(made, seed)
}

// collation sorts text as a French installation does where the server can (from
// version 15), so that a test notices an order that only bytes would give.
func collation(version string) []string {
	major, _, _ := strings.Cut(version, ".")
	if n, _ := strconv.Atoi(major); n >= 15 {
		return []string{"--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=fr"}
	}
	return []string{"--encoding=UTF8", "--locale=C"}
}

// serve copies the seed and starts a server on the copy.
func (a account) serve(bin, seed string) (*server, error) {
	data, err := os.MkdirTemp(filepath.Dir(seed), "run-")
	if err != nil {
		return nil, err
	}
	if err := a.own(data); err != nil {
		return nil, err
	}
	if out, err := a.command("cp", "-a", seed+"/.", data).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("copy %s: %w\n%s", seed, err, out)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	options := fmt.Sprintf("-p %d -c %s", port, strings.Join(settings, " -c "))
	stop, err := a.guard(data, a.command("sh", "-c", watch, "sh", bin, data, options))
	if err != nil {
		return nil, err
	}
	base := url.URL{
		Scheme: "postgres", User: url.User(superuser), Host: fmt.Sprintf("127.0.0.1:%d", port),
		Path: "/postgres", RawQuery: "sslmode=disable",
	}
	return &server{base: base, stop: stop}, nil
}

// guard runs the watching shell until it says that the server is ready. The
// server lives as long as the file it gives back is open.
func (a account) guard(data string, shell *exec.Cmd) (*os.File, error) {
	read, stop, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer read.Close()
	shell.Stdin = read
	said, err := shell.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := shell.Start(); err != nil {
		return nil, err
	}
	if line, _ := bufio.NewReader(said).ReadString('\n'); line != "ready\n" {
		log, _ := os.ReadFile(filepath.Join(data, "log"))
		stop.Close()
		_, _ = io.Copy(io.Discard, said)
		return nil, fmt.Errorf("the server did not start: %w\n%s", shell.Wait(), log)
	}
	return stop, nil
}

// freePort is a port of the loopback interface that was free a moment ago.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
