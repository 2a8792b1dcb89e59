package ingest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/money"
)

// Driver reads one format. It is a value that describes itself; the program
// lists those it knows in one place.
type Driver struct {
	Format Format
	Title  string // in French, for the manual and the import screen
	// Sniff tells from the beginning of a file how sure the driver is that it is its own.
	Sniff func(Sample) Confidence
	// Open understands the file. What a person can mend goes into File.Err; an
	// error is a failure of the machine.
	Open func(ctx context.Context, src Source, h Hints) (*File, error)
}

// Confidence is from 0 (certainly not) to 100 (certainly).
type Confidence int

// The steps in use.
const (
	No      Confidence = 0
	Maybe   Confidence = 20 // it could be read as such
	Likely  Confidence = 60
	Certain Confidence = 100
)

// Hints are what a person says about a file; the zero value says nothing.
type Hints struct {
	Format     Format           // read as this and nothing else
	Mapping    map[Field]string // the column of a field: its name, or its number from 1
	Separator  rune
	Encoding   string
	Decimal    rune           // ',' or '.'
	DateOrder  string         // dmy, mdy or ymd
	Sheet      string         // the sheet of a workbook
	HeaderLine int            // the line of the column names, from 1
	Currency   money.Currency // of amounts that name none; EUR when empty
	Kind       Kind           // what the rows are, where nothing tells
	Account    string         // the bank account of a statement that does not name it
	On         cal.Date       // the day of the file; not used to decide anything
}

// Base is the currency of amounts that name none.
func (h Hints) Base() money.Currency {
	if h.Currency == "" {
		return money.EUR
	}
	return h.Currency
}

// Source is a file's content, wherever it lies.
type Source struct {
	Name    string // as people know it
	Content io.ReaderAt
	Size    int64
}

// Reader reads the content from the start.
func (s Source) Reader() *io.SectionReader { return io.NewSectionReader(s.Content, 0, s.Size) }

// Bytes is all of the content, refused above limit.
func (s Source) Bytes(limit int64) ([]byte, error) {
	if s.Size > limit {
		return nil, tooBig(s.Size, limit)
	}
	return io.ReadAll(s.Reader())
}

// FromBytes is a Source in memory.
func FromBytes(name string, content []byte) Source {
	return Source{Name: name, Content: bytes.NewReader(content), Size: int64(len(content))}
}

// OpenFile is a Source on disk; the caller closes the file. What is no ordinary
// file is refused before it is opened: a pipe would wait for ever.
func OpenFile(path string) (*os.File, Source, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, Source{}, err
	case info.IsDir():
		return nil, Source{}, &fault.Invalid{File: path, Message: "ce dossier ne contient aucun fichier à lire"}
	case !info.Mode().IsRegular():
		return nil, Source{}, &fault.Invalid{File: path, Message: "ce n’est pas un fichier ordinaire"}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, Source{}, err
	}
	return f, Source{Name: path, Content: f, Size: info.Size()}, nil
}

// FromFile is a Source on disk; the caller closes the file.
func FromFile(f *os.File) (Source, error) {
	info, err := f.Stat()
	if err != nil {
		return Source{}, err
	}
	if info.IsDir() {
		return Source{}, &fault.Invalid{File: f.Name(), Message: "c’est un dossier, pas un fichier"}
	}
	return Source{Name: f.Name(), Content: f, Size: info.Size()}, nil
}

func tooBig(size, limit int64) error {
	return &fault.Invalid{
		Message: fmt.Sprintf("le fichier fait %s\u00a0: plus que les %s acceptés", Size(size), Size(limit)),
		Mend:    "découpez-le",
	}
}

// Size is a number of bytes in French.
func Size(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%d,%d Go", n>>30, (n>>20)%1024*10/1024)
	case n >= 1<<20:
		return fmt.Sprintf("%d Mo", n>>20)
	case n >= 1<<10:
		return fmt.Sprintf("%d ko", n>>10)
	}
	return fmt.Sprintf("%d octets", n)
}

// Sample is what a driver sees of a file to recognise it.
type Sample struct {
	Name    string
	Size    int64
	Head    []byte   // the first SampleSize bytes
	Text    string   // Head in UTF-8, when it is text
	Entries []string // the names within, when it is a zip
}

// Guard runs code of others on a file that may be hostile: a panic becomes a
// refusal of the file.
func Guard(what string, run func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &Rejected{
				Reason: what + " est abîmé ou malveillant\u00a0: sa lecture a échoué",
				Mend:   "ouvrez-le dans son logiciel et enregistrez-le à nouveau",
			}
		}
	}()
	return run()
}
