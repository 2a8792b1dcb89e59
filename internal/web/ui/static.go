package ui

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

//go:embed static
var files embed.FS

// staticPath is where browsers find the files.
const staticPath = "/static/"

// styleName is the one style sheet that browsers fetch; styles are its parts, in
// their order: what comes later wins.
const styleName = "acquit.css"

var styles = []string{"tokens", "base", "frame", "parts", "pages", "money", "narrow", "print"}

// asset is a file for browsers, under its name with the beginning of its hash:
// what has changed has another address, so browsers may keep it for ever.
type asset struct {
	marked  string
	content []byte
}

// assets are the files by name. The folder is compiled in, so that reading it
// cannot fail.
var assets = sync.OnceValue(func() map[string]asset {
	all := map[string]asset{}
	entries, _ := fs.ReadDir(files, "static")
	for _, e := range entries {
		if !e.IsDir() {
			all[e.Name()] = mark(e.Name(), read(e.Name()))
		}
	}
	var style []byte
	for _, part := range styles {
		style = append(style, read("style/"+part+".css")...)
	}
	all[styleName] = mark(styleName, style)
	return all
})

func read(name string) []byte {
	content, _ := fs.ReadFile(files, "static/"+name)
	return content
}

func mark(name string, content []byte) asset {
	sum := sha256.Sum256(content)
	ext := path.Ext(name)
	return asset{strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext, content}
}

// Asset is the address of a file of the static folder.
func Asset(name string) string { return staticPath + assets()[name].marked }

// Static serves the files. Fonts and licences, whose names carry their version,
// answer under their plain names too: the style sheet names them.
func Static() http.Handler {
	served := map[string]asset{}
	for name, a := range assets() {
		served[a.marked] = a
		if ext := path.Ext(name); ext == ".woff2" || ext == ".txt" {
			served[name] = a
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, staticPath)
		a, ok := served[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(a.content))
	})
}
