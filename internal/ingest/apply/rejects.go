package apply

import (
	"context"
	"io"
	"path/filepath"
	"strings"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/ingest"
)

// HasRejects tells whether rows of the file can be corrected and imported again:
// some were refused, and it has columns.
func (f *FileReport) HasRejects() bool { return f.Refused > 0 && len(f.Header) > 0 }

// RejectsName is the name of the file of the rejected rows of a file; that of one
// in a folder or an archive begins with theirs, so that no two are the same.
func RejectsName(file string) string {
	base := strings.NewReplacer("/", "-", `\`, "-", ":", "-").Replace(strings.TrimLeft(filepath.ToSlash(file), "./"))
	return strings.TrimSuffix(base, filepath.Ext(base)) + ".rejets.csv"
}

// WriteRejects writes the rejected rows of a file of an import as a table that can
// be corrected and imported again: the columns of the file, then the reason. Of a
// dry run, which is in no book, they are those that its report lists.
func WriteRejects(
	ctx context.Context, tx *db.Tx, s creditor.Scope, imported string, f *FileReport, out io.Writer,
) error {
	table := ingest.NewRejects(out, f.Header)
	if imported == "" {
		for _, r := range f.Rejected {
			one := ingest.Rejected{Line: r.Line, Column: r.Column, Reason: r.Reason, Mend: r.Mend, Cells: r.Cells}
			if err := table.Write(&one); err != nil {
				return err
			}
		}
		return table.Close()
	}
	for r, err := range Rejects(ctx, tx, s, imported) {
		if err != nil {
			return err
		}
		if r.File != f.File {
			continue
		}
		if err := table.Write(&r); err != nil {
			return err
		}
	}
	return table.Close()
}
