package letter

import (
	"errors"
	"maps"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

var (
	errNoRoot    = errors.New("the document has no root")
	errNotOfPage = errors.New("a page refers to what no page holds")
)

// order numbers the objects of a document as they are met from its root, and
// writes an object behind those that it refers to: the library numbers what it
// merges, and writes what a stream refers to, in the order of a map, which is
// another each time.
type order struct {
	doc   *model.Context
	names map[int]int // the new number of each object
	table map[int]*model.XRefTableEntry

	plain, streams []int // the order in which they are written
	err            error
}

// renumber gives a document the numbers and the order in which it is written,
// and leaves out what nothing refers to.
func renumber(doc *model.Context) error {
	o := &order{doc: doc, names: map[int]int{}, table: map[int]*model.XRefTableEntry{}}
	root, ok := o.refer(*doc.Root).(types.IndirectRef)
	if !ok {
		return errNoRoot
	}
	doc.Root = &root
	if doc.Info != nil {
		if info, ok := o.refer(*doc.Info).(types.IndirectRef); ok {
			doc.Info = &info
		}
	}
	o.table[0] = model.NewFreeHeadXRefTableEntry() // nothing else is free any more
	size := len(o.table)
	doc.Table, doc.Size, doc.Write.ObjNrs = o.table, &size, append(o.plain, o.streams...)
	return o.err
}

// named is an object with the new numbers of what it refers to.
func (o *order) named(object types.Object) types.Object {
	switch object := object.(type) {
	case types.IndirectRef:
		return o.refer(object)
	case types.Dict:
		o.entries(object)
	case types.StreamDict:
		o.entries(object.Dict)
	case types.Array:
		for i, v := range object {
			object[i] = o.named(v)
		}
	}
	return object
}

func (o *order) entries(d types.Dict) {
	for _, k := range slices.Sorted(maps.Keys(d)) {
		d[k] = o.named(d[k])
	}
}

func (o *order) refer(r types.IndirectRef) types.Object {
	object, err := o.doc.Dereference(r)
	if err != nil && o.err == nil {
		o.err = err
	}
	if object == nil {
		return nil
	}
	n, known := o.names[r.ObjectNumber.Value()]
	if !known {
		n = len(o.names) + 1
		o.names[r.ObjectNumber.Value()] = n
		object = o.named(object)
		o.table[n] = model.NewXRefTableEntryGen0(object)
		switch object.(type) {
		case types.StreamDict:
			o.streams = append(o.streams, n)
		case types.ObjectStreamDict, types.XRefStreamDict:
			o.err = errNotOfPage
		default:
			o.plain = append(o.plain, n)
		}
	}
	return *types.NewIndirectRef(n, 0)
}
