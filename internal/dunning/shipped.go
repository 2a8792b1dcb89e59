package dunning

import (
	"embed"
	"path"
	"slices"
)

//go:embed scenarios/*.yaml
var shipped embed.FS

// shippedFiles are the scenarios that come with the program, the most particular
// first: the first that applies is taken, and the last applies to everyone.
var shippedFiles = [...]string{
	"secteur-public.yaml", "particulier.yaml", "grand-compte.yaml", "mauvais-payeur.yaml", "client-fidele.yaml",
	"standard.yaml", "independant.yaml",
}

// ShippedFiles are the file names of the scenarios that come with the program, in
// the order in which a new creditor tries them.
func ShippedFiles() []string { return slices.Clone(shippedFiles[:]) }

// ShippedFile is the document of a shipped scenario, comments included, by its
// file name.
func ShippedFile(name string) ([]byte, bool) {
	src, err := shipped.ReadFile(path.Join("scenarios", name))
	return src, err == nil
}
