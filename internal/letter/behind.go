package letter

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
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
	quiet()
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode = model.ValidationRelaxed
	conf.Offline = true
	conf.Limits.MaxStreamBytes, conf.Limits.MaxDecodeBytes = maxBehindStream, maxBehindStream
	conf.Limits.MaxObjectCount, conf.Limits.MaxXRefEntries = maxBehindObjects, maxBehindObjects
	conf.Limits.MaxRecursionDepth = maxBehindDepth
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
	return behind{a.Name, doc}, b.trial(a.Name, doc)
}

// trial copies the pages to nowhere, so that what is broken is found before
// anything is written.
func (b behind) trial(name string, doc *model.Context) error {
	_, err := behind{name, doc}.pages(newFile(nowhere{}), 1)
	return err
}

type nowhere struct{}

func (nowhere) Write(b []byte) (int, error) { return len(b), nil }

// copyTo copies the pages into a document under its tree of pages.
func (b behind) copyTo(f *file, parent ref) []ref {
	list, err := b.pages(f, parent)
	if err != nil && f.err == nil {
		f.err = err
	}
	return list
}

func (b behind) pages(f *file, parent ref) ([]ref, error) {
	c := &copier{behind: b, file: f, names: map[int]ref{}}
	var list []ref
	for n := range b.doc.PageCount {
		page, _, inherited, err := b.doc.PageDict(n+1, false)
		if err != nil {
			return nil, c.broken()
		}
		list = append(list, c.page(page, inherited, parent))
	}
	if err := c.rest(); err != nil {
		return nil, err
	}
	return list, nil
}

// copier copies the objects that pages need, each once.
type copier struct {
	behind
	file  *file
	names map[int]ref // by the number of the object in its own document
	queue []types.IndirectRef
}

func (c *copier) broken() error {
	return &fault.Invalid{
		Field: "attachments", File: c.name, Message: "une page de ce PDF est abîmée",
		Mend: "enregistrez-le à nouveau depuis l’outil qui l’a fait",
	}
}

// pageKeys are the entries of a page that show something.
var pageKeys = []string{"Contents", "CropBox", "Group", "MediaBox", "Resources", "Rotate", "UserUnit"}

func (c *copier) page(page types.Dict, inherited *model.InheritedPageAttrs, parent ref) ref {
	kept := types.Dict{"Type": types.Name("Page")}
	for _, k := range pageKeys {
		if v, ok := page[k]; ok {
			kept[k] = v
		}
	}
	inherit(kept, inherited)
	if notes := c.annotations(page); len(notes) > 0 {
		kept["Annots"] = notes
	}
	body := strings.TrimSuffix(c.render(kept, 0), ">>") + fmt.Sprintf(" /Parent %s>>", parent)
	return c.file.add(body)
}

func inherit(page types.Dict, from *model.InheritedPageAttrs) {
	if page["Resources"] == nil && from.Resources != nil {
		page["Resources"] = from.Resources
	}
	if page["MediaBox"] == nil && from.MediaBox != nil {
		page["MediaBox"] = from.MediaBox.Array()
	}
	if page["CropBox"] == nil && from.CropBox != nil {
		page["CropBox"] = from.CropBox.Array()
	}
	if page["Rotate"] == nil && from.Rotate != 0 {
		page["Rotate"] = types.Integer(from.Rotate)
	}
}

// annotationKeys are the entries that make an annotation seen on paper.
var annotationKeys = []string{"AP", "AS", "BS", "Border", "C", "CA", "Contents", "DA", "F", "Rect", "Subtype", "Type"}

// annotations keeps stamps and filled fields, as they look; links and actions
// mean nothing on paper.
func (c *copier) annotations(page types.Dict) types.Array {
	var kept types.Array
	list, err := c.doc.DereferenceArray(page["Annots"])
	if err != nil {
		return nil
	}
	for _, o := range list {
		note, err := c.doc.DereferenceDict(o)
		if err != nil || note == nil || note["AP"] == nil {
			continue
		}
		d := types.Dict{}
		for _, k := range annotationKeys {
			if v, ok := note[k]; ok {
				d[k] = v
			}
		}
		kept = append(kept, d)
	}
	return kept
}

// rest copies what the pages referred to, and what that refers to.
func (c *copier) rest() error {
	for len(c.queue) > 0 {
		next := c.queue[0]
		c.queue = c.queue[1:]
		if len(c.names) > maxBehindObjects {
			return c.broken()
		}
		o, err := c.doc.Dereference(next)
		if err != nil {
			return c.broken()
		}
		c.object(c.names[next.ObjectNumber.Value()], o)
	}
	return nil
}

func (c *copier) object(name ref, o types.Object) {
	stream, ok := o.(types.StreamDict)
	if !ok {
		c.file.put(name, c.render(o, 0))
		return
	}
	entries := maps.Clone(stream.Dict)
	delete(entries, "Length")
	body := c.render(entries, 0)
	c.file.raw(name, body[2:len(body)-2], stream.Raw)
}

// render writes an object with the names that its references have here.
func (c *copier) render(o types.Object, depth int) string {
	if depth > maxBehindDepth {
		return "null"
	}
	var b strings.Builder
	switch o := o.(type) {
	case nil:
		return "null"
	case types.Dict:
		b.WriteString("<<")
		for _, k := range slices.Sorted(maps.Keys(o)) {
			fmt.Fprintf(&b, "/%s %s ", types.EncodeName(k), c.render(o[k], depth+1))
		}
		b.WriteString(">>")
	case types.Array:
		b.WriteString("[")
		for _, v := range o {
			b.WriteString(c.render(v, depth+1) + " ")
		}
		b.WriteString("]")
	case types.IndirectRef:
		return c.refer(o).String()
	default:
		return o.PDFString()
	}
	return b.String()
}

func (c *copier) refer(r types.IndirectRef) ref {
	n := r.ObjectNumber.Value()
	if known, ok := c.names[n]; ok {
		return known
	}
	c.names[n] = c.file.reserve()
	c.queue = append(c.queue, r)
	return c.names[n]
}
