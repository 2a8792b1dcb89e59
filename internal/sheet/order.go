package sheet

import (
	"archive/zip"
	"bytes"
	"cmp"
	"io"
	"slices"
)

// inOrder writes a workbook with its parts in the order of their names. The
// library writes them in another order each time, and the same table must give
// the same bytes: fingerprints of evidence are taken of them.
func inOrder(w io.Writer, workbook []byte) error {
	r, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		return err
	}
	parts := slices.Clone(r.File)
	slices.SortFunc(parts, func(a, b *zip.File) int { return cmp.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, p := range parts {
		if err := out.Copy(p); err != nil {
			return err
		}
	}
	return out.Close()
}
