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
