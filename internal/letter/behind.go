package letter

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"acquit/internal/fault"
)

// behind is a document that goes behind a letter, read.
type behind struct {
	name string
	doc  *model.Context
}

// Limits of what goes behind a letter.
const (
	maxBehindPages   = 500
	maxBehindObjects = 200_000
	maxBehindDepth   = 60
	maxBehindStream  = 200 << 20
)

// quiet keeps the library from writing a configuration into the user's home.
var quiet = sync.OnceFunc(api.DisableConfigDir)

func configuration() *model.Configuration {
	quiet()
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode = model.ValidationRelaxed
	conf.Offline = true
	conf.CreateBookmarks = false
	conf.WriteObjectStream, conf.WriteXRefStream = false, false
	conf.Limits.MaxStreamBytes, conf.Limits.MaxDecodeBytes = maxBehindStream, maxBehindStream
	conf.Limits.MaxObjectCount, conf.Limits.MaxXRefEntries = maxBehindObjects, maxBehindObjects
	conf.Limits.MaxRecursionDepth = maxBehindDepth
	return conf
}

// readBehind reads attachments. One that is broken, or locked by a password,
// is a fault.Invalid with its name: a letter never leaves without it unseen.
func readBehind(list []Attachment) ([]behind, error) {
	out := make([]behind, 0, len(list))
	for _, a := range list {
		b, err := a.read()
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

// Check tells whether the attachment can go behind a letter.
func (a Attachment) Check() error {
	_, err := a.read()
	return err
}

func (a Attachment) read() (b behind, err error) {
	wrong := func(message, mend string) error {
		return &fault.Invalid{Field: "attachments", File: a.Name, Message: message, Mend: mend}
	}
	if len(a.PDF) > maxBehindPDF {
		return b, wrong(fmt.Sprintf("ce PDF dépasse %d Mo", maxBehindPDF>>20), "joignez-en un plus léger")
	}
	conf := configuration()
	defer func() {
		if recover() != nil { // the library panics on some broken documents
			err = wrong("ce PDF est abîmé", "enregistrez-le à nouveau depuis l’outil qui l’a fait")
		}
	}()
	doc, err := api.ReadContext(bytes.NewReader(a.PDF), conf)
	if err == nil {
		err = doc.EnsurePageCount()
	}
	switch {
	case err != nil && bytes.Contains(a.PDF, []byte("/Encrypt")):
		return b, wrong("ce PDF est protégé par un mot de passe", "enregistrez-le sans protection")
	case err != nil || doc.PageCount == 0:
		return b, wrong("ce PDF est abîmé", "enregistrez-le à nouveau depuis l’outil qui l’a fait")
	case doc.PageCount > maxBehindPages:
		return b, wrong(fmt.Sprintf("ce PDF dépasse %d pages", maxBehindPages), "joignez-en un extrait")
	}
	b = behind{a.Name, doc}
	return b, b.clean()
}

func (b behind) broken() error {
	return &fault.Invalid{
		Field: "attachments", File: b.name, Message: "une page de ce PDF est abîmée",
		Mend: "enregistrez-le à nouveau depuis l’outil qui l’a fait",
	}
}

// rootKeys, pageKeys and annotationKeys are the entries of a document, of a page
// and of an annotation that show something on paper.
var (
	rootKeys = []string{"Pages", "Type"}
	pageKeys = []string{
		"Contents", "CropBox", "Group", "MediaBox", "Parent", "Resources", "Rotate", "Type", "UserUnit",
	}
	annotationKeys = []string{"AP", "AS", "BS", "Border", "C", "CA", "Contents", "DA", "F", "Rect", "Subtype", "Type"}
)

func keep(d types.Dict, keys []string) {
	maps.DeleteFunc(d, func(k string, _ types.Object) bool { return !slices.Contains(keys, k) })
}

// clean leaves what is seen on paper: scripts, links and files inside mean
// nothing there.
func (b behind) clean() error {
	root, err := b.doc.Catalog()
	if err != nil {
		return b.broken()
	}
	keep(root, rootKeys)
	for n := range b.doc.PageCount {
		page, _, _, err := b.doc.PageDict(n+1, false)
		if err != nil || page == nil {
			return b.broken()
		}
		notes := b.annotations(page)
		keep(page, pageKeys)
		if len(notes) > 0 {
			page["Annots"] = notes
		}
	}
	b.doc.Info, b.doc.Names = nil, nil
	if renumber(b.doc) != nil {
		return b.broken()
	}
	return nil
}

// annotations keeps stamps and filled fields, as they look.
func (b behind) annotations(page types.Dict) (kept types.Array) {
	list, err := b.doc.DereferenceArray(page["Annots"])
	if err != nil {
		return nil
	}
	for _, o := range list {
		note, err := b.doc.DereferenceDict(o)
		if err != nil || note == nil || note["AP"] == nil {
			continue
		}
		note = maps.Clone(note)
		keep(note, annotationKeys)
		kept = append(kept, note)
	}
	return kept
}
