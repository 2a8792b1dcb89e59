package cli_test

import (
	"bytes"
	"context"
	"net"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"acquit/internal/app"
	"acquit/internal/channel/email/smtpsink"
)

// zone is a DNS that knows one domain; another name does not exist, and a nil
// zone does not answer at all.
type zone map[string][]string

func (z zone) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	if z == nil {
		return nil, &net.DNSError{Err: "i/o timeout", IsTimeout: true}
	}
	if z[name] == nil {
		return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
	}
	return []*net.MX{{Host: "mx." + name}}, nil
}

func (z zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	return z[name], nil
}

func TestDoctorLooksAtTheMailServerAndItsDomain(t *testing.T) {
	t.Parallel()
	sink, err := smtpsink.Start(smtpsink.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sink.Close)
	published := zone{
		"dupont.example": {"v=spf1 mx -all"}, "_dmarc.dupont.example": {"v=DMARC1; p=none"},
		"acquit._domainkey.dupont.example": {"v=DKIM1; p=abc"},
	}
	for _, c := range []struct {
		name string
		dns  zone
		port int
		want []string
	}{
		{"all is well", published, sink.Port(), []string{
			`bien +mail +127\.0\.0\.1 répond`, `bien +dns +SPF publié`, `bien +dns +DMARC publié`,
		}},
		{"nobody may send for the domain", zone{"dupont.example": {"hello"}}, sink.Port(), []string{
			`à voir +dns +dupont\.example sans SPF`, `à voir +dns +_dmarc\.dupont\.example sans DMARC`,
		}},
		{"answers would be lost", zone{}, sink.Port(), []string{`à voir +dns +dupont\.example n’a pas de MX`}},
		{"the network is down", nil, sink.Port(), []string{`à voir +dns +le DNS ne répond pas`}},
		{"the mail server is down", published, closedPort(t), []string{`FAUTE +mail `}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out := examined(t, c.dns, c.port)
			for _, want := range c.want {
				if !regexp.MustCompile(want).MatchString(out) {
					t.Errorf("no match for %s in\n%s", want, out)
				}
			}
		})
	}
}

// examined is what doctor says of a company that sends through a port of this
// machine.
func examined(t *testing.T, dns zone, port int) string {
	t.Helper()
	db := "sqlite:" + filepath.Join(t.TempDir(), "acquit.db")
	var out bytes.Buffer
	run := func(args ...string) {
		out.Reset()
		p := app.Program(func(string) string { return "" }, strings.NewReader(""), &out, &out, nil, "1.0")
		p.Resolver = dns
		p.Run(t.Context(), append([]string{"acquit", "--db", db}, args...))
	}
	run("init", "--name", "Dupont")
	run("setting", "set", "smtp_host=127.0.0.1", "smtp_port="+strconv.Itoa(port), "smtp_security=none",
		"mail_from_address=claire@dupont.example")
	run("doctor")
	return out.String()
}

// closedPort is a port of this machine on which nobody listens.
func closedPort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
