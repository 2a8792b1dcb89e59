package ui_test

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"acquit/internal/web/ui"
)

// A part that is written but not served would be missed by nobody but the eye.
func TestTheStyleSheetHoldsEveryPart(t *testing.T) {
	t.Parallel()
	answer := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		ui.Static().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		return w
	}
	w := answer(ui.Asset("acquit.css"))
	if kind := w.Header().Get("Content-Type"); w.Code != http.StatusOK || !strings.HasPrefix(kind, "text/css") {
		t.Fatalf("the style sheet: got %d, %q", w.Code, kind)
	}
	served := w.Body.String()
	parts, err := fs.Glob(os.DirFS("static/style"), "*.css")
	if err != nil || len(parts) == 0 {
		t.Fatalf("parts: %v, %v", parts, err)
	}
	for _, p := range parts {
		part, err := os.ReadFile("static/style/" + p)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(served, string(part)) {
			t.Errorf("%s is not served", p)
		}
	}
	for _, path := range []string{"/static/acquit.css", "/static/style/base.css", "/static/../static.go"} {
		if w := answer(path); w.Code != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", path, w.Code)
		}
	}
}
