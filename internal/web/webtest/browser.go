package webtest

import (
	"context"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Browser is one tab of a browser, and what its console said.
type Browser struct {
	ctx  context.Context //nolint:containedctx // chromedp keeps the tab in it
	t    testing.TB
	site *Site

	mu       sync.Mutex
	messages []string
}

const chromium = "/usr/bin/chromium"

// Open starts a browser at path. Where there is none the test is skipped, but
// fails when CI is set.
func (s *Site) Open(t testing.TB, path string) *Browser {
	t.Helper()
	if _, err := exec.LookPath(chromium); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("no browser: %v", err)
		}
		t.Skipf("no browser: %v", err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("lang", "fr"))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	b := &Browser{ctx: ctx, t: t, site: s}
	b.do(chromedp.EmulateViewport(1440, 1000))
	go b.listen(chromedp.Console(ctx))
	b.Go(path)
	return b
}

func (b *Browser) listen(messages iter.Seq2[chromedp.ConsoleMessage, error]) {
	for m, err := range messages {
		if err != nil {
			return
		}
		b.mu.Lock()
		b.messages = append(b.messages, fmt.Sprintf("%s: %s", m.Type, m.Text))
		b.mu.Unlock()
	}
}

// Console is what the page's console said so far, but for hints on forms, for the
// lines in which the browser repeats an answer's status, and for what it says where
// somebody was faster than the focus that a page gives.
func (b *Browser) Console() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var said []string
	for _, m := range b.messages {
		if !strings.HasPrefix(m, "debug:") && !strings.Contains(m, "Failed to load resource") &&
			!strings.Contains(m, "Autofocus processing was blocked") {
			said = append(said, m)
		}
	}
	return said
}

func (b *Browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if chromedp.FromContext(b.ctx).Target == nil { // the first step starts the browser and must not end it
		if err := chromedp.Do(b.ctx); err != nil {
			b.t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("%v\nthe page says:\n%s", err, b.text(context.WithoutCancel(b.ctx)))
	}
}

func (b *Browser) text(ctx context.Context) string {
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body ? document.body.innerText : ""`))
	if err != nil {
		return err.Error()
	}
	return text
}

// Go opens a path of the site and waits until the page is there.
func (b *Browser) Go(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.site.URL + path))
	b.WaitFor(`document.documentElement`)
}

// Fill writes into the field of that name.
func (b *Browser) Fill(name, value string) {
	b.t.Helper()
	sel := chromedp.CSS(`main [name="` + name + `"]`)
	b.do(chromedp.WaitVisible(sel), chromedp.SetValue(sel, value))
}

// Upload chooses files in the field of that name.
func (b *Browser) Upload(name string, paths ...string) {
	b.t.Helper()
	b.do(chromedp.SetUploadFiles(chromedp.CSS(`main [name="`+name+`"]`), paths))
}

// Press clicks what the selector finds and waits for the page that follows.
func (b *Browser) Press(selector string) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](`void (window.left = true)`))
	b.Click(selector)
	b.WaitFor(`!window.left`)
}

// Click clicks what the selector finds and waits for nothing.
func (b *Browser) Click(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// Keys presses keys, as shortcuts: they write nothing into a field that they
// bring the focus to.
func (b *Browser) Keys(keys string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	for _, r := range keys {
		p := input.DispatchKeyEventParams{Key: string(r)}
		if r == '\r' {
			p = input.DispatchKeyEventParams{
				Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13, NativeVirtualKeyCode: 13,
			}
		}
		for _, p.Type = range []input.DispatchKeyEventType{
			input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp,
		} {
			if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, p); err != nil {
				b.t.Fatal(err)
			}
		}
	}
}

// Type writes text where the focus is; \r is the Enter key.
func (b *Browser) Type(text string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(text))
}

// WaitFor waits until a script expression is true of a page that has loaded with
// its scripts: what is pressed next is heard.
func (b *Browser) WaitFor(expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	script := fmt.Sprintf(`new Promise((done) => {
		const there = () => { try { return document.readyState === "complete" && (%s); } catch { return false; } };
		const look = () => { if (there()) done(true); else setTimeout(look, 20); };
		look();
	})`, expression)
	for {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise))
		if err == nil {
			return
		}
		if ctx.Err() != nil || !pageLeft(err) {
			b.t.Fatalf("waiting for %s: %v\nthe page says:\n%s", expression, err, b.text(b.ctx))
		}
	}
}

// pageLeft tells whether a script ended because its page went away: the next
// one may bring what is waited for.
func pageLeft(err error) bool {
	return strings.Contains(err.Error(), "context was destroyed") ||
		strings.Contains(err.Error(), "navigated or closed") || strings.Contains(err.Error(), "Cannot find context")
}

// Text is what the page says, with plain spaces for all kinds of them.
func (b *Browser) Text() string {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(b.text(ctx))
}

// Path is where the browser is.
func (b *Browser) Path() string {
	b.t.Helper()
	return Eval[string](b, `location.pathname + location.search`)
}

// Eval is the value of a script expression in the page.
func Eval[T any](b *Browser, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// Width makes the window that wide, as a telephone's or a desk's.
func (b *Browser) Width(pixels int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(pixels, 1000))
}

// Dark chooses the dark colours, or the light ones.
func (b *Browser) Dark(on bool) {
	b.t.Helper()
	scheme := "light"
	if on {
		scheme = "dark"
	}
	b.emulate("", scheme)
}

// Paper shows the page as it is printed from a dark screen.
func (b *Browser) Paper() {
	b.t.Helper()
	b.emulate("print", "dark")
}

func (b *Browser) emulate(media, scheme string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: media, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// Overflow names the elements that are wider than the window.
func (b *Browser) Overflow() []string {
	b.t.Helper()
	b.WaitFor(`document.documentElement`)
	return Eval[[]string](b, `(() => {
		if (document.documentElement.scrollWidth <= innerWidth) return [];
		return [...document.querySelectorAll("body *")]
			.filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
			.map((e) => e.tagName + "." + e.className + " " + Math.round(e.getBoundingClientRect().right));
	})()`)
}

// SignIn signs Sophie in.
func (b *Browser) SignIn() {
	b.t.Helper()
	b.Go("/connexion")
	b.Fill("email", "sophie@dupont.example")
	b.Fill("password", Password)
	b.Press("main button.primary")
}

// Shot writes a picture of the whole page where ACQUIT_SHOTS says, for people
// to look at; otherwise nothing.
func (b *Browser) Shot(name string) {
	b.t.Helper()
	dir := os.Getenv("ACQUIT_SHOTS")
	if dir == "" {
		return
	}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/"+name+".png", picture, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// Axe names what axe-core finds wrong with the page for people who use a keyboard
// or a screen reader, where ACQUIT_AXE says where its script is; otherwise nothing.
func (b *Browser) Axe() []string {
	b.t.Helper()
	path := os.Getenv("ACQUIT_AXE")
	if path == "" {
		return nil
	}
	script, err := os.ReadFile(path)
	if err != nil {
		b.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](string(script)+`;
		axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then((r) =>
			r.violations.map((v) => v.id + ": " + v.help + " " + v.nodes.map((n) => n.target.join(" ")).join(", ")))`,
		chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	return found
}
