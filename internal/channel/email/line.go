package email

import (
	"errors"
	"net"
	"os"
	"sync"
	"time"
)

// line is a connection on which every wait ends: each step after its own time,
// all of them once the caller has given up.
type line struct {
	net.Conn

	mu        sync.Mutex
	until     time.Time     // no wait goes beyond; the zero time until the caller gives up
	committed bool          // the end of a message has been written, its answer not read
	grace     time.Duration // what a committed message may still wait
	heard     int           // bytes read since something was said
}

// maxHeard bounds what the other side may say at once: answers have a few
// lines, a TLS handshake a few certificates.
const maxHeard = 256 << 10

var (
	errTalkative = errors.New("le serveur parle sans s’arrêter")
	errStopped   = errors.New("arrêt demandé")
)

// wait lets the next step take so long.
func (l *line) wait(d time.Duration) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := time.Now().Add(d)
	if !l.until.IsZero() && l.until.Before(at) {
		at = l.until
	}
	return l.SetDeadline(at)
}

// interrupt ends all waits: at once, or after the grace of a message whose fate
// hangs on an answer.
func (l *line) interrupt() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until = time.Now()
	if l.committed {
		l.until = l.until.Add(l.grace)
	}
	_ = l.SetDeadline(l.until) // on a connection that is already closed nothing waits
}

// commit says that the end of the message is about to be written. It is too
// late when the caller has given up.
func (l *line) commit() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.committed = l.until.IsZero()
	return l.committed
}

// settle says that the answer has been read.
func (l *line) settle() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.committed = false
}

// Read bounds what is heard between two of our own words.
func (l *line) Read(p []byte) (int, error) {
	if l.heard > maxHeard {
		return 0, errTalkative
	}
	n, err := l.Conn.Read(p)
	l.heard += n
	return n, l.because(err)
}

// Write starts the count anew.
func (l *line) Write(p []byte) (int, error) {
	l.heard = 0
	n, err := l.Conn.Write(p)
	return n, l.because(err)
}

// because tells a wait that the caller ended from one that took too long.
func (l *line) because(err error) error {
	if err == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.until.IsZero() && errors.Is(err, os.ErrDeadlineExceeded) {
		return errStopped
	}
	return err
}
