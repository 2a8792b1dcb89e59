package facturx

import (
	"bytes"
	"context"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"acquit/internal/ingest"
)

const (
	maxStream      = 64 << 20 // bytes of one stream, packed or not: a bomb is larger
	maxObjStream   = 4 << 20  // bytes of a packed stream of objects; those of an invoice have some thousands
	maxObjStreams  = 200      // such streams: each could be a bomb of its own
	maxObjects     = 500_000  // objects of a PDF; a thick catalogue has 50,000
	maxAttachments = 100      // files within; a Factur-X has one or a few
	maxMetadata    = 1 << 20  // bytes of XMP
	maxXMLInPDF    = 32 << 20 // bytes of an attachment that may be the invoice
	maxDepth       = 64       // levels of nested objects
	maxRelations   = 100      // entries of /AF
)

// container is what matters of a PDF.
type container struct {
	attachments []attachment
	hasAF       bool // the catalogue has associated files
	hasIntent   bool // and an output intent
	encrypted   bool
	metadata    []byte // XMP
}

// attachment is a file within a PDF.
type attachment struct {
	name         string
	relationship string // AFRelationship, empty when not declared
	associated   bool   // listed in the catalogue's /AF
	unread       bool   // its stream is broken, or beyond all measure
	content      []byte
}

// quiet keeps the library from writing a configuration into the user's home.
var quiet = sync.OnceFunc(api.DisableConfigDir)

func configuration() *model.Configuration {
	quiet()
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode = model.ValidationRelaxed
	conf.Offline = true
	conf.Limits.MaxStreamBytes = maxStream
	conf.Limits.MaxDecodeBytes = maxObjStream
	conf.Limits.MaxObjectCount = maxObjects
	conf.Limits.MaxXRefEntries = maxObjects
	conf.Limits.MaxRecursionDepth = maxDepth
	return conf
}

// read opens a PDF and finds its attachments and metadata.
func read(ctx context.Context, content []byte) (*container, error) {
	if bytes.Count(content, []byte("/ObjStm")) > maxObjStreams {
		return nil, &ingest.Rejected{Reason: "ce PDF a trop d’objets pour une facture\u00a0: il est refusé"}
	}
	doc, err := pdfcpu.ReadWithContext(ctx, bytes.NewReader(content), configuration())
	if err != nil {
		return nil, locked(content, err)
	}
	c := &container{encrypted: doc.Encrypt != nil}
	root, err := doc.Catalog()
	if err != nil {
		return nil, err
	}
	intents, err := doc.DereferenceArray(root["OutputIntents"])
	c.hasIntent = err == nil && len(intents) > 0
	if meta, _, err := doc.DereferenceStreamDict(root["Metadata"]); err == nil && meta != nil {
		if err := meta.DecodeWithLimit(maxMetadata); err == nil {
			c.metadata = meta.Content
		}
	}
	return c, c.find(doc, root)
}

// locked tells a PDF that needs a password from one that is broken.
func locked(content []byte, err error) error {
	if bytes.Contains(content, []byte("/Encrypt")) {
		return &ingest.Rejected{
			Rule: pdfa, Reason: "ce PDF est protégé par un mot de passe", Mend: "enregistrez-le sans protection",
		}
	}
	return err
}

// find gathers the files of the catalogue's name tree, and of its /AF.
func (c *container) find(doc *model.Context, root types.Dict) error {
	related, err := doc.DereferenceArray(root["AF"])
	c.hasAF = err == nil && len(related) > 0
	inAF := map[int]bool{} // object numbers
	for _, o := range related[:min(len(related), maxRelations)] {
		if ref, ok := o.(types.IndirectRef); ok {
			inAF[ref.ObjectNumber.Value()] = true
		}
	}
	add := func(o types.Object) error {
		if len(c.attachments) >= maxAttachments {
			return &ingest.Rejected{Reason: "ce PDF porte trop de fichiers joints"}
		}
		spec, err := doc.DereferenceDict(o)
		if err != nil || spec == nil {
			return nil //nolint:nilerr // one broken entry does not hide the others
		}
		a, ok := fileOf(doc, spec)
		if !ok {
			return nil
		}
		if ref, is := o.(types.IndirectRef); is {
			a.associated = inAF[ref.ObjectNumber.Value()]
		}
		c.attachments = append(c.attachments, a)
		return nil
	}
	tree, err := embedded(doc, root)
	if err != nil {
		return err
	}
	if err := walk(doc, tree, maxDepth, add); err != nil {
		return err
	}
	if len(c.attachments) > 0 {
		return nil
	}
	for _, o := range related[:min(len(related), maxRelations)] {
		if err := add(o); err != nil {
			return err
		}
	}
	return nil
}

// embedded is the root of the name tree of embedded files; nil when there is none.
func embedded(doc *model.Context, root types.Dict) (types.Dict, error) {
	all, err := doc.DereferenceDict(root["Names"])
	if err != nil || all == nil {
		return nil, err
	}
	return doc.DereferenceDict(all["EmbeddedFiles"])
}

// walk gives the values of a name tree (ISO 32000-1, 7.9.6): its leaves hold
// names and values by turns, its nodes hold kids.
func walk(doc *model.Context, node types.Dict, depth int, give func(types.Object) error) error {
	if node == nil || depth == 0 {
		return nil
	}
	pairs, err := doc.DereferenceArray(node["Names"])
	if err != nil {
		return err
	}
	for i := 1; i < len(pairs); i += 2 {
		if err := give(pairs[i]); err != nil {
			return err
		}
	}
	kids, err := doc.DereferenceArray(node["Kids"])
	if err != nil {
		return err
	}
	for _, kid := range kids[:min(len(kids), maxAttachments)] {
		child, err := doc.DereferenceDict(kid)
		if err != nil {
			return err
		}
		if err := walk(doc, child, depth-1, give); err != nil {
			return err
		}
	}
	return nil
}

// fileOf reads a file specification (ISO 32000-1, 7.11.3).
func fileOf(doc *model.Context, spec types.Dict) (attachment, bool) {
	var a attachment
	for _, key := range []string{"UF", "F"} {
		if name, err := doc.DereferenceText(spec[key]); err == nil && name != "" {
			a.name = name
			break
		}
	}
	if rel, err := doc.DereferenceName(spec["AFRelationship"], model.V10, nil); err == nil {
		a.relationship = rel.Value()
	}
	files, err := doc.DereferenceDict(spec["EF"])
	if err != nil || files == nil {
		return a, false
	}
	for _, key := range []string{"F", "UF"} {
		stream, _, err := doc.DereferenceStreamDict(files[key])
		if err != nil || stream == nil {
			continue
		}
		if err := stream.DecodeWithLimit(maxXMLInPDF); err != nil {
			a.unread = true
			continue
		}
		a.content, a.unread = stream.Content, false
		return a, true
	}
	return a, a.unread
}
