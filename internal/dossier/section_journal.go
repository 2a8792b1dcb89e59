package dossier

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"acquit/internal/db"
	"acquit/internal/journal"
)

const (
	journalFolder = "16-journal"
	journalFile   = journalFolder + "/journal.jsonl"
	chainFile     = journalFolder + "/chaine.json"
	chainFormat   = "acquit-journal"
)

// entryJSON is an entry of the journal, one a line, with all that its hash covers.
type entryJSON struct {
	Seq      int64     `json:"seq"`
	At       time.Time `json:"at"`
	Actor    string    `json:"actor"`
	Action   string    `json:"action"`
	Subject  string    `json:"subject"`
	Body     string    `json:"body"` // exactly as it was hashed
	Previous string    `json:"previous"`
	Hash     string    `json:"hash"`
}

// chainJSON says how the extract is checked and what is not in it.
type chainJSON struct {
	Format   string    `json:"format"`
	Creditor string    `json:"creditor"` // its identifier is part of every hash
	Subject  string    `json:"subject"`
	Entries  int64     `json:"entries"`
	Gaps     []gapJSON `json:"gaps"`
	End      endJSON   `json:"end"`
	Rule     string    `json:"rule"`
	Why      string    `json:"why_gaps"`
}

// gapJSON is a run of entries of the same journal that speak of others.
type gapJSON struct {
	After  int64 `json:"after"`
	Before int64 `json:"before"`
}

type endJSON struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

const chainRule = "hash = SHA-256, en hexadécimal, de la suite previous, creditor, seq, at (UTC, RFC 3339), actor, " +
	"action, subject, body, chaque champ écrit « longueur en octets:champ\\n ». previous est le hash de l’entrée " +
	"seq-1 du journal entier : deux entrées qui se suivent sont liées, et une entrée modifiée ne donne plus son hash."

const gapsRule = "Le journal est celui de toute la société. Les numéros qui manquent parlent d’autres clients ou de la " +
	"société elle-même : ils ne sont pas communiqués. Le hash « previous » de l’entrée suivante les scelle."

// writeJournal writes what the journal says of the customer, with its chain.
func (b *builder) writeJournal(ctx context.Context, tx *db.Tx) error {
	chain := chainJSON{
		Format: chainFormat, Creditor: b.scope.Creditor, Subject: "customer/" + b.Customer, Gaps: []gapJSON{},
		Rule: French(chainRule), Why: French(gapsRule),
	}
	last := int64(0)
	err := b.add(ManifestFile{Path: journalFile, What: "extrait du journal"}, func(w io.Writer) error {
		out := json.NewEncoder(w)
		out.SetEscapeHTML(false)
		for e, err := range journal.EachAbout(ctx, tx, b.scope, chain.Subject) {
			if err != nil {
				return err
			}
			if e.Seq != last+1 {
				chain.Gaps = append(chain.Gaps, gapJSON{last, e.Seq})
			}
			last = e.Seq
			chain.Entries++
			if err := out.Encode(entryJSON{
				e.Seq, e.At.UTC(), e.Actor, e.Action, e.Subject, e.Body, e.Previous,
				e.Hash,
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if chain.End.Seq, chain.End.Hash, err = journal.End(ctx, tx, b.scope); err != nil {
		return err
	}
	if chain.End.Seq > last {
		chain.Gaps = append(chain.Gaps, gapJSON{last, chain.End.Seq + 1})
	}
	b.remark(journalFolder, "%s du journal, avec leur chaîne", some(int(chain.Entries), "entrée", "entrées"))
	return b.json(ManifestFile{Path: chainFile, What: "chaîne du journal : règle et lacunes"}, chain)
}
