package apply

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"unicode"

	"acquit/internal/db"
	"acquit/internal/ingest"
	"acquit/internal/ledger"
)

// maxCopy bounds a PDF kept with an invoice: a message that carries several of
// them must still pass the mail servers.
const maxCopy = 20 << 20

// copyOf is a file to be kept with a document.
type copyOf struct {
	document string
	ledger.File
}

// attach keeps the readable invoice that came with an electronic one.
func (p *plan) attach(w *work) {
	e := w.rest().electronic
	if e == nil || e.Attachment == nil || w.kind == "" {
		return
	}
	p.keepCopy(w, w.entry, e.Attachment)
}

func (p *plan) keepCopy(w *work, e *entry, a *ingest.Attachment) {
	if len(a.Content) > maxCopy {
		p.warn(w.row, "copy_size", "le PDF dépasse "+ingest.Size(maxCopy)+"\u00a0: il n’est pas gardé avec la facture")
		return
	}
	sum := sha256.Sum256(a.Content)
	at := attached{e.ID, hex.EncodeToString(sum[:])}
	if p.has[at] {
		return
	}
	p.has[at] = true
	p.copies = append(p.copies, copyOf{e.ID, ledger.File{
		SHA256: at.sha256, Name: a.Name, MediaType: a.MediaType, Content: a.Content, Import: p.run.id,
	}})
	w.changed = true
}

// loadCopies gets what is kept already with the documents of the plan.
func (p *plan) loadCopies(ctx context.Context, tx *db.Tx, list []*work) (err error) {
	p.has = map[attached]bool{}
	var ids []string
	for _, w := range list {
		if e := w.rest().electronic; e == nil || e.Attachment == nil {
			continue
		}
		for _, e := range p.copyTargets(w) {
			ids = append(ids, e.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	p.has, err = p.run.books.copies(ctx, tx, ids)
	return err
}

func (p *plan) copyTargets(w *work) []*entry {
	if w.rest().fileName == "" {
		return p.byKey[docKey{w.partyID(), w.kind, w.number}]
	}
	var list []*entry
	for _, n := range w.candidates() {
		list = append(list, p.named[n]...)
	}
	return list
}

func (p *plan) writeCopies(ctx context.Context, tx *db.Tx) error {
	for _, c := range p.copies {
		if err := ledger.AttachFile(ctx, tx, p.run.scope, c.document, c.File); err != nil {
			return err
		}
	}
	return nil
}

// refusedCopy is a PDF that is no electronic invoice: it may be the copy of one
// that the books have.
type refusedCopy struct {
	source  int
	refusal error
}

// isPDF tells a PDF by its beginning.
func isPDF(src ingest.Source) bool {
	head := make([]byte, min(src.Size, 1024))
	if _, err := src.Content.ReadAt(head, 0); err != nil {
		return false
	}
	return bytes.Contains(head, []byte("%PDF-"))
}

// attachCopies goes through the sources again for the PDFs that are no invoices,
// now that all invoices are known.
func (r *run) attachCopies(ctx context.Context) error {
	for i, src := range r.sources {
		names := map[string]error{}
		for name, c := range r.copies {
			if c.source == i {
				names[name] = c.refusal
			}
		}
		if len(names) == 0 {
			continue
		}
		driver := ingest.Driver{
			Format: ingest.FacturX,
			Sniff: func(s ingest.Sample) ingest.Confidence {
				if _, ok := names[s.Name]; ok {
					return ingest.Certain
				}
				return ingest.No
			},
			Open: openCopy,
		}
		for f := range ingest.Files(ctx, []ingest.Driver{driver}, src, ingest.Hints{}) {
			if refusal, ok := names[f.Name]; ok {
				if err := r.attachCopy(ctx, f, refusal); err != nil {
					return err
				}
			}
		}
	}
	return r.flush(ctx)
}

func openCopy(_ context.Context, src ingest.Source, _ ingest.Hints) (*ingest.File, error) {
	content, err := src.Bytes(maxCopy)
	if err != nil {
		return nil, err
	}
	a := &ingest.Attachment{Name: baseName(src.Name), MediaType: "application/pdf", Content: content}
	return &ingest.File{Name: src.Name, Format: ingest.FacturX, Stream: func(yield func(*ingest.Document, error) bool) {
		yield(&ingest.Document{Line: 1, Electronic: &ingest.Electronic{Attachment: a}}, nil)
	}}, nil
}

func (r *run) attachCopy(ctx context.Context, f *ingest.File, refusal error) error {
	at := r.fileNamed(f.Name)
	for d, err := range f.Documents(ctx) {
		if err != nil {
			return at.refuse(err)
		}
		at.rows++
		w := row{file: at, line: 1, more: &more{electronic: d.Electronic, fileName: baseName(f.Name), refusal: refusal}}
		r.window = append(r.window, w)
		r.windowBytes += len(d.Electronic.Attachment.Content)
	}
	if r.windowBytes >= windowBytes {
		return r.flush(ctx)
	}
	return nil
}

func (r *run) fileNamed(name string) *fileRun {
	i := slices.IndexFunc(r.files, func(f *fileRun) bool { return f.name == name })
	return r.files[i]
}

// attachNamed keeps a PDF with the invoice that its name tells; the longest
// number in it that is an invoice's is meant.
func (p *plan) attachNamed(w *work) {
	for _, n := range w.candidates() {
		switch found := p.named[n]; {
		case len(found) == 0:
		case len(found) > 1:
			p.reject(w, "plusieurs factures portent le numéro "+n+"\u00a0: ce PDF n’est joint à aucune", "")
			return
		default:
			w.entry = found[0]
			p.keepCopy(w, w.entry, w.more.electronic.Attachment)
			var faults ingest.Rejections
			if errors.As(w.more.refusal, &faults) && w.changed {
				p.warn(w.row, "copy_only", "ce PDF est joint à la facture "+n+", mais sa facture électronique n’est pas valable\u00a0: "+
					faults[0].Text())
			}
			return
		}
	}
	p.refuseCopy(w)
}

// refuseCopy says why the PDF is no invoice, and that it is no copy either.
func (p *plan) refuseCopy(w *work) {
	w.dropped = true
	reason, mend := "ce PDF n’est pas une facture électronique", ""
	var all ingest.Rejections
	var one *ingest.Rejected
	switch {
	case errors.As(w.more.refusal, &all):
		one = all[0]
		reason, mend = one.Text(), one.Mend
	case errors.As(w.more.refusal, &one):
		reason, mend = one.Text(), one.Mend
	}
	t := p.of(w.file)
	t.rejected = append(t.rejected, Rejection{
		Line: 1, Column: 1, Reason: reason + ", et aucune facture des livres ne porte un numéro de son nom",
		Mend: mend, Cells: []string{w.more.fileName},
	})
}

func baseName(name string) string { return name[strings.LastIndexAny(name, `/\`)+1:] }

// maxWords of a file's name are looked at: more is a sentence.
const maxWords = 12

// numbersInName are the numbers that a file's name may hold, the longest first:
// its runs of words, as they stand or with the slash that a name cannot have.
func numbersInName(name string) []string {
	stem, _, _ := strings.Cut(baseName(name), ".")
	if i := strings.LastIndexByte(baseName(name), '.'); i > 0 {
		stem = baseName(name)[:i]
	}
	isWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	var starts, ends []int
	in := false
	for i, r := range stem {
		if w := isWord(r); w != in {
			if in = w; w {
				starts = append(starts, i)
			} else {
				ends = append(ends, i)
			}
		}
	}
	if in {
		ends = append(ends, len(stem))
	}
	n := min(len(starts), maxWords)
	var list []string
	for i := range n {
		for j := i; j < n; j++ {
			if s := stem[starts[i]:ends[j]]; len(s) >= 3 && strings.ContainsAny(s, "0123456789") {
				list = append(list, s, strings.Map(slash, s))
			}
		}
	}
	slices.SortStableFunc(list, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(list)
}

func slash(r rune) rune {
	if r == '-' || r == '_' || r == ' ' {
		return '/'
	}
	return r
}
