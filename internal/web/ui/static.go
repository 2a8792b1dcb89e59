package ui

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
)

//go:embed static
var files embed.FS

// staticPath is where browsers find the files.
const staticPath = "/static/"

// fingerprints maps a file's name to its name with the beginning of its hash:
// what has changed has another address, so browsers may keep it for ever.
var fingerprints = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	entries, err := fs.ReadDir(files, "static")
	if err != nil {
		return names // the folder is compiled in
	}
	for _, e := range entries {
		content, err := fs.ReadFile(files, "static/"+e.Name())
		if err != nil {
			continue
		}
		sum := sha256.Sum256(content)
		ext := path.Ext(e.Name())
		names[e.Name()] = strings.TrimSuffix(e.Name(), ext) + "." + hex.EncodeToString(sum[:6]) + ext
	}
	return names
})

// Asset is the address of a file of the static folder.
func Asset(name string) string { return staticPath + fingerprints()[name] }

// Static serves the files. Fonts and licences, whose names carry their version,
// answer under their plain names too: the style sheet names them.
func Static() http.Handler {
	plain := map[string]string{}
	for name, marked := range fingerprints() {
		plain[marked] = name
		if ext := path.Ext(name); ext == ".woff2" || ext == ".txt" {
			plain[name] = name
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, ok := plain[strings.TrimPrefix(r.URL.Path, staticPath)]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		http.ServeFileFS(w, r, files, "static/"+name)
	})
}
