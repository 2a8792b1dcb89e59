package ingest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"

	"acquit/internal/fault"
	"acquit/internal/ingest/charset"
)

// SampleSize is how much of a file the drivers see to recognise it: enough for
// a long preamble above a table and for an XML prologue full of comments.
const SampleSize = 64 << 10

// MaxFile bounds what is read at all: a general ledger of ten million entries.
const MaxFile = 4 << 30

// Files understands a source: one File, or one for each entry of an archive.
// A file that cannot be read comes with its Err. The entries of an archive are
// readable only within their turn of the loop.
func Files(ctx context.Context, drivers []Driver, src Source, h Hints) iter.Seq[*File] {
	return func(yield func(*File) bool) {
		sample, err := sampleOf(src)
		if err != nil {
			yield(failed(src, Unknown, err))
			return
		}
		a := archive{drivers: drivers, hints: h}
		switch {
		case isArchive(sample) && h.Format == "":
			a.walk(ctx, src, 1, yield)
			return
		case isGzip(sample):
			a.packed(ctx, src, 1, yield)
			return
		}
		yield(open(ctx, drivers, src, sample, h))
	}
}

// Open understands a source that is one file, not an archive of several.
func Open(ctx context.Context, drivers []Driver, src Source, h Hints) *File {
	sample, err := sampleOf(src)
	if err != nil {
		return failed(src, Unknown, err)
	}
	return open(ctx, drivers, src, sample, h)
}

func open(ctx context.Context, drivers []Driver, src Source, sample Sample, h Hints) *File {
	d := Recognise(drivers, sample, h)
	if d == nil {
		return unknown(src, sample, h)
	}
	var f *File
	err := Guard("ce fichier", func() (err error) {
		f, err = d.Open(ctx, src, h)
		return err
	})
	if err != nil {
		return failed(src, d.Format, err)
	}
	if f.Name == "" {
		f.Name = src.Name
	}
	if f.Format == "" {
		f.Format = d.Format
	}
	return f
}

// Recognise is the driver surest of the sample, or the one that the hints name;
// nil when there is none. The first of the list wins a tie.
func Recognise(drivers []Driver, s Sample, h Hints) *Driver {
	var best *Driver
	sure := No
	for i := range drivers {
		d := &drivers[i]
		if h.Format != "" {
			if d.Format == h.Format {
				return d
			}
			continue
		}
		if c := d.Sniff(s); c > sure {
			best, sure = d, c
		}
	}
	return best
}

// failed is a File that could not even be understood: what a person can mend is
// said as it is, the rest without its inner words.
func failed(src Source, format Format, err error) *File {
	f := &File{Name: src.Name, Format: format, Err: err}
	var ask *Ask
	var all Rejections
	var one *Rejected
	var invalid *fault.Invalid
	switch {
	case errors.As(err, &ask), errors.As(err, &all), errors.As(err, &one):
	case errors.As(err, &invalid):
		f.Err = &Rejected{
			File: src.Name, Line: invalid.Line, Column: invalid.Column,
			Reason: invalid.Message, Mend: invalid.Mend,
		}
	}
	return f
}

func unknown(src Source, s Sample, h Hints) *File {
	if h.Kind == Entry {
		return unknownStatement(src, s)
	}
	switch {
	case src.Size == 0:
		return Refuse(src.Name, Unknown, "le fichier est vide", "exportez-le à nouveau")
	case s.Text == "":
		return Refuse(src.Name, Unknown, "ce format de fichier n’est pas reconnu",
			"exportez vos factures en CSV, en XLSX ou en Factur-X, ou le FEC de l’exercice")
	}
	return Refuse(src.Name, Unknown, "ce texte n’est pas un tableau\u00a0: aucune ligne de noms de colonnes n’y est reconnue",
		"exportez les factures avec une ligne d’en-tête (numéro, client, date, échéance, montant)")
}

// unknownStatement is a file that should be a bank’s and is none that is known.
func unknownStatement(src Source, s Sample) *File {
	const mend = "exportez le relevé depuis votre banque en CAMT.053, MT940, CFONB 120, OFX, ou en CSV avec une ligne d’en-tête (date, libellé, montant)"
	switch {
	case src.Size == 0:
		return Refuse(src.Name, Unknown, "le fichier est vide", mend)
	case s.Text == "":
		return Refuse(src.Name, Unknown, "ce format de relevé n’est pas reconnu", mend)
	}
	return Refuse(src.Name, Unknown, "ce texte n’est pas un relevé\u00a0: ni un format de banque, ni un tableau dont les colonnes ont un nom", mend)
}

func sampleOf(src Source) (Sample, error) {
	if src.Size > MaxFile {
		return Sample{}, tooBig(src.Size, MaxFile)
	}
	head := make([]byte, min(SampleSize, src.Size))
	if _, err := io.ReadFull(src.Reader(), head); err != nil {
		return Sample{}, err
	}
	s := Sample{Name: src.Name, Size: src.Size, Head: head}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")) {
		s.Entries = entriesOf(src)
		return s, nil
	}
	s.Text = textOf(head)
	return s, nil
}

// textOf is head in UTF-8, or nothing when it is no text.
func textOf(head []byte) string {
	d := charset.DetectBytes(head)
	if d.Binary {
		return ""
	}
	r, err := charset.NewReader(bytes.NewReader(head), d)
	if err != nil {
		return ""
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return ""
	}
	return string(text)
}
