package cli

import (
	"fmt"
	"os"
	"strings"
	"time"
	"unicode/utf8"
)

// progressEvery is how often a line of progress is written again: often enough
// to be seen moving, seldom enough to cost nothing.
const progressEvery = 200 * time.Millisecond

// progress is a line on a terminal that tells how far long work has come.
// Elsewhere, and with --json, it is silent.
type progress struct {
	p     *Program
	last  time.Time
	width int // of what stands on the line
	on    bool
}

func (p *Program) progress() *progress {
	return &progress{p: p, on: !p.json && isTerminal(p.Err)}
}

// tell writes the line again, unless it was written just now.
func (g *progress) tell(format string, args ...any) {
	if !g.on || time.Since(g.last) < progressEvery {
		return
	}
	g.last = time.Now()
	text := fmt.Sprintf(format, args...)
	n := utf8.RuneCountInString(text)
	fmt.Fprintf(g.p.Err, "\r%s%s", text, strings.Repeat(" ", max(0, g.width-n)))
	g.width = n
}

// end wipes the line.
func (g *progress) end() {
	if g.width > 0 {
		fmt.Fprintf(g.p.Err, "\r%s\r", strings.Repeat(" ", g.width))
		g.width = 0
	}
}

// isTerminal is whether a person is at the other end: a device of characters
// that is not the one that swallows everything.
func isTerminal(v any) bool {
	f, ok := v.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}
