package dossier

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"acquit/internal/journal"
)

// maxLine bounds an entry of the journal: a reminder that a person wrote in full.
const maxLine = 16 << 20

// journals checks the extract of each customer.
func (c *checker) journals() {
	for _, who := range c.Manifest.Customers {
		prefix := who.Folder
		if prefix != "" {
			prefix += "/"
		}
		c.journal(prefix, who)
	}
}

// journal checks one extract: each entry has the hash of what it says, those that
// follow each other are linked, and the gaps are those that are told.
func (c *checker) journal(prefix string, who ManifestParty) {
	var chain chainJSON
	if !c.readJSON(prefix+chainFile, &chain) {
		return
	}
	f, ok := c.files[prefix+journalFile]
	if !ok {
		c.wrong(prefix+journalFile, "manque dans l’archive", "missing from the archive")
		return
	}
	if chain.Creditor != c.Manifest.Creditor.ID || chain.Subject != "customer/"+who.ID {
		c.wrong(prefix+chainFile, "parle d’un autre client que le manifeste", "is about another customer than the manifest")
	}
	x := extract{checker: c, file: prefix + journalFile, chain: chain}
	err := c.open(f, maxTotal, x.read)
	switch {
	case x.broken != 0:
		if c.BrokenAt == 0 {
			c.BrokenAt = x.broken
		}
		c.wrong(x.file, fmt.Sprintf("la chaîne est rompue à l’entrée %d", x.broken),
			fmt.Sprintf("the chain is broken at entry %d", x.broken))
	case err != nil:
		c.wrong(x.file, "ne se lit plus", "cannot be read any more")
	case !x.complete():
		c.wrong(prefix+chainFile, "les lacunes ne sont pas celles du journal", "the gaps are not those of the journal")
	default:
		x.messages(prefix)
	}
}

// readJSON reads a small file of the archive.
func (c *checker) readJSON(name string, v any) bool {
	f, ok := c.files[name]
	if !ok {
		c.wrong(name, "manque dans l’archive", "missing from the archive")
		return false
	}
	if err := c.open(f, maxManifest, func(r io.Reader) error { return json.NewDecoder(r).Decode(v) }); err != nil {
		c.wrong(name, "ne se lit plus", "cannot be read any more")
		return false
	}
	return true
}

// extract is an extract of the journal as it is read.
type extract struct {
	*checker
	file   string
	chain  chainJSON
	last   entryJSON
	count  int64
	gaps   []gapJSON
	broken int64
	sent   []departure
}

func (x *extract) read(r io.Reader) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		var e entryJSON
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return err
		}
		x.entry(e)
	}
	return lines.Err()
}

func (x *extract) entry(e entryJSON) {
	x.count++
	x.Entries++
	whole := journal.Entry{
		Seq: e.Seq, At: e.At, Actor: e.Actor, Action: e.Action, Subject: e.Subject, Body: e.Body,
		Previous: e.Previous, Hash: e.Hash,
	}
	linked := e.Seq != x.last.Seq+1 || e.Previous == x.last.Hash
	if x.broken == 0 && (e.Seq <= x.last.Seq || !linked || e.Subject != x.chain.Subject ||
		!whole.Genuine(x.chain.Creditor)) {
		x.broken = e.Seq
	}
	if e.Seq != x.last.Seq+1 {
		x.gaps = append(x.gaps, gapJSON{x.last.Seq, e.Seq})
	}
	x.last = e
	x.depart(e)
}

// complete tells whether the extract is as long as it says, and ends where the
// journal ended.
func (x *extract) complete() bool {
	if x.chain.End.Seq > x.last.Seq {
		x.gaps = append(x.gaps, gapJSON{x.last.Seq, x.chain.End.Seq + 1})
	}
	ends := x.chain.End.Seq > x.last.Seq || x.chain.End.Seq == x.last.Seq && x.chain.End.Hash == x.last.Hash
	return ends && x.count == x.chain.Entries && slices.Equal(x.gaps, x.chain.Gaps)
}

// departure is what the journal says of a message that left.
type departure struct {
	Message string `json:"message"`
	SHA256  string `json:"sha256"`
}

// depart notes the message that an entry says has left.
func (x *extract) depart(e entryJSON) {
	if e.Action != "message.sent" {
		return
	}
	var d departure
	if json.Unmarshal([]byte(e.Body), &d) == nil && d.Message != "" {
		x.sent = append(x.sent, d)
	}
}

// messages holds the messages of the archive against what the journal says left.
func (x *extract) messages(prefix string) {
	here := map[string]ManifestFile{}
	for _, m := range x.Manifest.Files {
		if m.ID != "" && strings.HasPrefix(m.Path, prefix+messagesFolder+"/") {
			here[m.ID] = m
		}
	}
	for _, d := range x.sent {
		m, ok := here[d.Message]
		switch {
		case !ok:
			x.wrong(x.file, "le journal connaît un message parti qui n’est pas au dossier : "+d.Message,
				"the journal knows a message that left and is not in the dossier: "+d.Message)
		case d.SHA256 != "" && m.SHA256 != d.SHA256:
			x.wrong(m.Path, "ce n’est pas le message que le journal dit parti", "not the message that the journal says has left")
		}
	}
}
