package customer

import "acquit/internal/i18n"

// In is the kind in words.
func (k Kind) In(l i18n.Lang) string {
	switch k {
	case Consumer:
		return i18n.Words{FR: "particulier", EN: "consumer"}.In(l)
	case Public:
		return i18n.Words{FR: "acheteur public", EN: "public buyer"}.In(l)
	}
	return i18n.Words{FR: "professionnel", EN: "business"}.In(l)
}
