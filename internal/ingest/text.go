package ingest

import (
	"io"

	"acquit/internal/ingest/charset"
)

// Decoded finds out in which encoding a text is, where the hints do not tell;
// open reads it from the start as UTF-8.
func Decoded(src Source, h Hints) (open func() (io.Reader, error), d charset.Detected, err error) {
	if d, err = charset.Detect(src.Content, src.Size); err != nil {
		return nil, d, err
	}
	if h.Encoding != "" {
		e, err := charset.Lookup(h.Encoding)
		if err != nil {
			return nil, d, err
		}
		if e != d.Encoding {
			d = charset.Detected{Encoding: e}
		}
	}
	return func() (io.Reader, error) { return charset.NewReader(src.Reader(), d) }, d, nil
}
