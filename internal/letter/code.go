package letter

import (
	qr "github.com/piglig/go-qr"

	"acquit/internal/fault"
)

// A payment code may not be larger (EPC069-12).
const maxCode = 13

// anyMask lets the encoder take the mask that is read best.
const anyMask = -1

// encode makes the QR code of a content in byte mode, with error correction of
// level M, as a payment code asks for (EPC069-12).
func encode(content string) (*qr.QrCode, error) { return masked(content, anyMask) }

func masked(content string, mask int) (*qr.QrCode, error) {
	bytes, err := qr.MakeBytes([]byte(content))
	if err == nil {
		var code *qr.QrCode
		if code, err = qr.EncodeSegments([]*qr.QrSegment{bytes}, qr.Medium, 1, maxCode, mask, false); err == nil {
			return code, nil
		}
	}
	return nil, fault.Invalidf("payment", "le code de paiement est trop long\u00a0: %d octets", len(content))
}

// modules is a run of dark modules: where it begins, and how many there are.
type modules struct{ column, row, count int }

// runs are the dark modules of a code, row by row.
func runs(c *qr.QrCode) (list []modules) {
	for row := range c.Size() {
		for from := 0; from < c.Size(); {
			to := from
			for to < c.Size() && c.Module(to, row) {
				to++
			}
			if to > from {
				list = append(list, modules{from, row, to - from})
			}
			from = to + 1
		}
	}
	return list
}
